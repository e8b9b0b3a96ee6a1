import type { HdlcAddress } from '../codec/hdlc/address.ts';
import type { LinkError, LinkPeer } from './types.ts';

/** How an APDU was framed; `none` is a datagram that is the APDU itself. */
export type PushFraming = 'hdlc' | 'wrapper' | 'mbus' | 'llc' | 'none';

/** What came in on a line where meters send without being asked. */
export type PushEvent =
  | PushedApdu
  /** Something was wrong and has been dropped; the line goes on. */
  | { readonly type: 'error'; readonly error: LinkError };

/** A complete APDU: segments and general blocks have been put together, LLC and gateway headers taken off. */
export interface PushedApdu {
  readonly type: 'apdu';
  readonly framing: PushFraming;
  readonly apdu: Uint8Array;
  /** By their SAPs, where the framing names them. */
  readonly peer?: LinkPeer;
  /** HDLC only: addresses of the frame as they came, whose widths an answer keeps. */
  readonly addresses?: { readonly source: HdlcAddress; readonly destination: HdlcAddress };
  /** Header of the gateway that passed it on; the address in hex. */
  readonly gateway?: { readonly networkId: number; readonly address: string };
  /** Ids of deviations of the framing. */
  readonly deviations: readonly string[];
}

/** Receives pushes of one framing. */
export interface PushDecoder {
  receive(octets: Uint8Array, now: number): PushEvent[];
  tick(now: number): PushEvent[];
  /** When `tick` has something to do, or undefined. */
  nextDeadline(): number | undefined;
}

/** Pause after which the rest of a frame, or the next segment over M-Bus, is no longer waited for, ms (Q29: 160 is usual). */
export const SEGMENT_TIMEOUT = 2000;
/** Senders on one line with an APDU that is not complete; beyond it the oldest is forgotten. */
export const MAX_SENDERS = 64;
