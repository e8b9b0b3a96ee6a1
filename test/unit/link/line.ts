import type { ClientLink, LinkEvent, ServerLink } from '../../../engine/link/types.ts';

/** Deterministic random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface LineOptions {
  readonly random: () => number;
  /** Probability that a frame is lost, or has one octet changed. */
  readonly loss?: number;
  readonly corruption?: number;
  /** Cut frames into random chunks that arrive apart. */
  readonly chunks?: boolean;
  /** What the device answers, and after how long (ms). */
  readonly answer?: (apdu: Uint8Array) => { readonly apdu: Uint8Array; readonly after?: number } | undefined;
  /** Octets sent come back to the client first. */
  readonly echo?: boolean;
}

type Transit = { readonly at: number; readonly to: 'client' | 'server' } & (
  | { readonly octets: Uint8Array }
  | { readonly work: () => LinkEvent[] }
);

/** A client link and a server link on a simulated line with a clock of its own. Records everything both sides say. */
export class Line {
  now = 0;
  readonly clientEvents: LinkEvent[] = [];
  readonly serverEvents: LinkEvent[] = [];
  readonly sent: { readonly from: 'client' | 'server'; readonly octets: Uint8Array }[] = [];
  readonly client: ClientLink;
  readonly server: ServerLink;
  readonly #options: LineOptions;
  #transit: Transit[] = [];
  /** When the last octet of each direction arrives: a line keeps order. */
  readonly #busyUntil = { client: 0, server: 0 };

  constructor(client: ClientLink, server: ServerLink, options: LineOptions) {
    this.client = client;
    this.server = server;
    this.#options = options;
  }

  /** Performs an action of the client at the current time. */
  act(action: (link: ClientLink, now: number) => LinkEvent[]): void {
    this.#perform('client', action(this.client, this.now));
  }

  /** Performs an action of the server at the current time. */
  actServer(action: (link: ServerLink, now: number) => LinkEvent[]): void {
    this.#perform('server', action(this.server, this.now));
  }

  /** Lets time pass until the condition holds; false when nothing is left to wait for, or after `limit` ms. */
  runUntil(condition: () => boolean, limit = 3_600_000): boolean {
    const end = this.now + limit;
    while (!condition()) {
      const next = this.#next();
      if (next === undefined || next > end) return false;
      this.now = Math.max(this.now, next);
      this.#deliver();
      this.#perform('client', this.client.tick(this.now));
      this.#perform('server', this.server.tick(this.now));
    }
    return true;
  }

  #next(): number | undefined {
    const times = [this.client.nextDeadline(), this.server.nextDeadline(), ...this.#transit.map(({ at }) => at)];
    const known = times.filter((at) => at !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  #deliver(): void {
    const due = this.#transit.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.#transit = this.#transit.filter(({ at }) => at > this.now);
    for (const item of due) {
      const link = item.to === 'client' ? this.client : this.server;
      this.#perform(item.to, 'work' in item ? item.work() : link.receive(item.octets, this.now));
    }
  }

  #perform(side: 'client' | 'server', events: readonly LinkEvent[]): void {
    (side === 'client' ? this.clientEvents : this.serverEvents).push(...events);
    for (const event of events) {
      if (event.type === 'send') this.#send(side, event.octets);
      if (event.type === 'apdu' && side === 'server') this.#work(event);
    }
  }

  #work(event: Extract<LinkEvent, { type: 'apdu' }>): void {
    const answer = this.#options.answer?.(event.apdu);
    if (!answer) return;
    const work = (): LinkEvent[] => this.server.send(answer.apdu, event.peer, this.now);
    this.#transit.push({ at: this.now + (answer.after ?? 0), to: 'server', work });
  }

  #send(from: 'client' | 'server', octets: Uint8Array): void {
    this.sent.push({ from, octets });
    const { random, loss = 0, corruption = 0, chunks = false, echo = false } = this.#options;
    const to = from === 'client' ? 'server' : 'client';
    if (echo && from === 'client') this.#carry('client', octets);
    if (random() < loss) return;
    const carried = octets.slice();
    if (random() < corruption) {
      const at = Math.floor(random() * carried.length);
      carried[at] = carried[at]! ^ (1 + Math.floor(random() * 255));
    }
    if (!chunks) {
      this.#carry(to, carried);
      return;
    }
    for (let at = 0; at < carried.length; ) {
      const size = 1 + Math.floor(random() * random() * carried.length);
      this.#carry(to, carried.subarray(at, at + size));
      at += size;
    }
  }

  #carry(to: 'client' | 'server', octets: Uint8Array): void {
    const at = Math.max(this.#busyUntil[to], this.now) + 1;
    this.#busyUntil[to] = at;
    this.#transit.push({ at, to, octets });
  }
}

/** APDUs among the events, in order. */
export function apdus(events: readonly LinkEvent[]): Uint8Array[] {
  return events.flatMap((event) => (event.type === 'apdu' ? [event.apdu] : []));
}

/** Types of the events, `error` and `closed` with their code or reason. */
export function outline(events: readonly LinkEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'error') return `error ${event.error.code}`;
    return event.type === 'closed' ? `closed ${event.reason}` : event.type;
  });
}
