import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { CosemObject } from '../blueprint.ts';
import { dataToNumber } from '../values/value.ts';
import type { Target } from './class-logic.ts';
import { momentOctets } from './clock.ts';

const CLOCK = 8;
const PROFILE_GENERIC = 7;
const CLOCK_TIME = 2;
const BUFFER = 2;
const CAPTURE_OBJECTS = 3;
const NULL_DATA: Data = { t: 'null-data' };

/** A captured attribute; `object` is undefined where a client wrote one this meter does not have. */
export interface Column {
  readonly classId: number;
  readonly logicalName: Uint8Array;
  readonly attribute: number;
  readonly dataIndex: number;
  readonly object: CosemObject | undefined;
}

/** Columns a template names: the references of its capture_objects. */
export function templateColumns(target: Target): readonly Column[] {
  const { blueprint } = target.meter;
  const expression = target.object.attributes.get(CAPTURE_OBJECTS)?.expression;
  const items = expression?.k === 'list' ? expression.items : expression === undefined ? [] : [expression];
  return items.flatMap((item) => {
    const reference = blueprint.compiler.reference(item);
    const object = reference === undefined ? undefined : blueprint.objects[reference.object];
    if (reference === undefined || object === undefined) return [];
    const { logicalName } = object;
    return [{ classId: object.model.class, logicalName, attribute: reference.attribute, dataIndex: 0, object }];
  });
}

/** capture_object_definition (Blue Book 4.3.6): class, logical name, attribute, data index. */
export function columnData(column: Column): Data {
  return {
    t: 'structure',
    v: [
      { t: 'long-unsigned', v: column.classId },
      { t: 'octet-string', v: column.logicalName },
      { t: 'integer', v: column.attribute },
      { t: 'long-unsigned', v: column.dataIndex },
    ],
  };
}

/** A column out of a capture_object_definition; undefined for anything else. */
export function readColumn(target: Target, data: Data | undefined): Column | undefined {
  if (data?.t !== 'structure' || data.v.length !== 4) return undefined;
  const [classData, name, attributeData, indexData] = data.v;
  if (classData === undefined || attributeData === undefined || indexData === undefined) return undefined;
  if (name?.t !== 'octet-string' || name.v.length !== 6) return undefined;
  const classId = dataToNumber(classData);
  const logicalName = new Uint8Array(name.v);
  const object = target.meter.blueprint.findByOctets(classId, logicalName);
  return { classId, logicalName, attribute: dataToNumber(attributeData), dataIndex: dataToNumber(indexData), object };
}

/** Columns of a profile: what a client wrote, else the template's. */
export function columnsOf(target: Target): readonly Column[] {
  const written = target.meter.written(target.object.index, CAPTURE_OBJECTS);
  if (written?.t !== 'array') return templateColumns(target);
  return written.v.flatMap((item) => readColumn(target, item) ?? []);
}

export function isClockColumn(column: Column): boolean {
  return column.classId === CLOCK && (column.attribute === CLOCK_TIME || column.attribute === 0);
}

export function sameColumn(a: Column, b: Column): boolean {
  return (
    a.classId === b.classId &&
    (a.attribute === b.attribute || a.attribute === 0 || b.attribute === 0) &&
    a.logicalName.every((octet, index) => octet === b.logicalName[index])
  );
}

/** A column of attribute 0: all attributes of the object. */
function wholeObject(source: Target): Data {
  const { attributeCount } = source.object;
  return { t: 'structure', v: Array.from({ length: attributeCount }, (_, at) => readAttributeData(source, at + 1)) };
}

/** Value of a column in the row captured at a moment. */
export function cell(target: Target, column: Column, time: number): Data {
  const { object, attribute, dataIndex } = column;
  // The clock is captured when it shows the moment, so its drift is not in the profile.
  if (isClockColumn(column)) return { t: 'octet-string', v: momentOctets(target.meter, time) };
  // A profile that captures a buffer, its own perhaps, would have no end.
  if (object === undefined || (column.classId === PROFILE_GENERIC && (attribute === BUFFER || attribute === 0)))
    return NULL_DATA;
  const source = { meter: target.meter, object, time };
  const data = attribute === 0 ? wholeObject(source) : readAttributeData(source, attribute);
  if (dataIndex === 0 || (data.t !== 'structure' && data.t !== 'array')) return data;
  return data.v[dataIndex - 1] ?? NULL_DATA;
}
