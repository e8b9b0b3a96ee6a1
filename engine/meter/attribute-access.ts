import type { Data, DataType } from '../codec/axdr/data.ts';
import type { DataAccessResult, GetDataResult, SelectiveAccess } from '../codec/xdlms/types.ts';
import type { BlueprintAttribute, CosemObject } from './blueprint.ts';
import type { Target } from './classes/class-logic.ts';
import { momentOctets } from './classes/clock.ts';
import { parameterChanged } from './classes/parameter-monitor.ts';
import { copyData } from './copy-data.ts';
import { defaultData } from './default-data.ts';
import type { VirtualMeter } from './meter.ts';
import { toData } from './values/to-data.ts';
import type { Instant, Value } from './values/value.ts';

const NULL_DATA: Data = { t: 'null-data' };

/** Value the template gives an attribute, before it takes its type; undefined where the template says nothing. */
export function evaluateAttribute(target: Target, attribute: number): Value {
  const found = target.object.attributes.get(attribute);
  if (found === undefined) return undefined;
  return evaluator(target, found, attribute)(target.meter, target.time);
}

function evaluator(target: Target, attribute: BlueprintAttribute, index: number) {
  attribute.evaluate ??= target.meter.blueprint.compiler.value(
    attribute.expression,
    `${target.object.model.name}.${index}`,
  );
  return attribute.evaluate;
}

/**
 * An attribute's value without regard to rights: what was written, what its class works out, what the template says,
 * or the default of its type, in this order. Selective access is refused by attributes that do not know it.
 */
export function readAttribute(target: Target, attribute: number, selection: SelectiveAccess | null): GetDataResult {
  const { object, meter } = target;
  if (attribute === 1) return { data: { t: 'octet-string', v: object.logicalName } };
  const special = object.logic.read?.(target, attribute, selection);
  if (special !== undefined) return special;
  if (selection !== null) return { result: 'scope-of-access-violated' };
  const written = meter.written(object.index, attribute);
  if (written !== undefined) return { data: written };
  if (!existsAttribute(object, attribute)) return { result: 'object-undefined' };
  return { data: templateData(target, attribute) };
}

/** As `readAttribute`, with null-data for what cannot be read. For captured columns and references. */
export function readAttributeData(target: Target, attribute: number): Data {
  const read = readAttribute(target, attribute, null);
  return 'data' in read ? read.data : NULL_DATA;
}

/** What the template says of an attribute in its wire type, or the default of the class table. */
export function templateData(target: Target, attribute: number): Data {
  const { object, meter } = target;
  const entry = object.attributes.get(attribute);
  const column = object.class?.attributes[attribute - 1];
  if (entry === undefined) return column === undefined ? NULL_DATA : defaultData(column);
  const value = evaluateAttribute(target, attribute);
  const named = typeof value === 'string' ? object.logic.enumerations?.[attribute]?.[value] : undefined;
  const type = entry.type ?? (column === undefined || column.type === 'choice' ? undefined : column.type);
  if (value === undefined && column !== undefined && entry.type === undefined) return defaultData(column);
  if (isInstant(value)) return momentData(meter, value.ms, type);
  return toData(named ?? value, type);
}

/** A moment in the type asked for: the meter's local time as date-time, date or time. */
function momentData(meter: VirtualMeter, ms: number, type: DataType | undefined): Data {
  const octets = momentOctets(meter, ms);
  return toData(octets, type === 'date-time' || type === 'date' || type === 'time' ? type : 'octet-string');
}

function isInstant(value: Value): value is Instant {
  return typeof value === 'object' && 'k' in value && value.k === 'instant';
}

export function existsAttribute(object: CosemObject, attribute: number): boolean {
  return (attribute >= 1 && attribute <= object.attributeCount) || object.attributes.has(attribute);
}

/** Types that stand for one another in what clients write. */
const EQUIVALENT: readonly (readonly [string, string])[] = [
  ['octet-string', 'date-time'],
  ['octet-string', 'date'],
  ['octet-string', 'time'],
  ['octet-string', 'visible-string'],
  ['octet-string', 'utf8-string'],
  ['array', 'compact-array'],
];

function sameKind(written: Data, present: Data): boolean {
  if (present.t === 'null-data' || written.t === present.t) return true;
  return EQUIVALENT.some(([a, b]) => (written.t === a && present.t === b) || (written.t === b && present.t === a));
}

/** Writes an attribute without regard to rights. */
export function writeAttribute(
  target: Target,
  attribute: number,
  selection: SelectiveAccess | null,
  data: Data,
): DataAccessResult {
  const result = take(target, attribute, selection, data);
  if (result === 'success') parameterChanged(target, attribute);
  return result;
}

function take(target: Target, attribute: number, selection: SelectiveAccess | null, data: Data): DataAccessResult {
  const { object, meter } = target;
  if (attribute === 1) return 'read-write-denied';
  const special = object.logic.write?.(target, attribute, data, selection);
  if (special !== undefined) return special;
  if (selection !== null) return 'scope-of-access-violated';
  if (!existsAttribute(object, attribute)) return 'object-undefined';
  if (!sameKind(data, readAttributeData(target, attribute))) return 'type-unmatched';
  meter.write(object.index, attribute, copyData(data));
  return 'success';
}
