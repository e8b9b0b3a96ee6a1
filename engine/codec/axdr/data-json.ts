import { fromHex, toHex } from '../hex.ts';
import { shownJson } from '../json-shape.ts';
import type { Data, DataType, TypeDescription } from './data.ts';
import { DATA_TAGS, dataTypeOf, MAX_DATA_DEPTH } from './data-types.ts';

/**
 * Data in JSON: `{t, v}` as in memory, with octets as lower-case hex, 64-bit integers as decimal strings, NaN,
 * infinities and negative zero of floats as strings, and no `v` for null-data and dont-care. A compact-array is
 * `{t, desc, v}`: `v` the elements, `desc` the type description, where a simple type is its tag number, a structure
 * `{structure: [desc, ...]}` and an array `{array: [count, desc]}`.
 */
export type JsonData = {
  readonly t: DataType;
  readonly v?: boolean | number | string | readonly JsonData[];
  readonly desc?: JsonDescription;
};
export type JsonDescription =
  | number
  | { readonly structure: readonly JsonDescription[] }
  | { readonly array: readonly [number, JsonDescription] };

export function dataToJson(data: Data): JsonData {
  switch (data.t) {
    case 'null-data':
    case 'dont-care':
      return { t: data.t };
    case 'array':
    case 'structure':
      return { t: data.t, v: data.v.map(dataToJson) };
    case 'compact-array':
      return { t: data.t, desc: descriptionToJson(data.v.of), v: data.v.elements.map(dataToJson) };
    case 'octet-string':
    case 'date-time':
    case 'date':
    case 'time':
      return { t: data.t, v: toHex(data.v) };
    case 'long64':
    case 'long64-unsigned':
      return { t: data.t, v: data.v.toString() };
    case 'float32':
    case 'float64':
      return { t: data.t, v: floatToJson(data.v) };
    default:
      return { t: data.t, v: data.v };
  }
}

function floatToJson(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function descriptionToJson(description: TypeDescription): JsonDescription {
  if (description.t === 'structure') return { structure: description.of.map(descriptionToJson) };
  if (description.t === 'array') return { array: [description.count, descriptionToJson(description.of)] };
  return DATA_TAGS[description.t];
}

/**
 * The inverse of `dataToJson`. Ranges are left to the encoder.
 * @throws {TypeError} with the path to what is not Data in this notation; {RangeError} when it is nested too deep.
 */
export function dataFromJson(json: unknown, path = 'data'): Data {
  return nestedFromJson(json, path, 0);
}

function nestedFromJson(json: unknown, path: string, depth: number): Data {
  if (depth > MAX_DATA_DEPTH) tooDeep(path);
  if (typeof json !== 'object' || json === null) wrong(path, json, 'an object {t, v}');
  const { t, v, desc } = json as { t?: unknown; v?: unknown; desc?: unknown };
  switch (t) {
    case 'null-data':
    case 'dont-care':
      return { t };
    case 'array':
    case 'structure':
      return { t, v: listFromJson(v, `${path}.v`, depth) };
    case 'compact-array':
      return {
        t,
        v: { of: descriptionFromJson(desc, `${path}.desc`, depth), elements: listFromJson(v, `${path}.v`, depth) },
      };
    case 'boolean':
      if (typeof v !== 'boolean') wrong(`${path}.v`, v, 'a boolean');
      return { t, v };
    case 'bit-string':
    case 'visible-string':
    case 'utf8-string':
      if (typeof v !== 'string') wrong(`${path}.v`, v, 'a string');
      return { t, v };
    case 'octet-string':
    case 'date-time':
    case 'date':
    case 'time':
      return { t, v: octetsFromJson(v, `${path}.v`) };
    case 'long64':
    case 'long64-unsigned':
      return { t, v: integerFromJson(v, `${path}.v`) };
    case 'float32':
    case 'float64':
      return { t, v: floatFromJson(v, `${path}.v`) };
    case 'double-long':
    case 'double-long-unsigned':
    case 'bcd':
    case 'integer':
    case 'long':
    case 'unsigned':
    case 'long-unsigned':
    case 'enum':
    case 'delta-integer':
    case 'delta-long':
    case 'delta-double-long':
    case 'delta-unsigned':
    case 'delta-long-unsigned':
    case 'delta-double-long-unsigned':
      if (typeof v !== 'number') wrong(`${path}.v`, v, 'a number');
      return { t, v };
    default:
      return wrong(`${path}.t`, t, 'the name of a Data type');
  }
}

function listFromJson(json: unknown, path: string, depth: number): Data[] {
  if (!Array.isArray(json)) wrong(path, json, 'an array of Data');
  return json.map((element, i) => nestedFromJson(element, `${path}[${i}]`, depth + 1));
}

function descriptionFromJson(json: unknown, path: string, depth: number): TypeDescription {
  if (depth > MAX_DATA_DEPTH) tooDeep(path);
  if (typeof json === 'number') {
    const t = dataTypeOf(json);
    if (t === undefined || t === 'array' || t === 'structure' || t === 'compact-array') {
      return wrong(path, json, 'the tag of a simple type');
    }
    return { t };
  }
  if (typeof json === 'object' && json !== null) {
    const { structure, array } = json as { structure?: unknown; array?: unknown };
    if (Array.isArray(structure)) {
      return {
        t: 'structure',
        of: structure.map((m, i) => descriptionFromJson(m, `${path}.structure[${i}]`, depth + 1)),
      };
    }
    if (Array.isArray(array) && typeof array[0] === 'number') {
      return { t: 'array', count: array[0], of: descriptionFromJson(array[1], `${path}.array[1]`, depth + 1) };
    }
  }
  return wrong(path, json, 'a tag number, {structure: [...]} or {array: [count, desc]}');
}

/** Octets in JSON: hex text. */
export function octetsFromJson(json: unknown, path: string): Uint8Array {
  if (typeof json !== 'string') wrong(path, json, 'octets in hex');
  try {
    return fromHex(json);
  } catch (error) {
    throw new TypeError(`${path}: ${error instanceof Error ? error.message : error}`);
  }
}

function integerFromJson(json: unknown, path: string): bigint {
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
  if (typeof json !== 'string' || json.trim() === '') wrong(path, json, 'a 64-bit integer as decimal string');
  try {
    return BigInt(json);
  } catch {
    return wrong(path, json, 'a 64-bit integer as decimal string');
  }
}

function floatFromJson(json: unknown, path: string): number {
  if (typeof json === 'number') return json;
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity' || json === '-0') return Number(json);
  return wrong(path, json, 'a number, NaN, Infinity, -Infinity or -0');
}

function wrong(path: string, found: unknown, expected: string): never {
  throw new TypeError(`${path}: ${shownJson(found)} is not ${expected}`);
}

/** The path is as long as the nesting is deep: its beginning tells where. */
function tooDeep(path: string): never {
  throw new RangeError(`${path.slice(0, 40)}...: nested deeper than ${MAX_DATA_DEPTH}`);
}
