/** Shortest time silence is given, milliseconds: meters think longer than networks travel. */
export const LEAST_WAIT_MS = 250;
/** Round trips silence is given. */
export const WAIT_ROUND_TRIPS = 8;

/**
 * How long to wait for one meter. Starts from the time the connection took, follows the slowest answer seen, and never
 * goes beyond the limit the caller set.
 */
export class Patience {
  readonly limitMs: number;
  #slowest = 0;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  /** One request was answered after `ms`, or the connection was made in it. */
  observe(ms: number): void {
    if (ms > this.#slowest) this.#slowest = ms;
  }

  /** Slowest answer so far, milliseconds. */
  get roundTripMs(): number {
    return this.#slowest;
  }

  /** For questions that most meters leave unanswered: the candidates of a search. */
  get searchMs(): number {
    return Math.min(this.limitMs, Math.max(LEAST_WAIT_MS, WAIT_ROUND_TRIPS * this.#slowest));
  }
}
