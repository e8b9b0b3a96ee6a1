/** `[from, to)` in the octets of one APDU. */
export interface OctetRange {
  readonly from: number;
  readonly to: number;
}

/** What stands in a trace for each octet of a password: `*`. The length stays, so that every offset stays true. */
export const MASK = 0x2a;

/** Copy of `octets` with the ranges masked. */
export function maskOctets(octets: Uint8Array, ranges: readonly OctetRange[] | undefined): Uint8Array {
  if (ranges === undefined || ranges.length === 0) return octets;
  const masked = Uint8Array.from(octets);
  for (const { from, to } of ranges) masked.fill(MASK, from, to);
  return masked;
}

/** The last octets of a request; empty when there are none. */
export function suffixRange(plain: Uint8Array, length: number): readonly OctetRange[] {
  const from = Math.max(0, plain.length - Math.max(0, length));
  return from < plain.length ? [{ from, to: plain.length }] : [];
}
