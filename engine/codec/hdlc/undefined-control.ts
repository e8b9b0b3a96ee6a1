import { type HdlcAddress, hdlcAddressWidth, readHdlcAddress } from './address.ts';
import { decodeControl } from './control.ts';
import { fcs16, readFcs } from './fcs.ts';
import { FLAG, isFormatOctet } from './frame.ts';

/** A frame that is right but for its control field, which is none of the profile: a secondary answers it with FRMR. */
export interface UndefinedControl {
  readonly destination: HdlcAddress;
  readonly source: HdlcAddress;
  readonly control: number;
  readonly pollFinal: boolean;
}

const POLL_FINAL = 0x10;

/** Reads the header of such a frame from its opening flag; undefined for anything else. */
export function readUndefinedControl(octets: Uint8Array): UndefinedControl | undefined {
  const format = octets[1];
  if (octets[0] !== FLAG || format === undefined || !isFormatOctet(format)) return undefined;
  const destinationWidth = legalWidth(octets, 3);
  if (destinationWidth === undefined) return undefined;
  const sourceWidth = legalWidth(octets, 3 + destinationWidth);
  if (sourceWidth === undefined) return undefined;
  const controlAt = 3 + destinationWidth + sourceWidth;
  const control = octets[controlAt];
  if (control === undefined || controlAt + 3 > octets.length) return undefined;
  if (readFcs(octets, controlAt + 1) !== fcs16(octets, 1, controlAt + 1)) return undefined;
  if (decodeControl(control) !== undefined) return undefined;
  return {
    destination: readHdlcAddress(octets, 3, destinationWidth),
    source: readHdlcAddress(octets, 3 + destinationWidth, sourceWidth),
    control,
    pollFinal: (control & POLL_FINAL) !== 0,
  };
}

function legalWidth(octets: Uint8Array, at: number): 1 | 2 | 4 | undefined {
  const width = hdlcAddressWidth(octets, at);
  return width === 1 || width === 2 || width === 4 ? width : undefined;
}
