import type { CosemObject } from '../blueprint.ts';

/** Class id. */
export const PUSH_SETUP = 40;

/** A meter wants to push what a push setup says. */
export interface PushOrder {
  /** The push setup, or the object clients are told of. */
  readonly object: CosemObject;
  /** Clients that have negotiated event-notification are told this attribute; nothing is pushed. */
  readonly notify?: number;
  /** Simulated time at which it was asked for, milliseconds since the epoch. */
  readonly time: number;
}

/**
 * Why a push cannot be done at all.
 * - `no-destination`: the push setup does not say where to
 * - `unsupported`: a transport service or message type this emulator has no way for
 * - `not-permitted`: a destination outside of loopback, where that was not allowed
 * - `bad-destination`: one that is no address and port
 * - `queue-full`: too many pushes wait already
 */
export interface PushRefusal {
  readonly code: 'no-destination' | 'unsupported' | 'not-permitted' | 'bad-destination' | 'queue-full';
  readonly message: string;
}
