import type { Data, DataType } from '../codec/axdr/data.ts';
import { dataFromJson } from '../codec/axdr/data-json.ts';
import { DATA_TAGS } from '../codec/axdr/data-types.ts';
import { encodeDate, encodeDateTime, encodeTime } from '../codec/axdr/date-time.ts';
import { fromHex } from '../codec/hex.ts';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})$/;

/** The type a person names. Throws Error with what to do. */
export function dataTypeNamed(name: string): DataType {
  if (isDataType(name)) return name;
  throw new Error(`--type ${name}: expected a Data type such as long-unsigned, octet-string, visible-string, boolean`);
}

function isDataType(name: string): name is DataType {
  return Object.hasOwn(DATA_TAGS, name);
}

/**
 * A value as it is typed: `{"t": ..., "v": ...}` is any Data; otherwise the text is of the given type. Octets are hex
 * after `hex:` or text after `text:`. Throws Error with what was expected.
 */
export function dataOf(text: string, type: DataType): Data {
  if (text.startsWith('{')) return dataFromJson(JSON.parse(text));
  switch (type) {
    case 'null-data':
    case 'dont-care':
      return { t: type };
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw unexpected(text, type, 'true or false');
      return { t: type, v: text === 'true' };
    case 'visible-string':
    case 'utf8-string':
      return { t: type, v: text };
    case 'octet-string':
      return { t: type, v: octetsOf(text) };
    case 'date-time':
      return { t: type, v: dateTimeOctets(text) };
    case 'date':
      return { t: type, v: encodeDate(dateFields(text)) };
    case 'time':
      return { t: type, v: encodeTime(timeFields(text)) };
    case 'bit-string':
      if (!/^[01]*$/.test(text)) throw unexpected(text, type, 'bits such as 0101');
      return { t: type, v: text };
    case 'array':
    case 'structure':
    case 'compact-array':
      throw unexpected(text, type, 'JSON such as {"t":"structure","v":[{"t":"unsigned","v":1}]}');
    case 'long64':
    case 'long64-unsigned':
      if (!/^-?\d+$/.test(text)) throw unexpected(text, type, 'a whole number');
      return { t: type, v: BigInt(text) };
    default:
      if (text.trim() === '' || !Number.isFinite(Number(text))) throw unexpected(text, type, 'a number');
      return { t: type, v: Number(text) };
  }
}

function octetsOf(text: string): Uint8Array {
  if (text.startsWith('hex:')) return fromHex(text.slice(4));
  if (text.startsWith('text:')) return new TextEncoder().encode(text.slice(5));
  const [date, time] = text.split('T');
  if (DATE.test(date ?? '') && TIME.test(time ?? '')) return dateTimeOctets(text);
  throw unexpected(text, 'octet-string', 'hex:..., text:... or a time such as 2026-11-01T05:30:00');
}

/** Local time of the meter: deviation and status are left to it. */
function dateTimeOctets(text: string): Uint8Array {
  const [date = '', time = ''] = text.split('T');
  return encodeDateTime({ ...dateFields(date), ...timeFields(time) });
}

function dateFields(text: string): { year: number; month: number; day: number } {
  const match = DATE.exec(text);
  if (match === null) throw unexpected(text, 'date', 'a date such as 2026-11-01');
  return { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
}

function timeFields(text: string): { hour: number; minute: number; second: number } {
  const match = TIME.exec(text);
  if (match === null) throw unexpected(text, 'time', 'a time such as 05:30:00');
  return { hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3]) };
}

function unexpected(text: string, type: DataType, expected: string): Error {
  return new Error(`'${text}' is no ${type}: expected ${expected}`);
}
