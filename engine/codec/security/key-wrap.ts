import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Initial value of RFC 3394 2.2.3.1, which the unwrapping checks. */
const INITIAL_VALUE = Uint8Array.from({ length: 8 }, () => 0xa6);
const SEMIBLOCK = 8;
const SHORTEST_KEY = 16;
/** Longest key wrapped or unwrapped. Real ones have 16 or 32 octets. */
export const MAX_WRAPPED_KEY = 64;

/**
 * AES key wrap (RFC 3394) of a key under a key encrypting key of 16 or 32 octets: eight octets longer than the key.
 * @throws {RangeError} for lengths that cannot be wrapped.
 */
export function wrapKey(kek: Uint8Array, key: Uint8Array): Uint8Array {
  const cipher = cipherOf(kek);
  if (cipher === undefined) throw new RangeError(`a key encrypting key has 16 or 32 octets, not ${kek.length}`);
  if (!canBeWrapped(key.length)) throw new RangeError(`a key of ${key.length} octets cannot be wrapped`);
  return new Uint8Array(createCipheriv(cipher, kek, INITIAL_VALUE).update(key));
}

/** The key inside; undefined when the lengths are wrong or the octets were not wrapped under this key. */
export function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  const cipher = cipherOf(kek);
  if (cipher === undefined || !canBeWrapped(wrapped.length - SEMIBLOCK)) return undefined;
  try {
    return new Uint8Array(createDecipheriv(cipher, kek, INITIAL_VALUE).update(wrapped));
  } catch {
    return undefined;
  }
}

function canBeWrapped(length: number): boolean {
  return length >= SHORTEST_KEY && length <= MAX_WRAPPED_KEY && length % SEMIBLOCK === 0;
}

function cipherOf(kek: Uint8Array): 'id-aes128-wrap' | 'id-aes256-wrap' | undefined {
  if (kek.length === 16) return 'id-aes128-wrap';
  return kek.length === 32 ? 'id-aes256-wrap' : undefined;
}
