import type { Data } from '../../codec/axdr/data.ts';
import type { CosemDateTime } from '../../codec/axdr/date-time.ts';
import { type DueSource, RANK } from './due-source.ts';
import { executeScript } from './execute-script.ts';
import { type LocalDay, yearOf } from './local-calendar.ts';
import { elementsOf, numberIn, patternIn, scriptIn } from './schedule-data.ts';
import { MAX_ENTRIES, momentsOn } from './single-actions.ts';
import type { SpecialDayOf } from './special-days.ts';

const VALID_FOR_EVER = 0xffff;
const MINUTE_MS = 60_000;

/** Entries of a schedule (class 10) that are enabled, as sources. */
export function scheduleEntries(entries: Data, specialDayOf: SpecialDayOf): readonly DueSource[] {
  return elementsOf(entries)
    .slice(0, MAX_ENTRIES)
    .flatMap((entry) => sourceOf(elementsOf(entry), specialDayOf));
}

/** Index, enable, script table, script, switch time, validity window, weekdays, special days, begin and end date. */
function sourceOf(
  [, enable, table, selector, switchTime, window, weekdays, specials, beginDate, endDate]: readonly Data[],
  specialDayOf: SpecialDayOf,
): DueSource[] {
  const script = scriptIn(table, selector);
  const time = patternIn(switchTime);
  if (enable?.t !== 'boolean' || !enable.v || script === undefined || time === undefined) return [];
  const begin = patternIn(beginDate);
  const end = patternIn(endDate);
  const { from: firstDay } = yearOf(begin ?? {});
  const { until: lastDay } = yearOf(end ?? {});
  const from = firstDay === undefined ? {} : { from: firstDay };
  const until = lastDay === undefined ? {} : { until: lastDay };
  const minutes = numberIn(window);
  const validity = minutes >= 0 && minutes < VALID_FOR_EVER ? { validFor: minutes * MINUTE_MS } : {};
  return [
    {
      rank: RANK.schedule,
      ...from,
      ...until,
      on(day, calendar) {
        if (!isWithin(day, begin, end)) return [];
        // On a special day the weekday does not count (Blue Book 4.5.3).
        const special = specialDayOf(day);
        if (!(special === undefined ? hasBit(weekdays, day.weekday - 1) : hasBit(specials, special))) return [];
        return momentsOn(time, day, calendar).map((at) => ({
          at,
          ...validity,
          run: (meter, moment) => void executeScript(meter, script, moment),
        }));
      },
    },
  ];
}

/** Bit of a bit-string, the first one being 0: Monday in exec_weekdays. */
function hasBit(data: Data | undefined, index: number): boolean {
  return data?.t === 'bit-string' && data.v[index] === '1';
}

/**
 * Whether a day lies in the period of an entry, both ends included. With wildcards the period comes again: from April to
 * September of every year, or over the turn of the year.
 */
function isWithin(day: LocalDay, begin: CosemDateTime | undefined, end: CosemDateTime | undefined): boolean {
  const from = begin === undefined ? undefined : keyOf(begin, day, 1);
  const to = end === undefined ? undefined : keyOf(end, day, day.daysInMonth);
  const at = (day.year * 12 + day.month - 1) * 31 + day.day - 1;
  if (from === undefined || to === undefined) return (from ?? at) <= at && at <= (to ?? at);
  const again = begin?.year === undefined && end?.year === undefined && from > to;
  return again ? at >= from || at <= to : at >= from && at <= to;
}

/** A date as a number in the order of the calendar, wildcards taken from a day; undefined without any part. */
function keyOf({ year, month, day, dayOfWeek }: CosemDateTime, at: LocalDay, otherwise: number): number | undefined {
  if (year === undefined && month === undefined && day === undefined && dayOfWeek === undefined) return undefined;
  const monthNumber = typeof month === 'number' ? month : at.month;
  const dayNumber = typeof day === 'number' ? day : day === undefined ? otherwise : at.daysInMonth;
  return ((year ?? at.year) * 12 + monthNumber - 1) * 31 + dayNumber - 1;
}
