/** A copy of `octets[from, to)`, also of a node Buffer, whose own `slice` would be a view. */
export function copyOctets(octets: Uint8Array, from = 0, to = octets.length): Uint8Array {
  return new Uint8Array(octets.subarray(from, to));
}

/** Parts one after the other. A single part is handed back as it is, not copied. */
export function concatOctets(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const octets = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}

/**
 * Whether two runs of octets are the same; nothing is the same as none. Not for secrets and tags: it stops at the first
 * difference.
 */
export function sameOctets(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((octet, at) => octet === b[at]);
}
