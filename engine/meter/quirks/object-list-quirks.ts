import type { Apdu } from '../../codec/apdu.ts';
import type { Data } from '../../codec/axdr/data.ts';
import { dataToNumber } from '../values/value.ts';
import { joined, lengthAt, lengthOctets } from './octets.ts';
import type { Quirk, QuirkAttribute, QuirkContext } from './quirk.ts';

const ASSOCIATION_SN = 12;
const ASSOCIATION_LN = 15;
const OBJECT_LIST = 2;
const ARRAY = 0x01;
/** class_id is the first element of a row of Association LN and the second of one of Association SN. */
const CLASS_AT: Readonly<Record<number, number>> = { [ASSOCIATION_LN]: 0, [ASSOCIATION_SN]: 1 };
const RIGHTS_AT = 3;

function isObjectList({ object, attribute }: QuirkAttribute): boolean {
  return attribute === OBJECT_LIST && CLASS_AT[object.model.class] !== undefined;
}

/** Where the array of an object list begins in a response; undefined for other responses. */
function listAt(octets: Uint8Array, request: Apdu | undefined, { meter }: QuirkContext): number | undefined {
  if (request?.kind === 'get-request' && request.type === 'normal') {
    const { class: classId, index } = request.attr;
    return CLASS_AT[classId] !== undefined && index === OBJECT_LIST && octets[3] === 0 ? 4 : undefined;
  }
  if (request?.kind !== 'read-request' || request.list.length !== 1) return undefined;
  const [access] = request.list;
  if (access === undefined || !('variable-name' in access) || octets[2] !== 0) return undefined;
  const found = meter.blueprint.byShortName(access['variable-name']);
  return found?.object.model.class === ASSOCIATION_SN && found.attribute === OBJECT_LIST ? 3 : undefined;
}

/** Announces one row more than there is. */
function oneTooMany(octets: Uint8Array, request: Apdu | undefined, context: QuirkContext): Uint8Array {
  const at = listAt(octets, request, context);
  if (at === undefined || octets[at] !== ARRAY) return octets;
  const count = lengthAt(octets, at + 1);
  if (count === undefined) return octets;
  return joined(octets.subarray(0, at + 1), lengthOctets(count.value + 1), octets.subarray(at + 1 + count.octets));
}

function associationsLast(data: Data, classAt: number): Data {
  if (data.t !== 'array') return data;
  const isAssociation = (row: Data): boolean => {
    const classId = row.t === 'structure' ? row.v[classAt] : undefined;
    const id = classId === undefined ? Number.NaN : dataToNumber(classId);
    return CLASS_AT[id] !== undefined;
  };
  return { t: 'array', v: [...data.v.filter((row) => !isAssociation(row)), ...data.v.filter(isAssociation)] };
}

/** Lets a quirk change the access rights of every row: structure of attribute rights and method rights. */
function changesRights(change: (attributes: Data, methods: Data) => readonly [Data, Data]): NonNullable<Quirk['told']> {
  const rightsOf = (rights: Data): Data => {
    const [attributes, methods] = rights.t === 'structure' ? rights.v : [];
    if (attributes === undefined || methods === undefined) return rights;
    return { t: 'structure', v: change(attributes, methods) };
  };
  return (read, about) => {
    if (about.object.model.class !== ASSOCIATION_LN || !isObjectList(about)) return read;
    if (!('data' in read) || read.data.t !== 'array') return read;
    const rows = read.data.v.map((row): Data => {
      const rights = row.t === 'structure' ? row.v[RIGHTS_AT] : undefined;
      if (row.t !== 'structure' || rights === undefined) return row;
      return { t: 'structure', v: [...row.v.slice(0, RIGHTS_AT), rightsOf(rights), ...row.v.slice(RIGHTS_AT + 1)] };
    });
    return { data: { t: 'array', v: rows } };
  };
}

/** Rows of rights that grant something. */
function granting(rights: Data): Data {
  if (rights.t !== 'array') return rights;
  const grants = (row: Data): boolean => {
    const mode = row.t === 'structure' ? row.v[1] : undefined;
    return mode !== undefined && (mode.t === 'boolean' ? mode.v : dataToNumber(mode) !== 0);
  };
  return { t: 'array', v: rights.v.filter(grants) };
}

function withNegative(rights: Data): Data {
  const [first] = rights.t === 'array' ? rights.v : [];
  if (rights.t !== 'array' || first?.t !== 'structure') return rights;
  return { t: 'array', v: [{ t: 'structure', v: [{ t: 'integer', v: -1 }, ...first.v.slice(1)] }, ...rights.v] };
}

/** Deviations of object lists. */
export const objectListQuirks = {
  'array-count-one-too-many': { whole: oneTooMany },
  'association-object-last': {
    told(read, about) {
      const classAt = isObjectList(about) ? CLASS_AT[about.object.model.class] : undefined;
      return classAt !== undefined && 'data' in read ? { data: associationsLast(read.data, classAt) } : read;
    },
  },
  'sparse-access-rights': {
    told: changesRights((attributes, methods) => [granting(attributes), granting(methods)]),
  },
  'negative-attribute-ids': { told: changesRights((attributes, methods) => [withNegative(attributes), methods]) },
  'method-access-without-array': {
    told: changesRights((attributes, methods) => [attributes, (methods.t === 'array' && methods.v[0]) || methods]),
  },
} as const satisfies Readonly<Record<string, Quirk>>;
