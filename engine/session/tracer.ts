import type { ApduEvent } from './client-session.ts';
import type { TraceEntry, TraceSink } from './trace.ts';

/** Numbers and times trace entries of one association and hands them to the sink. `now`: milliseconds since the epoch. */
export class Tracer {
  readonly #sink: TraceSink | undefined;
  readonly #now: () => number;
  #index = 0;

  constructor(sink: TraceSink | undefined, now: () => number) {
    this.#sink = sink;
    this.#now = now;
  }

  apdu(event: ApduEvent): void {
    this.#add({ layer: 'apdu', ...event });
  }

  link(direction: 'tx' | 'rx', octets: Uint8Array, summary: string): void {
    this.#add({ layer: 'link', direction, octets, summary });
  }

  note(summary: string): void {
    this.#add({ layer: 'link', direction: 'note', octets: new Uint8Array(), summary });
  }

  #add(entry: Omit<TraceEntry, 'index' | 'time'>): void {
    this.#sink?.({ index: this.#index++, time: this.#now(), ...entry });
  }
}
