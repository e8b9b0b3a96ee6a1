import type { Expression, MeterModel } from '../model.ts';
import { textValue } from '../semantics/literals.ts';
import type { MeterScope } from '../semantics/scope.ts';
import { compileAssociations } from './associations.ts';
import { compileBehaviours } from './behaviours.ts';
import { checkCircles } from './check-circles.ts';
import { checkObjects } from './check-objects.ts';
import { checkUnits } from './check-units.ts';
import { toExpression } from './expression.ts';
import { compileIdentity } from './identity.ts';
import { type CompiledObject, compileObjects } from './objects.ts';
import { compileSecurities } from './securities.ts';
import { compileHdlc, compileTransports } from './transports.ts';

/** A meter with what further checks need. */
export interface CompiledMeter {
  readonly model: MeterModel;
  readonly objects: readonly CompiledObject[];
  readonly scope: MeterScope;
}

/** Compiles a meter. Whatever is wrong is reported; the model is complete only if nothing is. */
export function compileMeter(scope: MeterScope): CompiledMeter {
  const { declaration, lineage } = scope.meter;
  const { identity, referencing } = compileIdentity(scope);
  const transports = compileTransports(scope);
  const hdlc = compileHdlc(scope);
  const securities = compileSecurities(scope);
  const associations = compileAssociations(scope, { referencing, securities, transports, identity });
  const simulate = compileSimulation(scope);
  const objects = compileObjects(scope, associations, referencing);
  checkUnits(objects, simulate, scope);
  checkCircles(objects, simulate, scope);
  checkObjects(objects, associations, scope);
  const quirks = compileBehaviours('quirk', scope);
  const faults = compileBehaviours('fault', scope);
  const title = titleOf(scope);
  const model: MeterModel = {
    name: declaration.name,
    ...(title === undefined ? {} : { title }),
    derivedFrom: lineage.map((item) => item.name),
    identity,
    referencing,
    transports,
    hdlc,
    securities: securities.map((item) => item.model),
    associations,
    simulate,
    objects: objects.map((item) => item.model),
    quirks,
    faults,
  };
  return { model, objects, scope };
}

/** The title is inherited like any other property. */
function titleOf(scope: MeterScope): string | undefined {
  const source = scope.meter.properties.get('title');
  const [item, second] = source?.node.items ?? [];
  const [part] = item?.parts ?? [];
  if (source === undefined || part === undefined || part.kind === 'missing') return undefined;
  if (part.kind === 'literal' && part.type === 'text' && second === undefined && item?.parts.length === 1)
    return textValue(part);
  scope
    .place(source.origin)
    .report('DLMS-401', source.node.items[0] ?? source.node, "'title' takes a text in double quotes.");
  return undefined;
}

function compileSimulation(scope: MeterScope): Readonly<Record<string, Expression>> {
  const result: Record<string, Expression> = {};
  for (const [name, source] of scope.meter.singles.get('simulate') ?? []) {
    const [item, second] = source.node.items;
    const [part, more] = item?.parts ?? [];
    if (item === undefined || part === undefined) continue;
    const place = scope.place(source.origin);
    if (second !== undefined || more !== undefined || item.init !== undefined) {
      place.report(
        'DLMS-401',
        second ?? item,
        `'${name}' takes one value over time, for example 'household(base: 250, peak: 5200)'.`,
      );
      continue;
    }
    const value = toExpression(part, place);
    if (value !== undefined) result[name] = value;
  }
  return result;
}
