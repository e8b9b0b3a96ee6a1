import { createHash, timingSafeEqual } from 'node:crypto';
import type { Mechanism } from '../acse/types.ts';
import { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
import { gcmIv, gcmSeal } from './gcm.ts';
import { TAG_LENGTH } from './security-header.ts';
import { type SecuritySuite, securitySuite } from './suites.ts';

/** HLS mechanisms whose reply the standard defines. */
export type HlsMechanism = Extract<Mechanism, 'hls-md5' | 'hls-sha1' | 'hls-gmac' | 'hls-sha256' | 'hls-ecdsa'>;

/**
 * What f(challenge) of passes 3 and 4 is computed from (GB 9.2.7.4), seen from the party that replies: the client in
 * pass 3, where `challenge` is StoC, the server in pass 4, where it is CtoS.
 */
export interface HlsReplyInput {
  /** The challenge replied to. */
  readonly challenge: Uint8Array;
  /** The challenge the replying party sent itself. Used by SHA-256 and ECDSA. */
  readonly ownChallenge?: Uint8Array;
  /** HLS secret of the association. Used by MD5, SHA-1 and SHA-256. */
  readonly secret?: Uint8Array;
  /** System title of the replying party. Used by GMAC, SHA-256 and ECDSA. */
  readonly systemTitle?: Uint8Array;
  /** System title of the other party. Used by SHA-256 and ECDSA. */
  readonly peerSystemTitle?: Uint8Array;
  /** Global unicast encryption key and authentication key. Used by GMAC. */
  readonly guek?: Uint8Array;
  readonly gak?: Uint8Array;
  /** Private key for signatures of the replying party. Used by ECDSA to reply. */
  readonly signingKey?: Uint8Array;
  /** Public key for signatures, x || y, of the replying party. Used by ECDSA to verify. */
  readonly publicKey?: Uint8Array;
  /** Security suite and invocation counter of the replying party. Used by GMAC; ignored in verification. */
  readonly suite?: 0 | 1 | 2;
  readonly invocationCounter?: number;
}

/** SC || IC || T. */
const GMAC_REPLY_LENGTH = 5 + TAG_LENGTH;
const SC_AUTHENTICATED = 0x10;

/**
 * f(StoC) or f(CtoS), the octets of reply_to_HLS_authentication.
 * @throws {TypeError} naming a part of the input that the mechanism needs and that is missing; {RangeError} for keys of a
 * wrong length.
 */
export function hlsReply(mechanism: HlsMechanism, input: HlsReplyInput): Uint8Array {
  switch (mechanism) {
    case 'hls-md5':
      return digest('md5', input.challenge, part(input, 'secret'));
    case 'hls-sha1':
      return digest('sha1', input.challenge, part(input, 'secret'));
    case 'hls-sha256':
      return digest(
        'sha256',
        part(input, 'secret'),
        part(input, 'systemTitle'),
        part(input, 'peerSystemTitle'),
        input.challenge,
        part(input, 'ownChallenge'),
      );
    case 'hls-gmac': {
      const { suite, invocationCounter } = input;
      if (invocationCounter === undefined) throw new TypeError('HLS reply: invocationCounter is missing');
      return gmacReply(input, suiteOf(suite ?? 0), SC_AUTHENTICATED | (suite ?? 0), invocationCounter);
    }
    case 'hls-ecdsa':
      return ecdsaSign(part(input, 'signingKey'), signedMessage(input));
  }
}

/**
 * True when `reply` is what the other party must have computed. `input` is seen from that party; of GMAC, security
 * control and invocation counter are taken from the reply, and the caller judges the counter (`hlsReplyCounter`).
 * The comparison takes the same time wherever the octets differ.
 */
export function verifyHlsReply(mechanism: HlsMechanism, reply: Uint8Array, input: HlsReplyInput): boolean {
  if (mechanism === 'hls-ecdsa') return ecdsaVerify(part(input, 'publicKey'), signedMessage(input), reply);
  if (mechanism !== 'hls-gmac') return sameOctets(reply, hlsReply(mechanism, input));
  const counter = hlsReplyCounter(reply);
  if (counter === undefined) return false;
  // Some clients send 10h whatever the suite, so the length of the key decides about the cipher.
  const suite = suiteOf(part(input, 'guek').length === 32 ? 2 : 0);
  return sameOctets(reply, gmacReply(input, suite, reply[0]!, counter));
}

/** Invocation counter of a GMAC reply; undefined when the octets are not SC || IC || T. */
export function hlsReplyCounter(reply: Uint8Array): number | undefined {
  if (reply.length !== GMAC_REPLY_LENGTH || (reply[0]! & 0xf0) !== SC_AUTHENTICATED) return undefined;
  return ((reply[1]! << 24) | (reply[2]! << 16) | (reply[3]! << 8) | reply[4]!) >>> 0;
}

function gmacReply(input: HlsReplyInput, suite: SecuritySuite, sc: number, invocationCounter: number): Uint8Array {
  const key = part(input, 'guek');
  const authenticationKey = part(input, 'gak');
  if (key.length !== suite.keyLength) {
    throw new RangeError(`HLS reply: guek has ${key.length} octets instead of ${suite.keyLength} (suite ${suite.id})`);
  }
  const aad = new Uint8Array(1 + authenticationKey.length + input.challenge.length);
  aad[0] = sc;
  aad.set(authenticationKey, 1);
  aad.set(input.challenge, 1 + authenticationKey.length);
  const iv = gcmIv(part(input, 'systemTitle'), invocationCounter);
  const reply = new Uint8Array(GMAC_REPLY_LENGTH);
  reply[0] = sc;
  reply.set(iv.subarray(8), 1);
  reply.set(gcmSeal({ suite, key, iv }, aad).tag, 5);
  return reply;
}

/** System titles and challenges as ECDSA signs them, those of the replying party first. */
function signedMessage(input: HlsReplyInput): Uint8Array {
  return Buffer.concat([
    part(input, 'systemTitle'),
    part(input, 'peerSystemTitle'),
    input.challenge,
    part(input, 'ownChallenge'),
  ]);
}

function suiteOf(id: number): SecuritySuite {
  const suite = securitySuite(id);
  if (suite === undefined) throw new RangeError(`HLS reply: security suite ${id} is not 0, 1 or 2`);
  return suite;
}

function digest(algorithm: 'md5' | 'sha1' | 'sha256', ...parts: Uint8Array[]): Uint8Array {
  const hash = createHash(algorithm);
  for (const octets of parts) hash.update(octets);
  return new Uint8Array(hash.digest());
}

function part(
  input: HlsReplyInput,
  name: 'secret' | 'ownChallenge' | 'systemTitle' | 'peerSystemTitle' | 'guek' | 'gak' | 'signingKey' | 'publicKey',
): Uint8Array {
  const octets = input[name];
  if (octets === undefined) throw new TypeError(`HLS reply: ${name} is missing`);
  return octets;
}

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
