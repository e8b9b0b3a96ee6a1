import { wireOctetsOf } from '../wire-octets.ts';
import { Writer } from '../writer.ts';
import { writeCompactArray } from './compact-array.ts';
import type { Data } from './data.ts';
import { DATA_TAGS, MAX_DATA_DEPTH } from './data-types.ts';
import { octetsFromText, utf8FromText } from './text.ts';

/**
 * Encodes one Data with its tag (Blue Book 4.1.5). A value that came from `decodeData` gives the octets it came from.
 * @throws {RangeError | TypeError} with the path to a value that its type cannot hold.
 */
export function encodeData(data: Data): Uint8Array {
  const received = wireOctetsOf(data);
  if (received !== undefined) return received;
  const w = new Writer();
  writeData(w, data, 'data');
  return w.result();
}

/** Writes one Data with its tag; `name` starts the path in error messages. */
export function writeData(w: Writer, data: Data, name: string): void {
  w.enter(name);
  writeTagged(w, data, 0);
  w.leave();
}

/** Writes `SEQUENCE OF Data`. */
export function writeDataList(w: Writer, list: readonly Data[], name: string): void {
  w.lengthOf(list.length);
  w.enter(name);
  for (let i = 0; i < list.length; i++) {
    w.enter(i);
    writeTagged(w, list[i]!, 0);
    w.leave();
  }
  w.leave();
}

function writeTagged(w: Writer, data: Data, depth: number): void {
  const tag = DATA_TAGS[data.t];
  if (tag === undefined) w.typeError('t', `'${data.t}' is not a Data type`);
  w.octet(tag);
  writeContent(w, data, depth);
}

/** Writes a Data without its tag, as inside of a compact-array. */
export function writeContent(w: Writer, data: Data, depth: number): void {
  switch (data.t) {
    case 'null-data':
    case 'dont-care':
      return;
    case 'array':
    case 'structure':
      writeElements(w, data.v, depth);
      return;
    case 'compact-array':
      if (depth >= MAX_DATA_DEPTH) w.rangeError('v', `nested deeper than ${MAX_DATA_DEPTH}`);
      w.enter('v');
      writeCompactArray(w, data.v, new Writer(), depth);
      w.leave();
      return;
    case 'boolean':
      w.boolean(data.v, 'v');
      return;
    case 'bit-string':
      writeBitString(w, data.v);
      return;
    case 'double-long':
    case 'delta-double-long':
      w.i32(data.v, 'v');
      return;
    case 'double-long-unsigned':
    case 'delta-double-long-unsigned':
      w.u32(data.v, 'v');
      return;
    case 'octet-string':
      w.octetString(data.v, 'v');
      return;
    case 'visible-string':
      writeVisibleString(w, data.v);
      return;
    case 'utf8-string':
      w.octetString(utf8FromText(data.v), 'v');
      return;
    case 'integer':
    case 'delta-integer':
      w.i8(data.v, 'v');
      return;
    case 'long':
    case 'delta-long':
      w.i16(data.v, 'v');
      return;
    case 'unsigned':
    case 'delta-unsigned':
    case 'enum':
    case 'bcd':
      w.u8(data.v, 'v');
      return;
    case 'long-unsigned':
    case 'delta-long-unsigned':
      w.u16(data.v, 'v');
      return;
    case 'long64':
      w.i64(data.v, 'v');
      return;
    case 'long64-unsigned':
      w.u64(data.v, 'v');
      return;
    case 'float32':
      w.f32(data.v, 'v');
      return;
    case 'float64':
      w.f64(data.v, 'v');
      return;
    case 'date-time':
      w.fixed(data.v, 12, 'v');
      return;
    case 'date':
      w.fixed(data.v, 5, 'v');
      return;
    case 'time':
      w.fixed(data.v, 4, 'v');
      return;
  }
}

function writeElements(w: Writer, elements: readonly Data[], depth: number): void {
  if (depth >= MAX_DATA_DEPTH) w.rangeError('v', `nested deeper than ${MAX_DATA_DEPTH}`);
  w.lengthOf(elements.length);
  w.enter('v');
  for (let i = 0; i < elements.length; i++) {
    w.enter(i);
    writeTagged(w, elements[i]!, depth + 1);
    w.leave();
  }
  w.leave();
}

function writeBitString(w: Writer, bits: string): void {
  if (typeof bits !== 'string') w.typeError('v', `${typeof bits} instead of a string of 0 and 1`);
  w.lengthOf(bits.length);
  let octet = 0;
  for (let i = 0; i < bits.length; i++) {
    const bit = bits.charCodeAt(i) - 0x30;
    if (bit !== 0 && bit !== 1) w.typeError('v', `'${bits.charAt(i)}' at bit ${i}, expected 0 or 1`);
    octet = (octet << 1) | bit;
    if ((i & 7) === 7) {
      w.octet(octet);
      octet = 0;
    }
  }
  const over = bits.length & 7;
  if (over !== 0) w.octet(octet << (8 - over));
}

function writeVisibleString(w: Writer, text: string): void {
  if (typeof text !== 'string') w.typeError('v', `${typeof text} instead of a string`);
  const octets = octetsFromText(text);
  if (octets === undefined) w.rangeError('v', 'a visible-string with a character beyond FF; use utf8-string');
  w.octetString(octets, 'v');
}
