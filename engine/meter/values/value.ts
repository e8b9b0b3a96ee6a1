import type { Data } from '../../codec/axdr/data.ts';
import { textFromOctets } from '../../codec/axdr/text.ts';

/** Milliseconds either side of 1970 a Date can hold. */
const MAX_DATE = 8.64e15;

/** What an expression yields before it takes the type of an attribute. */
export type Value =
  | undefined
  | number
  | boolean
  | string
  | Uint8Array
  | Duration
  | Instant
  | ScalerUnit
  | TypedData
  | readonly Value[];

export interface Duration {
  readonly k: 'duration';
  readonly ms: number;
}
/** A moment of simulated time, milliseconds since the epoch; becomes a date-time in the meter's local time. */
export interface Instant {
  readonly k: 'instant';
  readonly ms: number;
}
export interface ScalerUnit {
  readonly k: 'scaler-unit';
  readonly scaler: number;
  /** Value of the unit enumeration. */
  readonly unit: number;
}
/** A value that carries its wire type already. */
export interface TypedData {
  readonly k: 'data';
  readonly data: Data;
}

/** A value as a number: durations in seconds, instants in milliseconds, booleans 0 or 1; NaN where there is none. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return value.trim() === '' ? Number.NaN : Number(value);
  if (value === undefined || value instanceof Uint8Array || isList(value)) return Number.NaN;
  switch (value.k) {
    case 'duration':
      return value.ms / 1000;
    case 'instant':
      return value.ms;
    case 'scaler-unit':
      return value.scaler;
    case 'data':
      return dataToNumber(value.data);
  }
}

/** The number in a Data value: integers, floats, booleans, texts of digits; NaN for everything else. */
export function dataToNumber(data: Data): number {
  switch (data.t) {
    case 'null-data':
    case 'dont-care':
    case 'array':
    case 'structure':
    case 'compact-array':
    case 'octet-string':
    case 'date-time':
    case 'date':
    case 'time':
      return Number.NaN;
    case 'boolean':
      return data.v ? 1 : 0;
    case 'bit-string':
      return Number.parseInt(data.v || '0', 2);
    case 'visible-string':
    case 'utf8-string':
      return toNumber(data.v);
    default:
      return Number(data.v);
  }
}

/** Narrowing that knows lists are read-only. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** A value as text, as identity texts and visible strings show it. */
export function toText(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return textFromOctets(value);
  if (isList(value)) return value.map(toText).join(', ');
  switch (value.k) {
    case 'duration':
      return `${value.ms / 1000} s`;
    case 'instant':
      return Math.abs(value.ms) <= MAX_DATE ? new Date(value.ms).toISOString() : '';
    case 'scaler-unit':
      return `10^${value.scaler} (${value.unit})`;
    case 'data':
      return value.data.t === 'visible-string' || value.data.t === 'utf8-string'
        ? value.data.v
        : String(dataToNumber(value.data));
  }
}
