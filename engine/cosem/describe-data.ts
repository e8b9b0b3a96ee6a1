import type { Data } from '../codec/axdr/data.ts';
import { decodeDate, decodeDateTime, decodeTime } from '../codec/axdr/date-time.ts';
import { formatDate, formatDateTime, formatTime } from '../codec/axdr/date-time-text.ts';
import { textFromOctets } from '../codec/axdr/text.ts';
import { toHex } from '../codec/hex.ts';
import { formatObis } from './obis/obis.ts';

/** Octets and elements shown before a text is cut with an ellipsis. */
export const LONGEST_OCTETS = 24;
export const MOST_ELEMENTS = 6;
/** Nesting shown; deeper arrays and structures are only counted, so that the work is bounded whatever was sent. */
export const DEEPEST_SHOWN = 4;

/** Printable text of octets; undefined if any octet is not. Meters fill fixed lengths with blanks or zeros at the end. */
export function printableText(octets: Uint8Array): string | undefined {
  let end = octets.length;
  while (end > 0 && octets[end - 1] === 0) end--;
  if (end === 0) return undefined;
  for (let i = 0; i < end; i++) {
    const octet = octets[i] ?? 0;
    if (octet < 0x20 || octet > 0x7e) return undefined;
  }
  return textFromOctets(octets.subarray(0, end));
}

/** Octets in hex, cut after `LONGEST_OCTETS` with their number. */
export function shortHex(octets: Uint8Array): string {
  if (octets.length <= LONGEST_OCTETS) return toHex(octets).toUpperCase();
  return `${toHex(octets.subarray(0, LONGEST_OCTETS)).toUpperCase()}... (${octets.length} octets)`;
}

/** Six octets that end like a logical name do, with a medium in front: most likely one. */
function looksLikeObis(octets: Uint8Array): boolean {
  return octets.length === 6 && octets[5] === 255 && (octets[0] ?? 255) <= 15;
}

/** An octet-string as a person reads it: date-time, OBIS code, text in quotes, else hex. */
export function describeOctets(octets: Uint8Array): string {
  if (octets.length === 0) return '(empty)';
  if (octets.length === 12) {
    const text = printableText(octets);
    const dateTime = text === undefined ? decodeDateTime(octets) : undefined;
    if (dateTime !== undefined) return formatDateTime(dateTime);
  }
  if (looksLikeObis(octets)) return formatObis(octets);
  const text = printableText(octets);
  return text === undefined ? shortHex(octets) : JSON.stringify(text);
}

function describeElements(kind: string, elements: readonly Data[], depth: number): string {
  const [open, close] = kind === 'structure' ? ['{', '}'] : ['[', ']'];
  if (depth >= DEEPEST_SHOWN && elements.length > 0) return `${open}${elements.length} elements${close}`;
  const shown = elements.slice(0, MOST_ELEMENTS).map((element) => describeData(element, depth + 1));
  const rest = elements.length > shown.length ? `, ... ${elements.length} in all` : '';
  return `${open}${shown.join(', ')}${rest}${close}`;
}

/**
 * Any Data as one short line, knowing nothing of the attribute it belongs to. Arrays are in `[]`, structures in `{}`;
 * long ones are cut, deep ones counted. `depth` is the nesting this value already stands in.
 */
export function describeData(data: Data, depth = 0): string {
  switch (data.t) {
    case 'null-data':
      return 'null';
    case 'dont-care':
      return "don't care";
    case 'array':
    case 'structure':
      return describeElements(data.t, data.v, depth);
    case 'compact-array':
      return describeElements('array', data.v.elements, depth);
    case 'octet-string':
      return describeOctets(data.v);
    case 'date-time': {
      const value = decodeDateTime(data.v);
      return value === undefined ? shortHex(data.v) : formatDateTime(value);
    }
    case 'date': {
      const value = decodeDate(data.v);
      return value === undefined ? shortHex(data.v) : formatDate(value);
    }
    case 'time': {
      const value = decodeTime(data.v);
      return value === undefined ? shortHex(data.v) : formatTime(value);
    }
    case 'visible-string':
    case 'utf8-string':
      return JSON.stringify(data.v);
    case 'bit-string':
      return data.v === '' ? '(no bits)' : data.v;
    default:
      return String(data.v);
  }
}
