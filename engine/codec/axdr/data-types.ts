import type { DataType } from './data.ts';

/** Tags of the Data CHOICE (Blue Book 4.1.5; delta types: newer editions). 7, 8, 11 and 14 are not used. */
export const DATA_TAGS: Readonly<Record<DataType, number>> = {
  'null-data': 0,
  array: 1,
  structure: 2,
  boolean: 3,
  'bit-string': 4,
  'double-long': 5,
  'double-long-unsigned': 6,
  'octet-string': 9,
  'visible-string': 10,
  'utf8-string': 12,
  bcd: 13,
  integer: 15,
  long: 16,
  unsigned: 17,
  'long-unsigned': 18,
  'compact-array': 19,
  long64: 20,
  'long64-unsigned': 21,
  enum: 22,
  float32: 23,
  float64: 24,
  'date-time': 25,
  date: 26,
  time: 27,
  'delta-integer': 28,
  'delta-long': 29,
  'delta-double-long': 30,
  'delta-unsigned': 31,
  'delta-long-unsigned': 32,
  'delta-double-long-unsigned': 33,
  'dont-care': 255,
};

const NAMES: (DataType | undefined)[] = [];
for (const name of Object.keys(DATA_TAGS) as DataType[]) NAMES[DATA_TAGS[name]] = name;

/** Name of a Data tag, undefined for tags that are not used. */
export function dataTypeOf(tag: number): DataType | undefined {
  return NAMES[tag];
}

/** Nesting of arrays and structures accepted by decoder and encoder. Real objects stay below 8. */
export const MAX_DATA_DEPTH = 64;

/**
 * Elements accepted in one compact-array beyond two for each octet of its contents. Elsewhere each element takes an octet
 * of input, so the input bounds them; in a compact-array, elements of null-data and the arrays around them take none.
 */
export const MAX_EMPTY_COMPACT_ELEMENTS = 65_536;
