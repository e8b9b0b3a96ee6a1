import { toHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import type { Field } from '../result.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';

/** Names of the conformance bits (GB 9.5 Conformance); the index is the bit, 0 = first bit of the first octet. */
export const CONFORMANCE_BITS: readonly string[] = [
  'reserved-zero',
  'general-protection',
  'general-block-transfer',
  'read',
  'write',
  'unconfirmed-write',
  'delta-value-encoding',
  'reserved-seven',
  'attribute0-supported-with-set',
  'priority-mgmt-supported',
  'attribute0-supported-with-get',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'block-transfer-with-action',
  'multiple-references',
  'information-report',
  'data-notification',
  'access',
  'parameterized-access',
  'get',
  'set',
  'selective-access',
  'event-notification',
  'action',
];

/** The set bits of a 24-bit conformance block, e.g. 00501Fh, as names in the order of the bits. */
export function conformanceNames(bits: number): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 24; bit++) if ((bits >> (23 - bit)) & 1) names.push(CONFORMANCE_BITS[bit]!);
  return names;
}

/** The inverse of `conformanceNames`; undefined when a name is not one. */
export function conformanceBits(names: readonly string[]): number | undefined {
  let bits = 0;
  for (const name of names) {
    const bit = CONFORMANCE_BITS.indexOf(name);
    if (bit < 0) return undefined;
    bits |= 1 << (23 - bit);
  }
  return bits;
}

/**
 * The one BER element inside of A-XDR: [APPLICATION 31] BIT STRING of 24 bits, `5F 1F 04 00` and three octets.
 * Older HDLC implementations leave out 1F.
 */
export function readConformance(r: Reader, name: string): string[] {
  r.begin(name);
  r.expect(0x5f, 'conformance tag');
  if (r.peek() === 0x04 && r.peek(1) === 0x00) {
    r.deviate('conformance-tag-one-octet', 'conformance tag 5F without 1F', 'bad-tag', r.pos - 1);
  } else r.expect(0x1f, 'conformance tag, second octet');
  r.expect(0x04, 'conformance length');
  r.expect(0x00, 'unused bits');
  const bits = r.take(3, 'conformance bits');
  const names = conformanceNames((bits[0]! << 16) | (bits[1]! << 8) | bits[2]!);
  if (r.sink !== null) {
    r.sink.describe(toHex(bits), bitFields(names, r.pos - bits.length));
    r.close(names.join(', '));
  }
  return names;
}

/** One field for each set bit, at the octet of the block it is in. */
function bitFields(names: readonly string[], at: number): Field[] {
  return names.map((name) => {
    const bit = CONFORMANCE_BITS.indexOf(name);
    const from = at + (bit >> 3);
    return { name, from, to: from + 1, value: `bit ${bit}`, clause: XDLMS_CLAUSE };
  });
}

export function writeConformance(w: Writer, names: readonly string[]): void {
  if (!Array.isArray(names)) w.typeError('conformance', 'not a list of names');
  const bits = conformanceBits(names);
  if (bits === undefined) w.typeError('conformance', `one of '${names.join("', '")}' is not a conformance bit`);
  for (const octet of [0x5f, 0x1f, 0x04, 0x00, bits >> 16, bits >> 8, bits]) w.octet(octet);
}
