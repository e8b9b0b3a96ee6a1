import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import { sameOctets } from '../codec/octets.ts';
import { linkError } from './errors.ts';
import type { LinkEvent, LinkPeer, ServerLink } from './types.ts';

export interface GatewayServerOptions {
  /** The link between client and gateway. */
  readonly link: ServerLink;
  /** 0..255. */
  readonly networkId: number;
  /** Physical address of the device behind the gateway. */
  readonly address: Uint8Array;
}

/**
 * A gateway and the one device behind it: takes the header off requests (tag E6) for this device, drops those for
 * others, and puts a header (E7) before the answers. What comes without header is meant for the gateway itself, which
 * has no logical device of its own here.
 */
export class GatewayServerLink implements ServerLink {
  readonly #options: GatewayServerOptions;

  constructor(options: GatewayServerOptions) {
    this.#options = options;
  }

  get lost(): boolean {
    return this.#options.link.lost === true;
  }

  nextDeadline(): number | undefined {
    return this.#options.link.nextDeadline();
  }

  receive(octets: Uint8Array, now: number): LinkEvent[] {
    return this.#unwrapped(this.#options.link.receive(octets, now), now);
  }

  tick(now: number): LinkEvent[] {
    return this.#unwrapped(this.#options.link.tick(now), now);
  }

  send(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[] {
    return this.#options.link.send(this.#wrapped('gateway-response', apdu), peer, now);
  }

  noAnswer(peer: LinkPeer, now: number): LinkEvent[] {
    return this.#options.link.noAnswer(peer, now);
  }

  /** A gateway passes on what its devices push as requests of its own. */
  push(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[] {
    return this.#options.link.push(this.#wrapped('gateway-request', apdu), peer, now);
  }

  close(now: number): LinkEvent[] {
    return this.#options.link.close(now);
  }

  #wrapped(kind: 'gateway-request' | 'gateway-response', apdu: Uint8Array): Uint8Array {
    const { networkId, address } = this.#options;
    return encodeApdu({ kind, networkId, address, apdu });
  }

  #unwrapped(events: readonly LinkEvent[], now: number): LinkEvent[] {
    return events.flatMap((event) => {
      if (event.type !== 'apdu') return [event];
      const header = event.apdu[0] === 0xe6 ? decodeApdu(event.apdu) : undefined;
      if (header?.ok !== true || header.value.kind !== 'gateway-request') {
        return this.#passedOver(event.peer, now, 'an APDU without the header of a gateway');
      }
      const { networkId, address, apdu } = header.value;
      const { networkId: ownNetwork, address: own } = this.#options;
      if (networkId === ownNetwork && sameOctets(address, own)) {
        return [{ ...event, apdu }];
      }
      return this.#passedOver(event.peer, now, `an APDU for another device, on network ${networkId}`);
    });
  }

  #passedOver(peer: LinkPeer, now: number, message: string): LinkEvent[] {
    return [linkError('unexpected-frame', message), ...this.#options.link.noAnswer(peer, now)];
  }
}
