/** Something that waits: either it is settled, or it has to be told that its time is over. */
export interface Waiting {
  readonly settled: boolean;
}

/** How often the queue looks, milliseconds. */
const SWEEP_MS = 20;
/** Settled entries at the front before the queue is cut. */
const COMPACT_AT = 4096;

/**
 * Deadlines that are all equally far away: one queue in order instead of a timer each. The timer only notes the time;
 * entries are judged against it after a poll phase, when everything that had arrived by then is delivered.
 */
export class DeadlineQueue<T extends Waiting> {
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #expire: (entry: T) => void;
  readonly #entries: { readonly entry: T; readonly at: number }[] = [];
  #front = 0;
  #timer: NodeJS.Timeout | undefined;
  #judging = false;

  /** `now`: monotonic milliseconds. */
  constructor(timeoutMs: number, now: () => number, expire: (entry: T) => void) {
    this.#timeoutMs = timeoutMs;
    this.#now = now;
    this.#expire = expire;
  }

  add(entry: T): void {
    this.#entries.push({ entry, at: this.#now() + this.#timeoutMs });
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS);
  }

  /** Entries not settled yet. */
  remaining(): T[] {
    return this.#entries.slice(this.#front).flatMap(({ entry }) => (entry.settled ? [] : [entry]));
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    if (this.#judging) return;
    this.#judging = true;
    const now = this.#now();
    setImmediate(() =>
      setImmediate(() => {
        this.#judging = false;
        this.#judge(now);
      }),
    );
  }

  #judge(now: number): void {
    for (let next = this.#entries[this.#front]; next !== undefined; next = this.#entries[this.#front]) {
      if (!next.entry.settled && next.at > now) break;
      this.#front++;
      if (!next.entry.settled) this.#expire(next.entry);
    }
    if (this.#front < COMPACT_AT) return;
    this.#entries.splice(0, this.#front);
    this.#front = 0;
  }
}
