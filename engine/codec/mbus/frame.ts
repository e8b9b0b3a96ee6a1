import { octetToHex } from '../hex.ts';
import type { CodecErrorCode, Decoded, Deviation } from '../result.ts';

/**
 * Wired M-Bus long frame carrying DLMS (EN 13757-2 and -3): `68 L L 68 | C A CI STSAP DTSAP data | CS 16`. L counts the
 * octets from C to the data, CS is their sum modulo 256.
 */
export interface MbusFrame {
  /** Control field, 53 or 73 (SND_UD). */
  readonly c: number;
  /** Address, FF for pushes to everyone. */
  readonly a: number;
  /** CI field 00..1F: bit 4 is FIN (last segment), bits 3..0 the segment number. */
  readonly ci: number;
  /** SAP of the server (source) and of the client (destination). */
  readonly stsap: number;
  readonly dtsap: number;
  /** View of the octets handed in. */
  readonly data: Uint8Array;
}

export interface PlacedMbusFrame {
  readonly frame: MbusFrame;
  /** Offset behind the stop octet. */
  readonly next: number;
}

/** First and fourth octet of a long frame. */
export const LONG_FRAME_START = 0x68;
const STOP = 0x16;
const HEADER_LENGTH = 4;
/** C, A, CI, STSAP, DTSAP. */
const FIXED_LENGTH = 5;
/** Largest APDU part of one frame: L is one octet. */
export const MAX_MBUS_DATA = 0xff - FIXED_LENGTH;
/** Offset of the data in a frame. */
export const MBUS_DATA_AT = HEADER_LENGTH + FIXED_LENGTH;
const FIN = 0x10;

/** FIN bit of the CI field: no further segment follows. */
export function isLastSegment(frame: MbusFrame): boolean {
  return (frame.ci & FIN) !== 0;
}

/** Segment number, bits 3..0 of the CI field. */
export function segmentNumber(frame: MbusFrame): number {
  return frame.ci & 0x0f;
}

/** CI field of a segment. */
export function segmentCi(number: number, last: boolean): number {
  return (number & 0x0f) | (last ? FIN : 0);
}

/** Throws RangeError when the data do not fit one frame; `segmentMbus` cuts them. */
export function encodeMbusFrame(frame: MbusFrame): Uint8Array {
  if (frame.data.length > MAX_MBUS_DATA) {
    throw new RangeError(`${frame.data.length} octets of data, at most ${MAX_MBUS_DATA} fit one M-Bus frame`);
  }
  const length = FIXED_LENGTH + frame.data.length;
  const octets = new Uint8Array(HEADER_LENGTH + length + 2);
  octets.set([
    LONG_FRAME_START,
    length,
    length,
    LONG_FRAME_START,
    frame.c,
    frame.a,
    frame.ci,
    frame.stsap,
    frame.dtsap,
  ]);
  octets.set(frame.data, MBUS_DATA_AT);
  octets[HEADER_LENGTH + length] = checksum(octets, HEADER_LENGTH, HEADER_LENGTH + length);
  octets[HEADER_LENGTH + length + 1] = STOP;
  return octets;
}

/**
 * Decodes the long frame at `offset`. An L that counts modulo 256 (quirk Q27: `68 01 01 68` with 257 octets) is the
 * deviation `mbus-length-overflow`. Errors: `truncated`, `bad-frame`, `bad-length`, `bad-checksum`.
 */
export function decodeMbusFrame(octets: Uint8Array, offset = 0): Decoded<PlacedMbusFrame> {
  const available = octets.length - offset;
  if (available < HEADER_LENGTH) return fail('truncated', octets.length, `${available} octets`, 'a start of 4 octets');
  if (octets[offset] !== LONG_FRAME_START || octets[offset + 3] !== LONG_FRAME_START) {
    return fail('bad-frame', offset, hex(octets.subarray(offset, offset + HEADER_LENGTH)), '68 L L 68');
  }
  const length = octets[offset + 1]!;
  if (octets[offset + 2] !== length) {
    return fail('bad-length', offset + 1, `lengths ${length} and ${octets[offset + 2]}`, 'the same length twice');
  }
  const plain = length >= FIXED_LENGTH ? readFrame(octets, offset, length, []) : undefined;
  if (plain?.ok) return plain;
  const overflow = readFrame(octets, offset, length + 0x100, [lengthOverflow(offset + 1, length)]);
  if (overflow.ok) return overflow;
  if (plain) return plain;
  return fail('bad-length', offset + 1, `length ${length}`, `at least ${FIXED_LENGTH}`);
}

function readFrame(
  octets: Uint8Array,
  offset: number,
  length: number,
  deviations: Deviation[],
): Decoded<PlacedMbusFrame> {
  const from = offset + HEADER_LENGTH;
  const to = from + length;
  if (to + 2 > octets.length) {
    return fail('truncated', octets.length, 'the end of the octets', `${to + 2 - octets.length} more octets`);
  }
  if (octets[to + 1] !== STOP)
    return fail('bad-frame', to + 1, hex(octets.subarray(to + 1, to + 2)), 'a stop octet 16');
  const sum = checksum(octets, from, to);
  if (octets[to] !== sum) {
    return fail('bad-checksum', to, `checksum ${hex(octets.subarray(to, to + 1))}`, `checksum ${hex([sum])}`);
  }
  const frame = {
    c: octets[from]!,
    a: octets[from + 1]!,
    ci: octets[from + 2]!,
    stsap: octets[from + 3]!,
    dtsap: octets[from + 4]!,
    data: octets.subarray(from + FIXED_LENGTH, to),
  };
  return { ok: true, value: { frame, next: to + 2 }, deviations };
}

function lengthOverflow(offset: number, length: number): Deviation {
  const description = `L is ${length} for ${length + 0x100} octets: the length field has overflowed`;
  return { id: 'mbus-length-overflow', layer: 'mbus', offset, description };
}

function checksum(octets: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += octets[i]!;
  return sum & 0xff;
}

function hex(octets: Uint8Array | readonly number[]): string {
  return Array.from(octets, octetToHex).join(' ');
}

function fail(code: CodecErrorCode, offset: number, found: string, expected: string): Decoded<never> {
  return { ok: false, error: { code, layer: 'mbus', offset, found, expected }, deviations: [] };
}
