import { DATE_TIME_LENGTH, decodeDate, decodeDateTime, decodeTime } from '../axdr/date-time.ts';
import { formatDate, formatDateTime, formatTime } from '../axdr/date-time-text.ts';
import { textFromOctets } from '../axdr/text.ts';
import { fromHex } from '../hex.ts';
import type { Field } from '../result.ts';
import { LOGICAL_NAME_LENGTH, logicalNameToText } from '../xdlms/logical-name.ts';

/** Years a 12-octet string may claim and still be taken for a date-time. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2200;
/** Value group A of logical names that are in use (Blue Book 7.2). */
const MEDIA: ReadonlySet<number> = new Set([0, 1, 2, 4, 5, 6, 7, 8, 9, 15]);
const ANY = 0xff;
const PRINTABLE = /^[\x20-\x7e]{2,}$/;
const VALUE = /^(octet-string|date-time|date|time) ([0-9a-f]+)$/;

/**
 * Adds to each Data value of a tree of fields what its octets mean to people: logical name, date and time, text. The
 * decoder leaves this out because profiles have one such value a row and few are looked at. Changes the fields given.
 */
export function addDataMeanings(fields: readonly Field[]): void {
  for (const field of fields) {
    const match = field.value === undefined ? null : VALUE.exec(field.value);
    if (match !== null) {
      const meaning = octetsMeaning(match[1]!, fromHex(match[2]!));
      if (meaning !== undefined) field.value = `${field.value} (${meaning})`;
    }
    if (field.children !== undefined) addDataMeanings(field.children);
  }
}

function octetsMeaning(type: string, octets: Uint8Array): string | undefined {
  switch (type) {
    case 'date-time':
      return formatted(decodeDateTime(octets), formatDateTime);
    case 'date':
      return formatted(decodeDate(octets), formatDate);
    case 'time':
      return formatted(decodeTime(octets), formatTime);
    default:
      return octetStringMeaning(octets);
  }
}

/** What an octet-string likely holds. Types do not say: six octets may be a logical name or not, so it must look it. */
export function octetStringMeaning(octets: Uint8Array): string | undefined {
  const text = textFromOctets(octets);
  if (PRINTABLE.test(text)) return `"${text}"`;
  if (octets.length === LOGICAL_NAME_LENGTH && looksLikeLogicalName(octets)) return logicalNameToText(octets);
  if (octets.length !== DATE_TIME_LENGTH) return undefined;
  const value = decodeDateTime(octets);
  const year = value?.year ?? FIRST_YEAR;
  return year < FIRST_YEAR || year > LAST_YEAR ? undefined : formatted(value, formatDateTime);
}

/** Value group F is 255 (not used) but for historical values, which have measured quantities in C and D. */
function looksLikeLogicalName(o: Uint8Array): boolean {
  if (!MEDIA.has(o[0]!)) return false;
  return o[5] === ANY || (o[0] !== 0 && o[2] !== 0 && o[3] !== 0);
}

function formatted<T>(value: T | undefined, format: (value: T) => string): string | undefined {
  return value === undefined ? undefined : format(value);
}
