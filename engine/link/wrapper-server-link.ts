import { WrapperDeframer } from '../codec/wrapper/deframer.ts';
import {
  ALL_STATION_WPORT,
  decodeWrapperDatagram,
  encodeWrapper,
  MAX_DATAGRAM_APDU,
  MAX_WRAPPER_APDU,
  type WrapperMessage,
} from '../codec/wrapper/wrapper.ts';
import { linkError, lostStream } from './errors.ts';
import type { LinkEvent, LinkPeer, ServerLink } from './types.ts';

export interface WrapperServerOptions {
  /** Whether this device has the logical device `server` for this client; others are dropped with an error event. */
  readonly accepts: (peer: LinkPeer) => boolean;
  /** `receive` gets whole UDP datagrams instead of pieces of a TCP stream. Default false. */
  readonly datagrams?: boolean;
  /** Largest APDU accepted, octets. Default 65535. */
  readonly maxApdu?: number;
}

/**
 * Server side of the TCP-UDP/IP profile (GB 7). Peers need no connection: the first APDU of a client is simply there,
 * and there is neither `opened` nor `closed`. A stream that is no wrapper gives one error, and then `lost` is true.
 */
export class WrapperServerLink implements ServerLink {
  readonly #options: WrapperServerOptions;
  readonly #deframer: WrapperDeframer;

  constructor(options: WrapperServerOptions) {
    this.#options = options;
    this.#deframer = new WrapperDeframer(options.maxApdu ?? MAX_WRAPPER_APDU);
  }

  /** True when the stream can no longer be cut into messages; the transport should be closed. */
  get lost(): boolean {
    return this.#deframer.lost;
  }

  nextDeadline(): number | undefined {
    return undefined;
  }

  tick(_now: number): LinkEvent[] {
    return [];
  }

  receive(octets: Uint8Array, _now: number): LinkEvent[] {
    if (this.#options.datagrams) {
      const decoded = decodeWrapperDatagram(octets);
      if (decoded.ok) return [this.#apdu(decoded.value)];
      return [linkError('broken-frame', 'datagram dropped, it is not a wrapper message', decoded.error)];
    }
    return this.#deframer.push(octets).map((event) => {
      if (event.type === 'message') return this.#apdu(event.message);
      return { type: 'error', error: lostStream(event.error) };
    });
  }

  send(apdu: Uint8Array, peer: LinkPeer, _now: number): LinkEvent[] {
    const most = this.#options.datagrams ? MAX_DATAGRAM_APDU : MAX_WRAPPER_APDU;
    if (apdu.length > most) return [linkError('limit', `APDU of ${apdu.length} octets, at most ${most}`)];
    return [{ type: 'send', octets: encodeWrapper({ source: peer.server, destination: peer.client, apdu }) }];
  }

  /** Messages need no acknowledgement. */
  noAnswer(_peer: LinkPeer, _now: number): LinkEvent[] {
    return [];
  }

  push(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[] {
    return this.send(apdu, peer, now);
  }

  close(_now: number): LinkEvent[] {
    this.#deframer.reset();
    return [];
  }

  #apdu(message: WrapperMessage): LinkEvent {
    const peer = { client: message.source, server: message.destination };
    const broadcast = message.destination === ALL_STATION_WPORT;
    if (broadcast || this.#options.accepts(peer)) {
      return { type: 'apdu', apdu: message.apdu, peer, unsolicited: false, broadcast };
    }
    return linkError('unexpected-frame', `APDU from wPort ${peer.client} to wPort ${peer.server}, which is not here`);
  }
}
