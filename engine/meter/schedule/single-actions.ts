import type { Data } from '../../codec/axdr/data.ts';
import type { CosemDateTime } from '../../codec/axdr/date-time.ts';
import { type DueSource, RANK } from './due-source.ts';
import { executeScript } from './execute-script.ts';
import {
  isUnspecified,
  type LocalCalendar,
  type LocalDay,
  matchesDate,
  secondsOfDay,
  yearOf,
} from './local-calendar.ts';
import { elementsOf, patternIn, scriptIn } from './schedule-data.ts';

/** Entries of one schedule that are looked at. */
export const MAX_ENTRIES = 256;

/** Moments of a pattern on a day, ascending; what the clock skips falls together. */
export function momentsOn(pattern: CosemDateTime, day: LocalDay, calendar: LocalCalendar): readonly number[] {
  if (!matchesDate(pattern, day)) return [];
  return [...new Set(secondsOfDay(pattern).map((second) => calendar.momentOf(day.number, second)))];
}

/**
 * When a single action schedule (class 22) executes its script: at each of the times of execution_time, wildcards
 * allowed in every part. An entry without any part never comes due.
 */
export function singleActions(executedScript: Data, executionTime: Data): readonly DueSource[] {
  const [table, selector] = elementsOf(executedScript);
  const script = scriptIn(table, selector);
  if (script === undefined) return [];
  return elementsOf(executionTime)
    .slice(0, MAX_ENTRIES)
    .flatMap((entry) => {
      const [time, date] = elementsOf(entry).map(patternIn);
      if (time === undefined || date === undefined) return [];
      const pattern = { ...date, ...time };
      if (isUnspecified(pattern)) return [];
      return [
        {
          rank: RANK.single,
          ...yearOf(pattern),
          on: (day, calendar) =>
            momentsOn(pattern, day, calendar).map((at) => ({
              at,
              run: (meter, moment) => void executeScript(meter, script, moment),
            })),
        } satisfies DueSource,
      ];
    });
}
