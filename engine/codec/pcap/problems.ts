import { type CaptureProblem, MAX_PROBLEMS } from './types.ts';

/** Collects problems, bounded: a hostile file must not fill the memory with complaints. */
export class ProblemList {
  readonly #problems: CaptureProblem[] = [];
  #more = 0;

  add(problem: CaptureProblem): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
    else this.#more++;
  }

  result(): CaptureProblem[] {
    if (this.#more === 0) return this.#problems;
    const message = `${this.#more} more problems after the first ${MAX_PROBLEMS}`;
    return [...this.#problems, { code: 'limit', message, offset: 0 }];
  }
}
