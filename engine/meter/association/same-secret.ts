/**
 * Compares two secrets in a time that depends on their lengths only. This room does no I/O and uses no node:crypto;
 * tags of ciphered APDUs are compared by the codec.
 */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
