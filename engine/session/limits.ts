/** Octets of the challenge a client sends (GB 9.2.7.4: 8 to 64). */
export const HLS_CHALLENGE_LENGTH = 16;
/** The same where challenges are signed: as long as the hash under the signature of suite 1. */
export const ECDSA_CHALLENGE_LENGTH = 32;
/** Time to wait for an answer when the caller does not say, milliseconds. */
export const DEFAULT_TIMEOUT_MS = 5_000;
/** Time to wait for RLRE and the end of the link: meters without RLRQ are common (quirk Q47). */
export const RELEASE_TIMEOUT_MS = 1_000;
/** How a client decodes answers: the rest of a buffer behind them is a named deviation, not a lost value. */
export const ANSWER_DECODING = { allowTrailing: true } as const;
