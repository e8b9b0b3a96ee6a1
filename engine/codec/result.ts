import type { DeviationId } from './deviations.ts';

/** Layer of the protocol stack in which a codec found something. */
export type Layer = 'iec62056-21' | 'hdlc' | 'wrapper' | 'mbus' | 'llc' | 'acse' | 'xdlms' | 'axdr' | 'security';

/**
 * Stable codes of codec errors. Scripts and tests compare codes, never messages.
 * - `truncated`: the octets end before the element does
 * - `trailing`: octets are left over after the element
 * - `bad-tag`: a tag, choice or enumeration value that has no meaning here
 * - `bad-length`: a length that contradicts what surrounds it
 * - `bad-value`: a value outside of its range
 * - `bad-checksum`: FCS, HCS, checksum octet
 * - `bad-frame`: framing (flags, version, address, control) is wrong
 * - `limit`: a stated limit of this codec is exceeded (depth, count, size)
 * - `not-decipherable`: key missing, or the authentication tag does not match
 */
export type CodecErrorCode =
  | 'truncated'
  | 'trailing'
  | 'bad-tag'
  | 'bad-length'
  | 'bad-value'
  | 'bad-checksum'
  | 'bad-frame'
  | 'limit'
  | 'not-decipherable';

/** What a decoder could not accept, and where. `offset` counts octets from the start of the octets handed in. */
export interface CodecError {
  readonly code: CodecErrorCode;
  readonly layer: Layer;
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

/**
 * A departure from the standard that was accepted because meters in the field do it.
 * Strict decoding refuses it. `id` is stable; what each one means stands in deviations.ts.
 */
export interface Deviation {
  readonly id: DeviationId;
  readonly layer: Layer;
  readonly offset: number;
  readonly description: string;
}

/**
 * One decoded element with the octets it came from: `[from, to)` of the octets handed to the decoder.
 * The fields of an APDU form a tree; a tree view and a hex view select each other through the ranges.
 */
export interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The value as a person reads it, e.g. `get-request-normal (1)`. */
  value?: string;
  /** Book and clause, e.g. `GB 9.5`. */
  clause?: string;
  /** A plain sentence about what the field is for. Decoders leave it out; `explainFields` adds it. */
  readonly explanation?: string;
  children?: Field[];
}

export interface DecodeOptions {
  /** Refuse deviations instead of naming them. Default false. */
  readonly strict?: boolean;
  /** Record the tree of fields. Costs time; default false. */
  readonly fields?: boolean;
  /**
   * Accept octets after a complete APDU or Data as deviation `trailing-octets`, for clients of servers that send the
   * rest of their buffer behind an answer. Default false: in unknown octets something else is likely misunderstood.
   */
  readonly allowTrailing?: boolean;
}

/** Result of every decoder. Decoders never throw, whatever the octets. */
export type Decoded<T> =
  | {
      readonly ok: true;
      readonly value: T;
      readonly deviations: readonly Deviation[];
      readonly fields?: readonly Field[];
    }
  | {
      readonly ok: false;
      readonly error: CodecError;
      readonly deviations: readonly Deviation[];
      /** What was understood before the error, for trace views. */
      readonly fields?: readonly Field[];
    };

/** One line for people: code, place, what was found and what was expected. */
export function describeCodecError(error: CodecError): string {
  return `${error.layer}: ${error.code} at octet ${error.offset}: found ${error.found}, expected ${error.expected}`;
}
