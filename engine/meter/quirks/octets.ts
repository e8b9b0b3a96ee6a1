/** Octets one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A length as A-XDR and BER write it: one octet up to 127, else 81, 82 … and the octets. */
export interface LengthAt {
  readonly value: number;
  /** Octets the length itself takes. */
  readonly octets: number;
}

/** The length at an offset; undefined where the octets end. */
export function lengthAt(octets: Uint8Array, at: number): LengthAt | undefined {
  const first = octets[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, octets: 1 };
  const size = first & 0x7f;
  if (size === 0 || size > 4 || at + size >= octets.length) return undefined;
  let value = 0;
  for (let i = 1; i <= size; i += 1) value = value * 256 + (octets[at + i] ?? 0);
  return { value, octets: 1 + size };
}

/** A length in the form that takes `size` octets behind its first; 0 for the shortest form that fits. */
export function lengthOctets(value: number, size = 0): Uint8Array {
  if (size === 0 && value < 0x80) return Uint8Array.of(value);
  const needed = size > 0 ? size : value < 0x100 ? 1 : value < 0x10000 ? 2 : 3;
  const octets = new Uint8Array(1 + needed);
  octets[0] = 0x80 | needed;
  for (let i = needed, rest = value; i > 0; i -= 1, rest = Math.floor(rest / 256)) octets[i] = rest & 0xff;
  return octets;
}
