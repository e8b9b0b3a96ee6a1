import { decodeApdu } from '../apdu-codec.ts';
import { decodeData } from '../axdr/decode-data.ts';
import { FLAG, isFormatOctet } from '../hdlc/frame.ts';
import { decodeLpdu } from '../llc/llc.ts';
import { readWrapperHeader, WRAPPER_VERSION } from '../wrapper/wrapper.ts';
import type { TranslateLayer } from './types.ts';

/**
 * The layer octets begin with: `7E` or a bare frame format HDLC, `68 L L 68` M-Bus, `00 01` with room for a header the
 * wrapper, `E6 E6 00` and `E6 E7 00` LLC. Tags of APDUs and Data overlap: what decodes counts, and where both do or
 * none, what gets further; a tie is an APDU.
 */
export function detectLayer(octets: Uint8Array): TranslateLayer {
  const first = octets[0];
  if (first === undefined) return 'apdu';
  if (first === FLAG || isFormatOctet(first)) return 'hdlc';
  if (first === 0x68 && octets[3] === 0x68) return 'mbus';
  if (readWrapperHeader(octets)?.version === WRAPPER_VERSION) return 'wrapper';
  if (decodeLpdu(octets)) return 'llc';
  const apdu = decodeApdu(octets);
  if (apdu.ok && apdu.deviations.length === 0) return 'apdu';
  const data = decodeData(octets);
  if (apdu.ok !== data.ok) return apdu.ok ? 'apdu' : 'data';
  if (apdu.ok || data.ok) return data.deviations.length < apdu.deviations.length ? 'data' : 'apdu';
  return data.error.offset > apdu.error.offset ? 'data' : 'apdu';
}
