import { type Dimension, dividedBy, formatDimension, integral, sameDimension, times } from '../../cosem/dimension.ts';
import { parseUnit, type Unit, unitsOfDimension } from '../../cosem/units.ts';
import type { Expression } from '../model.ts';
import type { MeterScope } from '../semantics/scope.ts';
import { functionSpec } from '../vocabulary/functions.ts';
import type { CompiledObject } from './objects.ts';

/** What is known of an expression's dimension: `plain` numbers take the unit of what they are used with. */
type Measure = Dimension | 'plain' | undefined;

const SCALER_UNIT = 'scaler_unit';
/** References lead to references; a template deeper than this has a circle, which is reported elsewhere. */
const MAX_DEPTH = 32;

interface Names {
  readonly simulate: Readonly<Record<string, Expression>>;
  readonly objects: ReadonlyMap<string, CompiledObject>;
}

/** Warns where the value of an object is worked out in another dimension than its scaler_unit states. */
export function checkUnits(
  objects: readonly CompiledObject[],
  simulate: Readonly<Record<string, Expression>>,
  scope: MeterScope,
): void {
  const names: Names = { simulate, objects: new Map(objects.map((object) => [object.model.name, object])) };
  for (const object of objects) {
    const value = object.model.attributes['2'];
    const stated = statedUnit(object);
    if (value === undefined || stated?.dimension === undefined || object.item.attributes[1]?.type !== 'choice')
      continue;
    const measure = measureOf(value.value, names, 0);
    if (measure === undefined || measure === 'plain' || sameDimension(bare(measure), bare(stated.dimension))) continue;
    const source = object.member.properties.get(object.item.attributes[1]?.name ?? '')?.at(-1);
    const item = source?.node.items[0];
    if (source === undefined || item === undefined) continue;
    scope
      .place(source.origin)
      .report(
        'DLMS-411',
        item.init ?? item,
        `The value of '${object.model.name}' comes out in ${nameOf(measure)}, but its scaler_unit says ${stated.symbol}.`,
        {
          hint: 'Correct the unit, or the calculation.',
        },
      );
  }
}

/** Active, reactive and apparent power are worked out from each other with plain factors, so they count as one. */
function bare(dimension: Dimension): Dimension {
  return Object.fromEntries(Object.entries(dimension).filter(([name]) => name !== 'reactive' && name !== 'apparent'));
}

function nameOf(dimension: Dimension): string {
  return unitsOfDimension(dimension)[0]?.symbol ?? formatDimension(dimension);
}

function statedUnit(object: CompiledObject): Unit | undefined {
  const index = object.item.attributes.find((attribute) => attribute.name === SCALER_UNIT)?.index;
  const value = index === undefined ? undefined : object.model.attributes[String(index)]?.value;
  return value?.k === 'scaler-unit' ? parseUnit(value.unit)?.unit : undefined;
}

function measureOf(expression: Expression, names: Names, depth: number): Measure {
  if (depth > MAX_DEPTH) return undefined;
  const of = (part: Expression): Measure => measureOf(part, names, depth + 1);
  switch (expression.k) {
    case 'number':
      return expression.unit === undefined ? 'plain' : dimensionOfUnit(expression.unit);
    case 'unary':
      return of(expression.of);
    case 'ref':
      return ofReference(expression.path, names, depth);
    case 'binary':
      return combine(expression.op, of(expression.left), of(expression.right));
    case 'call':
      return ofCall(expression, of);
    default:
      return undefined;
  }
}

function dimensionOfUnit(symbol: string): Measure {
  const unit = parseUnit(symbol)?.unit;
  return unit?.dimension === undefined || Object.keys(unit.dimension).length === 0 ? 'plain' : unit.dimension;
}

function ofReference(path: string, names: Names, depth: number): Measure {
  const [first = '', second, ...rest] = path.split('.');
  if (first === 'simulate' && second !== undefined) {
    const expression = Object.hasOwn(names.simulate, second) ? names.simulate[second] : undefined;
    return expression === undefined ? undefined : measureOf(expression, names, depth + 1);
  }
  const object = names.objects.get(first);
  if (object === undefined || rest.length > 0) return undefined;
  if (second !== undefined && second !== object.item.attributes[1]?.name) return undefined;
  return statedUnit(object)?.dimension;
}

function combine(op: string, left: Measure, right: Measure): Measure {
  if (left === undefined || right === undefined) return undefined;
  if (op === '*' || op === '/') {
    if (right === 'plain') return left;
    if (left === 'plain') return op === '*' ? right : undefined;
    const result = op === '*' ? times(left, right) : dividedBy(left, right);
    return Object.keys(result).length === 0 ? 'plain' : result;
  }
  if (op === '+' || op === '-' || op === '%') {
    if (left === 'plain') return right;
    if (right === 'plain') return left;
    return sameDimension(bare(left), bare(right)) ? left : undefined;
  }
  return undefined;
}

function ofCall(call: Extract<Expression, { k: 'call' }>, of: (part: Expression) => Measure): Measure {
  const spec = functionSpec(call.name);
  if (spec === undefined) return undefined;
  const [name = ''] = spec.args.map((arg) => arg.name);
  const first = call.args[0] ?? call.named[name];
  switch (spec.unit.rule) {
    case 'none':
      return 'plain';
    case 'fixed':
      return dimensionOfUnit(spec.unit.unit);
    case 'same':
      return strongest(spec.args[0]?.repeated === true ? call.args.map(of) : first === undefined ? [] : [of(first)]);
    case 'integral': {
      const inner = first === undefined ? undefined : of(first);
      return inner === undefined || inner === 'plain' ? inner : integral(inner);
    }
  }
}

/** `max(0, power)` is a power. */
function strongest(measures: readonly Measure[]): Measure {
  if (measures.includes(undefined)) return undefined;
  return measures.find((measure) => measure !== 'plain') ?? 'plain';
}
