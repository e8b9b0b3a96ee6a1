import type { ClientSession } from './client-session.ts';

/** Tag, three octets of length, security control and invocation counter of a ciphered APDU (GB 9.2.7.2.4). */
const CIPHERED_HEAD = 1 + 3 + 1 + 4;
const AUTHENTICATION_TAG = 12;
/** The general forms carry the system title with its length. */
const GENERAL_TITLE = 9;

/**
 * Octets protection adds to a request at most. A request that is encrypted only has no authentication tag, yet room
 * for one is kept: a block more costs less than an APDU the meter refuses.
 */
export function protectionOverhead(session: ClientSession): number {
  if (!session.ciphering.active) return 0;
  const general = session.negotiated?.conformance.has('general-protection') === true;
  return CIPHERED_HEAD + AUTHENTICATION_TAG + (general ? GENERAL_TITLE : 0);
}

/** Largest plain APDU that still fits the meter's PDU size once it is protected; infinite when the meter has no limit. */
export function plainLimit(session: ClientSession): number {
  const limit = session.negotiated?.maxPdu ?? 0;
  return limit === 0 ? Number.POSITIVE_INFINITY : Math.max(0, limit - protectionOverhead(session));
}
