/** How long sockets are served before timers and new connections get their turn, milliseconds. */
const TURN_MS = 10;

/**
 * Serves many connections without keeping the event loop to itself. While thousands of sockets are readable at once,
 * the loop does not come round to timers before it has gone through them all, many times over: with 10,000 busy
 * clients that is close to a second (docs/benchmarks.md). So work is done at once as long as the turn lasts, and what
 * comes later waits in its order for the next one.
 */
export class FairTurns {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  /** Work already taken from `#waiting`. */
  #taken = 0;
  #turnEnds = 0;
  #scheduled = false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Does the work now and returns true, or keeps it for a later turn. */
  take(work: () => void): boolean {
    if (this.#waiting.length > 0 || !this.#inTurn()) {
      this.#waiting.push(work);
      return false;
    }
    work();
    return true;
  }

  #inTurn(): boolean {
    if (this.#scheduled) return this.#now() < this.#turnEnds;
    this.#scheduled = true;
    this.#turnEnds = this.#now() + TURN_MS;
    setImmediate(() => this.#turn());
    return true;
  }

  /** Immediates run once in every round of the loop, after the sockets. */
  #turn(): void {
    this.#turnEnds = this.#now() + TURN_MS;
    try {
      while (this.#taken < this.#waiting.length && this.#now() < this.#turnEnds) {
        const work = this.#waiting[this.#taken];
        this.#taken += 1;
        work?.();
      }
    } finally {
      if (this.#taken >= this.#waiting.length) {
        this.#waiting.length = 0;
        this.#taken = 0;
        this.#scheduled = false;
      } else {
        setImmediate(() => this.#turn());
      }
    }
  }
}
