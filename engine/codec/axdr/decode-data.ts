import { type FieldSink, indexName, shownOctets } from '../field-sink.ts';
import { octetToHex } from '../hex.ts';
import { decodeWith, type Reader } from '../reader.ts';
import type { Decoded, DecodeOptions } from '../result.ts';
import { readCompactArray } from './compact-array.ts';
import type { Data } from './data.ts';
import { DATA_TAGS, MAX_DATA_DEPTH } from './data-types.ts';
import { textFromOctets, textFromUtf8 } from './text.ts';

const NULL_DATA: Data = Object.freeze({ t: 'null-data' });
const DONT_CARE: Data = Object.freeze({ t: 'dont-care' });
const CLAUSE = 'BB 4.1.5';
/** Types as fields show them, by tag: `long-unsigned (12)`. */
const SHOWN_TYPES: string[] = [];
for (const [type, tag] of Object.entries(DATA_TAGS)) SHOWN_TYPES[tag] = `${type} (${octetToHex(tag)})`;
/** Lists of so many elements get their memory at once; most structures of meters are smaller. */
const SIZED_ELEMENTS = 32;

/** Decodes one A-XDR Data with its tag (Blue Book 4.1.5), which must use up all octets. */
export function decodeData(octets: Uint8Array, options?: DecodeOptions): Decoded<Data> {
  return decodeWith(octets, 'axdr', options, readWhole);
}

/** Values without content are shared inside of other values; one handed out alone is not, for wire-octets.ts. */
function readWhole(r: Reader): Data {
  const data = readData(r, 'data');
  return Object.isFrozen(data) ? { ...data } : data;
}

/** Reads one Data with its tag. Errors inside belong to layer axdr. */
export function readData(r: Reader, name: string): Data {
  const layer = r.layer;
  r.layer = 'axdr';
  const data = readTagged(r, name, 0);
  r.layer = layer;
  return data;
}

/** Reads `SEQUENCE OF Data`: count, then Data each. */
export function readDataList(r: Reader, name: string): Data[] {
  r.begin(name, CLAUSE);
  const count = r.count(`${name} count`);
  const list: Data[] = [];
  for (let i = 0; i < count; i++) list.push(readData(r, `[${i}]`));
  r.close(`${count} elements`);
  return list;
}

function readTagged(r: Reader, name: string, depth: number): Data {
  const from = r.pos;
  if (from >= r.end) r.fail('truncated', '0 octets left', `the tag of ${name}`);
  const tag = r.octets[from]!;
  if (r.sink === null) {
    r.pos = from + 1;
    return readContent(r, tag, depth, from);
  }
  r.begin(name, CLAUSE);
  r.pos = from + 1;
  r.sink.leaf('type', from, r.pos, SHOWN_TYPES[tag] ?? `not used (${octetToHex(tag)})`);
  const data = readContent(r, tag, depth, from);
  r.close(shownData(data, r.sink));
  return data;
}

/**
 * Reads the content of a Data whose tag is known: after its tag, or without one inside of a compact-array.
 * `from` is where an error about the type is reported.
 */
export function readContent(r: Reader, tag: number, depth: number, from: number): Data {
  switch (tag) {
    case 0:
      return NULL_DATA;
    case 1:
      return { t: 'array', v: readElements(r, 'array', depth, from) };
    case 2:
      return { t: 'structure', v: readElements(r, 'structure', depth, from) };
    case 3:
      return { t: 'boolean', v: r.boolean('value') };
    case 4:
      return { t: 'bit-string', v: readBitString(r) };
    case 5:
      return { t: 'double-long', v: r.u32('value') | 0 };
    case 6:
      return { t: 'double-long-unsigned', v: r.u32('value') };
    case 9:
      return { t: 'octet-string', v: r.octetString('value') };
    case 10:
      return { t: 'visible-string', v: textFromOctets(r.octetString('value')) };
    case 12:
      return { t: 'utf8-string', v: readUtf8(r) };
    case 13:
      return { t: 'bcd', v: r.u8('value') };
    case 15:
      return { t: 'integer', v: r.i8('value') };
    case 16:
      return { t: 'long', v: (r.u16('value') << 16) >> 16 };
    case 17:
      return { t: 'unsigned', v: r.u8('value') };
    case 18:
      return { t: 'long-unsigned', v: r.u16('value') };
    case 19:
      return { t: 'compact-array', v: readCompactArray(r, depth) };
    case 20:
      return { t: 'long64', v: BigInt.asIntN(64, readU64(r)) };
    case 21:
      return { t: 'long64-unsigned', v: readU64(r) };
    case 22:
      return { t: 'enum', v: r.u8('value') };
    case 23:
      return { t: 'float32', v: readFloat(r, 4) };
    case 24:
      return { t: 'float64', v: readFloat(r, 8) };
    case 25:
      return { t: 'date-time', v: r.take(12, 'value') };
    case 26:
      return { t: 'date', v: r.take(5, 'value') };
    case 27:
      return { t: 'time', v: r.take(4, 'value') };
    case 28:
      return { t: 'delta-integer', v: r.i8('value') };
    case 29:
      return { t: 'delta-long', v: (r.u16('value') << 16) >> 16 };
    case 30:
      return { t: 'delta-double-long', v: r.u32('value') | 0 };
    case 31:
      return { t: 'delta-unsigned', v: r.u8('value') };
    case 32:
      return { t: 'delta-long-unsigned', v: r.u16('value') };
    case 33:
      return { t: 'delta-double-long-unsigned', v: r.u32('value') };
    case 255:
      return DONT_CARE;
    default:
      return r.fail('bad-tag', octetToHex(tag), 'the tag of a Data type (BB 4.1.5)', from);
  }
}

function readElements(r: Reader, what: 'array' | 'structure', depth: number, from: number): Data[] {
  if (depth >= MAX_DATA_DEPTH) {
    r.fail('limit', `${what} nested deeper than ${MAX_DATA_DEPTH}`, `at most ${MAX_DATA_DEPTH} levels`, from);
  }
  const count = r.count('count');
  // Only small ones are sized in advance: nested claims of large counts would reserve memory that no octets stand for.
  const elements: Data[] = count <= SIZED_ELEMENTS ? new Array<Data>(count) : [];
  for (let i = 0; i < count; i++) {
    if (r.pos === r.end && lacksLastRow(r, what, depth, i, count, elements)) {
      elements.length = i;
      break;
    }
    elements[i] = readTagged(r, r.sink === null ? 'element' : indexName(i), depth + 1);
  }
  return elements;
}

/** Several meters announce one row more than they send, in object lists above all: the octets just end. */
function lacksLastRow(
  r: Reader,
  what: string,
  depth: number,
  read: number,
  count: number,
  rows: readonly Data[],
): boolean {
  if (what !== 'array' || depth !== 0 || read !== count - 1 || rows[0]?.t !== 'structure') return false;
  r.deviate('array-count-one-too-many', `array of ${count} with ${read} elements`, 'truncated');
  return true;
}

function readBitString(r: Reader): string {
  const from = r.pos;
  const bits = r.length('bit count');
  const octets = r.take(Math.ceil(bits / 8), 'bits');
  let text = '';
  for (let i = 0; i < octets.length; i++) text += octets[i]!.toString(2).padStart(8, '0');
  const used = text.slice(0, bits);
  if (text.indexOf('1', bits) >= 0) {
    r.deviate('bit-string-padding', `bits set after the ${bits} of the bit-string`, 'bad-value', from);
  }
  return used;
}

function readUtf8(r: Reader): string {
  const from = r.pos;
  const octets = r.octetString('value');
  const text = textFromUtf8(octets);
  if (text !== undefined) return text;
  r.deviate('utf8-string-not-utf8', `utf8-string with octets ${shownOctets(octets)}`, 'bad-value', from);
  return textFromOctets(octets);
}

function readU64(r: Reader): bigint {
  const o = r.take(8, 'value');
  const high = ((o[0]! << 24) | (o[1]! << 16) | (o[2]! << 8) | o[3]!) >>> 0;
  const low = ((o[4]! << 24) | (o[5]! << 16) | (o[6]! << 8) | o[7]!) >>> 0;
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Not-a-number with a payload comes back as plain NaN, so its octets are not those the encoder would write. */
function readFloat(r: Reader, size: 4 | 8): number {
  const octets = r.take(size, 'value');
  const view = new DataView(octets.buffer, octets.byteOffset, size);
  const value = size === 4 ? view.getFloat32(0) : view.getFloat64(0);
  if (Number.isNaN(value)) r.canonical = false;
  return value;
}

/** A Data as the value of a field; octets and numbers as the field of its content, read last, shows them. */
function shownData(data: Data, sink: FieldSink): string {
  switch (data.t) {
    case 'null-data':
    case 'dont-care':
      return data.t;
    case 'array':
    case 'structure':
      return `${data.t} of ${data.v.length}`;
    case 'compact-array':
      return `compact-array of ${data.v.elements.length}`;
    case 'octet-string':
    case 'date-time':
    case 'date':
    case 'time':
    case 'unsigned':
    case 'long-unsigned':
    case 'double-long-unsigned':
    case 'enum':
      return `${data.t} ${sink.lastLeaf}`;
    default:
      return `${data.t} ${data.v}`;
  }
}
