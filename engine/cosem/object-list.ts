/** The object_list of associations (Blue Book 4.4.3, 4.4.4) between Data and plain objects. */
import type { Data } from '../codec/axdr/data.ts';
import {
  type AttributeAccess,
  decodeAttributeAccess,
  decodeMethodAccess,
  encodeAttributeAccess,
  encodeMethodAccess,
  type MethodAccess,
} from './access-rights.ts';
import { formatObis, obisToOctets } from './obis/obis.ts';

/** Rights to one attribute as an object_list states them. */
export interface AttributeRights {
  readonly index: number;
  readonly access: AttributeAccess;
  /** Selectors of selective access that may be used; empty if none. */
  readonly selectors: readonly number[];
}

/** Right to one method. */
export interface MethodRights {
  readonly index: number;
  readonly access: MethodAccess;
}

/** One object of an association. */
export interface ObjectListEntry {
  readonly classId: number;
  readonly version: number;
  /** `A-B:C.D.E.F`. */
  readonly logicalName: string;
  /** Unsigned base name; only in lists of Association SN. */
  readonly baseName?: number;
  /** Absent where the list does not say (Association SN, or a list read without rights). */
  readonly attributes?: readonly AttributeRights[];
  readonly methods?: readonly MethodRights[];
}

/** What was read of an object_list; rows that are no objects are counted, not lost silently. */
export interface ObjectListReading {
  readonly entries: readonly ObjectListEntry[];
  /** Indices of rows that could not be read. */
  readonly unreadable: readonly number[];
}

function elements(data: Data | undefined): readonly Data[] | undefined {
  if (data === undefined) return undefined;
  if (data.t === 'array' || data.t === 'structure') return data.v;
  return data.t === 'compact-array' ? data.v.elements : undefined;
}

function integer(data: Data | undefined): number | undefined {
  return data !== undefined && 'v' in data && typeof data.v === 'number' && Number.isInteger(data.v)
    ? data.v
    : undefined;
}

function logicalName(data: Data | undefined): string | undefined {
  return data?.t === 'octet-string' && data.v.length === 6 ? formatObis(data.v) : undefined;
}

/** An index is one octet, signed in the book; some meters send it unsigned. */
const signedOctet = (value: number): number => (value > 127 ? value - 256 : value);

function readAttribute(data: Data, version: number): AttributeRights | undefined {
  const [index, mode, selectors] = elements(data) ?? [];
  const number = integer(index);
  const accessMode = integer(mode);
  if (number === undefined || accessMode === undefined) return undefined;
  const allowed = (elements(selectors) ?? []).map((item) => integer(item)).filter((item) => item !== undefined);
  return { index: signedOctet(number), access: decodeAttributeAccess(accessMode, version), selectors: allowed };
}

function readMethod(data: Data, version: number): MethodRights | undefined {
  const [index, mode] = elements(data) ?? [];
  const number = integer(index);
  const accessMode = mode?.t === 'boolean' ? mode.v : integer(mode);
  if (number === undefined || accessMode === undefined) return undefined;
  return { index: signedOctet(number), access: decodeMethodAccess(accessMode, version) };
}

/** Some meters send the one structure without the array around it (quirk Q62, Actaris SL7000). */
function methodItems(data: Data | undefined): readonly Data[] | undefined {
  const items = elements(data);
  const isOne = data?.t === 'structure' && items?.length === 2 && items.every((item) => elements(item) === undefined);
  return isOne ? [data] : items;
}

function readRow(data: Data, version: number): ObjectListEntry | undefined {
  const [classId, objectVersion, name, rights] = elements(data) ?? [];
  const id = integer(classId);
  const number = integer(objectVersion);
  const text = logicalName(name);
  if (id === undefined || number === undefined || text === undefined) return undefined;
  const [attributeAccess, methodAccess] = elements(rights) ?? [];
  const attributes = elements(attributeAccess)?.map((item) => readAttribute(item, version));
  const methods = methodItems(methodAccess)?.map((item) => readMethod(item, version));
  return {
    classId: id,
    version: number,
    logicalName: text,
    ...(attributes === undefined ? {} : { attributes: attributes.filter((item) => item !== undefined) }),
    ...(methods === undefined ? {} : { methods: methods.filter((item) => item !== undefined) }),
  };
}

function readShortNameRow(data: Data): ObjectListEntry | undefined {
  const [base, classId, objectVersion, name] = elements(data) ?? [];
  const baseName = integer(base);
  const id = integer(classId);
  const number = integer(objectVersion);
  const text = logicalName(name);
  if (baseName === undefined || id === undefined || number === undefined || text === undefined) return undefined;
  // Signed on the wire: FA00 arrives as -1536.
  return { classId: id, version: number, logicalName: text, baseName: baseName & 0xffff };
}

function readRows(data: Data, read: (row: Data) => ObjectListEntry | undefined): ObjectListReading | undefined {
  const rows = elements(data);
  if (rows === undefined) return undefined;
  const entries: ObjectListEntry[] = [];
  const unreadable: number[] = [];
  rows.forEach((row, index) => {
    const entry = read(row);
    if (entry === undefined) unreadable.push(index);
    else entries.push(entry);
  });
  return { entries, unreadable };
}

/** Reads attribute 2 of Association LN of a version; undefined if it is no array. */
export function readObjectList(data: Data, associationVersion: number): ObjectListReading | undefined {
  return readRows(data, (row) => readRow(row, associationVersion));
}

/** Reads attribute 2 of Association SN; undefined if it is no array. */
export function readShortNameObjectList(data: Data): ObjectListReading | undefined {
  return readRows(data, readShortNameRow);
}

/** One element of object_list of Association LN of a version. `obisToOctets` throws if the logical name is none. */
export function objectListElement(entry: ObjectListEntry, associationVersion: number): Data {
  const attributes: Data[] = (entry.attributes ?? []).map(({ index, access, selectors }) => ({
    t: 'structure',
    v: [
      { t: 'integer', v: index },
      { t: 'enum', v: encodeAttributeAccess(access, associationVersion) },
      selectors.length === 0 ? { t: 'null-data' } : { t: 'array', v: selectors.map((v) => ({ t: 'integer', v })) },
    ],
  }));
  const methods: Data[] = (entry.methods ?? []).map(({ index, access }) => {
    const mode = encodeMethodAccess(access, associationVersion);
    const accessMode: Data = typeof mode === 'boolean' ? { t: 'boolean', v: mode } : { t: 'enum', v: mode };
    return { t: 'structure', v: [{ t: 'integer', v: index }, accessMode] };
  });
  return {
    t: 'structure',
    v: [
      { t: 'long-unsigned', v: entry.classId },
      { t: 'unsigned', v: entry.version },
      { t: 'octet-string', v: obisToOctets(entry.logicalName) },
      {
        t: 'structure',
        v: [
          { t: 'array', v: attributes },
          { t: 'array', v: methods },
        ],
      },
    ],
  };
}

/** One element of object_list of Association SN; the base name goes out as a signed long. */
export function shortNameObjectListElement(entry: ObjectListEntry & { readonly baseName: number }): Data {
  const signed = entry.baseName > 0x7fff ? entry.baseName - 0x10000 : entry.baseName;
  return {
    t: 'structure',
    v: [
      { t: 'long', v: signed },
      { t: 'long-unsigned', v: entry.classId },
      { t: 'unsigned', v: entry.version },
      { t: 'octet-string', v: obisToOctets(entry.logicalName) },
    ],
  };
}
