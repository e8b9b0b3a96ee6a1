import { encodeControl, type HdlcControl } from './control.ts';

/**
 * Information field of FRMR (ISO/IEC 13239, modulo 8): the rejected control octet, the counters of the rejecting station
 * and the reasons W, X, Y, Z.
 */
export interface FrameReject {
  readonly control: number;
  readonly vs: number;
  readonly vr: number;
  /** The rejected frame was a response. */
  readonly response: boolean;
  readonly reasons: readonly FrameRejectReason[];
}

/** W: undefined control field; X: information field not permitted; Y: information field too long; Z: N(R) invalid. */
export type FrameRejectReason =
  | 'undefined-control'
  | 'information-not-permitted'
  | 'information-too-long'
  | 'invalid-nr';

const REASONS: readonly FrameRejectReason[] = [
  'undefined-control',
  'information-not-permitted',
  'information-too-long',
  'invalid-nr',
];

/** FRMR information about a command of the peer, or its control octet, with this station's counters. */
export function encodeFrameReject(
  rejected: (HdlcControl & { readonly pollFinal: boolean }) | number,
  vs: number,
  vr: number,
  reason: FrameRejectReason,
): Uint8Array {
  return Uint8Array.of(
    typeof rejected === 'number' ? rejected : encodeControl(rejected, rejected.pollFinal),
    (vr << 5) | (vs << 1),
    1 << REASONS.indexOf(reason),
  );
}

/** Undefined when the information field does not have its three octets. */
export function decodeFrameReject(information: Uint8Array): FrameReject | undefined {
  const [control, counters, reasons] = information;
  if (control === undefined || counters === undefined || reasons === undefined) return undefined;
  return {
    control,
    vs: (counters >> 1) & 7,
    vr: counters >> 5,
    response: (counters & 0x10) !== 0,
    reasons: REASONS.filter((_, bit) => reasons & (1 << bit)),
  };
}
