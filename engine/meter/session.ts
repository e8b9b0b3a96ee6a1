import type { ApduEvent, LinkEvent, LinkPeer, ServerLink } from '../link/types.ts';
import { ServerAssociation } from './association/server-association.ts';
import { RequestBehaviour } from './behaviours/request-behaviour.ts';
import type { VirtualMeter } from './meter.ts';

/** What the owner of the transport has to do, in this order. */
export type SessionOutput =
  | { readonly type: 'send'; readonly octets: Uint8Array; readonly delayMs: number }
  /** Serial lines go on at this speed, bit/s, once what was sent before has left; others pass it over. */
  | { readonly type: 'speed'; readonly speed: number }
  | { readonly type: 'close' };

/** Counters a session adds to. */
export interface SessionFigures {
  requests: number;
  errors: number;
}

/** The meter behind an address, and which of its logical devices is meant. */
export interface SessionServer {
  readonly meter: VirtualMeter;
  readonly serverSap: number;
}

/** A client that talks to a meter over a connection. */
export interface SessionPeer {
  readonly meter: VirtualMeter;
  readonly clientSap: number;
  readonly serverSap: number;
  /** Name of the association it has opened; undefined before and after. */
  readonly association?: string;
  /** Waits for passes 3 and 4 of HLS. */
  readonly pending: boolean;
}

/** Devices behind one transport connection. */
export interface SessionDevice {
  /** The meter that has the logical device a peer calls, if the client is one of its clients. */
  find(peer: LinkPeer): SessionServer | undefined;
}

export interface SessionOptions {
  /** The link over which the session's octets travel. */
  readonly link: ServerLink;
  readonly device: SessionDevice;
  /** False for octets a quirk of the link makes the meter deaf to. */
  readonly hears?: (octets: Uint8Array) => boolean;
  /** Unpredictable octets, for challenges. */
  readonly random: (length: number) => Uint8Array;
  readonly figures: SessionFigures;
  /** Simulated time the meters live in, milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told of every request before it is answered: the meter may not be what it was afterwards. */
  readonly served?: ((meter: VirtualMeter) => void) | undefined;
  /** Milliseconds before anything goes out. Default 0. */
  readonly latencyMs?: number;
}

/**
 * All associations over one transport connection: octets in, octets out. Sans-I/O; `now` of every call is real time on
 * any monotonic scale, for the timeouts of the link, and has nothing to do with the time the meter shows.
 */
export class MeterSession {
  readonly #link: ServerLink;
  readonly #options: SessionOptions;
  #associations: Map<string, ServerAssociation> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#link = options.link;
  }

  get #latency(): number {
    return this.#options.latencyMs ?? 0;
  }

  receive(octets: Uint8Array, now: number): SessionOutput[] {
    if (this.#options.hears?.(octets) === false) return [];
    const outputs = this.#perform(this.#link.receive(octets, now), now);
    // A stream that is no wrapper cannot be found into again.
    if (this.#link.lost === true) outputs.push({ type: 'close' });
    return outputs;
  }

  tick(now: number): SessionOutput[] {
    return this.#perform(this.#link.tick(now), now);
  }

  nextDeadline(): number | undefined {
    return this.#link.nextDeadline();
  }

  /** Who talks to which meter, in the order in which they began. */
  peers(): SessionPeer[] {
    return [...(this.#associations?.values() ?? [])].map(({ meter, clientSap, serverSap, state }) => ({
      meter,
      clientSap,
      serverSap,
      ...(state === undefined ? {} : { association: state.definition.model.name }),
      pending: state?.status === 'pending',
    }));
  }

  /** The meter is no longer there: whatever was opened with it is over. */
  forget(meter: VirtualMeter): void {
    for (const [key, association] of this.#associations ?? []) {
      if (association.meter === meter) this.#associations?.delete(key);
    }
  }

  /** The transport is gone. */
  close(now: number): void {
    this.#link.close(now);
    this.#associations = undefined;
  }

  #perform(events: readonly LinkEvent[], now: number, outputs: SessionOutput[] = []): SessionOutput[] {
    for (const [index, event] of events.entries()) {
      switch (event.type) {
        case 'send':
          outputs.push({ type: 'send', octets: event.octets, delayMs: this.#latency });
          break;
        case 'apdu':
          if (event.unsolicited) break;
          if (!this.#answer(event, now, outputs) && !isFollowed(events, index, event.peer)) {
            this.#perform(this.#link.noAnswer(event.peer, now), now, outputs);
          }
          break;
        case 'closed':
          this.#associations?.delete(keyOf(event.peer));
          break;
        case 'error':
          this.#options.figures.errors += 1;
          break;
        case 'speed':
          outputs.push(event);
          break;
        case 'identified':
        case 'opened':
          break;
      }
    }
    return outputs;
  }

  /** False when the APDU is heard and wants no answer; true when it gets one, or is met with a silence on purpose. */
  #answer({ apdu, peer, broadcast }: ApduEvent, now: number, outputs: SessionOutput[]): boolean {
    const association = this.#associationWith(peer);
    if (association === undefined) return true;
    this.#options.figures.requests += 1;
    this.#options.served?.(association.meter);
    const time = this.#options.clock();
    const behaviour = behaviourOf(association.meter, time);
    if (behaviour?.ignores(apdu) === true) return true;
    const instead = behaviour?.insteadOf(apdu);
    const answers = instead === undefined ? association.exchange(apdu, time, behaviour) : [instead];
    if (broadcast) return true;
    if (answers.length === 0) return false;
    for (const octets of answers.flatMap((answer) => behaviour?.outgoing(answer) ?? [answer])) {
      for (const event of this.#link.send(octets, peer, now)) {
        if (event.type === 'send') pushFrames(outputs, event.octets, behaviour, this.#latency);
        else if (event.type === 'error') this.#options.figures.errors += 1;
      }
    }
    return true;
  }

  #associationWith(peer: LinkPeer): ServerAssociation | undefined {
    const key = keyOf(peer);
    const known = this.#associations?.get(key);
    if (known !== undefined) return known;
    const found = this.#options.device.find(peer);
    if (found === undefined) return undefined;
    const { meter, serverSap } = found;
    const association = new ServerAssociation({
      meter,
      clientSap: peer.client,
      serverSap,
      candidates: meter.blueprint.associationsOf(peer.client, serverSap),
      random: this.#options.random,
    });
    this.#associations ??= new Map();
    this.#associations.set(key, association);
    return association;
  }
}

/** Quirks and faults of one exchange; undefined for most meters. */
export function behaviourOf(meter: VirtualMeter, time: number): RequestBehaviour | undefined {
  const { behaviours } = meter;
  return behaviours === undefined ? undefined : new RequestBehaviour(meter, behaviours.activeAt(meter, time), time);
}

/** Whether the same peer said more in the same go: it is answered when all of that is heard. */
function isFollowed(events: readonly LinkEvent[], index: number, peer: LinkPeer): boolean {
  const key = keyOf(peer);
  return events.some((event, at) => at > index && event.type === 'apdu' && keyOf(event.peer) === key);
}

function pushFrames(
  outputs: SessionOutput[],
  frame: Uint8Array,
  behaviour: RequestBehaviour | undefined,
  latency: number,
): void {
  if (behaviour === undefined) {
    outputs.push({ type: 'send', octets: frame, delayMs: latency });
    return;
  }
  const delayMs = behaviour.delayMs + latency;
  for (const octets of behaviour.frames(frame)) outputs.push({ type: 'send', octets, delayMs });
}

function keyOf(peer: LinkPeer): string {
  return `${peer.client}/${peer.server}/${peer.physical ?? ''}`;
}
