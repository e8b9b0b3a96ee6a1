import { DATE_TIME_LENGTH, decodeDateTime } from '../axdr/date-time.ts';
import { formatDateTime } from '../axdr/date-time-text.ts';
import { type FieldSink, shownOctets } from '../field-sink.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';

const OCTET_STRING_TAG = 0x09;

/**
 * date-time of ACCESS and data-notification: an OCTET STRING of 0 or 12 octets. Meters are known that put the Data tag
 * 09 before the length octet, as if it were an attribute value.
 */
export function readDateTimeOctets(r: Reader): Uint8Array {
  const from = r.pos;
  if (r.peek() === OCTET_STRING_TAG && r.peek(1) === DATE_TIME_LENGTH) {
    r.deviate('date-time-with-data-tag', 'date-time with the Data tag 09 before its length', 'bad-length');
    r.tag('tag', 'octet-string');
  }
  const length = r.length('date-time length');
  if (length !== 0 && length !== DATE_TIME_LENGTH) {
    r.fail('bad-length', `date-time of ${length} octets`, '0 or 12 octets', from);
  }
  const octets = r.take(length, 'date-time');
  if (r.sink !== null) describeDateTimeOctets(r.sink, octets);
  return octets;
}

/** A date-time in an OCTET STRING as the value of the field it was read into; other octets stay hex. */
export function describeDateTimeOctets(sink: FieldSink, octets: Uint8Array): void {
  if (octets.length === 0) sink.describe('not sent');
  const value = decodeDateTime(octets);
  if (value !== undefined) sink.describe(`${shownOctets(octets)} (${formatDateTime(value)})`);
}

export function writeDateTimeOctets(w: Writer, dateTime: Uint8Array): void {
  if (dateTime.length !== 0 && dateTime.length !== DATE_TIME_LENGTH) {
    w.rangeError('dateTime', `${shownOctets(dateTime)} is not 0 or 12 octets`);
  }
  w.octetString(dateTime, 'dateTime');
}
