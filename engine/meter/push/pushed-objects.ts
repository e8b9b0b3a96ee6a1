import type { Data } from '../../codec/axdr/data.ts';
import { readAttribute, readAttributeData } from '../attribute-access.ts';
import type { Target } from '../classes/class-logic.ts';
import { elementsOf, numberIn, octetsIn } from '../schedule/schedule-data.ts';
import { behaviourOf } from '../session.ts';

const NULL_DATA: Data = { t: 'null-data' };
const PROFILE_GENERIC = 7;
const BUFFER = 2;
const CLOCK = 8;
const TIME = 2;
/** Objects of one list that are pushed. */
export const MAX_PUSHED_OBJECTS = 256;

/** restriction_type of a push object (version 1 and later). */
const BY_DATE = 1;
const BY_ENTRY = 2;
/** Selectors of the buffer of a profile. */
const RANGE_SELECTOR = 1;
const ENTRY_SELECTOR = 2;

/**
 * The values a push_object_list stands for, one for each entry in their order; null-data for what the meter does not
 * have (Blue Book 4.4.8). Rights do not matter here: who writes the list decides what is pushed.
 */
export function pushedValues(target: Target, list: Data): readonly Data[] {
  return elementsOf(list)
    .slice(0, MAX_PUSHED_OBJECTS)
    .map((entry) => pushedValue(target, elementsOf(entry)));
}

function pushedValue(from: Target, [classId, name, attribute, dataIndex, restriction, columns]: readonly Data[]): Data {
  const logicalName = octetsIn(name);
  const index = numberIn(attribute);
  const object =
    logicalName?.length === 6 ? from.meter.blueprint.findByOctets(numberIn(classId), logicalName) : undefined;
  if (object === undefined || !Number.isInteger(index)) return NULL_DATA;
  const target = { ...from, object };
  if (index === 0) return wholeObject(target);
  if (object.model.class === PROFILE_GENERIC && index === BUFFER) return rows(target, restriction, columns);
  const data = readTold(target, index);
  const element = numberIn(dataIndex);
  return element > 0 ? (elementsOf(data)[element - 1] ?? NULL_DATA) : data;
}

/** An attribute as the meter tells it to clients, with its quirks. */
function readTold(target: Target, attribute: number): Data {
  const data = readAttributeData(target, attribute);
  const behaviour = behaviourOf(target.meter, target.time);
  const told = behaviour?.read({ data }, target, attribute, null) ?? { data };
  return 'data' in told ? told.data : NULL_DATA;
}

/** Attribute 0: all attributes as a structure. */
function wholeObject(target: Target): Data {
  const attributes = Array.from({ length: target.object.attributeCount }, (_, index) => index + 1);
  return { t: 'structure', v: attributes.map((attribute) => readTold(target, attribute)) };
}

/** The buffer of a profile, restricted by date or entry. */
function rows(target: Target, restriction: Data | undefined, columns: Data | undefined): Data {
  const [type, value] = elementsOf(restriction);
  const [from, to] = elementsOf(value);
  const kind = numberIn(type);
  const listed: Data = { t: 'array', v: elementsOf(columns) };
  if (from === undefined || to === undefined || (kind !== BY_DATE && kind !== BY_ENTRY)) {
    return readAttributeData(target, BUFFER);
  }
  const clock = target.meter.blueprint.firstOfClass(CLOCK)?.logicalName ?? new Uint8Array(6);
  const params: readonly Data[] =
    kind === BY_DATE
      ? [
          { t: 'structure', v: [long(CLOCK), { t: 'octet-string', v: clock }, { t: 'integer', v: TIME }, long(0)] },
          from,
          to,
          listed,
        ]
      : [entryNumber(from), entryNumber(to), long(1), long(0)];
  const selector = kind === BY_DATE ? RANGE_SELECTOR : ENTRY_SELECTOR;
  const read = readAttribute(target, BUFFER, { selector, params: { t: 'structure', v: params } });
  return 'data' in read ? read.data : NULL_DATA;
}

function long(v: number): Data {
  return { t: 'long-unsigned', v };
}

function entryNumber(data: Data): Data {
  return { t: 'double-long-unsigned', v: Math.max(0, numberIn(data) || 0) };
}
