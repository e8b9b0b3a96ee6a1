/**
 * COSEM date-time, date and time (Blue Book 4.1.6.1) as numbers, with every wildcard kept: undefined stands for
 * "not specified" (FFFFh, FFh, 8000h). The three special days and two special months keep their codes as names.
 */
export interface CosemDateTime {
  readonly year?: number;
  readonly month?: number | 'daylight-saving-begin' | 'daylight-saving-end';
  readonly day?: number | 'last' | 'second-last';
  /** 1 Monday .. 7 Sunday. */
  readonly dayOfWeek?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly hundredths?: number;
  /**
   * Signed minutes as on the wire, -720..840: UTC = local time + deviation, so Central European Time is -60.
   * Meters with the opposite sign exist; nothing is turned round here.
   */
  readonly deviation?: number;
  /** Clock status octet: bit 0 invalid, 1 doubtful, 2 other clock base, 3 invalid status, 7 daylight saving active. */
  readonly status?: number;
}

/** Lengths in octets. */
export const DATE_TIME_LENGTH = 12;
export const DATE_LENGTH = 5;
export const TIME_LENGTH = 4;

const NOT_SPECIFIED = 0xff;
const YEAR_NOT_SPECIFIED = 0xffff;
const DEVIATION_NOT_SPECIFIED = -0x8000;
const DAYLIGHT_SAVING_END = 0xfd;
const DAYLIGHT_SAVING_BEGIN = 0xfe;
const SECOND_LAST_DAY = 0xfd;
const LAST_DAY = 0xfe;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Fields of a 12-octet date-time; undefined when the octets are not 12 or a field is out of its range. */
export function decodeDateTime(octets: Uint8Array): CosemDateTime | undefined {
  if (octets.length !== DATE_TIME_LENGTH) return undefined;
  const value: Mutable<CosemDateTime> = {};
  if (!putDate(value, octets) || !putTime(value, octets, DATE_LENGTH)) return undefined;
  const deviation = ((octets[9]! << 24) >> 16) | octets[10]!;
  if (deviation !== DEVIATION_NOT_SPECIFIED) {
    if (deviation < -840 || deviation > 840) return undefined;
    value.deviation = deviation;
  }
  if (octets[11] !== NOT_SPECIFIED) value.status = octets[11]!;
  return value;
}

/** Fields of a 5-octet date. */
export function decodeDate(octets: Uint8Array): CosemDateTime | undefined {
  if (octets.length !== DATE_LENGTH) return undefined;
  const value: Mutable<CosemDateTime> = {};
  return putDate(value, octets) ? value : undefined;
}

/** Fields of a 4-octet time. */
export function decodeTime(octets: Uint8Array): CosemDateTime | undefined {
  if (octets.length !== TIME_LENGTH) return undefined;
  const value: Mutable<CosemDateTime> = {};
  return putTime(value, octets, 0) ? value : undefined;
}

function putDate(value: Mutable<CosemDateTime>, o: Uint8Array): boolean {
  const year = (o[0]! << 8) | o[1]!;
  if (year !== YEAR_NOT_SPECIFIED) value.year = year;
  const month = o[2]!;
  if (month === DAYLIGHT_SAVING_BEGIN) value.month = 'daylight-saving-begin';
  else if (month === DAYLIGHT_SAVING_END) value.month = 'daylight-saving-end';
  else if (month !== NOT_SPECIFIED) {
    if (month < 1 || month > 12) return false;
    value.month = month;
  }
  const day = o[3]!;
  if (day === LAST_DAY) value.day = 'last';
  else if (day === SECOND_LAST_DAY) value.day = 'second-last';
  else if (day !== NOT_SPECIFIED) {
    if (day < 1 || day > 31) return false;
    value.day = day;
  }
  const dayOfWeek = o[4]!;
  if (dayOfWeek === NOT_SPECIFIED) return true;
  // 0 is sent by meters that do not keep the day of the week; it means the same as FF.
  if (dayOfWeek === 0) return true;
  if (dayOfWeek > 7) return false;
  value.dayOfWeek = dayOfWeek;
  return true;
}

function putTime(value: Mutable<CosemDateTime>, o: Uint8Array, at: number): boolean {
  const hour = o[at]!;
  const minute = o[at + 1]!;
  const second = o[at + 2]!;
  const hundredths = o[at + 3]!;
  if (hour !== NOT_SPECIFIED) value.hour = hour;
  if (minute !== NOT_SPECIFIED) value.minute = minute;
  if (second !== NOT_SPECIFIED) value.second = second;
  if (hundredths !== NOT_SPECIFIED) value.hundredths = hundredths;
  return within(value.hour, 23) && within(value.minute, 59) && within(value.second, 59) && within(value.hundredths, 99);
}

function within(value: number | undefined, max: number): boolean {
  return value === undefined || value <= max;
}

/** The 12 octets of a date-time; fields left out are "not specified". @throws {RangeError} naming the field. */
export function encodeDateTime(value: CosemDateTime): Uint8Array {
  const octets = new Uint8Array(DATE_TIME_LENGTH);
  octets.set(encodeDate(value), 0);
  octets.set(encodeTime(value), DATE_LENGTH);
  const deviation =
    value.deviation === undefined ? DEVIATION_NOT_SPECIFIED : checked(value.deviation, -840, 840, 'deviation');
  octets[9] = deviation >> 8;
  octets[10] = deviation;
  octets[11] = value.status === undefined ? NOT_SPECIFIED : checked(value.status, 0, 0xfe, 'status');
  return octets;
}

/** The 5 octets of a date. @throws {RangeError} naming the field. */
export function encodeDate(value: CosemDateTime): Uint8Array {
  const octets = new Uint8Array(DATE_LENGTH);
  const year = value.year === undefined ? YEAR_NOT_SPECIFIED : checked(value.year, 0, 0xfffe, 'year');
  octets[0] = year >> 8;
  octets[1] = year;
  octets[2] = monthOctet(value.month);
  octets[3] = dayOctet(value.day);
  octets[4] = value.dayOfWeek === undefined ? NOT_SPECIFIED : checked(value.dayOfWeek, 1, 7, 'dayOfWeek');
  return octets;
}

/** The 4 octets of a time. @throws {RangeError} naming the field. */
export function encodeTime(value: CosemDateTime): Uint8Array {
  return Uint8Array.of(
    value.hour === undefined ? NOT_SPECIFIED : checked(value.hour, 0, 23, 'hour'),
    value.minute === undefined ? NOT_SPECIFIED : checked(value.minute, 0, 59, 'minute'),
    value.second === undefined ? NOT_SPECIFIED : checked(value.second, 0, 59, 'second'),
    value.hundredths === undefined ? NOT_SPECIFIED : checked(value.hundredths, 0, 99, 'hundredths'),
  );
}

function monthOctet(month: CosemDateTime['month']): number {
  if (month === undefined) return NOT_SPECIFIED;
  if (month === 'daylight-saving-begin') return DAYLIGHT_SAVING_BEGIN;
  if (month === 'daylight-saving-end') return DAYLIGHT_SAVING_END;
  return checked(month, 1, 12, 'month');
}

function dayOctet(day: CosemDateTime['day']): number {
  if (day === undefined) return NOT_SPECIFIED;
  if (day === 'last') return LAST_DAY;
  if (day === 'second-last') return SECOND_LAST_DAY;
  return checked(day, 1, 31, 'day');
}

function checked(value: number, min: number, max: number, name: string): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name}: ${value} is not an integer in ${min}..${max}`);
  }
  return value;
}

/**
 * A full date-time as milliseconds since 1970-01-01T00:00:00Z; undefined when date or time has wildcards.
 * Without a deviation the value is taken as UTC.
 */
export function dateTimeToMilliseconds(value: CosemDateTime): number | undefined {
  const { year, month, day, hour, minute, second } = value;
  if (year === undefined || typeof month !== 'number' || typeof day !== 'number') return undefined;
  if (hour === undefined || minute === undefined || second === undefined) return undefined;
  // Date.UTC would take years below 100, which clocks that were never set show, as of the 20th century.
  const date = new Date(0).setUTCFullYear(year, month - 1, day);
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + (value.hundredths ?? 0) * 10;
  return date + time + (value.deviation ?? 0) * 60_000;
}

/**
 * A moment as date-time of a clock with this deviation (minutes, UTC = local + deviation).
 * `status` as in CosemDateTime; hundredths are those of the moment.
 */
export function dateTimeFromMilliseconds(milliseconds: number, deviation: number, status = 0): CosemDateTime {
  const local = new Date(milliseconds - deviation * 60_000);
  const weekday = local.getUTCDay();
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    dayOfWeek: weekday === 0 ? 7 : weekday,
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    hundredths: Math.floor(local.getUTCMilliseconds() / 10),
    deviation,
    status,
  };
}
