import { verify } from 'node:crypto';
import { type Curve, curveOfPrivateKey, importPublicKey } from './curves.ts';
import { derBitString, derInteger, derOid, derSequence } from './der-write.ts';
import { ecdsaSign } from './ecdsa.ts';

/** ecdsa-with-SHA256 for P-256 and ecdsa-with-SHA384 for P-384 (RFC 5758 3.2). */
const ALGORITHMS = { 'P-256': '1.2.840.10045.4.3.2', 'P-384': '1.2.840.10045.4.3.3' } as const;

/** AlgorithmIdentifier of signatures with keys of a curve. */
export function signatureAlgorithm(curve: Curve): Uint8Array {
  return derSequence(derOid(ALGORITHMS[curve.name]));
}

/**
 * What X.509 and PKCS#10 sign: SEQUENCE of the octets, the algorithm and the signature as DER.
 * @throws {RangeError} when the octets are no private key of P-256 or P-384.
 */
export function signedDer(toBeSigned: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const signature = ecdsaSign(privateKey, toBeSigned);
  const half = signature.length / 2;
  const plain = derSequence(derInteger(signature.subarray(0, half)), derInteger(signature.subarray(half)));
  const curve = curveOfPrivateKey(privateKey);
  if (curve === undefined) throw new RangeError(`a private key has 32 or 48 octets, not ${privateKey.length}`);
  return derSequence(toBeSigned, signatureAlgorithm(curve), derBitString(plain));
}

/** Whether a signature in DER is that of the owner of a public key x || y. Never throws. */
export function isSignedInDer(
  curve: Curve,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = importPublicKey(curve, publicKey);
  if (key === undefined) return false;
  try {
    return verify(curve.hash, message, { key, dsaEncoding: 'der' }, signature);
  } catch {
    return false;
  }
}

/** SubjectPublicKeyInfo of a public key x || y. @throws {RangeError} when it is no point of the curve. */
export function publicKeyInfo(curve: Curve, publicKey: Uint8Array): Uint8Array {
  const key = importPublicKey(curve, publicKey);
  if (key === undefined) throw new RangeError(`a public key that is no point of ${curve.name}`);
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }));
}
