import { numberIn } from '../schedule/schedule-data.ts';
import { scheduleChanged } from '../schedule/schedule-memory.ts';
import { shownAt } from '../schedule/shown-time.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { entriesOf, indexOf, insertEntry, putEntries } from './indexed-entries.ts';

const INSERT = 1;
const DELETE = 2;
/** Index, date, day_id. */
const ENTRY_LENGTH = 3;

function changed({ meter, time }: Target): void {
  scheduleChanged(meter, shownAt(meter, time), true);
}

/** Special days table (class 11, Blue Book 4.5.4). */
export const specialDaysTable: ClassLogic = {
  write(target) {
    changed(target);
    return undefined;
  },
  invoke(target, method, params) {
    if (method === INSERT) {
      if (!insertEntry(target, params, ENTRY_LENGTH)) return { result: 'type-unmatched' };
    } else if (method === DELETE) {
      const index = numberIn(params ?? undefined);
      const entries = entriesOf(target);
      const left = entries.filter((entry) => indexOf(entry) !== index);
      if (left.length === entries.length) return { result: 'object-unavailable' };
      putEntries(target, left);
    } else return undefined;
    changed(target);
    return SUCCESS;
  },
};
