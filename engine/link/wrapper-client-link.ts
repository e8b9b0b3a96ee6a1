import { WrapperDeframer } from '../codec/wrapper/deframer.ts';
import {
  decodeWrapperDatagram,
  encodeWrapper,
  MAX_DATAGRAM_APDU,
  MAX_WRAPPER_APDU,
  type WrapperMessage,
} from '../codec/wrapper/wrapper.ts';
import { linkError, lostStream } from './errors.ts';
import type { ClientLink, LinkEvent, LinkPeer, LinkState, SendOptions } from './types.ts';

export interface WrapperClientOptions {
  /** Client wPort. */
  readonly client: number;
  /** Server wPort: the logical device. */
  readonly server: number;
  /** How long to wait for an APDU after `send`, ms; 0 leaves it to the caller. Default 0. */
  readonly responseTimeout?: number;
  /** `receive` gets whole UDP datagrams instead of pieces of a TCP stream. Default false. */
  readonly datagrams?: boolean;
  /** Largest APDU accepted, octets. Default 65535, the most the header can state. */
  readonly maxApdu?: number;
}

/**
 * Client side of the TCP-UDP/IP profile (GB 7). There is no connection of its own: the link is open from `open` to
 * `close`. The transport repeats what is lost; over UDP nobody does, so the caller decides about repeating.
 */
export class WrapperClientLink implements ClientLink {
  readonly peer: LinkPeer;
  readonly #options: WrapperClientOptions;
  readonly #deframer: WrapperDeframer;
  #state: LinkState = 'closed';
  #deadline: number | undefined;

  constructor(options: WrapperClientOptions) {
    this.#options = options;
    this.peer = { client: options.client, server: options.server };
    this.#deframer = new WrapperDeframer(options.maxApdu ?? MAX_WRAPPER_APDU);
  }

  get state(): LinkState {
    return this.#state;
  }

  nextDeadline(): number | undefined {
    return this.#deadline;
  }

  open(_now: number): LinkEvent[] {
    if (this.#state === 'open') return [];
    this.#deframer.reset();
    this.#state = 'open';
    return [{ type: 'opened', peer: this.peer }];
  }

  send(apdu: Uint8Array, now: number, options: SendOptions = {}): LinkEvent[] {
    if (this.#state !== 'open') return [linkError('not-open', 'the wrapper link is not open; call open() first')];
    const most = this.#options.datagrams ? MAX_DATAGRAM_APDU : MAX_WRAPPER_APDU;
    if (apdu.length > most) return [linkError('limit', `APDU of ${apdu.length} octets, at most ${most}`)];
    const { responseTimeout = 0, client, server } = this.#options;
    if (responseTimeout > 0 && options.expectResponse !== false) this.#deadline = now + responseTimeout;
    return [{ type: 'send', octets: encodeWrapper({ source: client, destination: server, apdu }) }];
  }

  poll(_now: number): LinkEvent[] {
    return [];
  }

  close(_now: number): LinkEvent[] {
    if (this.#state === 'closed') return [];
    this.#state = 'closed';
    this.#deadline = undefined;
    return [{ type: 'closed', peer: this.peer, reason: 'disconnected' }];
  }

  receive(octets: Uint8Array, _now: number): LinkEvent[] {
    if (this.#options.datagrams) {
      const decoded = decodeWrapperDatagram(octets);
      if (decoded.ok) return [this.#apdu(decoded.value)];
      return [linkError('broken-frame', 'datagram dropped, it is not a wrapper message', decoded.error)];
    }
    return this.#deframer.push(octets).map((event) => {
      if (event.type === 'message') return this.#apdu(event.message);
      this.#state = 'closed';
      this.#deadline = undefined;
      return { type: 'closed', peer: this.peer, reason: 'protocol', error: lostStream(event.error) };
    });
  }

  tick(now: number): LinkEvent[] {
    if (this.#deadline === undefined || now < this.#deadline) return [];
    this.#deadline = undefined;
    this.#state = 'closed';
    const message = `no answer from wPort ${this.#options.server} within ${this.#options.responseTimeout} ms`;
    return [{ type: 'closed', peer: this.peer, reason: 'no-answer', error: linkError('no-answer', message).error }];
  }

  /** Some servers do not turn the wPorts round in their answers: both orders are this link's. */
  #apdu(message: WrapperMessage): LinkEvent {
    const { client, server } = this.#options;
    const { source, destination, apdu } = message;
    const ours = (source === server && destination === client) || (source === client && destination === server);
    if (ours) this.#deadline = undefined;
    const peer = ours ? this.peer : { client: destination, server: source };
    return { type: 'apdu', apdu, peer, unsolicited: !ours, broadcast: false };
  }
}
