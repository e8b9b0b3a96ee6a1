import type { Data } from '../../codec/axdr/data.ts';
import { decodeData } from '../../codec/axdr/decode-data.ts';
import { encodeData } from '../../codec/axdr/encode-data.ts';
import { fromHex, toHex } from '../../codec/hex.ts';

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Entries of one list or table of a state; a hostile file must not fill the memory. */
const MAX_ENTRIES = 100_000;
/** Octets of one value: an image is the largest thing a meter keeps. */
const MAX_OCTETS = 16 * 1024 * 1024;
/** Characters of a name. */
const MAX_TEXT = 65_536;

/** A kept state that cannot be taken: `at` names the place, the message what was found and expected. */
export class MeterStateError extends Error {
  override readonly name = 'MeterStateError';
  readonly code = 'bad-state';
  readonly at: string;

  constructor(at: string, found: string, expected: string) {
    super(`${at}: found ${found}, expected ${expected}`);
    this.at = at;
  }
}

/** How one kind of value is kept as JSON, and read again from JSON nobody can vouch for. */
export interface StateFormat<T> {
  write(value: T): Json;
  /** @throws MeterStateError */
  read(json: unknown, at: string): T;
}

/** What a value is, without showing it: it may be a key. */
function kindOf(json: unknown): string {
  if (json === null) return 'null';
  if (Array.isArray(json)) return `a list of ${json.length}`;
  if (typeof json === 'string') return `a text of ${json.length} characters`;
  return typeof json === 'number' ? `the number ${json}` : typeof json;
}

function refuse(json: unknown, at: string, expected: string): never {
  throw new MeterStateError(at, kindOf(json), expected);
}

/** A finite number. */
export const numberFormat: StateFormat<number> = {
  write: (value) => (Number.isFinite(value) ? value : 0),
  read: (json, at) => (typeof json === 'number' && Number.isFinite(json) ? json : refuse(json, at, 'a number')),
};

/** A whole number of a range. */
export function integerFormat(least: number, most: number): StateFormat<number> {
  return {
    write: (value) => value,
    read: (json, at) =>
      typeof json === 'number' && Number.isInteger(json) && json >= least && json <= most
        ? json
        : refuse(json, at, `a whole number from ${least} to ${most}`),
  };
}

/** Invocation counters: 32 bits. */
export const counterFormat = integerFormat(0, 0xffff_ffff);

export const booleanFormat: StateFormat<boolean> = {
  write: (value) => value,
  read: (json, at) => (typeof json === 'boolean' ? json : refuse(json, at, 'true or false')),
};

export const textFormat: StateFormat<string> = {
  write: (value) => value,
  read: (json, at) =>
    typeof json === 'string' && json.length <= MAX_TEXT
      ? json
      : refuse(json, at, `a text up to ${MAX_TEXT} characters`),
};

/** One of some words. */
export function wordFormat<W extends string>(words: readonly W[]): StateFormat<W> {
  return {
    write: (value) => value,
    read: (json, at) => words.find((word) => word === json) ?? refuse(json, at, `one of ${words.join(', ')}`),
  };
}

/** Octets as hex. */
export const octetsFormat: StateFormat<Uint8Array> = {
  write: (value) => toHex(value),
  read(json, at) {
    if (typeof json !== 'string' || json.length > 2 * MAX_OCTETS || !/^(?:[0-9a-f]{2})*$/.test(json)) {
      return refuse(json, at, 'octets in lower-case hex');
    }
    return fromHex(json);
  },
};

/** A Data value, kept as its A-XDR octets: the codec checks them when they are read. */
export const dataFormat: StateFormat<Data> = {
  write: (value) => toHex(encodeData(value)),
  read(json, at) {
    const decoded = decodeData(octetsFormat.read(json, at));
    if (decoded.ok) return decoded.value;
    throw new MeterStateError(at, decoded.error.found, `a Data value (${decoded.error.expected})`);
  },
};

export function listFormat<T>(item: StateFormat<T>): StateFormat<readonly T[]> {
  return {
    write: (values) => values.map((value) => item.write(value)),
    read(json, at) {
      if (!Array.isArray(json) || json.length > MAX_ENTRIES) return refuse(json, at, `a list up to ${MAX_ENTRIES}`);
      return json.map((value, index) => item.read(value, `${at}[${index}]`));
    },
  };
}

/** Entries of a JSON object. @throws MeterStateError */
export function entriesOf(json: unknown, at: string): [string, unknown][] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse(json, at, 'an object');
  const entries = Object.entries(json);
  return entries.length <= MAX_ENTRIES ? entries : refuse(json, at, `an object of up to ${MAX_ENTRIES} entries`);
}

export function mapFormat<T>(item: StateFormat<T>): StateFormat<Map<string, T>> {
  return {
    write: (values) => Object.fromEntries([...values].map(([key, value]) => [key, item.write(value)])),
    read: (json, at) =>
      new Map(entriesOf(json, at).map(([key, value]) => [key, item.read(value, `${at}["${key}"]`)] as const)),
  };
}

/** A format for every member of a record; those that may be absent are left out when they are. */
export type RecordFormats<T extends object> = { readonly [K in keyof T]-?: StateFormat<Exclude<T[K], undefined>> };

/**
 * A record whose members all have a format: leaving one out does not compile. Members in `required` must be there when
 * it is read.
 */
export function recordFormat<T extends object>(
  formats: RecordFormats<T>,
  required: readonly (keyof T & string)[] = [],
): StateFormat<T> {
  const names = Object.keys(formats) as (keyof T & string)[];
  return {
    write(value) {
      const json: Record<string, Json> = {};
      for (const name of names) {
        const member = value[name];
        if (member !== undefined) json[name] = formats[name].write(member as Exclude<T[typeof name], undefined>);
      }
      return json;
    },
    read(json, at) {
      const read: Partial<T> = {};
      for (const [name, value] of entriesOf(json, at)) {
        const known = names.find((own) => own === name);
        if (known === undefined) throw new MeterStateError(`${at}.${name}`, 'a member nobody knows', names.join(', '));
        read[known] = formats[known].read(value, `${at}.${name}`);
      }
      const missing = required.find((name) => read[name] === undefined);
      if (missing !== undefined) throw new MeterStateError(`${at}.${missing}`, 'nothing', 'a value');
      return read as T;
    },
  };
}
