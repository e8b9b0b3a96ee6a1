import type { Channel } from './channel.ts';
import { asSessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { cancelled } from './transport.ts';

/** How one request of an association is made. */
export interface RequestControl {
  /** Gives the request up; the association stays. */
  readonly signal?: AbortSignal;
  /** Milliseconds one answer may take; default that of the association. */
  readonly timeoutMs?: number;
  /**
   * How often the request is made again when it is not answered; default 0. Each time with an invoke id and, where it
   * is ciphered, an invocation counter of its own. What changes something in the meter may then happen twice.
   */
  readonly retries?: number;
}

/**
 * Runs the requests of one association, one at a time and in the order they were made, with their limits; and keeps
 * the association alive in between.
 */
export class RequestRunner {
  readonly #channel: Channel;
  #tail: Promise<unknown> = Promise.resolve();
  #keepAlive: { readonly everyMs: number; readonly request: () => Procedure<unknown> } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Runs a procedure after those before it. `make` is called for every attempt. Rejects with SessionError. */
  run<T>(make: () => Procedure<T>, control: RequestControl = {}): Promise<T> {
    clearTimeout(this.#timer);
    const result = this.#tail.then(() => this.#attempts(make, control));
    this.#tail = result.catch(() => undefined).then(() => this.#restartTimer());
    return result;
  }

  /** Makes `request` whenever nothing was asked for `everyMs` milliseconds, until `stop`. */
  keepAlive(everyMs: number, request: () => Procedure<unknown>): void {
    this.#keepAlive = { everyMs, request };
    this.#restartTimer();
  }

  /** Ends keeping alive. */
  stop(): void {
    this.#keepAlive = undefined;
    clearTimeout(this.#timer);
  }

  async #attempts<T>(make: () => Procedure<T>, control: RequestControl): Promise<T> {
    for (let left = control.retries ?? 0; ; left--) {
      try {
        return await this.#once(make(), control);
      } catch (error) {
        if (left <= 0 || asSessionError(error)?.code !== 'no-answer') throw error;
      }
    }
  }

  async #once<T>(procedure: Procedure<T>, { signal, timeoutMs }: RequestControl): Promise<T> {
    if (signal?.aborted === true) throw cancelled();
    const abort = () => this.#channel.interrupt(cancelled());
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await this.#channel.run(procedure, timeoutMs);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #restartTimer(): void {
    clearTimeout(this.#timer);
    const alive = this.#keepAlive;
    if (alive === undefined) return;
    this.#timer = setTimeout(() => {
      // A sign of life that fails tells nobody: the next request will, with the reason.
      this.run(alive.request).catch(() => undefined);
    }, alive.everyMs);
    this.#timer.unref();
  }
}
