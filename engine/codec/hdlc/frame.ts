import { octetToHex } from '../hex.ts';
import type { CodecError, CodecErrorCode, Decoded, DecodeOptions } from '../result.ts';
import {
  describeHdlcAddress,
  type HdlcAddress,
  hdlcAddressWidth,
  readHdlcAddress,
  writeHdlcAddress,
} from './address.ts';
import { decodeControl, encodeControl, type HdlcControl } from './control.ts';
import { fcs16, readFcs, writeFcs } from './fcs.ts';
import { hdlcFrameFields } from './frame-fields.ts';

/** One HDLC frame of format type 3 (GB 8.4.1), without flags, lengths and check sequences. */
export type HdlcFrame = HdlcControl & {
  /** More segments of the same LPDU follow (S bit of the frame format field). */
  readonly segmented: boolean;
  readonly destination: HdlcAddress;
  readonly source: HdlcAddress;
  readonly pollFinal: boolean;
  /** Empty when the frame has none; then there is no HCS on the wire either. */
  readonly information: Uint8Array;
};

/** A frame with its place on the wire. */
export interface PlacedHdlcFrame {
  readonly frame: HdlcFrame;
  /** The frame length field: octets between the flags. */
  readonly length: number;
  /** Offset of the octet behind the closing flag. The flag may open the next frame as well. */
  readonly next: number;
}

export const FLAG = 0x7e;
/** Largest value of the 11-bit length field. */
export const MAX_FRAME_LENGTH = 0x7ff;
/** Format, two 1-octet addresses, control, FCS. */
export const MIN_FRAME_LENGTH = 7;
/** Flags, format, two 4-octet addresses, control, HCS and FCS: what a frame has besides its information field. */
export const MAX_FRAME_OVERHEAD = 17;
/** Largest information field that class 23 can state (Blue Book, IEC HDLC setup attribute 5). */
export const MAX_INFORMATION_LENGTH = 2030;

/**
 * Encodes a frame with both flags. Throws RangeError when the information field does not fit the 11-bit length.
 */
export function encodeHdlcFrame(frame: HdlcFrame): Uint8Array {
  const { destination, source, information } = frame;
  const headerLength = 2 + destination.bytes + source.bytes + 1;
  const length = headerLength + 2 + (information.length > 0 ? information.length + 2 : 0);
  if (length > MAX_FRAME_LENGTH) {
    throw new RangeError(`HDLC frame of ${length} octets, at most ${MAX_FRAME_LENGTH} fit the length field`);
  }
  const octets = new Uint8Array(length + 2);
  octets[0] = FLAG;
  octets[1] = 0xa0 | (frame.segmented ? 0x08 : 0) | (length >> 8);
  octets[2] = length & 0xff;
  const sourceAt = writeHdlcAddress(destination, octets, 3);
  const controlAt = writeHdlcAddress(source, octets, sourceAt);
  octets[controlAt] = encodeControl(frame, frame.pollFinal);
  if (information.length > 0) {
    writeFcs(octets, 1, controlAt + 1);
    octets.set(information, controlAt + 3);
  }
  writeFcs(octets, 1, length - 1);
  octets[length + 1] = FLAG;
  return octets;
}

/**
 * Decodes the frame whose opening flag is at `offset`. `information` is a view of the octets handed in.
 * Errors: `truncated`, `bad-frame` (flag, format type, address, control), `bad-length`, `bad-checksum` (HCS, FCS).
 */
export function decodeHdlcFrame(octets: Uint8Array, offset = 0, options: DecodeOptions = {}): Decoded<PlacedHdlcFrame> {
  if (offset >= octets.length) return fail('truncated', offset, 'the end of the octets', 'an opening flag 7e');
  if (octets[offset] !== FLAG) return fail('bad-frame', offset, octetToHex(octets[offset]!), 'an opening flag 7e');
  const header = readHdlcHeader(octets, offset + 1);
  if (header === 'incomplete')
    return fail('truncated', octets.length, 'the end of the octets', 'a complete frame header');
  if ('code' in header) return { ok: false, error: header, deviations: [] };
  const flagAt = offset + 1 + header.length;
  if (flagAt >= octets.length) {
    const missing = flagAt + 1 - octets.length;
    return fail(
      'truncated',
      octets.length,
      'the end of the octets',
      `${missing} more octets, the frame length is ${header.length}`,
    );
  }
  if (octets[flagAt] !== FLAG) {
    return fail(
      'bad-frame',
      flagAt,
      octetToHex(octets[flagAt]!),
      `a closing flag 7e, the frame length is ${header.length}`,
    );
  }
  const fcs = fcs16(octets, offset + 1, flagAt - 2);
  if (readFcs(octets, flagAt - 2) !== fcs) {
    return fail('bad-checksum', flagAt - 2, `FCS ${wire(readFcs(octets, flagAt - 2))}`, `FCS ${wire(fcs)}`);
  }
  const frame: HdlcFrame = {
    ...header.control,
    segmented: header.segmented,
    destination: header.destination,
    source: header.source,
    information: octets.subarray(header.informationAt, Math.max(header.informationAt, flagAt - 2)),
  };
  const placed = { frame, length: header.length, next: flagAt + 1 };
  if (!options.fields) return { ok: true, value: placed, deviations: [] };
  return { ok: true, value: placed, deviations: [], fields: hdlcFrameFields(frame, octets, offset) };
}

/** First octet of a frame format field of type 3: A0..AF. */
export function isFormatOctet(octet: number): boolean {
  return (octet & 0xf0) === 0xa0;
}

/** What the octets before the information field say. */
export interface HdlcHeader {
  readonly length: number;
  readonly segmented: boolean;
  readonly destination: HdlcAddress;
  readonly source: HdlcAddress;
  readonly control: HdlcControl & { readonly pollFinal: boolean };
  /** Offset behind the HCS, or of the FCS when there is no information field. */
  readonly informationAt: number;
}

/**
 * Reads format, addresses, control and HCS from `at`, the octet behind the opening flag. The HCS is checked as soon as
 * it is there, so a broken length never makes a receiver wait for octets that will not come. Without an information
 * field the FCS stands in its place, and it covers the same octets.
 */
export function readHdlcHeader(octets: Uint8Array, at: number): HdlcHeader | CodecError | 'incomplete' {
  const end = octets.length;
  if (at >= end) return 'incomplete';
  if (!isFormatOctet(octets[at]!)) {
    return error('bad-frame', at, octetToHex(octets[at]!), 'frame format type 3 (a0..af)');
  }
  if (at + 2 > end) return 'incomplete';
  const length = ((octets[at]! & 0x07) << 8) | octets[at + 1]!;
  if (length < MIN_FRAME_LENGTH) {
    return error('bad-length', at, `frame length ${length}`, `at least ${MIN_FRAME_LENGTH}`);
  }
  const destination = readAddress(octets, at + 2, 'destination');
  if (destination === 'incomplete' || 'code' in destination) return destination;
  const source = readAddress(octets, at + 2 + destination.bytes, 'source');
  if (source === 'incomplete' || 'code' in source) return source;
  const controlAt = at + 2 + destination.bytes + source.bytes;
  if (controlAt + 3 > end) return 'incomplete';
  const afterControl = at + length - controlAt - 1;
  if (afterControl < 2 || afterControl === 3) {
    return error('bad-length', at, `frame length ${length}`, 'room for addresses, control and check sequences');
  }
  const fcs = fcs16(octets, at, controlAt + 1);
  if (readFcs(octets, controlAt + 1) !== fcs) {
    const name = afterControl === 2 ? 'FCS' : 'HCS';
    return error(
      'bad-checksum',
      controlAt + 1,
      `${name} ${wire(readFcs(octets, controlAt + 1))}`,
      `${name} ${wire(fcs)}`,
    );
  }
  const control = decodeControl(octets[controlAt]!);
  if (!control)
    return error('bad-frame', controlAt, `control ${octetToHex(octets[controlAt]!)}`, 'a control field of the profile');
  const informationAt = afterControl === 2 ? controlAt + 1 : controlAt + 3;
  return { length, segmented: (octets[at]! & 0x08) !== 0, destination, source, control, informationAt };
}

function readAddress(octets: Uint8Array, at: number, what: string): HdlcAddress | CodecError | 'incomplete' {
  const width = hdlcAddressWidth(octets, at);
  if (width === 0) return 'incomplete';
  if (width === 1 || width === 2 || width === 4) return readHdlcAddress(octets, at, width);
  const found = width === 5 ? 'more than 4 octets' : `${width} octets`;
  return error('bad-frame', at, `a ${what} address of ${found}`, '1, 2 or 4 octets');
}

/** One line for traces: `I ns=1 nr=2 P/F 16 -> 1/17, 31 octets`. */
export function describeHdlcFrame(frame: HdlcFrame): string {
  const counters = frame.kind === 'I' ? ` ns=${frame.ns} nr=${frame.nr}` : 'nr' in frame ? ` nr=${frame.nr}` : '';
  const flags = `${frame.pollFinal ? ' P/F' : ''}${frame.segmented ? ' segment' : ''}`;
  const route = `${describeHdlcAddress(frame.source)} -> ${describeHdlcAddress(frame.destination)}`;
  return `${frame.kind}${counters}${flags} ${route}${frame.information.length > 0 ? `, ${frame.information.length} octets` : ''}`;
}

function error(code: CodecErrorCode, offset: number, found: string, expected: string): CodecError {
  return { code, layer: 'hdlc', offset, found, expected };
}

function fail(code: CodecErrorCode, offset: number, found: string, expected: string): Decoded<never> {
  return { ok: false, error: error(code, offset, found, expected), deviations: [] };
}

/** A check sequence in the order of the wire. */
function wire(fcs: number): string {
  return `${octetToHex(fcs & 0xff)} ${octetToHex(fcs >> 8)}`;
}
