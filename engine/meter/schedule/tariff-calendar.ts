import type { Data } from '../../codec/axdr/data.ts';
import type { CosemDateTime } from '../../codec/axdr/date-time.ts';
import { type DueAction, type DueSource, RANK } from './due-source.ts';
import { executeScript } from './execute-script.ts';
import { type LocalCalendar, type LocalDay, secondsOfDay } from './local-calendar.ts';
import { elementsOf, keyIn, numberIn, patternIn, type ScriptReference, scriptIn } from './schedule-data.ts';
import type { SpecialDayOf } from './special-days.ts';

interface Season {
  readonly start: CosemDateTime;
  readonly week: string;
}
interface Slot {
  readonly time: CosemDateTime;
  readonly script: ScriptReference;
}

/** Tables of an activity calendar: season, week and day profiles. */
export interface CalendarTables {
  readonly seasons: Data;
  readonly weeks: Data;
  readonly days: Data;
}

const MAX_SEASONS = 64;
const DAYS_OF_WEEK = 7;

/**
 * What the active tables of an activity calendar (class 20, Blue Book 4.5.5) execute: the slots of the day profile that
 * season and week, or the special days table, give to a day. Undefined for a calendar that never executes anything.
 */
export function tariffCalendar(tables: CalendarTables, specialDayOf: SpecialDayOf): DueSource | undefined {
  const seasons = seasonsOf(tables.seasons);
  const weeks = weeksOf(tables.weeks);
  const days = daysOf(tables.days);
  if (![...days.values()].some((slots) => slots.length > 0)) return undefined;
  return {
    rank: RANK.calendar,
    lastOnly: true,
    on(day, calendar) {
      const week = weeks.get(seasonOf(seasons, day)?.week ?? '');
      const id = specialDayOf(day) ?? week?.[day.weekday - 1];
      return id === undefined ? [] : actionsOf(days.get(id) ?? [], day, calendar);
    },
  };
}

function actionsOf(slots: readonly Slot[], day: LocalDay, calendar: LocalCalendar): readonly DueAction[] {
  return slots
    .flatMap(({ time, script }) =>
      secondsOfDay(time).map((second) => ({
        at: calendar.momentOf(day.number, second),
        run: (...[meter, moment]: Parameters<DueAction['run']>) => void executeScript(meter, script, moment),
      })),
    )
    .toSorted((a, b) => a.at - b.at);
}

function seasonsOf(data: Data): readonly Season[] {
  return elementsOf(data)
    .slice(0, MAX_SEASONS)
    .flatMap((season) => {
      const [, start, week] = elementsOf(season);
      const pattern = patternIn(start);
      const name = keyIn(week);
      return pattern === undefined || name === undefined ? [] : [{ start: pattern, week: name }];
    });
}

function weeksOf(data: Data): ReadonlyMap<string, readonly number[]> {
  return new Map(
    elementsOf(data).flatMap((week) => {
      const [name, ...days] = elementsOf(week);
      const key = keyIn(name);
      return key === undefined || days.length !== DAYS_OF_WEEK ? [] : [[key, days.map(numberIn)] as const];
    }),
  );
}

function daysOf(data: Data): ReadonlyMap<number, readonly Slot[]> {
  return new Map(
    elementsOf(data).map((day) => {
      const [id, slots] = elementsOf(day);
      return [
        numberIn(id),
        elementsOf(slots).flatMap((slot) => {
          const [time, table, selector] = elementsOf(slot);
          const pattern = patternIn(time);
          const script = scriptIn(table, selector);
          return pattern === undefined || script === undefined ? [] : [{ time: pattern, script }];
        }),
      ] as const;
    }),
  );
}

/**
 * The season a day lies in: the one that began last, where those without a year begin every year. A single season
 * whose start gives nothing holds always.
 */
function seasonOf(seasons: readonly Season[], day: LocalDay): Season | undefined {
  let current: Season | undefined;
  let began = Number.NEGATIVE_INFINITY;
  for (const season of seasons) {
    const start = startBefore(season.start, day);
    if (start === undefined || start < began) continue;
    current = season;
    began = start;
  }
  return current;
}

/** When a season began last, as a number in the order of the calendar; undefined if it has not yet. */
function startBefore({ year, month, day }: CosemDateTime, at: LocalDay): number | undefined {
  const today = orderOf(at.year, at.month, at.day);
  const first = typeof month === 'number' ? month : undefined;
  // Seasons may begin every month, where only the day is given.
  const candidates =
    first === undefined
      ? [orderOf(at.year, at.month, dayIn(day)), orderOf(at.year, at.month - 1, dayIn(day))]
      : [orderOf(year ?? at.year, first, dayIn(day)), orderOf(year ?? at.year - 1, first, dayIn(day))];
  return candidates.find((start) => start <= today);
}

function dayIn(day: CosemDateTime['day']): number {
  return typeof day === 'number' ? day : day === undefined ? 1 : 31;
}

function orderOf(year: number, month: number, day: number): number {
  return (year * 12 + month - 1) * 31 + day - 1;
}
