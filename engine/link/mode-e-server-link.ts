import { OPENING_SPEED, speedOfDigit } from '../codec/iec62056-21/baud.ts';
import { encodeIdentification, type Identification, reactionTime } from '../codec/iec62056-21/identification.ts';
import { LineSplitter } from '../codec/iec62056-21/line-splitter.ts';
import { decodeOptionSelect, encodeOptionSelect, isHdlcOption } from '../codec/iec62056-21/option-select.ts';
import { addEvenParity } from '../codec/iec62056-21/parity.ts';
import { callsMeter, decodeRequestMessage } from '../codec/iec62056-21/request-message.ts';
import { linkError } from './errors.ts';
import type { LinkEvent, LinkPeer, ServerLink } from './types.ts';

export interface ModeEServerOptions {
  /** The HDLC link behind the opening. */
  readonly hdlc: ServerLink;
  /** What the meter says of itself; its baud digit is the highest speed it offers. */
  readonly identification: Identification;
  /** Device address the meter answers to besides the empty one. Default none but the empty one. */
  readonly address?: string;
  /** Even parity in the top bit of what is sent; see ModeEOptions. Default true. */
  readonly softwareParity?: boolean;
  /** Silence after which the opening begins anew, and HDLC without a connection ends, ms. Default 10 s. */
  readonly idleTimeout?: number;
}

const IDLE_TIMEOUT = 10_000;

/**
 * Meter side of the IEC 62056-21 mode E opening in front of an HDLC link: deaf to HDLC until a client has asked for it,
 * and back to the opening at 300 bit/s when the last connection has ended. Other options than HDLC are not served: the
 * opening begins anew.
 */
export class ModeEServerLink implements ServerLink {
  readonly #options: ModeEServerOptions;
  readonly #lines = new LineSplitter();
  #phase: 'waiting' | 'identified' | 'hdlc' = 'waiting';
  /** Octets to send when the reaction time is over, with what follows them. */
  #pending: { readonly at: number; readonly events: readonly LinkEvent[] } | undefined;
  #idleAt: number | undefined;
  #connections = 0;

  constructor(options: ModeEServerOptions) {
    this.#options = options;
  }

  nextDeadline(): number | undefined {
    const deadlines = [
      this.#pending?.at,
      this.#idleAt,
      this.#phase === 'hdlc' ? this.#options.hdlc.nextDeadline() : undefined,
    ];
    const known = deadlines.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  receive(octets: Uint8Array, now: number): LinkEvent[] {
    const events: LinkEvent[] = [];
    let rest = octets;
    while (rest.length > 0 && this.#phase !== 'hdlc') {
      const { lines, used } = this.#lines.push(rest, 1);
      rest = rest.subarray(used);
      for (const line of lines) events.push(...this.#line(line, now));
    }
    if (rest.length > 0) events.push(...this.#hdlc(this.#options.hdlc.receive(rest, now), now));
    return events;
  }

  tick(now: number): LinkEvent[] {
    const events: LinkEvent[] = [];
    if (this.#pending !== undefined && now >= this.#pending.at) {
      events.push(...this.#pending.events);
      this.#pending = undefined;
    }
    if (this.#phase === 'hdlc') events.push(...this.#hdlc(this.#options.hdlc.tick(now), now));
    if (this.#idleAt !== undefined && now >= this.#idleAt) events.push(...this.#startAnew());
    return events;
  }

  send(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[] {
    return this.#phase === 'hdlc' ? this.#options.hdlc.send(apdu, peer, now) : [notOpen()];
  }

  noAnswer(peer: LinkPeer, now: number): LinkEvent[] {
    return this.#phase === 'hdlc' ? this.#options.hdlc.noAnswer(peer, now) : [];
  }

  push(apdu: Uint8Array, peer: LinkPeer, now: number): LinkEvent[] {
    return this.#phase === 'hdlc' ? this.#options.hdlc.push(apdu, peer, now) : [notOpen()];
  }

  close(now: number): LinkEvent[] {
    this.#startAnew();
    this.#connections = 0;
    return this.#options.hdlc.close(now);
  }

  #line(line: Uint8Array, now: number): LinkEvent[] {
    const request = decodeRequestMessage(line);
    if (request.ok) return this.#asked(request.value.address, now);
    const option = decodeOptionSelect(line);
    if (!option.ok)
      return [linkError('unexpected-frame', 'neither a request message nor an option select', option.error)];
    if (this.#phase !== 'identified')
      return [linkError('unexpected-frame', 'an option select before a request message')];
    const { baudDigit, protocol, mode } = option.value;
    const speed = speedOfDigit(baudDigit);
    const offered = this.#options.identification.speed ?? OPENING_SPEED;
    if (!isHdlcOption(option.value) || speed === undefined || speed > offered) {
      const message = `option ${protocol}${baudDigit}${mode} is not served, only HDLC up to ${offered} bit/s`;
      return [linkError('refused', message), ...this.#startAnew()];
    }
    this.#phase = 'hdlc';
    this.#idleAt = now + this.#idleTimeout;
    // The confirmation already travels at the new speed (GB 6.4).
    return this.#answerLater(now, [{ type: 'speed', speed }, this.#message(encodeOptionSelect(option.value))]);
  }

  #asked(address: string, now: number): LinkEvent[] {
    if (!callsMeter(address, this.#options.address ?? '')) return [];
    this.#phase = 'identified';
    this.#idleAt = now + this.#idleTimeout;
    return this.#answerLater(now, [this.#message(encodeIdentification(this.#options.identification))]);
  }

  #answerLater(now: number, events: readonly LinkEvent[]): LinkEvent[] {
    this.#pending = { at: now + reactionTime(this.#options.identification), events };
    return [];
  }

  /** Watches the connections of the HDLC link: when the last one ends, so does HDLC. */
  #hdlc(events: readonly LinkEvent[], now: number): LinkEvent[] {
    const before = this.#connections;
    for (const event of events) {
      if (event.type === 'opened') this.#connections++;
      if (event.type === 'closed') this.#connections--;
    }
    if (this.#connections > 0) this.#idleAt = undefined;
    else if (before > 0) return [...events, ...this.#startAnew()];
    else if (events.some(({ type }) => type === 'send')) this.#idleAt = now + this.#idleTimeout;
    return [...events];
  }

  #startAnew(): LinkEvent[] {
    const speed: LinkEvent[] = this.#phase === 'hdlc' ? [{ type: 'speed', speed: OPENING_SPEED }] : [];
    this.#phase = 'waiting';
    this.#pending = undefined;
    this.#idleAt = undefined;
    this.#lines.reset();
    return speed;
  }

  get #idleTimeout(): number {
    return this.#options.idleTimeout ?? IDLE_TIMEOUT;
  }

  #message(message: Uint8Array): LinkEvent {
    return { type: 'send', octets: this.#options.softwareParity === false ? message : addEvenParity(message) };
  }
}

function notOpen(): LinkEvent {
  return linkError('not-open', 'the line is in the IEC 62056-21 opening');
}
