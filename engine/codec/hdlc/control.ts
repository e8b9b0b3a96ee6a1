/**
 * Control field of HDLC frames (GB 8.4.3, modulo 8). Bit 4 is poll (command) or final (response). REJ is not part of the
 * DLMS/COSEM profile, but of every HDLC library a meter may have been built with, and says no more than an RR that asks
 * for what was lost: it is read. SREJ and other unnumbered frames are not.
 */
export type HdlcControl =
  | { readonly kind: 'I'; readonly ns: number; readonly nr: number }
  | { readonly kind: 'RR' | 'RNR' | 'REJ'; readonly nr: number }
  | { readonly kind: UnnumberedKind };

export type UnnumberedKind = 'SNRM' | 'DISC' | 'UA' | 'DM' | 'FRMR' | 'UI';
export type HdlcFrameKind = HdlcControl['kind'];

const POLL_FINAL = 0x10;
const UNNUMBERED: Readonly<Record<UnnumberedKind, number>> = {
  SNRM: 0x83,
  DISC: 0x43,
  UA: 0x63,
  DM: 0x0f,
  FRMR: 0x87,
  UI: 0x03,
};
const UNNUMBERED_KINDS = new Map(Object.entries(UNNUMBERED).map(([kind, octet]) => [octet, kind as UnnumberedKind]));

export function encodeControl(control: HdlcControl, pollFinal: boolean): number {
  const bit = pollFinal ? POLL_FINAL : 0;
  switch (control.kind) {
    case 'I':
      return (control.nr << 5) | bit | (control.ns << 1);
    case 'RR':
      return (control.nr << 5) | bit | 0x01;
    case 'RNR':
      return (control.nr << 5) | bit | 0x05;
    case 'REJ':
      return (control.nr << 5) | bit | 0x09;
    default:
      return UNNUMBERED[control.kind] | bit;
  }
}

/** The control field, or undefined when the octet is not one of the profile's frames. */
export function decodeControl(octet: number): (HdlcControl & { readonly pollFinal: boolean }) | undefined {
  const pollFinal = (octet & POLL_FINAL) !== 0;
  const nr = octet >> 5;
  if ((octet & 0x01) === 0) return { kind: 'I', ns: (octet >> 1) & 7, nr, pollFinal };
  if ((octet & 0x0f) === 0x01) return { kind: 'RR', nr, pollFinal };
  if ((octet & 0x0f) === 0x05) return { kind: 'RNR', nr, pollFinal };
  if ((octet & 0x0f) === 0x09) return { kind: 'REJ', nr, pollFinal };
  const kind = UNNUMBERED_KINDS.get(octet & ~POLL_FINAL);
  return kind && { kind, pollFinal };
}
