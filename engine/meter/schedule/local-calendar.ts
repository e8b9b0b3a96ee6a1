import type { CosemDateTime } from '../../codec/axdr/date-time.ts';

/** Minutes to add to the local time to get UTC, at a moment in milliseconds since the epoch. */
export type DeviationAt = (moment: number) => number;

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A day of the local calendar. */
export interface LocalDay {
  /** Days since 1970-01-01. */
  readonly number: number;
  readonly year: number;
  /** 1..12. */
  readonly month: number;
  /** 1..31. */
  readonly day: number;
  /** 1 Monday .. 7 Sunday. */
  readonly weekday: number;
  readonly daysInMonth: number;
  /** Which way the clock is put on this day; undefined on most. Worked out when it is asked for. */
  readonly switches: () => 'daylight-saving-begin' | 'daylight-saving-end' | undefined;
}

/** Days and times as the clock of a meter shows them, with its summer time. */
export class LocalCalendar {
  readonly #deviationAt: DeviationAt;
  readonly #days = new Map<number, LocalDay>();
  readonly #steady = new Map<number, number | undefined>();

  constructor(deviationAt: DeviationAt) {
    this.#deviationAt = deviationAt;
  }

  /** Number of the day a moment lies in. */
  dayOf(moment: number): number {
    return Math.floor((moment - this.#deviationAt(moment) * MINUTE_MS) / DAY_MS);
  }

  day(number: number): LocalDay {
    const known = this.#days.get(number);
    if (known !== undefined) return known;
    const date = new Date(number * DAY_MS);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth() + 1;
    const day: LocalDay = {
      number,
      year,
      month,
      day: date.getUTCDate(),
      weekday: date.getUTCDay() || 7,
      daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
      switches: () => this.#switches(number),
    };
    this.#days.set(number, day);
    return day;
  }

  #switches(number: number): ReturnType<LocalDay['switches']> {
    const before = this.#deviationAt(this.#standard(number * DAY_MS));
    const after = this.#deviationAt(this.#standard((number + 1) * DAY_MS));
    if (before === after) return undefined;
    return after < before ? 'daylight-saving-begin' : 'daylight-saving-end';
  }

  /**
   * The moment the clock shows a time of a day: the first of two, and for one it never shows the moment at which it is
   * put forward over it (Blue Book 4.5.3: what the clock skips is executed, what it repeats is not executed again).
   */
  momentOf(day: number, secondOfDay: number): number {
    const local = day * DAY_MS + secondOfDay * 1000;
    const steady = this.#steadyOn(day);
    if (steady !== undefined) return local + steady * MINUTE_MS;
    const before = this.#deviationAt(this.#standard(local) - DAY_MS);
    const after = this.#deviationAt(this.#standard(local) + DAY_MS);
    const first = local + before * MINUTE_MS;
    if (before === after || this.#deviationAt(first) === before) return first;
    const second = local + after * MINUTE_MS;
    return this.#deviationAt(second) === after ? second : this.#changeBetween(second, first);
  }

  /** The deviation around a day on which the clock is not put forward or back; undefined near one on which it is. */
  #steadyOn(day: number): number | undefined {
    if (this.#steady.has(day)) return this.#steady.get(day);
    const before = this.#deviationAt((day - 2) * DAY_MS);
    const after = this.#deviationAt((day + 3) * DAY_MS);
    const steady = before === after ? before : undefined;
    this.#steady.set(day, steady);
    return steady;
  }

  /** A local time as if it were standard time; good to an hour or two. */
  #standard(local: number): number {
    return local + this.#deviationAt(local) * MINUTE_MS;
  }

  #changeBetween(from: number, to: number): number {
    const before = this.#deviationAt(from);
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#deviationAt(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }
}

/**
 * Whether a day fits the date of a pattern with wildcards. A day of the month with a day of the week means the first
 * such weekday from that day on, the last day with one the last such weekday (Blue Book 4.1.6.1).
 */
export function matchesDate(pattern: CosemDateTime, at: LocalDay): boolean {
  const { year, month, day, dayOfWeek } = pattern;
  if (year !== undefined && year !== at.year) return false;
  if (typeof month === 'number' ? month !== at.month : month !== undefined && month !== at.switches()) return false;
  if (dayOfWeek !== undefined && dayOfWeek !== at.weekday) return false;
  switch (day) {
    case undefined:
      return true;
    case 'last':
    case 'second-last': {
      const fromEnd = at.daysInMonth - at.day;
      const least = day === 'last' ? 0 : 1;
      if (dayOfWeek === undefined) return fromEnd === least;
      return fromEnd >= least * 7 && fromEnd < least * 7 + 7;
    }
    default:
      if (dayOfWeek === undefined || isWhole(pattern)) return day === at.day;
      return at.day >= day && at.day < day + 7;
  }
}

/** The days a pattern can fit at all, by its year: a date of the past comes no more. */
export function yearOf({ year }: CosemDateTime): { readonly from?: number; readonly until?: number } {
  if (year === undefined) return {};
  return { from: Date.UTC(year, 0, 1) / DAY_MS, until: Date.UTC(year, 11, 31) / DAY_MS };
}

/** A date without any wildcard: its weekday is only told again. */
function isWhole({ year, month, day }: CosemDateTime): boolean {
  return year !== undefined && typeof month === 'number' && typeof day === 'number';
}

/**
 * Seconds of the day a time pattern stands for, ascending: every hour and minute where they are left open, and the full
 * minute where the second is.
 */
export function secondsOfDay({ hour, minute, second = 0 }: CosemDateTime): readonly number[] {
  const hours = hour === undefined ? range(24) : [hour];
  const minutes = minute === undefined ? range(60) : [minute];
  return hours.flatMap((h) => minutes.map((m) => (h * 60 + m) * 60 + second));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** True where nothing is given at all: such an entry never comes due. */
export function isUnspecified({ year, month, day, dayOfWeek, hour, minute, second }: CosemDateTime): boolean {
  return [year, month, day, dayOfWeek, hour, minute, second].every((part) => part === undefined);
}
