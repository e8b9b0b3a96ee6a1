import type { OctetRange } from './secret-ranges.ts';

/** What the session waits for; decides what silence means. */
export type Awaiting = 'aare' | 'hls' | 'response' | 'rlre';

/** One step of a procedure: APDU octets to send (null = only wait for the next APDU) and what is awaited. */
export interface Step {
  readonly send: Uint8Array | null;
  /** APDUs that go out right before `send`, without waiting for anything: blocks of one window. Secret as a whole if `secret` is given. */
  readonly before?: readonly Uint8Array[];
  readonly awaiting: Awaiting;
  /** Nothing comes back: the procedure is resumed with no octets as soon as `send` is on its way. */
  readonly unconfirmed?: boolean;
  /** With `unconfirmed`: it goes out while the answer to an earlier step is awaited still. */
  readonly between?: boolean;
  /** Ranges of `send` that hold a password in clear; never shown in a trace. */
  readonly secret?: readonly OctetRange[];
  /** The answer may hold a password in clear: withhold its octets from traces. */
  readonly secretAnswer?: boolean;
}

/**
 * A conversation without I/O: yields what to send and is resumed with the octets of the APDU that arrived. Whoever
 * runs it owns transport and time; silence and lost connections are thrown into it as SessionError.
 */
export type Procedure<T> = Generator<Step, T, Uint8Array>;
