import type { Stage } from './stage.ts';

/** One thing a user does, and what must be seen after it. Rejects when it is not seen. */
export interface Step {
  readonly name: string;
  readonly act: (stage: Stage) => Promise<void>;
}

/** Steps that build on each other: when one fails, the rest of its story cannot be reached and counts as failed. */
export interface Story {
  readonly name: string;
  readonly steps: readonly Step[];
}

export function step(name: string, act: Step['act']): Step {
  return { name, act };
}

export function story(name: string, ...steps: readonly Step[]): Story {
  return { name, steps };
}
