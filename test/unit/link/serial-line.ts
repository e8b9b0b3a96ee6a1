import type { ClientLink, LinkEvent, ServerLink } from '../../../engine/link/types.ts';

const BITS_PER_CHARACTER = 10;

type Side = 'client' | 'server';

interface Octet {
  readonly at: number;
  readonly to: Side;
  readonly value: number;
  readonly speed: number;
}

export interface SerialLineOptions {
  /** An optical head hands back what the client sends (Q01). */
  readonly echo?: boolean;
  /** What becomes of an octet on its way, besides the speed. */
  readonly carry?: (value: number, to: Side) => number | undefined;
}

/**
 * Two links on a simulated serial line: every octet takes ten bits, a speed holds from after the octets sent before, and
 * an octet read at another speed than it was sent at is another octet.
 */
export class SerialLine {
  now = 0;
  readonly events: { readonly side: Side; readonly at: number; readonly event: LinkEvent }[] = [];
  readonly octets: { readonly to: Side; readonly value: number; readonly speed: number }[] = [];
  readonly client: ClientLink;
  readonly server: ServerLink;
  readonly #options: SerialLineOptions;
  #transit: Octet[] = [];
  #speedChanges: { readonly at: number; readonly side: Side; readonly speed: number }[] = [];
  readonly #speed = { client: 300, server: 300 };
  readonly #sendSpeed = { client: 300, server: 300 };
  readonly #busyUntil = { client: 0, server: 0 };

  constructor(client: ClientLink, server: ServerLink, options: SerialLineOptions = {}) {
    this.client = client;
    this.server = server;
    this.#options = options;
  }

  act(action: (link: ClientLink, now: number) => LinkEvent[]): void {
    this.#perform('client', action(this.client, this.now));
  }

  actServer(action: (link: ServerLink, now: number) => LinkEvent[]): void {
    this.#perform('server', action(this.server, this.now));
  }

  /** Lets time pass until the condition holds; false when nothing is left to wait for. */
  runUntil(condition: () => boolean, limit = 600_000): boolean {
    const end = this.now + limit;
    while (!condition()) {
      const next = this.#next();
      if (next === undefined || next > end) return false;
      this.now = Math.max(this.now, next);
      // An octet that arrives as the sender changes its speed was still read at the old one.
      this.#deliver();
      this.#changeSpeeds();
      this.#perform('client', this.client.tick(this.now));
      this.#perform('server', this.server.tick(this.now));
    }
    return true;
  }

  /** Types of one side's events without `send`; closed and errors with their reason. */
  outline(side: Side): string[] {
    return this.events.flatMap(({ side: of, event }) => {
      if (of !== side || event.type === 'send') return [];
      if (event.type === 'speed') return [`speed ${event.speed}`];
      if (event.type === 'identified') return [`identified ${event.identification} ${event.speed}`];
      if (event.type === 'error') return [`error ${event.error.code}`];
      return event.type === 'closed' ? [`closed ${event.reason} ${event.error?.code ?? ''}`.trim()] : [event.type];
    });
  }

  #next(): number | undefined {
    const times = [
      this.client.nextDeadline(),
      this.server.nextDeadline(),
      ...this.#transit.map(({ at }) => at),
      ...this.#speedChanges.map(({ at }) => at),
    ].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #changeSpeeds(): void {
    for (const { at, side, speed } of this.#speedChanges) if (at <= this.now) this.#speed[side] = speed;
    this.#speedChanges = this.#speedChanges.filter(({ at }) => at > this.now);
  }

  #deliver(): void {
    const due = this.#transit.filter(({ at }) => at <= this.now);
    this.#transit = this.#transit.filter(({ at }) => at > this.now);
    for (const { to, value, speed } of due) {
      const read = speed === this.#speed[to] ? value : value ^ 0xa5;
      const carried = this.#options.carry === undefined ? read : this.#options.carry(read, to);
      if (carried === undefined) continue;
      this.octets.push({ to, value: carried, speed });
      const octets = Uint8Array.of(carried);
      const link = to === 'client' ? this.client : this.server;
      this.#perform(to, link.receive(octets, this.now));
    }
  }

  #perform(side: Side, events: readonly LinkEvent[]): void {
    for (const event of events) {
      this.events.push({ side, at: this.now, event });
      if (event.type === 'send') this.#send(side, event.octets);
      if (event.type !== 'speed') continue;
      this.#sendSpeed[side] = event.speed;
      this.#speedChanges.push({ at: Math.max(this.now, this.#busyUntil[side]), side, speed: event.speed });
      this.#changeSpeeds();
    }
  }

  #send(from: Side, octets: Uint8Array): void {
    const speed = this.#sendSpeed[from];
    let at = Math.max(this.now, this.#busyUntil[from]);
    for (const value of octets) {
      at += (BITS_PER_CHARACTER * 1000) / speed;
      this.#transit.push({ at, to: from === 'client' ? 'server' : 'client', value, speed });
      if (this.#options.echo === true && from === 'client') this.#transit.push({ at, to: 'client', value, speed });
    }
    this.#busyUntil[from] = at;
    this.#transit.sort((a, b) => a.at - b.at);
  }
}
