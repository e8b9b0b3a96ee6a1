import { createHash } from 'node:crypto';
import type { SecuritySuite } from './suites.ts';

/** What a derived key is for: content and other keys, or wrapping keys. */
export type KeyUse = 'aes-gcm' | 'aes-wrap';

/**
 * Object identifiers of the algorithms in OtherInfo. `dlms-ua`, 60 85 74 05 08 03 n, is that of the Green Book;
 * `early-green-book`, 60 85 74 06 08 03 n, stood in first printings of edition 8 and lives on in Connexo and GBCS.
 */
export type AlgorithmArc = 'dlms-ua' | 'early-green-book';

export interface KdfInput {
  /** Suite 1 or 2. */
  readonly suite: SecuritySuite;
  /** Shared secret Z of the key agreement. */
  readonly secret: Uint8Array;
  readonly use: KeyUse;
  /** System title of party U; for C(0e, 2s) with the nonce behind it. */
  readonly partyU: Uint8Array;
  /** System title of party V. */
  readonly partyV: Uint8Array;
  /** Default `dlms-ua`. */
  readonly arc?: AlgorithmArc;
}

const FIRST_ROUND = Uint8Array.of(0, 0, 0, 1);

/**
 * Key derivation by concatenation (NIST SP 800-56A 5.8.1, GB 9.2.3.4.6.5): the leading octets of
 * Hash(00000001 || Z || AlgorithmID || party U || party V). One round is enough for every suite.
 * @throws {RangeError} for suite 0, which has no key agreement.
 */
export function deriveKey(input: KdfInput): Uint8Array {
  const { suite } = input;
  if (suite.curve === undefined) throw new RangeError(`security suite ${suite.id} has no key agreement`);
  const digest = createHash(suite.curve.hash)
    .update(FIRST_ROUND)
    .update(input.secret)
    .update(algorithmId(suite, input.use, input.arc ?? 'dlms-ua'))
    .update(input.partyU)
    .update(input.partyV)
    .digest();
  return new Uint8Array(digest.subarray(0, suite.keyLength));
}

/** AES-GCM-128 0, AES-GCM-256 1, AES-WRAP-128 2, AES-WRAP-256 3. */
function algorithmId(suite: SecuritySuite, use: KeyUse, arc: AlgorithmArc): Uint8Array {
  const algorithm = (use === 'aes-wrap' ? 2 : 0) + (suite.keyLength === 32 ? 1 : 0);
  return Uint8Array.of(0x60, 0x85, 0x74, arc === 'dlms-ua' ? 0x05 : 0x06, 0x08, 0x03, algorithm);
}
