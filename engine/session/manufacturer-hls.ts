import type { HlsReplyInput } from '../codec/security/hls.ts';

/**
 * Authentication mechanism 2, which every manufacturer fills in its own way (GB 9.2.7.4). Inputs are seen from the party
 * that replies, with whatever secrets were given.
 */
export interface ManufacturerHls {
  /** Our answer to the challenge of the meter. */
  reply(input: HlsReplyInput): Uint8Array;
  /** Whether the meter answered our challenge well. Left out for meters that do not answer it (quirk Q41). */
  verify?(reply: Uint8Array, input: HlsReplyInput): boolean;
}
