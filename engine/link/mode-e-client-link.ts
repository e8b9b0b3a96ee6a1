import type { Identification } from '../codec/iec62056-21/identification.ts';
import { linkError } from './errors.ts';
import { type ModeEEvent, ModeEOpening, type ModeEOptions } from './mode-e-opening.ts';
import type { ClientLink, LinkEvent, LinkPeer, LinkState, SendOptions } from './types.ts';

export interface ModeEClientOptions extends ModeEOptions {
  readonly peer: LinkPeer;
  /** Makes the HDLC link to go on with at a speed, bit/s. */
  readonly hdlc: (speed: number) => ClientLink;
}

/** A client link that is opened by IEC 62056-21 mode E, each time anew, and then is an HDLC link. */
export class ModeEClientLink implements ClientLink {
  readonly #options: ModeEClientOptions;
  readonly #opening: ModeEOpening;
  #hdlc: ClientLink | undefined;

  /** Throws RangeError for an address that a request message cannot carry. */
  constructor(options: ModeEClientOptions) {
    this.#options = options;
    this.#opening = new ModeEOpening(options);
  }

  get state(): LinkState {
    return this.#opening.running ? 'opening' : (this.#hdlc?.state ?? 'closed');
  }

  /** What the meter said of itself, once it has. */
  get identification(): Identification | undefined {
    return this.#opening.identification;
  }

  nextDeadline(): number | undefined {
    return this.#opening.running ? this.#opening.nextDeadline() : this.#hdlc?.nextDeadline();
  }

  open(now: number): LinkEvent[] {
    if (this.state !== 'closed') return [];
    this.#hdlc = undefined;
    return this.#perform(this.#opening.start(now), now);
  }

  send(apdu: Uint8Array, now: number, options?: SendOptions): LinkEvent[] {
    if (this.#hdlc !== undefined) return this.#hdlc.send(apdu, now, options);
    return [linkError('not-open', 'the HDLC link is not open; call open() first')];
  }

  poll(now: number): LinkEvent[] {
    return this.#hdlc?.poll(now) ?? [];
  }

  close(now: number): LinkEvent[] {
    if (this.#hdlc !== undefined) return this.#hdlc.close(now);
    if (!this.#opening.running) return [];
    this.#opening.stop();
    return [{ type: 'closed', peer: this.#options.peer, reason: 'disconnected' }];
  }

  receive(octets: Uint8Array, now: number): LinkEvent[] {
    if (this.#opening.running) return this.#perform(this.#opening.receive(octets, now), now);
    return this.#hdlc?.receive(octets, now) ?? [];
  }

  tick(now: number): LinkEvent[] {
    if (this.#opening.running) return this.#perform(this.#opening.tick(now), now);
    return this.#hdlc?.tick(now) ?? [];
  }

  #perform(events: readonly ModeEEvent[], now: number): LinkEvent[] {
    return events.flatMap((event): LinkEvent[] => {
      if (event.type === 'failed') {
        return [{ type: 'closed', peer: this.#options.peer, reason: event.reason, error: event.error }];
      }
      if (event.type !== 'done') return [event];
      this.#hdlc = this.#options.hdlc(event.speed);
      const opened = this.#hdlc.open(now);
      return event.rest.length === 0 ? opened : [...opened, ...this.#hdlc.receive(event.rest, now)];
    });
  }
}
