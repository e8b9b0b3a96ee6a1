/** Attempts allowed to catch up after a pause, as a part of a second. */
const BURST_SECONDS = 0.05;

/** A token bucket: `rate` attempts a second, without saving more than a moment's worth. */
export class RateLimit {
  readonly #rate: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  /** `rate` 0 = unlimited. `now`: monotonic milliseconds. */
  constructor(rate: number, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#tokens = 1;
    this.#at = now();
  }

  /** Takes one attempt: 0 when it may be made now, otherwise the milliseconds to wait before asking again. */
  take(): number {
    if (this.#rate <= 0) return 0;
    const now = this.#now();
    const most = Math.max(1, this.#rate * BURST_SECONDS);
    this.#tokens = Math.min(most, this.#tokens + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
    if (this.#tokens < 1) return Math.max(1, Math.ceil(((1 - this.#tokens) * 1000) / this.#rate));
    this.#tokens -= 1;
    return 0;
  }
}
