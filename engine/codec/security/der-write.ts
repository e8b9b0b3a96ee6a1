import { concatOctets } from '../octets.ts';

/** Tags of DER that certificates need (X.690 8). */
export const DER_TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const LONG_FORM = 0x80;

/** One element of DER: tag, length in its shortest form, contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatOctets(contents);
  return concatOctets([Uint8Array.of(tag, ...lengthOctets(content.length)), content]);
}

export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return der(DER_TAGS.sequence, ...elements);
}

/** A non-negative INTEGER from its octets, most significant first: as few as can be, with 00 before a first bit of 1. */
export function derInteger(octets: Uint8Array): Uint8Array {
  let from = 0;
  while (from < octets.length - 1 && octets[from] === 0) from++;
  const shortest = octets.subarray(from);
  const first = shortest[0];
  if (first === undefined) return der(DER_TAGS.integer, Uint8Array.of(0));
  return der(DER_TAGS.integer, ...(first >= 0x80 ? [Uint8Array.of(0)] : []), shortest);
}

/** BIT STRING of whole octets, or with unused bits at its end. */
export function derBitString(octets: Uint8Array, unusedBits = 0): Uint8Array {
  return der(DER_TAGS.bitString, Uint8Array.of(unusedBits), octets);
}

/** OBJECT IDENTIFIER from its dotted form, e.g. `2.5.4.3`. */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...others]) {
    const groups = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift(128 + (rest % 128));
    octets.push(...groups);
  }
  return der(DER_TAGS.oid, Uint8Array.from(octets));
}

/** Time of a certificate (RFC 5280 4.1.2.5): UTCTime up to 2049, then GeneralizedTime. Whole seconds. */
export function derTime(millisecondsSinceEpoch: number): Uint8Array {
  const digits = new Date(millisecondsSinceEpoch)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  const short = Number(digits.slice(0, 4)) < 2050;
  const text = new TextEncoder().encode(short ? digits.slice(2) : digits);
  return der(short ? DER_TAGS.utcTime : DER_TAGS.generalizedTime, text);
}

function lengthOctets(length: number): readonly number[] {
  if (length < LONG_FORM) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [LONG_FORM + octets.length, ...octets];
}
