/**
 * HDLC address field (GB 8.4.2, IEC 62056-46): 1, 2 or 4 octets, value in the upper seven bits, least significant bit
 * set on the last octet. Two octets are upper, lower (7 bits each); four octets are upper, lower (14 bits each).
 * Either side of a frame may use any width: some meters push to a client coded in two octets.
 */
export type HdlcAddress =
  | { readonly bytes: 1; readonly value: number }
  | { readonly bytes: 2 | 4; readonly upper: number; readonly lower: number };

/** Upper (logical device) and lower (physical device) part of a server address, whatever its width on the wire. */
export interface HdlcServerAddress {
  readonly upper: number;
  /** Absent in the 1-octet form. */
  readonly lower?: number;
}

/** Nobody: frames to it are dropped (all widths). */
export const NO_STATION = 0;
/** CALLING physical device: only a server that opened the connection itself answers. */
export const CALLING_DEVICE = { narrow: 0x7e, wide: 0x3ffe } as const;
/** Broadcast, as upper and as lower part. `narrow` in 1 and 2 octets, `wide` in 4. */
export const ALL_STATION = { narrow: 0x7f, wide: 0x3fff } as const;

const MAX_NARROW = 0x7f;
const MAX_WIDE = 0x3fff;

/** Address of a client: always one octet, 0..127. Throws RangeError outside of it. */
export function clientAddress(value: number): HdlcAddress {
  return { bytes: 1, value: inRange(value, MAX_NARROW, 'client address') };
}

/**
 * Address of a server. Without `bytes` the narrowest width that can carry it: 1 octet without a lower part, 2 octets
 * up to 7Fh, otherwise 4. Throws RangeError when the parts do not fit.
 */
export function serverAddress(upper: number, lower?: number, bytes?: 1 | 2 | 4): HdlcAddress {
  const width =
    bytes ?? (lower === undefined && upper <= MAX_NARROW ? 1 : Math.max(upper, lower ?? 0) <= MAX_NARROW ? 2 : 4);
  if (width === 1) return { bytes: 1, value: inRange(upper, MAX_NARROW, 'upper server address') };
  const limit = width === 2 ? MAX_NARROW : MAX_WIDE;
  return {
    bytes: width,
    upper: inRange(upper, limit, 'upper server address'),
    lower: inRange(lower ?? NO_STATION, limit, 'lower server address'),
  };
}

function inRange(value: number, limit: number, what: string): number {
  if (!Number.isInteger(value) || value < 0 || value > limit)
    throw new RangeError(`${what} ${value} is not in 0..${limit}`);
  return value;
}

/** Upper part, or the value of a 1-octet address: the SAP of client or logical device. */
export function upperOf(address: HdlcAddress): number {
  return address.bytes === 1 ? address.value : address.upper;
}

/** Lower part; undefined in the 1-octet form. */
export function lowerOf(address: HdlcAddress): number | undefined {
  return address.bytes === 1 ? undefined : address.lower;
}

/**
 * Same station, whatever the widths: meters answer with four octets to two (quirks Q15, Q16). The 1-octet form has no
 * lower part and therefore equals any address with the same upper part.
 */
export function sameStation(a: HdlcAddress, b: HdlcAddress): boolean {
  if (a.bytes === 1 || b.bytes === 1) return upperOf(a) === upperOf(b);
  return a.upper === b.upper && a.lower === b.lower;
}

/** `16`, `1/17` - with the width where it is not the usual one: `1/17 (4 octets)`. */
export function describeHdlcAddress(address: HdlcAddress): string {
  if (address.bytes === 1) return `${address.value}`;
  return `${address.upper}/${address.lower}${address.bytes === 4 ? ' (4 octets)' : ''}`;
}

/** Writes the address and returns the offset behind it. */
export function writeHdlcAddress(address: HdlcAddress, octets: Uint8Array, at: number): number {
  if (address.bytes === 1) {
    octets[at] = (address.value << 1) | 1;
  } else if (address.bytes === 2) {
    octets[at] = address.upper << 1;
    octets[at + 1] = (address.lower << 1) | 1;
  } else {
    octets[at] = (address.upper >> 7) << 1;
    octets[at + 1] = (address.upper & 0x7f) << 1;
    octets[at + 2] = (address.lower >> 7) << 1;
    octets[at + 3] = ((address.lower & 0x7f) << 1) | 1;
  }
  return at + address.bytes;
}

/**
 * Number of octets of the address field at `from`, counted to the octet with the least significant bit set, looking at
 * no more than five. 0 when the octets end before it does. Only 1, 2 and 4 are legal.
 */
export function hdlcAddressWidth(octets: Uint8Array, from: number, to = octets.length): number {
  for (let width = 1; width <= 5 && from + width <= to; width++) {
    if (octets[from + width - 1]! & 1) return width;
  }
  return to - from >= 5 ? 5 : 0;
}

/** Reads an address of a width that `hdlcAddressWidth` has found legal. */
export function readHdlcAddress(octets: Uint8Array, at: number, width: 1 | 2 | 4): HdlcAddress {
  const part = (i: number): number => octets[at + i]! >> 1;
  if (width === 1) return { bytes: 1, value: part(0) };
  if (width === 2) return { bytes: 2, upper: part(0), lower: part(1) };
  return { bytes: 4, upper: (part(0) << 7) | part(1), lower: (part(2) << 7) | part(3) };
}
