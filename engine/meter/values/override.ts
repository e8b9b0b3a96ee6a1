import { oneByOne } from './day-values.ts';
import type { Signal, Source } from './signal.ts';
import { HOUR } from './signal.ts';

/** From `since` on a simulated value is `value`, or itself again if that is undefined. */
export interface Override {
  readonly since: number;
  readonly value: number | undefined;
  /** Integral up to `since`, where overrides before this one were forgotten. */
  readonly total?: number;
}

/** Overrides of a simulated value on one meter, oldest first; undefined for most. */
export type OverridesOf<S extends Source> = (source: S) => readonly Override[] | undefined;

/**
 * A simulated value that what happens to a meter can put to something else: a relay that is off takes its load to 0.
 * The integral follows, so that registers stand still from then on and history stays what it was.
 */
export function overridable<S extends Source>(
  base: Signal<S>,
  integral: (source: S, time: number) => number,
  overridesOf: OverridesOf<S>,
): Signal<S> {
  const at: Signal<S>['at'] = (source, time) => {
    const current = overridesOf(source)?.findLast(({ since }) => since <= time);
    return current?.value ?? base.at(source, time);
  };
  const { day, least } = base;
  const single = oneByOne({ at });
  return {
    constant: false,
    at,
    ...(day && {
      day: (source, number, out, wanted) =>
        overridesOf(source) === undefined ? day(source, number, out, wanted) : single(source, number, out, wanted),
    }),
    ...(least && {
      least: (source) => (overridesOf(source) === undefined ? least(source) : Number.NEGATIVE_INFINITY),
    }),
    integral(source, time) {
      const overrides = overridesOf(source);
      const first = overrides?.[0];
      if (overrides === undefined || first === undefined) return integral(source, time);
      const begun = first.total ?? integral(source, first.since);
      // Before what is remembered the value counts as if nothing had happened, down to where that leads to.
      if (first.since >= time) return begun - integral(source, first.since) + integral(source, time);
      let sum = begun;
      for (const [index, { since, value }] of overrides.entries()) {
        if (since >= time) break;
        const end = Math.min(time, overrides[index + 1]?.since ?? time);
        sum += value === undefined ? integral(source, end) - integral(source, since) : (value * (end - since)) / HOUR;
      }
      return sum;
    },
  };
}
