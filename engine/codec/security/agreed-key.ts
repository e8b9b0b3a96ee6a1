import { Writer } from '../writer.ts';
import { type Curve, publicKeyOf, sharedSecret } from './curves.ts';
import { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
import { type AlgorithmArc, deriveKey } from './kdf.ts';
import type { SecuritySuite } from './suites.ts';

/**
 * Key agreement schemes of general-ciphering by their key-parameters octet (GB 9.2.3.4.6, security.md 8):
 * `one-pass` C(1e, 1s) has an ephemeral key of the sender, `static` C(0e, 2s) none at all.
 */
export const AGREEMENT_SCHEMES = { 1: 'one-pass', 2: 'static' } as const;
export type AgreementScheme = (typeof AGREEMENT_SCHEMES)[keyof typeof AGREEMENT_SCHEMES];

/** Who agrees: the sender is party U, the receiver party V. */
export interface AgreementParties {
  readonly suite: SecuritySuite;
  /** System titles of sender and receiver, 8 octets each. */
  readonly sender: Uint8Array;
  readonly receiver: Uint8Array;
  /** Transaction-id of the APDU, the nonce of C(0e, 2s). */
  readonly transactionId: Uint8Array;
  readonly arc?: AlgorithmArc;
}

/** Content key of an APDU from one's private and the other's public key; undefined when that is no point of the curve. */
export function agreeOnContentKey(
  scheme: AgreementScheme,
  parties: AgreementParties,
  privateKey: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | undefined {
  const secret = sharedSecret(curveOf(parties.suite), privateKey, publicKey);
  if (secret === undefined) return undefined;
  return deriveKey({
    suite: parties.suite,
    secret,
    use: 'aes-gcm',
    partyU: scheme === 'static' ? withNonce(parties.sender, parties.transactionId) : parties.sender,
    partyV: parties.receiver,
    ...(parties.arc === undefined ? {} : { arc: parties.arc }),
  });
}

/** key-ciphered-data of C(1e, 1s): the ephemeral public key with the sender's signature over it. */
export function signedEphemeralKey(curve: Curve, ephemeralKey: Uint8Array, signingKey: Uint8Array): Uint8Array {
  const publicKey = publicKeyOf(curve, ephemeralKey);
  const signed = new Uint8Array(4 * curve.size);
  signed.set(publicKey);
  signed.set(ecdsaSign(signingKey, publicKey), publicKey.length);
  return signed;
}

/** The ephemeral public key in key-ciphered-data of C(1e, 1s); undefined when the length is not that of the curve. */
export function ephemeralKeyIn(curve: Curve, keyCipheredData: Uint8Array): Uint8Array | undefined {
  return keyCipheredData.length === 4 * curve.size ? keyCipheredData.subarray(0, 2 * curve.size) : undefined;
}

/** Whether the ephemeral key in key-ciphered-data is signed by the owner of a public signature key. */
export function isEphemeralKeySigned(curve: Curve, keyCipheredData: Uint8Array, signer: Uint8Array): boolean {
  const at = 2 * curve.size;
  return ecdsaVerify(signer, keyCipheredData.subarray(0, at), keyCipheredData.subarray(at));
}

function curveOf(suite: SecuritySuite): Curve {
  if (suite.curve === undefined) throw new RangeError(`security suite ${suite.id} has no key agreement`);
  return suite.curve;
}

/** Party U of C(0e, 2s): system title, then the nonce with its length. */
function withNonce(systemTitle: Uint8Array, nonce: Uint8Array): Uint8Array {
  const w = new Writer(systemTitle.length + nonce.length + 1);
  w.octets(systemTitle, 'systemTitle');
  w.octetString(nonce, 'transactionId');
  return w.result();
}
