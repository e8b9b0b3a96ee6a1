/**
 * Seeded pseudo-random numbers without state: every draw is a hash of who asks, for what and when, so that a value
 * can be worked out for any moment without having worked out the ones before it.
 */

/** Mixes two 32-bit numbers into one (murmur3's finaliser over a combination); the result is unsigned. */
export function mix(a: number, b: number): number {
  return finish(Math.imul(a ^ A_ADDED, A_FACTOR) ^ Math.imul(b + B_ADDED, B_FACTOR)) >>> 0;
}

const A_ADDED = 0x9e3779b9;
const A_FACTOR = 0x85ebca6b;
const B_ADDED = 0x165667b1;
const B_FACTOR = 0xc2b2ae35;

function finish(combined: number): number {
  let h = combined ^ (combined >>> 15);
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return h ^ (h >>> 15);
}

/** Hash of a text, for streams that are named after where they stand in a template (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h, text.length);
}

/** A number in [0, 1) for a key and an index. Indices may be negative and larger than 32 bits. */
export function unit(key: number, index: number): number {
  const low = index | 0;
  if (low === index) return mix(key, low) / 0x100000000;
  return mix(mix(key, Math.floor(index / 0x100000000)), low) / 0x100000000;
}

/** Writes `unit(key, first)` and its successors into all of `out`: the same draws, faster than one by one. */
export function units(key: number, first: number, out: Float64Array): void {
  if ((first | 0) !== first || first > 0x7fffffff - out.length) {
    for (let index = 0; index < out.length; index += 1) out[index] = unit(key, first + index);
    return;
  }
  const a = Math.imul(key ^ A_ADDED, A_FACTOR);
  let b = Math.imul(first + B_ADDED, B_FACTOR);
  for (let index = 0; index < out.length; index += 1) {
    out[index] = (finish(a ^ b) >>> 0) * (1 / 0x100000000);
    // The product for the next index, by adding instead of multiplying.
    b = (b + B_FACTOR) | 0;
  }
}
