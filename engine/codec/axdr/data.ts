/**
 * COSEM Data (Blue Book 4.1.5, Green Book 9.5 `Data ::= CHOICE`) as typed values.
 *
 * `t` is the type's name, `v` its value. The same notation is used in JSON, where 64-bit integers are decimal
 * strings and octets are hex (see `dataToJson`). Octets handed out by a decoder are views of its input.
 */
export type Data =
  | { readonly t: 'null-data' | 'dont-care' }
  | { readonly t: 'array' | 'structure'; readonly v: readonly Data[] }
  | { readonly t: 'compact-array'; readonly v: CompactArray }
  | { readonly t: 'boolean'; readonly v: boolean }
  | { readonly t: 'bit-string'; readonly v: string }
  | { readonly t: NumberType; readonly v: number }
  | { readonly t: 'long64' | 'long64-unsigned'; readonly v: bigint }
  | { readonly t: 'octet-string' | 'date-time' | 'date' | 'time'; readonly v: Uint8Array }
  | { readonly t: 'visible-string' | 'utf8-string'; readonly v: string };

export type NumberType =
  | 'double-long'
  | 'double-long-unsigned'
  | 'bcd'
  | 'integer'
  | 'long'
  | 'unsigned'
  | 'long-unsigned'
  | 'enum'
  | 'float32'
  | 'float64'
  | 'delta-integer'
  | 'delta-long'
  | 'delta-double-long'
  | 'delta-unsigned'
  | 'delta-long-unsigned'
  | 'delta-double-long-unsigned';

export type DataType = Data['t'];

/** Type description of a compact-array's elements: a simple type's name, or an array/structure of descriptions. */
export type TypeDescription =
  | { readonly t: Exclude<DataType, 'array' | 'structure' | 'compact-array'> }
  | { readonly t: 'array'; readonly count: number; readonly of: TypeDescription }
  | { readonly t: 'structure'; readonly of: readonly TypeDescription[] };

export interface CompactArray {
  readonly of: TypeDescription;
  readonly elements: readonly Data[];
}
