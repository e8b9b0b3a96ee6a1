import type { Data } from '../../codec/axdr/data.ts';
import { type LocalDay, matchesDate } from './local-calendar.ts';
import { elementsOf, numberIn, patternIn } from './schedule-data.ts';

/** The day_id a special days table gives to a day; undefined for ordinary days. */
export type SpecialDayOf = (day: LocalDay) => number | undefined;

/** Entries of a special days table (class 11): index, date with wildcards, day_id. The first that fits counts. */
export function specialDays(entries: Data | undefined): SpecialDayOf {
  const days = elementsOf(entries).flatMap((entry) => {
    const [, date, dayId] = elementsOf(entry);
    const pattern = patternIn(date);
    const id = numberIn(dayId);
    return pattern === undefined || Number.isNaN(id) ? [] : [{ pattern, id }];
  });
  return (day) => days.find(({ pattern }) => matchesDate(pattern, day))?.id;
}
