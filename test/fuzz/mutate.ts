import type { Random } from './random.ts';

/** Values that decoders trip over: ends of ranges, length forms, flags, tags of arrays and structures. */
const TELLING = [0x00, 0x01, 0x02, 0x13, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff];
/** Length fields that claim more than there is. */
const LYING = [
  [0x82, 0xff, 0xff],
  [0x84, 0x7f, 0xff, 0xff, 0xff],
  [0x84, 0xff, 0xff, 0xff, 0xff],
  [0x88, 0, 0, 0, 1, 0, 0, 0, 0],
];
const MAX_CHANGES = 6;
/** Octets a mutant may grow to, so that a long run does not end in one huge input. */
const MAX_LENGTH = 4096;

/** A few changes to octets: bits, octets, lengths that lie, pieces cut, doubled, moved, taken from `other`. */
export function mutate(octets: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let mutant = octets;
  for (let changes = 1 + random.below(1 + random.below(MAX_CHANGES)); changes > 0; changes--) {
    mutant = change(mutant, other, random);
  }
  return mutant.length > MAX_LENGTH ? mutant.slice(0, MAX_LENGTH) : mutant;
}

function change(octets: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = random.below(octets.length + 1);
  const [before, behind] = [octets.subarray(0, at), octets.subarray(at)];
  switch (random.below(10)) {
    case 0:
      return joined(before, Uint8Array.of((behind[0] ?? 0) ^ (1 << random.below(8))), behind.subarray(1));
    case 1:
      return joined(before, Uint8Array.of(random.below(256)), behind.subarray(1));
    case 2:
      return joined(before, Uint8Array.of(random.pick(TELLING)), behind.subarray(1));
    case 3:
      return joined(before, Uint8Array.of(random.below(256)), behind);
    case 4:
      return joined(before, behind.subarray(1 + random.below(4)));
    case 5:
      return before;
    case 6:
      return joined(before, Uint8Array.from(random.pick(LYING)), behind.subarray(1));
    case 7: {
      const piece = behind.subarray(0, 1 + random.below(32));
      return joined(before, piece, piece, piece, behind);
    }
    case 8: {
      const from = random.below(other.length + 1);
      return joined(before, other.subarray(from, from + 1 + random.below(64)), behind);
    }
    default: {
      const nested = new Uint8Array(1 + random.below(200)).fill(random.pick([0x01, 0x02]));
      return joined(before, nested, behind);
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
