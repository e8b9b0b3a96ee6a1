import {
  AGREEMENT_SCHEMES,
  type AgreementScheme,
  agreeOnContentKey,
  ephemeralKeyIn,
  isEphemeralKeySigned,
} from './agreed-key.ts';
import { type Curve, isPrivateKey } from './curves.ts';
import { SYSTEM_TITLE_LENGTH } from './gcm.ts';
import type { AlgorithmArc } from './kdf.ts';
import { unwrapKey } from './key-wrap.ts';
import type { SecuritySuite } from './suites.ts';
import type { CipheredApdu, GeneralCiphering, KeyInfo, KeyRing } from './types.ts';

/** The key that protects an APDU, or why it cannot be told from the key ring. */
export type ContentKey =
  | {
      readonly ok: true;
      readonly key: Uint8Array;
      /** False when the ring lacks the key to verify who made an ephemeral key; see `ContentKeyContext.unverified`. */
      readonly verified: boolean;
    }
  | { readonly ok: false; readonly found: string; readonly expected: string };

export interface ContentKeyContext {
  readonly suite: SecuritySuite;
  readonly keys: KeyRing;
  /** System title of the originator, 8 octets. */
  readonly originator: Uint8Array;
  /** How algorithms are named in key derivation. */
  readonly arc: AlgorithmArc;
  /** Go on without the public key that verifies an ephemeral key. */
  readonly unverified: boolean;
}

/** Finds the encryption key of a protected APDU: dedicated, global, wrapped in the APDU, or agreed on. */
export function contentKey(apdu: CipheredApdu, context: ContentKeyContext): ContentKey {
  const { suite } = context;
  const found = chooseKey(apdu, context);
  if (!found.ok || found.key.length === suite.keyLength) return found;
  return refused(`encryption key of ${found.key.length} octets`, `${suite.keyLength} octets in suite ${suite.id}`);
}

function chooseKey(apdu: CipheredApdu, context: ContentKeyContext): ContentKey {
  const { keys } = context;
  if (apdu.kind === 'general-ciphering' && apdu.keyInfo !== null) {
    const { identifiedKey, wrappedKey, agreedKey } = apdu.keyInfo;
    const madeForIt = wrappedKey !== undefined || agreedKey !== undefined;
    if (madeForIt && keys.contentKey !== undefined) return { ok: true, key: keys.contentKey, verified: true };
    if (wrappedKey !== undefined) return wrapped(wrappedKey, keys);
    if (agreedKey !== undefined) return agreed(apdu, agreedKey, context);
    return globalKey(identifiedKey ?? 'unicast', keys);
  }
  if (apdu.kind === 'general-ded-ciphering' || apdu.kind.startsWith('ded-')) {
    return present(keys.dedicatedKey, 'the dedicated key of the association');
  }
  return globalKey(apdu.security.keySet, keys);
}

function globalKey(keySet: 'unicast' | 'broadcast', keys: KeyRing): ContentKey {
  return keySet === 'broadcast'
    ? present(keys.gbek, 'the global broadcast encryption key (gbek)')
    : present(keys.guek, 'the global unicast encryption key (guek)');
}

/** The master key is the only key encrypting key there is (kek-id 0). */
function wrapped(info: NonNullable<KeyInfo['wrappedKey']>, keys: KeyRing): ContentKey {
  if (info.kekId !== 0) return refused(`key encrypting key ${info.kekId}`, 'the master key (0)');
  if (keys.kek === undefined) return refused('no key', 'the master key (kek)');
  const key = unwrapKey(keys.kek, info.keyCipheredData);
  return key === undefined
    ? refused(`${info.keyCipheredData.length} octets that the master key does not unwrap`, 'a key wrapped under it')
    : { ok: true, key, verified: true };
}

function agreed(
  apdu: GeneralCiphering,
  info: NonNullable<KeyInfo['agreedKey']>,
  context: ContentKeyContext,
): ContentKey {
  const { suite, keys } = context;
  const { curve } = suite;
  if (curve === undefined)
    return refused(`an agreed key in suite ${suite.id}`, 'suite 1 or 2, which have key agreement');
  const scheme = schemeOf(info.keyParameters);
  if (scheme === undefined) return refused('key-parameters of no known scheme', '01 (C(1e, 1s)) or 02 (C(0e, 2s))');
  if (apdu.recipientSystemTitle.length !== SYSTEM_TITLE_LENGTH) {
    return refused(
      `recipient-system-title of ${apdu.recipientSystemTitle.length} octets`,
      `${SYSTEM_TITLE_LENGTH} octets, which enter the agreed key`,
    );
  }
  const { agreementKey } = keys;
  if (agreementKey === undefined) return refused('no key', 'the own private key for key agreement (agreementKey)');
  if (!isPrivateKey(curve, agreementKey)) {
    return refused('an agreementKey of another curve', `${curve.size} octets, a private key of ${curve.name}`);
  }
  const peer = scheme === 'static' ? staticPeer(info, keys) : ephemeralPeer(info, curve, context);
  if (!peer.ok) return peer;
  const parties = {
    suite,
    sender: context.originator,
    receiver: apdu.recipientSystemTitle,
    transactionId: apdu.transactionId,
    arc: context.arc,
  };
  const key = agreeOnContentKey(scheme, parties, agreementKey, peer.key);
  if (key === undefined) return refused('a public key that is no point of the curve', `a point of ${curve.name}`);
  return { ok: true, key, verified: peer.verified };
}

function schemeOf(keyParameters: Uint8Array): AgreementScheme | undefined {
  const [octet] = keyParameters;
  return keyParameters.length === 1 && (octet === 1 || octet === 2) ? AGREEMENT_SCHEMES[octet] : undefined;
}

/** The other party's public key in C(0e, 2s). */
function staticPeer(info: NonNullable<KeyInfo['agreedKey']>, keys: KeyRing): ContentKey {
  if (info.keyCipheredData.length > 0) {
    return refused(`key-ciphered-data of ${info.keyCipheredData.length} octets`, 'none with C(0e, 2s)');
  }
  return present(keys.peerAgreementKey, "the originator's public key for key agreement (peerAgreementKey)");
}

/** The ephemeral public key in C(1e, 1s), whose signature tells who made it. */
function ephemeralPeer(info: NonNullable<KeyInfo['agreedKey']>, curve: Curve, context: ContentKeyContext): ContentKey {
  const { peerSigningKey } = context.keys;
  const data = info.keyCipheredData;
  const key = ephemeralKeyIn(curve, data);
  if (key === undefined) {
    return refused(
      `key-ciphered-data of ${data.length} octets`,
      `${4 * curve.size} octets: a public key of ${curve.name} and its signature`,
    );
  }
  if (peerSigningKey === undefined) {
    if (context.unverified) return { ok: true, key, verified: false };
    return refused('no key', "the originator's public key for signatures (peerSigningKey)");
  }
  return isEphemeralKeySigned(curve, data, peerSigningKey)
    ? { ok: true, key, verified: true }
    : refused('an ephemeral public key with a wrong signature', 'the signature of the originator');
}

function present(key: Uint8Array | undefined, name: string): ContentKey {
  return key === undefined ? refused('no key', name) : { ok: true, key, verified: true };
}

function refused(found: string, expected: string): ContentKey {
  return { ok: false, found, expected };
}
