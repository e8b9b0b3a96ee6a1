import type { Data } from '../axdr/data.ts';
import { isPublicKey, publicKeyOf, sharedSecret } from './curves.ts';
import { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
import { type AlgorithmArc, deriveKey } from './kdf.ts';
import { keyDataFromData, keyDataToData, type Refusal } from './key-data.ts';
import { KEY_IDS, type KeyId } from './key-id.ts';
import type { SecurityKey } from './key-transfer.ts';
import type { SecuritySuite } from './suites.ts';

/** An ephemeral key one party offers for one key of the security setup. */
export interface KeyOffer {
  readonly id: KeyId;
  /** Private key, drawn for this one agreement. */
  readonly ephemeralKey: Uint8Array;
}

/** The other party's offer, its signature verified. */
export interface PeerOffer {
  readonly id: KeyId;
  /** Public key x || y, a point of the curve. */
  readonly publicKey: Uint8Array;
}

export interface AgreementTitles {
  /** System title of who invokes key_agreement: party U. */
  readonly requester: Uint8Array;
  /** System title of who answers: party V. */
  readonly responder: Uint8Array;
}

/**
 * Parameter of key_agreement (class 64 version 1, method 3) and its answer alike: per key an ephemeral public key with
 * the signature over key_id || public key (GB 9.2.3.4.6.2, C(2e, 0s)).
 * @throws {RangeError} for suite 0 and for keys of another curve.
 */
export function keyAgreementData(suite: SecuritySuite, offers: readonly KeyOffer[], signingKey: Uint8Array): Data {
  const curve = curveOf(suite);
  return keyDataToData(
    offers.map(({ id, ephemeralKey }) => {
      const publicKey = publicKeyOf(curve, ephemeralKey);
      const signature = ecdsaSign(signingKey, signedOctets(id, publicKey));
      const octets = new Uint8Array(publicKey.length + signature.length);
      octets.set(publicKey);
      octets.set(signature, publicKey.length);
      return { id, octets };
    }),
  );
}

/** What the other party offers. Refused as a whole when a signature or a point is wrong. */
export function keyOffersFromData(
  suite: SecuritySuite,
  data: Data,
  peerSigningKey: Uint8Array,
): { readonly ok: true; readonly offers: readonly PeerOffer[] } | Refusal {
  const { curve } = suite;
  if (curve === undefined) return { ok: false, found: `suite ${suite.id}`, expected: 'suite 1 or 2' };
  const read = keyDataFromData(data);
  if (!read.ok) return read;
  const offers: PeerOffer[] = [];
  for (const { id, octets } of read.items) {
    const length = 4 * curve.size;
    if (octets.length !== length) {
      return { ok: false, found: `key_data of ${octets.length} octets`, expected: `${length} octets (${curve.name})` };
    }
    const publicKey = octets.slice(0, 2 * curve.size);
    if (!ecdsaVerify(peerSigningKey, signedOctets(id, publicKey), octets.subarray(2 * curve.size))) {
      return { ok: false, found: `${id} with a wrong signature`, expected: 'the signature of the other party' };
    }
    if (!isPublicKey(curve, publicKey)) {
      return { ok: false, found: `${id} with a public key that is no point`, expected: `a point of ${curve.name}` };
    }
    offers.push({ id, publicKey });
  }
  return { ok: true, offers };
}

/**
 * The keys both parties come to. Offers that only one party made are left out.
 * @throws {RangeError} for suite 0 and for keys of another curve.
 */
export function agreedKeys(
  suite: SecuritySuite,
  own: readonly KeyOffer[],
  peer: readonly PeerOffer[],
  titles: AgreementTitles,
  arc: AlgorithmArc = 'dlms-ua',
): readonly SecurityKey[] {
  const curve = curveOf(suite);
  const keys: SecurityKey[] = [];
  for (const { id, ephemeralKey } of own) {
    const offer = peer.find((candidate) => candidate.id === id);
    if (offer === undefined) continue;
    const secret = sharedSecret(curve, ephemeralKey, offer.publicKey);
    if (secret === undefined) throw new RangeError(`the offer for ${id} is no point of ${curve.name}`);
    // A master key wraps, the others go into AES-GCM.
    const use = id === 'master-key' ? 'aes-wrap' : 'aes-gcm';
    const key = deriveKey({ suite, secret, use, partyU: titles.requester, partyV: titles.responder, arc });
    keys.push({ id, key });
  }
  return keys;
}

function signedOctets(id: KeyId, publicKey: Uint8Array): Uint8Array {
  const octets = new Uint8Array(1 + publicKey.length);
  octets[0] = KEY_IDS.indexOf(id);
  octets.set(publicKey, 1);
  return octets;
}

function curveOf(suite: SecuritySuite) {
  if (suite.curve === undefined) throw new RangeError(`security suite ${suite.id} has no key agreement`);
  return suite.curve;
}
