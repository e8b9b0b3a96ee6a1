import { securitySuite } from '../codec/security/suites.ts';
import type { ClientSession } from './client-session.ts';
import type { Suite } from './params.ts';

/** Tag, three octets of length, security control and invocation counter of a ciphered APDU (GB 9.2.7.2.4). */
const CIPHERED_HEAD = 1 + 3 + 1 + 4;
const AUTHENTICATION_TAG = 12;
/** The general forms carry the system title with its length. */
const GENERAL_TITLE = 9;
/** Fields of general-ciphering and general-signing: transaction-id and two titles of 8 octets, two empty ones. */
const GENERAL_HEADER = 3 * 9 + 2;
/** Key-info besides the key: presence, choice, parameters, length. */
const KEY_INFO = 7;
/** A wrapped key of suite 2. */
const WRAPPED_KEY = 40;

/**
 * Octets protection adds to a request at most. A request that is encrypted only has no authentication tag, yet room
 * for one is kept: a block more costs less than an APDU the meter refuses.
 */
export function protectionOverhead(session: ClientSession): number {
  if (!session.ciphering.active) return 0;
  const { signed, suite } = session.params;
  const signature = signed === true ? CIPHERED_HEAD + GENERAL_HEADER + 2 * coordinate(suite) : 0;
  return CIPHERED_HEAD + AUTHENTICATION_TAG + formOverhead(session) + signature;
}

/** What the form of the ciphered APDU carries besides the security header. */
function formOverhead({ params, negotiated }: ClientSession): number {
  const { contentKey, signed, suite } = params;
  if (contentKey !== undefined) {
    const key = contentKey === 'one-pass' ? 4 * coordinate(suite) : WRAPPED_KEY;
    return GENERAL_HEADER + KEY_INFO + key;
  }
  return negotiated?.conformance.has('general-protection') === true || signed === true ? GENERAL_TITLE : 0;
}

function coordinate(suite: Suite): number {
  return securitySuite(suite)?.curve?.size ?? 0;
}

/** Largest plain APDU that still fits the meter's PDU size once it is protected; infinite when the meter has no limit. */
export function plainLimit(session: ClientSession): number {
  const limit = session.negotiated?.maxPdu ?? 0;
  return limit === 0 ? Number.POSITIVE_INFINITY : Math.max(0, limit - protectionOverhead(session));
}
