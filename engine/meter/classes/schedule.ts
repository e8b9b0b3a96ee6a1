import type { Data } from '../../codec/axdr/data.ts';
import { elementsOf, numberIn } from '../schedule/schedule-data.ts';
import { scheduleChanged } from '../schedule/schedule-memory.ts';
import { shownAt } from '../schedule/shown-time.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { entriesOf, indexOf, insertEntry, putEntries } from './indexed-entries.ts';

const ENABLE_DISABLE = 1;
const INSERT = 2;
const DELETE = 3;
const ENTRY_LENGTH = 10;
const ENABLED = 1;

function changed({ meter, time }: Target): void {
  scheduleChanged(meter, shownAt(meter, time));
}

/** Disables the entries from A to B and enables those from C to D; 0 to 0 are none. */
function enableDisable(target: Target, params: Data | null): boolean {
  const ranges = elementsOf(params ?? undefined).map(numberIn);
  if (ranges.length !== 4 || ranges.some(Number.isNaN)) return false;
  const [disableFrom = 0, disableTo = 0, enableFrom = 0, enableTo = 0] = ranges;
  putEntries(
    target,
    entriesOf(target).map((entry) => {
      const index = indexOf(entry);
      if (index >= enableFrom && index <= enableTo) return withEnable(entry, true);
      return index >= disableFrom && index <= disableTo ? withEnable(entry, false) : entry;
    }),
  );
  return true;
}

function withEnable(entry: Data, enabled: boolean): Data {
  if (entry.t !== 'structure') return entry;
  return { t: 'structure', v: entry.v.with(ENABLED, { t: 'boolean', v: enabled }) };
}

function deleteRange(target: Target, params: Data | null): boolean {
  const [from = Number.NaN, to = Number.NaN] = elementsOf(params ?? undefined).map(numberIn);
  if (Number.isNaN(from) || Number.isNaN(to)) return false;
  putEntries(
    target,
    entriesOf(target).filter((entry) => indexOf(entry) < from || indexOf(entry) > to),
  );
  return true;
}

/** Schedule (class 10, Blue Book 4.5.3): what its entries execute stands in schedule/schedule-entries. */
export const schedule: ClassLogic = {
  write(target) {
    changed(target);
    return undefined;
  },
  invoke(target, method, params) {
    const act = { [ENABLE_DISABLE]: enableDisable, [DELETE]: deleteRange }[method];
    const done = method === INSERT ? insertEntry(target, params, ENTRY_LENGTH) : act?.(target, params);
    if (done === undefined) return undefined;
    if (!done) return { result: 'type-unmatched' };
    changed(target);
    return SUCCESS;
  },
};
