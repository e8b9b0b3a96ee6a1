import type { HlsReplyInput } from './hls.ts';

/**
 * Authentication mechanism 2, which every manufacturer fills in its own way (GB 9.2.7.4). Inputs are seen from the party
 * that replies, with whatever secrets are at hand; a meter has the HLS secret of the association as `secret`.
 */
export interface ManufacturerHls {
  /** What is answered to the challenge of the other party. */
  reply(input: HlsReplyInput): Uint8Array;
  /**
   * Whether the other party answered well. Left out by clients of meters that do not answer them (quirk Q41); a meter
   * then compares with what `reply` gives.
   */
  verify?(reply: Uint8Array, input: HlsReplyInput): boolean;
}
