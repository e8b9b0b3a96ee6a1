import { fromHex } from '../codec/hex.ts';
import { readPrivateKey, readPublicKey } from '../codec/security/key-material.ts';
import type { KeyRing } from '../codec/security/types.ts';

/** Members of a key ring, and how each is read from what people keep it in. */
const READERS: Readonly<Record<keyof KeyRing, (octets: Uint8Array) => Uint8Array | undefined>> = {
  guek: asIs,
  gak: asIs,
  gbek: asIs,
  dedicatedKey: asIs,
  contentKey: asIs,
  kek: asIs,
  signingKey: readPrivateKey,
  agreementKey: readPrivateKey,
  peerSigningKey: readPublicKey,
  peerAgreementKey: readPublicKey,
  systemTitle: asIs,
};

function asIs(octets: Uint8Array): Uint8Array {
  return octets;
}

/**
 * Keys to decipher and verify with, from JSON: `{guek, gak, gbek, dedicatedKey, contentKey, kek, systemTitle}`, each
 * hex, with or without `hex:` in front, and `{signingKey, agreementKey, peerSigningKey, peerAgreementKey}`, hex of raw
 * octets or DER, or PEM. `ek` is contentKey, as worked examples call it. Other members (password, suite) belong to the
 * same notation and are left alone.
 * Throws TypeError that names the member and never holds a value.
 */
export function keyRingFromJson(json: unknown): KeyRing {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TypeError('keys are not a JSON object {"guek": "00112233...", "gak": "...", "systemTitle": "..."}');
  }
  const ring: { -readonly [K in keyof KeyRing]: KeyRing[K] } = {};
  for (const [given, value] of Object.entries(json)) {
    const name = given === 'ek' ? 'contentKey' : given;
    if (!isKeyName(name) || value === null) continue;
    if (typeof value !== 'string') throw new TypeError(`keys: ${name} is not a text of hex digits`);
    const key = READERS[name](octets(name, value));
    if (key === undefined) throw new TypeError(`keys: ${name} is no such key on P-256 or P-384`);
    ring[name] = key;
  }
  return ring;
}

function isKeyName(name: string): name is keyof KeyRing {
  return Object.hasOwn(READERS, name);
}

function octets(name: string, value: string): Uint8Array {
  if (value.startsWith('-----BEGIN ')) return new TextEncoder().encode(value);
  try {
    return fromHex(value.startsWith('hex:') ? value.slice(4) : value);
  } catch {
    throw new TypeError(`keys: ${name} is not a text of hex digits`);
  }
}
