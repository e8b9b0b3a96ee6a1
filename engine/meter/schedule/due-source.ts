import type { VirtualMeter } from '../meter.ts';
import type { LocalCalendar, LocalDay } from './local-calendar.ts';

/** Something a meter does by itself at a moment. `at` is the moment as its clock shows it. */
export interface DueAction {
  readonly at: number;
  /** Once `at` is this far behind, ms, after the clock was put forward, it is left out; absent = never. */
  readonly validFor?: number;
  /** `time` is the simulated time of the moment. */
  readonly run: (meter: VirtualMeter, time: number) => void;
}

/** One reason for a meter to do something: an entry of a schedule, a calendar. Made of what its attributes say now. */
export interface DueSource {
  /** What comes first at the same moment: calendars before schedules, schedules before single actions. */
  readonly rank: number;
  /** After the clock was put forward only the last action that was skipped counts (Blue Book 4.5.5). */
  readonly lastOnly?: boolean;
  /** First and last day on which anything can be due. */
  readonly from?: number;
  readonly until?: number;
  /** What is due on a day, ascending. */
  readonly on: (day: LocalDay, calendar: LocalCalendar) => readonly DueAction[];
}

export const RANK = { activation: 0, calendar: 1, schedule: 2, single: 3 } as const;

/** Executions of one source that are made up for at a time; of more, these last ones. */
export const MAX_MADE_UP = 500;
/** Days that are looked through for what is due next, and for what is to be made up for: ten years. */
export const MAX_DAYS = 3653;
/** Days in which the last action of a calendar is looked for: a year, and some. */
const MAX_LOOK_BACK = 400;

/** What of a source came due after `from` and not after `to`: the last `MAX_MADE_UP`, ascending. */
export function dueBetween(source: DueSource, calendar: LocalCalendar, from: number, to: number): DueAction[] {
  const found: DueAction[] = [];
  const today = calendar.dayOf(to);
  const last = Math.min(today, source.until ?? today);
  const first = Math.max(calendar.dayOf(from), today - MAX_DAYS, source.from ?? 0);
  for (let number = last; number >= first; number -= 1) {
    const actions = source.on(calendar.day(number), calendar);
    for (let index = actions.length - 1; index >= 0; index -= 1) {
      const action = actions[index];
      if (action === undefined || action.at > to) continue;
      if (action.at <= from || found.length >= MAX_MADE_UP) return found.reverse();
      found.push(action);
    }
  }
  return found.reverse();
}

/** The last thing that was due at `to` or before; of the last 400 days. */
export function lastDue(source: DueSource, calendar: LocalCalendar, to: number): DueAction | undefined {
  const today = calendar.dayOf(to);
  for (let number = Math.min(today, source.until ?? today); number >= today - MAX_LOOK_BACK; number -= 1) {
    const found = source.on(calendar.day(number), calendar).findLast(({ at }) => at <= to);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first moment after `from` at which a source is due; infinite if there is none. */
export function nextDue(source: DueSource, calendar: LocalCalendar, from: number): number {
  const today = calendar.dayOf(from);
  const last = Math.min(today + MAX_DAYS, source.until ?? today + MAX_DAYS);
  for (let number = Math.max(today, source.from ?? 0); number <= last; number += 1) {
    const found = source.on(calendar.day(number), calendar).find(({ at }) => at > from);
    if (found !== undefined) return found.at;
  }
  return Number.POSITIVE_INFINITY;
}
