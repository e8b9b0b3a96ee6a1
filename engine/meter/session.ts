import type { ApduEvent, LinkEvent, LinkPeer, ServerLink } from '../link/types.ts';
import { ServerAssociation } from './association/server-association.ts';
import { RequestBehaviour } from './behaviours/request-behaviour.ts';
import type { CosemObject } from './blueprint.ts';
import type { VirtualMeter } from './meter.ts';
import { unaskedPush } from './quirks/unasked-push.ts';
import { NOT_ASSOCIATED } from './services/errors.ts';

const AARQ = 0x60;
const RLRQ = 0x62;

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
  /** Quirks and faults of the line itself: of what comes before a meter is called, and of frames without an APDU. */
  line?(): RequestBehaviour | undefined;
  /** The connection is gone; `kept` are meters whose association outlives it, a quirk of some. */
  ended?(kept: readonly VirtualMeter[]): void;
  /** Whether a meter still has the association of an earlier connection. */
  isKept?(meter: VirtualMeter): boolean;
  /** That association is released. */
  letGo?(meter: VirtualMeter): void;
}

export interface SessionOptions {
  /** The link over which the session's octets travel. */
  readonly link: ServerLink;
  readonly device: SessionDevice;
  /** Unpredictable octets, for challenges. */
  readonly random: (length: number) => Uint8Array;
  readonly figures: SessionFigures;
  /** Simulated time the meters live in, milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told of every request before it is answered: the meter may not be what it was afterwards. */
  readonly served?: ((meter: VirtualMeter) => void) | undefined;
  /** Milliseconds before anything goes out. Default 0. */
  readonly latencyMs?: number;
  /** What goes out are datagrams, which are never cut into pieces. Default false. */
  readonly datagrams?: boolean;
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
    const line = this.#options.device.line?.();
    if (line?.habits.silent === true) return [];
    const outputs: SessionOutput[] = [];
    if (line?.habits.echoes === true) outputs.push({ type: 'send', octets: new Uint8Array(octets), delayMs: 0 });
    const events = this.#link.receive(octets, now);
    if (line?.habits.pushesBeforeUa === true) this.#pushUnasked(events, line, now, outputs);
    this.#perform(events, now, outputs, line);
    // A stream that is no wrapper cannot be found into again.
    if (this.#link.lost === true) outputs.push({ type: 'close' });
    return outputs;
  }

  tick(now: number): SessionOutput[] {
    return this.#perform(this.#link.tick(now), now, [], this.#options.device.line?.());
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
    const kept = [...(this.#associations?.values() ?? [])]
      .filter(({ meter, state }) => state !== undefined && meter.behaviours?.mayDeviate('keeps-association') === true)
      .map(({ meter }) => meter);
    this.#associations = undefined;
    this.#options.device.ended?.(kept);
  }

  /** Sends APDUs nobody asked for, of a meter behind this connection. */
  push(meter: VirtualMeter, apdus: readonly Uint8Array[], peer: LinkPeer, now: number): SessionOutput[] {
    const outputs: SessionOutput[] = [];
    const behaviour = behaviourOf(meter, this.#options.clock());
    for (const apdu of apdus) this.#perform(this.#link.push(apdu, peer, now), now, outputs, behaviour);
    return outputs;
  }

  /** Tells the clients of a meter that want to know of an attribute. */
  notify(meter: VirtualMeter, object: CosemObject, attribute: number, now: number): SessionOutput[] {
    return [...(this.#associations ?? [])].flatMap(([key, association]) => {
      if (association.meter !== meter) return [];
      const apdu = association.notification(object, attribute, this.#options.clock());
      return apdu === undefined ? [] : this.push(meter, [apdu], peerOf(key), now);
    });
  }

  /** A quirk: whoever connects gets a push before the answer. */
  #pushUnasked(events: readonly LinkEvent[], line: RequestBehaviour, now: number, outputs: SessionOutput[]): void {
    for (const event of events) {
      if (event.type !== 'opened') continue;
      const apdu = line.quirks.whole(unaskedPush(line.meter, this.#options.clock()));
      this.#perform(this.#link.push(apdu, event.peer, now), now, outputs, line);
    }
  }

  #perform(
    events: readonly LinkEvent[],
    now: number,
    outputs: SessionOutput[],
    line: RequestBehaviour | undefined,
  ): SessionOutput[] {
    for (const [index, event] of events.entries()) {
      switch (event.type) {
        case 'send':
          this.#put(outputs, event.octets, line, this.#latency);
          break;
        case 'apdu':
          if (event.unsolicited) break;
          if (!this.#answer(event, now, outputs) && !isFollowed(events, index, event.peer)) {
            this.#perform(this.#link.noAnswer(event.peer, now), now, outputs, line);
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
    const instead = behaviour?.insteadOf(apdu) ?? this.#keptAway(association.meter, apdu, behaviour);
    const answers = instead === undefined ? association.exchange(apdu, time, behaviour) : [instead];
    if (association.closes) {
      outputs.push({ type: 'close' });
      return true;
    }
    if (broadcast) return true;
    if (answers.length === 0) return false;
    for (const octets of answers.flatMap((answer) => behaviour?.outgoing(answer) ?? [answer])) {
      for (const event of this.#link.send(octets, peer, now)) {
        if (event.type === 'send') {
          this.#put(outputs, event.octets, behaviour, this.#latency + (behaviour?.delayMs ?? 0));
        } else if (event.type === 'error') this.#options.figures.errors += 1;
      }
    }
    return true;
  }

  /** One frame or message on its way out, with what quirks and faults make of it. */
  #put(outputs: SessionOutput[], frame: Uint8Array, behaviour: RequestBehaviour | undefined, delayMs: number): void {
    if (behaviour === undefined) {
      outputs.push({ type: 'send', octets: frame, delayMs });
      return;
    }
    for (const octets of behaviour.frames(frame)) {
      const size = (this.#options.datagrams === true ? undefined : behaviour.habits.pieces) ?? octets.length;
      for (let at = 0; at < octets.length; at += size) {
        outputs.push({ type: 'send', octets: octets.subarray(at, at + size), delayMs });
      }
    }
  }

  /** A quirk: nobody gets an association before the one of an earlier connection is released. */
  #keptAway(meter: VirtualMeter, apdu: Uint8Array, behaviour: RequestBehaviour | undefined): Uint8Array | undefined {
    if (behaviour?.habits.keepsAssociation !== true) return undefined;
    const { device } = this.#options;
    if (apdu[0] === RLRQ) device.letGo?.(meter);
    return apdu[0] === AARQ && device.isKept?.(meter) === true ? NOT_ASSOCIATED : undefined;
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

/** The peer a key was made of. */
function peerOf(key: string): LinkPeer {
  const [client, server, physical] = key.split('/');
  const peer = { client: Number(client), server: Number(server) };
  return physical === undefined || physical === '' ? peer : { ...peer, physical: Number(physical) };
}

function keyOf(peer: LinkPeer): string {
  return `${peer.client}/${peer.server}/${peer.physical ?? ''}`;
}
