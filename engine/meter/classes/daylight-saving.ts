import { type CosemDateTime, decodeDateTime } from '../../codec/axdr/date-time.ts';

/** Central European rule, for clocks that switch but do not say when: last Sundays of March 02:00 and October 03:00. */
export const DEFAULT_BEGIN: CosemDateTime = {
  month: 3,
  day: 'last',
  dayOfWeek: 7,
  hour: 2,
  minute: 0,
  second: 0,
  hundredths: 0,
};
export const DEFAULT_END: CosemDateTime = {
  month: 10,
  day: 'last',
  dayOfWeek: 7,
  hour: 3,
  minute: 0,
  second: 0,
  hundredths: 0,
};

const DAY_MS = 86_400_000;

/** A switching moment out of the octets of daylight_savings_begin or _end; undefined unless it names month and day. */
export function switchingRule(octets: Uint8Array): CosemDateTime | undefined {
  const rule = decodeDateTime(octets);
  return rule !== undefined && typeof rule.month === 'number' && rule.day !== undefined ? rule : undefined;
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const RULE = /^(last|\d{1,2})\s+(?:([a-z]+)\s+)?([a-z]+)\s+(\d{1,2}):(\d{2})$/;

/** `last sunday march 02:00`, `1 april 00:00`; undefined for any other text. */
export function parseSwitchingRule(text: string): CosemDateTime | undefined {
  const found = RULE.exec(text.trim().toLowerCase());
  if (found === null) return undefined;
  const [, day = '', weekday, monthName = '', hour, minute] = found;
  const month = MONTHS.indexOf(monthName) + 1;
  const dayOfWeek = weekday === undefined ? undefined : WEEKDAYS.indexOf(weekday) + 1;
  if (month === 0 || dayOfWeek === 0) return undefined;
  return {
    month,
    day: day === 'last' ? 'last' : Math.min(Math.max(Number(day), 1), 31),
    ...(dayOfWeek === undefined ? {} : { dayOfWeek }),
    hour: Math.min(Number(hour), 23),
    minute: Math.min(Number(minute), 59),
    second: 0,
    hundredths: 0,
  };
}

/** When a rule switches in a year, in milliseconds of local time. */
export function switchingMoment(rule: CosemDateTime, year: number): number {
  const month = typeof rule.month === 'number' ? rule.month : 1;
  const time = ((rule.hour ?? 0) * 60 + (rule.minute ?? 0)) * 60_000;
  if (typeof rule.day === 'number') {
    let day = Date.UTC(year, month - 1, rule.day);
    // A day of the week with a day of the month means the first such weekday from that day on (Blue Book 4.1.6.1).
    if (rule.dayOfWeek !== undefined) day += ((rule.dayOfWeek - isoWeekday(day) + 7) % 7) * DAY_MS;
    return day + time;
  }
  let day = Date.UTC(year, month, 0);
  if (rule.dayOfWeek !== undefined) day -= ((isoWeekday(day) - rule.dayOfWeek + 7) % 7) * DAY_MS;
  if (rule.day === 'second-last') day -= rule.dayOfWeek === undefined ? DAY_MS : 7 * DAY_MS;
  return day + time;
}

function isoWeekday(ms: number): number {
  return new Date(ms).getUTCDay() || 7;
}

/**
 * Whether daylight saving is on at a moment: between begin (given in standard time) and end (given in daylight saving
 * time), also where the summer spans the turn of the year. `standard` is the moment in local standard time and
 * `savingMinutes` what the clock is put forward by.
 */
export function isDaylightSaving(
  standard: number,
  savingMinutes: number,
  begin: CosemDateTime,
  end: CosemDateTime,
): boolean {
  const year = new Date(standard).getUTCFullYear();
  const from = switchingMoment(begin, year);
  const to = switchingMoment(end, year) - savingMinutes * 60_000;
  return from < to ? standard >= from && standard < to : standard >= from || standard < to;
}
