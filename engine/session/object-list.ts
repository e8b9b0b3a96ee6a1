import type { Data } from '../codec/axdr/data.ts';
import { type ObjectListReading, readObjectList, readShortNameObjectList } from '../cosem/object-list.ts';

const ASSOCIATION_LN = 15;
/** Access modes as enumeration, when the list does not tell the version of its own class (BB 4.4.4). */
const DEFAULT_VERSION = 2;

/** Reads attribute 2 of the association: of class 15 with LN, of class 12 with SN referencing. Undefined if it is no list. */
export function readListedObjects(data: Data, referencing: 'LN' | 'SN'): ObjectListReading | undefined {
  if (referencing === 'SN') return readShortNameObjectList(data);
  return readObjectList(data, associationVersion(data));
}

/** The list holds the current association itself, at any place (quirk Q59); its version tells how rights are coded. */
function associationVersion(data: Data): number {
  for (const row of elementsOf(data)) {
    const [classId, version] = elementsOf(row);
    if (integerOf(classId) === ASSOCIATION_LN) return integerOf(version) ?? DEFAULT_VERSION;
  }
  return DEFAULT_VERSION;
}

/** Elements of an array, structure or compact-array; empty for anything else. */
export function elementsOf(data: Data | undefined): readonly Data[] {
  if (data?.t === 'array' || data?.t === 'structure') return data.v;
  return data?.t === 'compact-array' ? data.v.elements : [];
}

/** An integer of any width; undefined for anything else. */
export function integerOf(data: Data | undefined): number | undefined {
  if (data === undefined || !('v' in data)) return undefined;
  if (typeof data.v === 'number') return data.v;
  return typeof data.v === 'bigint' ? Number(data.v) : undefined;
}
