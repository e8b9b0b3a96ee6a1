import { decodeApdu } from '../codec/apdu-codec.ts';
import { decodeLpdu } from '../codec/llc/llc.ts';

/**
 * The APDUs of an information field, with LLC headers or without: normally one. Some meters put several LLC headers and
 * APDUs into one field (quirk Q10): where an APDU ends and another LLC header follows, the next begins.
 */
export function apdusOf(payload: Uint8Array): Uint8Array[] {
  const apdus: Uint8Array[] = [];
  let rest = payload;
  while (rest.length > 0) {
    const octets = decodeLpdu(rest)?.payload ?? rest;
    const decoded = decodeApdu(octets);
    const end = decoded.ok || decoded.error.code !== 'trailing' ? octets.length : decoded.error.offset;
    const follows = end > 0 && end < octets.length && decodeLpdu(octets, end) !== undefined;
    apdus.push(follows ? octets.subarray(0, end) : octets);
    rest = follows ? octets.subarray(end) : new Uint8Array(0);
  }
  return apdus;
}
