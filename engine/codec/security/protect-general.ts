import { Writer } from '../writer.ts';
import { type AgreementScheme, agreeOnContentKey, signedEphemeralKey } from './agreed-key.ts';
import type { Curve } from './curves.ts';
import { writeGeneralCiphering } from './general-ciphering.ts';
import { type GeneralHeader, generalHeaderOctets } from './general-header.ts';
import type { AlgorithmArc } from './kdf.ts';
import { wrapKey } from './key-wrap.ts';
import { keyOf, type ProtectOptions, sealWith, suiteOf } from './protect.ts';
import type { SecuritySuite } from './suites.ts';
import type { KeyInfo, KeyRing } from './types.ts';

/** Which key protects the content of general-ciphering, and how the receiver gets it (Key-Info, GB 9.5). */
export type ContentKeySource =
  /** One of the global keys; `named: false` leaves key-info out. */
  | { readonly kind: 'identified'; readonly key: 'unicast' | 'broadcast'; readonly named?: false }
  /** A fresh random key, wrapped under `keys.kek`. */
  | { readonly kind: 'wrapped'; readonly key: Uint8Array }
  /** C(1e, 1s): a fresh ephemeral private key; uses `keys.signingKey` and `keys.peerAgreementKey`. */
  | { readonly kind: 'one-pass'; readonly ephemeralKey: Uint8Array }
  /** C(0e, 2s): uses `keys.agreementKey` and `keys.peerAgreementKey`; needs a transaction-id that was never used. */
  | { readonly kind: 'static' };

export interface GeneralProtectOptions
  extends Omit<ProtectOptions, 'keySet'>,
    Omit<GeneralHeader, 'originatorSystemTitle'> {
  /** Default: the unicast key, identified. */
  readonly contentKey?: ContentKeySource;
  /** How algorithms are named in the derivation of agreed keys; default `dlms-ua`. */
  readonly arc?: AlgorithmArc;
}

/** A protected APDU with the key its invocation counter belongs to. */
interface ContentKeyAndInfo {
  readonly key: Uint8Array;
  readonly keyInfo: KeyInfo | null;
}

/**
 * Protects one plain APDU in general-ciphering. With a wrapped or agreed key the invocation counter begins at 0.
 * @throws as `protect`; {TypeError} for keys that the way to the content key needs and that are missing, {RangeError}
 * for a suite without key agreement, keys of another curve and a missing nonce.
 */
export function protectGeneral(apdu: Uint8Array, options: GeneralProtectOptions): Uint8Array {
  const { transactionId, recipientSystemTitle, dateTime, otherInformation } = options;
  const header: GeneralHeader = {
    transactionId,
    originatorSystemTitle: options.systemTitle,
    recipientSystemTitle,
    dateTime,
    otherInformation,
  };
  const { key, keyInfo } = contentKeyFor(options, suiteOf(options.suite));
  // The key is named by key-info; the key set bit of SC is 0 in general-ciphering (GB 9.2.7.2.4).
  const security = sealWith(key, 'unicast', apdu, options, generalHeaderOctets(header));
  const w = new Writer(apdu.length + 80);
  writeGeneralCiphering(w, { kind: 'general-ciphering', ...header, keyInfo, security });
  return w.result();
}

function contentKeyFor(options: GeneralProtectOptions, suite: SecuritySuite): ContentKeyAndInfo {
  const { keys } = options;
  const source = options.contentKey ?? ({ kind: 'identified', key: 'unicast' } as const);
  switch (source.kind) {
    case 'identified': {
      const key = keyOf(keys, source.key === 'broadcast' ? 'gbek' : 'guek', suite);
      return { key, keyInfo: source.named === false ? null : { identifiedKey: source.key } };
    }
    case 'wrapped': {
      if (source.key.length !== suite.keyLength) {
        throw new RangeError(`content key of ${source.key.length} octets instead of ${suite.keyLength}`);
      }
      const keyCipheredData = wrapKey(keyOf(keys, 'kek', suite), source.key);
      return { key: source.key, keyInfo: { wrappedKey: { kekId: 0, keyCipheredData } } };
    }
    case 'one-pass': {
      const curve = curveOf(suite);
      const keyCipheredData = signedEphemeralKey(curve, source.ephemeralKey, asymmetricKey(keys, 'signingKey', curve));
      return {
        key: agree('one-pass', options, suite, source.ephemeralKey),
        keyInfo: { agreedKey: { keyParameters: Uint8Array.of(1), keyCipheredData } },
      };
    }
    case 'static': {
      if (options.transactionId.length === 0) {
        throw new RangeError('C(0e, 2s) needs a transaction-id as nonce: without it every APDU has the same key');
      }
      return {
        key: agree('static', options, suite, asymmetricKey(keys, 'agreementKey', curveOf(suite))),
        keyInfo: { agreedKey: { keyParameters: Uint8Array.of(2), keyCipheredData: new Uint8Array(0) } },
      };
    }
  }
}

function agree(
  scheme: AgreementScheme,
  options: GeneralProtectOptions,
  suite: SecuritySuite,
  privateKey: Uint8Array,
): Uint8Array {
  const { systemTitle, recipientSystemTitle, transactionId, arc } = options;
  if (recipientSystemTitle.length !== systemTitle.length) {
    throw new RangeError(`recipient system title of ${recipientSystemTitle.length} octets enters an agreed key`);
  }
  const parties = {
    suite,
    sender: systemTitle,
    receiver: recipientSystemTitle,
    transactionId,
    ...(arc === undefined ? {} : { arc }),
  };
  const peer = asymmetricKey(options.keys, 'peerAgreementKey', curveOf(suite), 2);
  const key = agreeOnContentKey(scheme, parties, privateKey, peer);
  if (key === undefined) throw new RangeError(`keys.peerAgreementKey is no point of ${curveOf(suite).name}`);
  return key;
}

function asymmetricKey(
  keys: KeyRing,
  name: 'signingKey' | 'agreementKey' | 'peerAgreementKey',
  curve: Curve,
  coordinates: 1 | 2 = 1,
): Uint8Array {
  const key = keys[name];
  if (key === undefined) throw new TypeError(`keys.${name} is missing`);
  const length = coordinates * curve.size;
  if (key.length !== length) {
    throw new RangeError(`keys.${name} has ${key.length} octets instead of ${length} (${curve.name})`);
  }
  return key;
}

function curveOf(suite: SecuritySuite): Curve {
  if (suite.curve === undefined) throw new RangeError(`security suite ${suite.id} has no key agreement`);
  return suite.curve;
}
