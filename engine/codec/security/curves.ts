import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** An elliptic curve of DLMS/COSEM and what goes with it (GB 9.2.3.4.2; security.md 1). */
export interface Curve {
  readonly name: 'P-256' | 'P-384';
  /** Name of the curve in node:crypto. */
  readonly nodeName: 'prime256v1' | 'secp384r1';
  /** Hash of signatures and of the key derivation function. */
  readonly hash: 'sha256' | 'sha384';
  /** Octets of a private key and of one coordinate; public keys (x || y) and signatures (r || s) have twice as many. */
  readonly size: 32 | 48;
}

/** Curve of security suite 1. */
export const P256: Curve = { name: 'P-256', nodeName: 'prime256v1', hash: 'sha256', size: 32 };
/** Curve of security suite 2. */
export const P384: Curve = { name: 'P-384', nodeName: 'secp384r1', hash: 'sha384', size: 48 };

const CURVES: readonly Curve[] = [P256, P384];
/** SEC 1: what follows is x || y. */
const UNCOMPRESSED = 0x04;

/** Curve of a private key by its length; undefined for lengths that no curve has. */
export function curveOfPrivateKey(privateKey: Uint8Array): Curve | undefined {
  return CURVES.find((curve) => curve.size === privateKey.length);
}

/** Curve of a public key x || y by its length; undefined for lengths that no curve has. */
export function curveOfPublicKey(publicKey: Uint8Array): Curve | undefined {
  return CURVES.find((curve) => 2 * curve.size === publicKey.length);
}

/**
 * The public key x || y that belongs to a private key.
 * @throws {RangeError} when the octets are no private key of the curve (length, zero, not below the order).
 */
export function publicKeyOf(curve: Curve, privateKey: Uint8Array): Uint8Array {
  return new Uint8Array(ecdhOf(curve, privateKey).getPublicKey().subarray(1));
}

/** Whether octets are x || y of a point on the curve. */
export function isPublicKey(curve: Curve, publicKey: Uint8Array): boolean {
  return importPublicKey(curve, publicKey) !== undefined;
}

/**
 * The shared secret Z of ECC CDH: the x coordinate, with leading zeros. Undefined when the public key is no point of the
 * curve: a point of another curve would give away the private key bit by bit.
 * @throws {RangeError} when the private key is none of the curve.
 */
export function sharedSecret(curve: Curve, privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  const ecdh = ecdhOf(curve, privateKey);
  if (!isPublicKey(curve, publicKey)) return undefined;
  const point = new Uint8Array(1 + publicKey.length);
  point[0] = UNCOMPRESSED;
  point.set(publicKey, 1);
  return new Uint8Array(ecdh.computeSecret(point));
}

/**
 * A private key from random octets: numbers that are zero or not below the order of the curve are drawn again.
 * `random` has to be a cryptographic generator.
 */
export function drawPrivateKey(curve: Curve, random: (length: number) => Uint8Array): Uint8Array {
  for (let attempt = 0; attempt < MAX_DRAWS; attempt++) {
    const candidate = new Uint8Array(random(curve.size));
    if (isPrivateKey(curve, candidate)) return candidate;
  }
  throw new RangeError(`no private key of ${curve.name} in ${MAX_DRAWS} draws: the generator is not random`);
}

/** A draw fails with probability 2^-32 on P-256; so many failures in a row are no chance. */
const MAX_DRAWS = 8;

/** Whether octets are a private key of the curve: 1 to order - 1, at full length. */
export function isPrivateKey(curve: Curve, octets: Uint8Array): boolean {
  if (octets.length !== curve.size) return false;
  try {
    createECDH(curve.nodeName).setPrivateKey(octets);
    return true;
  } catch {
    return false;
  }
}

/** The public key for node:crypto; undefined when the octets are no point of the curve. */
export function importPublicKey(curve: Curve, publicKey: Uint8Array): KeyObject | undefined {
  if (publicKey.length !== 2 * curve.size) return undefined;
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: curve.name, ...coordinates(curve, publicKey) } });
  } catch {
    return undefined;
  }
}

/** The private key for node:crypto. @throws {RangeError} as `publicKeyOf`. */
export function importPrivateKey(curve: Curve, privateKey: Uint8Array): KeyObject {
  const point = coordinates(curve, publicKeyOf(curve, privateKey));
  return createPrivateKey({
    format: 'jwk',
    key: { kty: 'EC', crv: curve.name, ...point, d: Buffer.from(privateKey).toString('base64url') },
  });
}

function coordinates(curve: Curve, publicKey: Uint8Array): { x: string; y: string } {
  return {
    x: Buffer.from(publicKey.subarray(0, curve.size)).toString('base64url'),
    y: Buffer.from(publicKey.subarray(curve.size)).toString('base64url'),
  };
}

function ecdhOf(curve: Curve, privateKey: Uint8Array) {
  if (!isPrivateKey(curve, privateKey)) {
    throw new RangeError(`${privateKey.length} octets that are no private key of ${curve.name}`);
  }
  const ecdh = createECDH(curve.nodeName);
  ecdh.setPrivateKey(privateKey);
  return ecdh;
}
