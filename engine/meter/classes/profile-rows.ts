import { readAttributeData } from '../attribute-access.ts';
import { isCapturedByScript } from '../schedule/captured-by-script.ts';
import { durationOf } from '../values/arguments.ts';
import { startOfPeriod } from '../values/maximum.ts';
import { dataToNumber } from '../values/value.ts';
import type { Target } from './class-logic.ts';

const CAPTURE_PERIOD = 4;
const PROFILE_ENTRIES = 8;
/** Rows a buffer can hold, whatever the template says: what one answer may cost is bounded. */
export const MAX_ROWS = 100_000;
const MINUTE = 60_000;

/** Moments at which the rows of a buffer were captured, oldest first. */
export interface RowTimes {
  readonly count: number;
  at(index: number): number;
}

const NO_ROWS: RowTimes = { count: 0, at: () => 0 };

function listed(times: readonly number[], most: number): RowTimes {
  const kept = times.length > most ? times.slice(times.length - most) : times;
  return { count: kept.length, at: (index) => kept[index] ?? 0 };
}

/** Rows the buffer of a profile may hold. */
export function capacityOf(target: Target): number {
  const entries = dataToNumber(readAttributeData(target, PROFILE_ENTRIES));
  return Number.isFinite(entries) && entries > 0 ? Math.min(Math.floor(entries), MAX_ROWS) : 0;
}

/** Moment from which there are rows: the prefilled history, or the last reset. */
function beginning(target: Target): number {
  const { meter, object } = target;
  const prefilled = meter.startedAt - durationOf(object.model.settings.prefill, 0);
  return Math.max(prefilled, meter.remembered(object.index)?.clearedAt ?? Number.NEGATIVE_INFINITY);
}

/**
 * When the rows of a profile were captured up to the target's time. With a capture period these are its multiples in
 * local standard time; without one the ends of billing months, as far as the history reaches, and every capture by
 * method.
 */
export function rowTimes(target: Target): RowTimes {
  const capacity = capacityOf(target);
  if (capacity === 0) return NO_ROWS;
  const seconds = dataToNumber(readAttributeData(target, CAPTURE_PERIOD));
  const captures = (target.meter.remembered(target.object.index)?.captures ?? []).filter((at) => at <= target.time);
  const regular = seconds > 0 ? periodic(target, seconds * 1000, capacity) : monthly(target, capacity);
  if (captures.length === 0) return regular;
  const all = [...captures];
  for (let index = 0; index < regular.count; index += 1) all.push(regular.at(index));
  return listed(
    all.sort((a, b) => a - b),
    capacity,
  );
}

function periodic(target: Target, period: number, capacity: number): RowTimes {
  // Periods are counted from local midnight: UTC = local + deviation.
  const offset = target.meter.deviation * MINUTE;
  const last = Math.floor((target.time - offset) / period);
  const earliest = Math.ceil((beginning(target) - offset) / period);
  const first = Math.max(earliest, last - capacity + 1);
  return { count: Math.max(0, last - first + 1), at: (index) => (first + index) * period + offset };
}

/** Most months of history: a hundred years. */
const MAX_MONTHS = 1200;

function monthly(target: Target, capacity: number): RowTimes {
  // A profile that is captured by script has history only if the template says so.
  if (durationOf(target.object.model.settings.prefill, 0) === 0) return NO_ROWS;
  const { deviation } = target.meter;
  const begin = beginning(target);
  const times: number[] = [];
  // What a schedule captures it has captured by itself since the meter was switched on.
  const end = isCapturedByScript(target) ? Math.min(target.time, target.meter.startedAt) : target.time;
  let at = startOfPeriod('month', end, deviation);
  while (at >= begin && times.length < Math.min(capacity, MAX_MONTHS)) {
    times.push(at);
    at = startOfPeriod('month', at - 1, deviation);
  }
  return listed(times.reverse(), capacity);
}

/** Index of the first row captured at `time` or later. */
export function firstRowAt(rows: RowTimes, time: number): number {
  let low = 0;
  let high = rows.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows.at(middle) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
