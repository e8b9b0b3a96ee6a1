import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData } from '../attribute-access.ts';
import { copyData } from '../copy-data.ts';
import { elementsOf, numberIn } from '../schedule/schedule-data.ts';
import type { Target } from './class-logic.ts';

const ENTRIES = 2;
/** Entries a table may grow to. */
export const MAX_TABLE_ENTRIES = 1000;

/** Entries of a schedule or special days table: structures that begin with their index. */
export function entriesOf(target: Target): readonly Data[] {
  return elementsOf(readAttributeData(target, ENTRIES));
}

/** Index of an entry. */
export function indexOf(entry: Data): number {
  return numberIn(elementsOf(entry)[0]);
}

export function putEntries({ meter, object }: Target, entries: readonly Data[]): void {
  meter.write(object.index, ENTRIES, { t: 'array', v: entries });
}

/**
 * Adds an entry in the order of the indices; one of the same index is replaced. False for what is no entry of `length`
 * elements, or one too many.
 */
export function insertEntry(target: Target, entry: Data | null, length: number): boolean {
  if (entry?.t !== 'structure' || entry.v.length !== length || Number.isNaN(indexOf(entry))) return false;
  const others = entriesOf(target).filter((other) => indexOf(other) !== indexOf(entry));
  if (others.length >= MAX_TABLE_ENTRIES) return false;
  putEntries(
    target,
    [...others, copyData(entry)].toSorted((a, b) => indexOf(a) - indexOf(b)),
  );
  return true;
}
