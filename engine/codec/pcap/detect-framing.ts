import { FLAG, isFormatOctet, readHdlcHeader } from '../hdlc/frame.ts';
import { readWrapperHeader, WRAPPER_HEADER_LENGTH, WRAPPER_VERSION } from '../wrapper/wrapper.ts';

/** What the octets of a connection are framed with. */
export type StreamFraming = 'hdlc' | 'wrapper';

/** Octets of a direction that are looked at. A capture may begin in the middle of a message, or behind a log-in. */
export const DETECTION_OCTETS = 8192;

/**
 * The framing of a stream: that of the first place where a header of HDLC (flag, format, HCS) or of the wrapper
 * (version, ports, a length that leads to the end or to the next header) stands. IEC 62056-21 mode E and other text may
 * come before it. Undefined when there is none.
 */
export function detectFraming(octets: Uint8Array): StreamFraming | undefined {
  const end = Math.min(octets.length, DETECTION_OCTETS);
  for (let at = 0; at < end; at++) {
    if (isHdlcFrameAt(octets, at)) return 'hdlc';
    if (isWrapperAt(octets, at)) return 'wrapper';
  }
  return undefined;
}

function isHdlcFrameAt(octets: Uint8Array, at: number): boolean {
  if (octets[at] !== FLAG || octets[at + 1] === undefined || !isFormatOctet(octets[at + 1]!)) return false;
  const header = readHdlcHeader(octets, at + 1);
  return header !== 'incomplete' && !('code' in header);
}

/** True when a wrapper header stands at `at` and its length ends with the octets, or another header follows it. */
export function isWrapperAt(octets: Uint8Array, at: number): boolean {
  if (octets[at] !== 0 || octets[at + 1] !== WRAPPER_VERSION) return false;
  const header = readWrapperHeader(octets, at);
  if (header === undefined || header.length === 0) return false;
  const next = at + WRAPPER_HEADER_LENGTH + header.length;
  if (next === octets.length) return true;
  if (next > octets.length) return at === 0;
  return octets[next] === 0 && (octets[next + 1] ?? WRAPPER_VERSION) === WRAPPER_VERSION;
}
