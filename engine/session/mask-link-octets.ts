import { decodeHdlcFrame, encodeHdlcFrame } from '../codec/hdlc/frame.ts';
import { LLC_LENGTH } from '../codec/llc/llc.ts';
import { maskOctets, type OctetRange } from './secret-ranges.ts';

/**
 * Copy of sent link octets with the secret ranges of their APDU masked, whichever segments it is cut into. Check
 * sequences of HDLC frames are made anew, so that the trace still decodes. Information that cannot be placed in the
 * APDU is masked whole: better no trace than a password in it.
 */
export function maskLinkOctets(
  framing: 'wrapper' | 'hdlc',
  octets: Uint8Array,
  apdu: Uint8Array,
  secret: readonly OctetRange[],
): Uint8Array {
  if (framing === 'wrapper') return maskOctets(octets, shifted(secret, octets.length - apdu.length));
  const decoded = decodeHdlcFrame(octets);
  if (!decoded.ok || decoded.value.frame.information.length === 0) return octets;
  const { frame } = decoded.value;
  const at = placeOf(frame.information, apdu);
  const ranges = at === undefined ? [{ from: 0, to: frame.information.length }] : shifted(secret, -at);
  return encodeHdlcFrame({ ...frame, information: maskOctets(frame.information, ranges) });
}

/** Offset of `information` in the APDU; negative when a header stands before it. */
function placeOf(information: Uint8Array, apdu: Uint8Array): number | undefined {
  const whole = Buffer.from(apdu.buffer, apdu.byteOffset, apdu.length);
  for (const header of [LLC_LENGTH, 0]) {
    const part = information.subarray(header);
    const at = part.length === 0 ? -1 : whole.indexOf(part);
    if (at >= 0) return at - header;
  }
  return undefined;
}

function shifted(ranges: readonly OctetRange[], by: number): readonly OctetRange[] {
  return ranges.map(({ from, to }) => ({ from: Math.max(0, from + by), to: Math.max(0, to + by) }));
}
