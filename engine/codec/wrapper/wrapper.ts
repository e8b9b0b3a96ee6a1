import type { CodecError, CodecErrorCode, Decoded, DecodeOptions, Field } from '../result.ts';

/**
 * Wrapper of the TCP-UDP/IP profile (IEC 62056-47, GB 7.3): version 0001, source wPort, destination wPort, length, all
 * two octets big-endian, then the APDU.
 */
export interface WrapperMessage {
  readonly source: number;
  readonly destination: number;
  /** From a decoder: a view of the octets handed in. */
  readonly apdu: Uint8Array;
}

export interface PlacedWrapperMessage {
  readonly message: WrapperMessage;
  /** Offset behind the APDU. */
  readonly next: number;
}

export const WRAPPER_HEADER_LENGTH = 8;
export const WRAPPER_VERSION = 1;
/** Largest APDU the 16-bit length field can state. */
export const MAX_WRAPPER_APDU = 0xffff;
/** Largest APDU of one UDP datagram over IPv4: 65,535 octets with IP, UDP and wrapper headers. */
export const MAX_DATAGRAM_APDU = 0xffff - 20 - 8 - 8;
/** Port registered for DLMS/COSEM, TCP and UDP. */
export const DLMS_PORT = 4059;
/** Broadcast wPort of servers. */
export const ALL_STATION_WPORT = 0x7f;

/** Throws RangeError when the APDU does not fit the length field. */
export function encodeWrapper(message: WrapperMessage): Uint8Array {
  const { source, destination, apdu } = message;
  if (apdu.length > MAX_WRAPPER_APDU) {
    throw new RangeError(`APDU of ${apdu.length} octets, at most ${MAX_WRAPPER_APDU} fit the wrapper's length field`);
  }
  const octets = new Uint8Array(WRAPPER_HEADER_LENGTH + apdu.length);
  const view = new DataView(octets.buffer);
  view.setUint16(0, WRAPPER_VERSION);
  view.setUint16(2, source);
  view.setUint16(4, destination);
  view.setUint16(6, apdu.length);
  octets.set(apdu, WRAPPER_HEADER_LENGTH);
  return octets;
}

/** Version, wPorts and length, without asking for the APDU to be there. */
export interface WrapperHeader {
  readonly version: number;
  readonly source: number;
  readonly destination: number;
  readonly length: number;
}

/** Undefined when fewer than eight octets follow `at`. */
export function readWrapperHeader(octets: Uint8Array, at = 0): WrapperHeader | undefined {
  if (at + WRAPPER_HEADER_LENGTH > octets.length) return undefined;
  const word = (offset: number): number => (octets[at + offset]! << 8) | octets[at + offset + 1]!;
  return { version: word(0), source: word(2), destination: word(4), length: word(6) };
}

/** Decodes the message at `offset`. Errors: `truncated`, `bad-frame` (version). */
export function decodeWrapper(
  octets: Uint8Array,
  offset = 0,
  options: DecodeOptions = {},
): Decoded<PlacedWrapperMessage> {
  const header = readWrapperHeader(octets, offset);
  if (!header)
    return fail('truncated', octets.length, `${octets.length - offset} octets`, 'a wrapper header of 8 octets');
  if (header.version !== WRAPPER_VERSION)
    return { ok: false, error: badVersion(header.version, offset), deviations: [] };
  const apduAt = offset + WRAPPER_HEADER_LENGTH;
  const next = apduAt + header.length;
  if (next > octets.length) {
    return fail('truncated', octets.length, `${octets.length - apduAt} octets`, `${header.length} octets of APDU`);
  }
  const { source, destination } = header;
  const value = { message: { source, destination, apdu: octets.subarray(apduAt, next) }, next };
  if (!options.fields) return { ok: true, value, deviations: [] };
  return { ok: true, value, deviations: [], fields: wrapperFields(header, offset) };
}

/** A UDP datagram is one message, no more and no less (IEC 62056-47). Also `trailing` is an error. */
export function decodeWrapperDatagram(octets: Uint8Array): Decoded<WrapperMessage> {
  const decoded = decodeWrapper(octets);
  if (!decoded.ok) return decoded;
  const { message, next } = decoded.value;
  if (next === octets.length) return { ok: true, value: message, deviations: [] };
  return fail('trailing', next, `${octets.length - next} more octets`, 'the end of the datagram');
}

function wrapperFields(header: WrapperHeader, at: number): Field[] {
  const clause = 'GB 7.3.3';
  return [
    { name: 'version', from: at, to: at + 2, value: `${header.version}`, clause },
    { name: 'source wPort', from: at + 2, to: at + 4, value: `${header.source}`, clause },
    { name: 'destination wPort', from: at + 4, to: at + 6, value: `${header.destination}`, clause },
    { name: 'length', from: at + 6, to: at + 8, value: `${header.length}`, clause },
  ];
}

/** The error of octets that are no wrapper, also used by the deframer. */
export function badVersion(version: number, offset: number): CodecError {
  const found = `version ${version.toString(16).padStart(4, '0')}`;
  const hint = version >> 8 === 0x7e ? 'version 0001 (7e looks like HDLC)' : 'version 0001';
  return { code: 'bad-frame', layer: 'wrapper', offset, found, expected: hint };
}

function fail(code: CodecErrorCode, offset: number, found: string, expected: string): Decoded<never> {
  return { ok: false, error: { code, layer: 'wrapper', offset, found, expected }, deviations: [] };
}
