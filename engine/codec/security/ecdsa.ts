import { sign, verify } from 'node:crypto';
import { curveOfPrivateKey, curveOfPublicKey, importPrivateKey, importPublicKey } from './curves.ts';

/** Signatures are r || s at full length, not DER (GB 9.2.3.4.5). */
const PLAIN_FORMAT = 'ieee-p1363';

/**
 * ECDSA signature r || s: P-256 with SHA-256 or P-384 with SHA-384, by the length of the private key.
 * @throws {RangeError} when the octets are no private key.
 */
export function ecdsaSign(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  const curve = curveOfPrivateKey(privateKey);
  if (curve === undefined) throw new RangeError(`a private key has 32 or 48 octets, not ${privateKey.length}`);
  const key = importPrivateKey(curve, privateKey);
  return new Uint8Array(sign(curve.hash, message, { key, dsaEncoding: PLAIN_FORMAT }));
}

/** Whether `signature` (r || s) is that of the owner of a public key x || y. False for octets that are no such key. */
export function ecdsaVerify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const curve = curveOfPublicKey(publicKey);
  if (curve === undefined || signature.length !== 2 * curve.size) return false;
  const key = importPublicKey(curve, publicKey);
  return key !== undefined && verify(curve.hash, message, { key, dsaEncoding: PLAIN_FORMAT }, signature);
}
