import type { HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import type { CodecError } from '../codec/result.ts';

/**
 * A link carries APDUs between a client and a server over one connection of a transport (TCP, serial line, datagrams).
 * Links do no I/O: octets that came in go into `receive`, octets to go out come back as `send` events, and time is the
 * `now` of every call in milliseconds of any monotonic scale. Whoever owns the transport calls `tick` at
 * `nextDeadline()`, and performs the events of every call in their order.
 *
 * Client and server links have the same shape; a server link serves every client and logical device behind one
 * connection, so its calls name the peer.
 */
export interface Link {
  /** Octets from the transport, in any pieces. */
  receive(octets: Uint8Array, now: number): LinkEvent[];
  /** To be called at `nextDeadline()` or later; earlier calls do nothing. */
  tick(now: number): LinkEvent[];
  /** When `tick` has something to do, or undefined while nothing is waited for. Changes with every call. */
  nextDeadline(): number | undefined;
}

/** Link of a client to one logical device. */
export interface ClientLink extends Link {
  readonly state: LinkState;
  /** Starts the connection; `opened` or `closed` follows. A closed link may be opened again. */
  open(now: number): LinkEvent[];
  /** Sends an APDU. On a link that is not open, the only event is an error `not-open`. */
  send(apdu: Uint8Array, now: number, options?: SendOptions): LinkEvent[];
  /** Asks the server for what it has: further APDUs of a stream, or just a sign of life. Nothing over the wrapper. */
  poll(now: number): LinkEvent[];
  /** Starts the disconnection; `closed` follows, at once where the link needs no answer. */
  close(now: number): LinkEvent[];
}

/** Link of a physical device to all its clients on one connection. */
export interface ServerLink extends Link {
  /** True when what comes can no longer be cut into messages; the transport should be closed. */
  readonly lost?: boolean;
  /** Sends an APDU to a client, normally the answer to the last one of the same peer. */
  send(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[];
  /**
   * The last APDU of this peer gets no answer: a client that has handed over the right to send gets it back. Not to be
   * called for a device that is to seem dead.
   */
  noAnswer(peer: LinkPeer, now: number): LinkEvent[];
  /** Sends an APDU nobody asked for (data-notification, event-notification), whether connected or not. */
  push(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[];
  /** The transport is gone or is to be closed: every connected peer gets a `closed`, nothing is sent. */
  close(now: number): LinkEvent[];
}

export type LinkState = 'closed' | 'opening' | 'open' | 'closing';

export interface SendOptions {
  /** False for unconfirmed services: the link then does not wait for an APDU in return. Default true. */
  readonly expectResponse?: boolean;
}

/** The two application processes of an APDU, by their SAPs. */
export interface LinkPeer {
  /** Client SAP: HDLC client address, wPort. */
  readonly client: number;
  /** Server SAP, the logical device: upper HDLC address, wPort. */
  readonly server: number;
  /** Lower HDLC address, the physical device, where the frame carried one. */
  readonly physical?: number;
}

export type LinkEvent =
  /** Octets for the transport: one frame or message. */
  | { readonly type: 'send'; readonly octets: Uint8Array }
  /**
   * The line goes on at this speed, bit/s: after the octets sent before have left, and before those sent next. Only
   * serial lines have one; other transports pass it over.
   */
  | { readonly type: 'speed'; readonly speed: number }
  /** The meter has identified itself in an IEC 62056-21 opening, e.g. `/APA5\\2NORAX30`; HDLC follows at `speed` bit/s. */
  | { readonly type: 'identified'; readonly identification: string; readonly speed: number }
  /** The peer is connected. `parameters` as negotiated, seen from this side; only HDLC has them. */
  | { readonly type: 'opened'; readonly peer: LinkPeer; readonly parameters?: HdlcLinkParameters }
  | ApduEvent
  /** The peer is no longer connected; associations with it are over. `error` unless the end was asked for. */
  | { readonly type: 'closed'; readonly peer: LinkPeer; readonly reason: CloseReason; readonly error?: LinkError }
  /** Something was wrong and has been dealt with; the link goes on. */
  | { readonly type: 'error'; readonly error: LinkError };

/** A complete APDU, without LLC header. `apdu` is owned by the receiver of the event. */
export interface ApduEvent {
  readonly type: 'apdu';
  readonly apdu: Uint8Array;
  readonly peer: LinkPeer;
  /** It came in UI frames, or between other SAPs than this link's: a push, not an answer. */
  readonly unsolicited: boolean;
  /** It was sent to all stations; a server must not answer it. */
  readonly broadcast: boolean;
}

/**
 * - `disconnected`: DISC, or the answer to one; a wrapper link was closed
 * - `refused`: DM to SNRM
 * - `dropped`: DM in the middle, the server knows the connection no more
 * - `reset`: SNRM while connected, `opened` follows
 * - `no-answer`: all repetitions used up
 * - `inactivity`: inactivity timeout of the server (class 23 attribute 8)
 * - `frame-rejected`: FRMR; only a new `open` helps
 * - `protocol`: what came cannot belong to this link; an IEC 62056-21 opening that does not lead to HDLC
 * - `transport`: `close` of a server link
 */
export type CloseReason =
  | 'disconnected'
  | 'refused'
  | 'dropped'
  | 'reset'
  | 'no-answer'
  | 'inactivity'
  | 'frame-rejected'
  | 'protocol'
  | 'transport';

/**
 * - `broken-frame`: framing or check sequence; `cause` has the place
 * - `noise`: octets outside of frames
 * - `no-answer`: nothing came in time
 * - `no-identification`: nothing came to the request message of an IEC 62056-21 opening
 * - `refused`, `frame-rejected`, `inactivity`: as the close reasons
 * - `unexpected-frame`: a frame that has no meaning in this state, or belongs to other stations
 * - `out-of-sequence`: N(S) or N(R) does not fit; HDLC recovers
 * - `not-open`: APDU for a peer that is not connected
 * - `limit`: an APDU or the number of connections exceeds a stated limit
 */
export type LinkErrorCode =
  | 'broken-frame'
  | 'noise'
  | 'no-answer'
  | 'no-identification'
  | 'refused'
  | 'frame-rejected'
  | 'inactivity'
  | 'unexpected-frame'
  | 'out-of-sequence'
  | 'not-open'
  | 'limit';

export interface LinkError {
  readonly code: LinkErrorCode;
  readonly message: string;
  readonly cause?: CodecError;
}

/** Largest APDU a link puts together from segments; longer ones are dropped with an error `limit`. */
export const MAX_APDU_LENGTH = 1024 * 1024;
