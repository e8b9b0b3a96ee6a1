import { createCipheriv, createDecipheriv } from 'node:crypto';
import { TAG_LENGTH } from './security-header.ts';
import type { SecuritySuite } from './suites.ts';

/** Octets of a system title and of the initialization vector made from it. */
export const SYSTEM_TITLE_LENGTH = 8;
const IV_LENGTH = 12;
const NOTHING = new Uint8Array(0);

/** What one use of AES-GCM needs besides the text. */
export interface GcmInput {
  readonly suite: SecuritySuite;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** Initialization vector: system title of the sender, invocation counter. */
export function gcmIv(systemTitle: Uint8Array, invocationCounter: number): Uint8Array {
  const iv = new Uint8Array(IV_LENGTH);
  iv.set(systemTitle, 0);
  new DataView(iv.buffer).setUint32(SYSTEM_TITLE_LENGTH, invocationCounter);
  return iv;
}

/** Encrypts and authenticates; the tag is the left 12 octets. With empty `plain` this is GMAC over `aad`. */
export function gcmSeal(
  input: GcmInput,
  aad: Uint8Array,
  plain: Uint8Array = NOTHING,
): { ciphertext: Uint8Array; tag: Uint8Array } {
  const cipher = createCipheriv(input.suite.gcm, input.key, input.iv, { authTagLength: TAG_LENGTH });
  cipher.setAAD(aad);
  const ciphertext = octetsOf(cipher.update(plain));
  cipher.final();
  return { ciphertext, tag: octetsOf(cipher.getAuthTag()) };
}

/** Decrypts; undefined when the tag does not match. The comparison is that of OpenSSL, in constant time. */
export function gcmOpen(
  input: GcmInput,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  const decipher = createDecipheriv(input.suite.gcm, input.key, input.iv, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plain = octetsOf(decipher.update(ciphertext));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plain;
}

/**
 * Encryption without authentication, both directions: the key stream of GCM, which is that of counter mode from the
 * second counter block on. Node's GCM decipher refuses to finish without a tag.
 */
export function gcmStream(input: GcmInput, text: Uint8Array): Uint8Array {
  const counter = new Uint8Array(16);
  counter.set(input.iv, 0);
  counter[15] = 2;
  return octetsOf(createCipheriv(input.suite.ctr, input.key, counter).update(text));
}

/** A plain Uint8Array over the memory of a Buffer, so that no Buffer leaves the codec. */
function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
