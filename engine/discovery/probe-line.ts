import { afterPoll } from '../session/deadline.ts';
import { asSessionError, SessionError } from '../session/errors.ts';
import { openTcp } from '../session/tcp.ts';
import { cancelled, type Transport, type TransportEvents } from '../session/transport.ts';
import type { EvidenceLog } from './evidence-log.ts';
import type { Patience } from './patience.ts';

/** Octets one target may send in all; tarpits and endless banners end here. */
export const MAX_LINE_OCTETS = 4 * 1024 * 1024;
/** First octets kept for judging what answers. */
const HEAD_OCTETS = 64;
/** Octets kept while nobody listens. */
const MAX_PENDING_OCTETS = 64 * 1024;

export interface ProbeLineOptions {
  readonly address: string;
  readonly port: number;
  readonly patience: Patience;
  readonly evidence: EvidenceLog;
  readonly signal: AbortSignal;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** Octets all lines of the target have received together. */
  readonly budget: OctetBudget;
  /** A connection the port stage has made already; used once. */
  readonly connected?: ConnectedSocket;
}

/** Counts what a target sends, over all its connections. */
export class OctetBudget {
  #left = MAX_LINE_OCTETS;

  /** False once the limit is exceeded. */
  take(octets: number): boolean {
    this.#left -= octets;
    return this.#left >= 0;
  }

  get exceeded(): boolean {
    return this.#left < 0;
  }
}

/** A connection that exists already, waiting for somebody to use it. */
export interface ConnectedSocket {
  /** Milliseconds it took to connect. */
  readonly connectMs: number;
  /** Takes it over; undefined when it is gone meanwhile. */
  adopt(events: TransportEvents): Transport | undefined;
  /** Ends it unless somebody has taken it over. */
  discard(): void;
}

/**
 * One TCP connection to a target that several conversations use after one another. Everything that goes over it
 * becomes evidence.
 */
export class ProbeLine {
  readonly #options: ProbeLineOptions;
  #transport: Transport | undefined;
  #listener: TransportEvents | undefined;
  #pending: Uint8Array[] = [];
  #pendingOctets = 0;
  #closed: SessionError | undefined;
  #received = 0;
  #head = new Uint8Array();

  private constructor(options: ProbeLineOptions) {
    this.#options = options;
  }

  /** Connects. Rejects with SessionError. */
  static async open(options: ProbeLineOptions): Promise<ProbeLine> {
    const line = new ProbeLine(options);
    const { evidence, address, port, patience, signal, monotonic } = options;
    const events: TransportEvents = { data: (octets) => line.#data(octets), closed: (reason) => line.#end(reason) };
    const { connected } = options;
    line.#transport = connected?.adopt(events);
    if (connected !== undefined && line.#transport !== undefined) {
      patience.observe(connected.connectMs);
      evidence.event('connect', `connected in ${connected.connectMs.toFixed(1)} ms`);
      return line.#stayed();
    }
    const started = monotonic();
    try {
      line.#transport = await openTcp({ host: address, port, timeoutMs: patience.limitMs, signal, events });
    } catch (error) {
      evidence.event('error', asSessionError(error)?.found ?? String(error));
      throw error;
    }
    patience.observe(monotonic() - started);
    evidence.event('connect', `connected in ${(monotonic() - started).toFixed(1)} ms`);
    return line.#stayed();
  }

  /** The line, once a poll phase has shown that it was not ended as soon as it was made. Rejects with `closed` if it was. */
  async #stayed(): Promise<ProbeLine> {
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    if (this.#closed !== undefined) throw this.#closed;
    return this;
  }

  get isOpen(): boolean {
    return this.#closed === undefined && this.#transport !== undefined;
  }

  /** Octets received over this connection. */
  get received(): number {
    return this.#received;
  }

  /** The first octets received over this connection, at most `HEAD_OCTETS`. */
  get head(): Uint8Array {
    return this.#head;
  }

  /** A transport for one conversation. Closing it leaves the line open. */
  attach(events: TransportEvents): Transport {
    if (this.#closed !== undefined) throw this.#closed;
    this.#listener = events;
    return {
      kind: 'tcp',
      write: (octets) => this.write(octets),
      close: () => {
        if (this.#listener === events) this.#listener = undefined;
      },
    };
  }

  write(octets: Uint8Array): void {
    if (!this.isOpen) return;
    this.#options.evidence.octets('tx', octets);
    this.#transport?.write(octets);
  }

  /** Drops what came while nobody listened, so that late answers are not taken for those to come. */
  discardPending(): void {
    this.#pending = [];
    this.#pendingOctets = 0;
  }

  /**
   * Collects octets until `done` says so, the time is over, or the line ends. The last call of `done` decides:
   * resolves to true when it was done.
   */
  collect(done: (chunk: Uint8Array) => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        callOff();
        if (this.#listener === events) this.#listener = undefined;
        resolve(result);
      };
      const events: TransportEvents = {
        data: (octets) => {
          if (done(octets)) finish(true);
        },
        closed: () => finish(false),
      };
      const callOff = afterPoll(timeoutMs, () => finish(false));
      if (this.#closed !== undefined) {
        finish(false);
        return;
      }
      this.#listener = events;
      const waiting = this.#pending;
      this.discardPending();
      for (const octets of waiting) if (this.#listener === events) events.data(octets);
    });
  }

  close(): void {
    if (this.#closed !== undefined) return;
    this.#closed = new SessionError('closed', 'the connection was ended by the scan');
    this.#listener = undefined;
    this.#transport?.close();
  }

  #data(octets: Uint8Array): void {
    this.#received += octets.length;
    if (this.#head.length < HEAD_OCTETS)
      this.#head = Buffer.concat([this.#head, octets.subarray(0, HEAD_OCTETS - this.#head.length)]);
    this.#options.evidence.octets('rx', octets);
    if (!this.#options.budget.take(octets.length)) {
      this.#end(
        new SessionError('limit', `the target sent more than ${MAX_LINE_OCTETS} octets`, {
          next: 'this is no DLMS meter',
        }),
      );
      this.#transport?.close();
      return;
    }
    if (this.#listener !== undefined) {
      this.#listener.data(octets);
      return;
    }
    if (this.#pendingOctets > MAX_PENDING_OCTETS) return;
    this.#pending.push(octets);
    this.#pendingOctets += octets.length;
  }

  #end(reason: SessionError): void {
    if (this.#closed !== undefined) return;
    this.#closed = this.#options.signal.aborted ? cancelled() : reason;
    this.#options.evidence.event('closed', reason.found);
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed(this.#closed);
  }
}
