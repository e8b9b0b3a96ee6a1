import { dateTimeFromMilliseconds, decodeDate, decodeDateTime, encodeDateTime } from '../../codec/axdr/date-time.ts';

/** How a clock writes the moments it shows. */
export interface LocalTime {
  /** Minutes to add to the local time to get UTC (Blue Book 4.1.6.1), daylight saving included; absent = 8000h. */
  readonly deviation?: number;
  readonly daylightSaving?: boolean;
}

/** Status bit 7: daylight saving active. */
const STATUS_DAYLIGHT_SAVING = 0x80;
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** Milliseconds since the epoch as the 12 octets of a date-time; times a calendar cannot hold are clamped. */
export function dateTimeOctets(ms: number, local: LocalTime = {}): Uint8Array {
  const moment = Number.isFinite(ms) ? Math.min(Math.max(ms, EARLIEST), LATEST) : 0;
  const status = local.daylightSaving === true ? STATUS_DAYLIGHT_SAVING : 0;
  if (local.deviation === undefined) {
    const { deviation: _deviation, ...unplaced } = dateTimeFromMilliseconds(moment, 0, status);
    return encodeDateTime(unplaced);
  }
  const deviation = Math.min(Math.max(Math.trunc(local.deviation), -840), 840);
  return encodeDateTime(dateTimeFromMilliseconds(moment, deviation, status));
}

/**
 * The moment a date-time (12 octets) or date (5) of a request means: parts that are not specified count as their
 * smallest value, and a deviation that is not specified as `deviation`. Undefined where there is no year, or no date.
 */
export function momentOf(octets: Uint8Array, deviation: number): number | undefined {
  const read = octets.length === 5 ? decodeDate(octets) : decodeDateTime(octets);
  if (read?.year === undefined) return undefined;
  const month = typeof read.month === 'number' ? read.month : 1;
  const day = read.day === 'last' ? 0 : typeof read.day === 'number' ? read.day : 1;
  const local = Date.UTC(
    read.year,
    // Day 0 of the following month is the last one of this month.
    read.day === 'last' ? month : month - 1,
    day,
    read.hour ?? 0,
    read.minute ?? 0,
    read.second ?? 0,
    (read.hundredths ?? 0) * 10,
  );
  return local + (read.deviation ?? deviation) * 60_000;
}

const TEXT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/;

/** `2024-05-01T12:00:00Z`, `2024-05-01 12:00`, `2024-05-01`: milliseconds since the epoch; undefined if it is none. */
export function parseDateTime(text: string): number | undefined {
  const found = TEXT.exec(text.trim());
  if (found === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = found;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (zone === 'Z') return ms;
  const sign = zone.startsWith('-') ? 1 : -1;
  return ms + sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}
