import type { AssociationModel, Expression } from '../model.ts';
import type { MeterScope } from '../semantics/scope.ts';
import type { CompiledObject } from './objects.ts';

const PROFILE_GENERIC = 7;
const ASSOCIATION_SN = 12;
const ASSOCIATION_LN = 15;
const CURRENT_ASSOCIATION = '0-0:40.0.0.255';

/** Checks objects that have to do with each other: what profiles capture, and whether the object list can be read. */
export function checkObjects(
  objects: readonly CompiledObject[],
  associations: readonly AssociationModel[],
  scope: MeterScope,
): void {
  for (const object of objects) if (object.model.class === PROFILE_GENERIC) checkProfile(object, scope);
  checkObjectList(objects, associations, scope);
}

function checkProfile(object: CompiledObject, scope: MeterScope): void {
  const { model, member } = object;
  const source = member.properties.get('capture_objects')?.at(-1);
  if (source === undefined) {
    scope
      .place(member.base.origin)
      .report('DLMS-509', member.base.nameNode, `Profile '${model.name}' captures nothing.`, {
        hint: "Write for example 'capture_objects: clock.time, active_import.value'.",
        severity: 'warning',
      });
    return;
  }
  const captured = model.attributes['3']?.value;
  if (captured?.k !== 'list') return;
  const place = scope.place(source.origin);
  const nodes = source.node.items.length > 1 ? source.node.items : undefined;
  for (const [index, item] of captured.items.entries()) {
    const range = nodes?.[index] ?? source.node.items[0] ?? source.node;
    const problem = captureProblem(item, model.name);
    if (problem !== undefined) place.report('DLMS-509', range, problem);
  }
}

function captureProblem(item: Expression, profile: string): string | undefined {
  if (item.k === 'call' && item.name === 'structure') return undefined;
  if (item.k !== 'ref' || item.path.startsWith('identity.') || item.path.startsWith('simulate.')) {
    return "A profile captures attributes of objects, for example 'active_import.value'.";
  }
  return item.path.split('.')[0] === profile ? 'A profile cannot capture itself.' : undefined;
}

/** Clients find the objects of a meter in its current association object. */
function checkObjectList(
  objects: readonly CompiledObject[],
  associations: readonly AssociationModel[],
  scope: MeterScope,
): void {
  if (!scope.complete) return;
  for (const [context, classId, kind] of [
    ['LN', ASSOCIATION_LN, 'association-ln'],
    ['SN', ASSOCIATION_SN, 'association-sn'],
  ] as const) {
    if (!associations.some((association) => association.context === context)) continue;
    if (objects.some(({ model }) => model.class === classId && model.obis === CURRENT_ASSOCIATION)) continue;
    scope.reportHere(
      'DLMS-512',
      `Meter '${scope.meter.declaration.name}' has no object list: clients with ${context} referencing find its objects only by knowing them.`,
      {
        hint: `Add 'object current_association ${CURRENT_ASSOCIATION} ${kind} { … }'.`,
      },
    );
  }
}
