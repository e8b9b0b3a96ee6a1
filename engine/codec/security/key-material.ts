import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto';
import { curveOfPrivateKey, curveOfPublicKey, isPrivateKey, isPublicKey } from './curves.ts';

/**
 * A private key from what people keep it in: PEM (PKCS#8 or SEC 1), DER of the same, or the raw 32 or 48 octets.
 * Undefined when it is no private key on P-256 or P-384. Never throws.
 */
export function readPrivateKey(octets: Uint8Array): Uint8Array | undefined {
  const raw = curveOfPrivateKey(octets);
  if (raw !== undefined) return isPrivateKey(raw, octets) ? octets : undefined;
  const data = Buffer.from(octets);
  const key = isPem(octets)
    ? attempt(() => createPrivateKey(data))
    : (attempt(() => createPrivateKey({ key: data, format: 'der', type: 'pkcs8' })) ??
      attempt(() => createPrivateKey({ key: data, format: 'der', type: 'sec1' })));
  const jwk = key === undefined ? undefined : jwkOf(key);
  const d = jwk?.d === undefined ? undefined : new Uint8Array(Buffer.from(jwk.d, 'base64url'));
  return d !== undefined && curveOfPrivateKey(d)?.name === jwk?.crv ? d : undefined;
}

/**
 * A public key x || y from a certificate or a public key in PEM or DER, or raw: x || y, or 04 || x || y. Undefined when
 * it is no point of P-256 or P-384. Never throws.
 */
export function readPublicKey(octets: Uint8Array): Uint8Array | undefined {
  const raw = octets[0] === 0x04 && octets.length % 2 === 1 ? octets.subarray(1) : octets;
  const curve = curveOfPublicKey(raw);
  if (curve !== undefined) return isPublicKey(curve, raw) ? raw : undefined;
  const data = Buffer.from(octets);
  // A private key in PEM is refused here: its owner surely did not mean to hand it out as a public one.
  if (isPem(octets) && data.includes('PRIVATE KEY')) return undefined;
  const key =
    attempt(() => new X509Certificate(data).publicKey) ??
    (isPem(octets)
      ? attempt(() => createPublicKey(data))
      : attempt(() => createPublicKey({ key: data, format: 'der', type: 'spki' })));
  return key === undefined ? undefined : publicKeyOctets(key);
}

/** x || y of a key of node:crypto; undefined when it is not on P-256 or P-384. */
export function publicKeyOctets(key: KeyObject): Uint8Array | undefined {
  const { crv, x, y } = jwkOf(key) ?? {};
  if (x === undefined || y === undefined) return undefined;
  const octets = new Uint8Array(Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]));
  return curveOfPublicKey(octets)?.name === crv ? octets : undefined;
}

/** Undefined for keys that are no EC keys and for curves that JWK has no name for. */
function jwkOf(key: KeyObject): JsonWebKey | undefined {
  return key.asymmetricKeyType === 'ec' ? attempt(() => key.export({ format: 'jwk' })) : undefined;
}

function isPem(octets: Uint8Array): boolean {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).includes('-----BEGIN');
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
