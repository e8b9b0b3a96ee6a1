import type { LoadResult } from './messages.ts';

/** Counts of one phase. */
export class Tally {
  readonly #started = performance.now();
  readonly #times: Float32Array;
  #timed = 0;
  done = 0;
  lost = 0;
  wrong = 0;
  #firstProblem: string | undefined;

  constructor(expected: number) {
    this.#times = new Float32Array(expected);
  }

  answered(milliseconds: number): void {
    this.done += 1;
    if (this.#timed < this.#times.length) this.#times[this.#timed++] = milliseconds;
  }

  loses(what: string): void {
    this.lost += 1;
    this.#firstProblem ??= what;
  }

  isWrong(what: string): void {
    this.wrong += 1;
    this.#firstProblem ??= what;
  }

  result(): LoadResult {
    const seconds = (performance.now() - this.#started) / 1000;
    const sorted = this.#times.subarray(0, this.#timed).sort();
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    const { done, lost, wrong } = this;
    const problem = this.#firstProblem;
    return {
      done,
      lost,
      wrong,
      seconds,
      p50: at(0.5),
      p99: at(0.99),
      ...(problem === undefined ? {} : { firstProblem: problem }),
    };
  }
}
