import type { Data, DataType, NumberType } from '../../codec/axdr/data.ts';
import { utf8FromText } from '../../codec/axdr/text.ts';
import { dateTimeOctets, type LocalTime } from './date-time.ts';
import { dataToNumber, isList, toNumber, toText, type Value } from './value.ts';

/** Smallest and largest value of every integer type; values outside are clamped, as a real register would saturate. */
const RANGES: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  'double-long': [-0x80000000, 0x7fffffff],
  'double-long-unsigned': [0, 0xffffffff],
  bcd: [0, 0xff],
  integer: [-0x80, 0x7f],
  long: [-0x8000, 0x7fff],
  unsigned: [0, 0xff],
  'long-unsigned': [0, 0xffff],
  enum: [0, 0xff],
  'delta-integer': [-0x80, 0x7f],
  'delta-long': [-0x8000, 0x7fff],
  'delta-double-long': [-0x80000000, 0x7fffffff],
  'delta-unsigned': [0, 0xff],
  'delta-long-unsigned': [0, 0xffff],
  'delta-double-long-unsigned': [0, 0xffffffff],
};
const LONG64_MIN = -0x8000000000000000n;
const LONG64_MAX = 0x7fffffffffffffffn;
const LONG64_UNSIGNED_MAX = 0xffffffffffffffffn;

const NULL_DATA: Data = { t: 'null-data' };

function clampInteger(value: number, min: number, max: number): number {
  if (Number.isNaN(value)) return Math.max(min, 0);
  return Math.min(Math.max(Math.round(value), min), max);
}

function clampBig(value: number, min: bigint, max: bigint): bigint {
  if (Number.isNaN(value)) return 0n;
  if (!Number.isFinite(value)) return value > 0 ? max : min;
  const big = BigInt(Math.round(value));
  return big < min ? min : big > max ? max : big;
}

function octetsOf(value: Value, local: LocalTime): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'object' && !isList(value)) {
    if (value.k === 'instant') return dateTimeOctets(value.ms, local);
    if (value.k === 'data' && value.data.t === 'octet-string') return value.data.v;
  }
  return value === undefined ? new Uint8Array(0) : utf8FromText(toText(value));
}

/** `octets` cut or filled with FF (not specified) to the size of a date or time. */
function sized(octets: Uint8Array, size: number): Uint8Array {
  if (octets.length === size) return octets;
  const result = new Uint8Array(size).fill(0xff);
  result.set(octets.subarray(0, size));
  return result;
}

/** The type a value has by itself, where neither template nor class table name one. */
export function natural(value: Value, local: LocalTime): Data {
  if (value === undefined) return NULL_DATA;
  if (typeof value === 'boolean') return { t: 'boolean', v: value };
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return { t: 'octet-string', v: octetsOf(value, local) };
  }
  if (typeof value === 'number') {
    if (!Number.isInteger(value) && Number.isFinite(value)) return { t: 'float64', v: value };
    if (value >= 0 && value <= 0xffffffff) return { t: 'double-long-unsigned', v: value };
    if (value < 0 && value >= -0x80000000) return { t: 'double-long', v: value };
    return { t: 'long64', v: clampBig(value, LONG64_MIN, LONG64_MAX) };
  }
  if (isList(value)) return { t: 'structure', v: value.map((item) => natural(item, local)) };
  switch (value.k) {
    case 'duration':
      return { t: 'double-long-unsigned', v: clampInteger(value.ms / 1000, 0, 0xffffffff) };
    case 'instant':
      return { t: 'octet-string', v: dateTimeOctets(value.ms, local) };
    case 'scaler-unit':
      return scalerUnit(value.scaler, value.unit);
    case 'data':
      return value.data;
  }
}

/** scal_unit_type: structure of scaler (integer) and unit (enum) (Blue Book 4.3.2). */
export function scalerUnit(scaler: number, unit: number): Data {
  return {
    t: 'structure',
    v: [
      { t: 'integer', v: clampInteger(scaler, -0x80, 0x7f) },
      { t: 'enum', v: clampInteger(unit, 0, 0xff) },
    ],
  };
}

/**
 * A value in a wire type. Never fails: numbers are rounded and clamped into the type, NaN becomes 0, texts become
 * octets, and what does not fit at all becomes the type's default.
 */
export function toData(value: Value, type: DataType | undefined, local: LocalTime = {}): Data {
  if (type === undefined) return natural(value, local);
  if (typeof value === 'object' && !(value instanceof Uint8Array) && !isList(value)) {
    if (value.k === 'data' && value.data.t === type) return value.data;
    if (value.k === 'scaler-unit' && type === 'structure') return scalerUnit(value.scaler, value.unit);
  }
  switch (type) {
    case 'null-data':
    case 'dont-care':
      return { t: type };
    case 'array':
    case 'structure':
      return { t: type, v: isList(value) ? value.map((item) => natural(item, local)) : elements(value, local) };
    case 'compact-array':
      return { t: type, v: { of: { t: 'null-data' }, elements: [] } };
    case 'boolean':
      return { t: type, v: value === true || (typeof value !== 'boolean' && toNumber(value) > 0) };
    case 'bit-string':
      return { t: type, v: bits(value) };
    case 'long64':
      return { t: type, v: clampBig(toNumber(value), LONG64_MIN, LONG64_MAX) };
    case 'long64-unsigned':
      return { t: type, v: clampBig(toNumber(value), 0n, LONG64_UNSIGNED_MAX) };
    case 'float32':
    case 'float64':
      return { t: type, v: finite(toNumber(value)) };
    case 'octet-string':
      return { t: type, v: octetsOf(value, local) };
    case 'visible-string':
      // One octet a character: what does not fit is shown as a question mark, as displays do.
      return { t: type, v: toText(value).replace(/[\u0100-\uffff]/g, '?') };
    case 'utf8-string':
      return { t: type, v: toText(value) };
    case 'date-time':
      return { t: type, v: sized(octetsOf(value, local), 12) };
    case 'date':
      return { t: type, v: sized(octetsOf(value, local), 5) };
    case 'time':
      return { t: type, v: sized(timeOf(octetsOf(value, local)), 4) };
    default:
      return integerData(value, type);
  }
}

function integerData(value: Value, type: NumberType): Data {
  const [min, max] = RANGES[type] ?? [0, 0];
  return { t: type, v: clampInteger(toNumber(value), min, max) };
}

function elements(value: Value, local: LocalTime): readonly Data[] {
  if (value === undefined) return [];
  const data = natural(value, local);
  return data.t === 'array' || data.t === 'structure' ? data.v : [data];
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** hour..hundredths of a date-time. */
function timeOf(octets: Uint8Array): Uint8Array {
  return octets.length === 12 ? octets.subarray(5, 9) : octets;
}

function bits(value: Value): string {
  if (typeof value === 'string') return value.replace(/[^01]/g, '');
  if (value instanceof Uint8Array) return Array.from(value, (octet) => octet.toString(2).padStart(8, '0')).join('');
  const number = finite(toNumber(value));
  return Math.max(0, Math.min(Math.trunc(number), 0xffffffff))
    .toString(2)
    .padStart(8, '0');
}

/** The value a Data stands for, so that an attribute can be used in an expression. */
export function fromData(data: Data): Value {
  const number = dataToNumber(data);
  if (data.t === 'visible-string' || data.t === 'utf8-string') return data.v;
  if (data.t === 'boolean') return data.v;
  return Number.isNaN(number) ? { k: 'data', data } : number;
}
