import { ALL_HOURS, type DayValues, HOURS, has } from './day-values.ts';
import { integralOf } from './integral.ts';
import type { Signal, Source } from './signal.ts';

/*
 * Sums, products and extremes of signals. Day values use a scratch row per node: no part of a node leads back to it,
 * for only signals made of pure parts have day values.
 */

/** `a + b`, or `a - b` with sign -1. */
export function sum<S extends Source>(a: Signal<S>, b: Signal<S>, sign: 1 | -1): Signal<S> {
  return {
    constant: a.constant && b.constant,
    ...sharing([a, b]),
    at: (source, time) => a.at(source, time) + sign * b.at(source, time),
    ...sumIntegral(a, b, sign),
    ...sumDay(a, b, sign),
  };
}

function sumIntegral<S extends Source>(a: Signal<S>, b: Signal<S>, sign: 1 | -1): Pick<Signal<S>, 'integral'> {
  if (a.integral === undefined || b.integral === undefined) return {};
  const left = integralOf(a);
  const right = integralOf(b);
  return { integral: (source, time) => left(source, time) + sign * right(source, time) };
}

function sumDay<S extends Source>(a: Signal<S>, b: Signal<S>, sign: 1 | -1): Pick<Signal<S>, 'day' | 'dayAbove'> {
  const left = a.day;
  const right = b.day;
  if (left === undefined || right === undefined) return {};
  const scratch = new Float64Array(HOURS);
  const add = (source: S, day: number, out: Float64Array, wanted: number): void => {
    right(source, day, scratch, wanted);
    for (let hour = 0; hour < HOURS; hour += 1) {
      if (has(wanted, hour)) out[hour] = (out[hour] ?? 0) + sign * (scratch[hour] ?? 0);
    }
  };
  const day: DayValues<S> = (source, number, out, wanted) => {
    left(source, number, out, wanted);
    add(source, number, out, wanted);
  };
  const least = b.least;
  if (sign > 0 || least === undefined) return { day };
  return {
    day,
    // What is left above the limit even after the least that is taken away: solar power at night needs no load.
    dayAbove(source, number, out, limit) {
      left(source, number, out, ALL_HOURS);
      const taken = least(source);
      let wanted = 0;
      for (let hour = 0; hour < HOURS; hour += 1) {
        if ((out[hour] ?? 0) - taken <= limit) out[hour] = limit;
        else wanted |= 1 << hour;
      }
      if (wanted !== 0) add(source, number, out, wanted);
    },
  };
}

/** A signal times or divided by one that is constant. */
export function scaledBy<S extends Source>(signal: Signal<S>, factor: Signal<S>, op: '*' | '/'): Signal<S> {
  const apply: (value: number, factor: number) => number = op === '*' ? (x, y) => x * y : (x, y) => x / y;
  const inner = signal.day;
  const integral = signal.integral === undefined ? undefined : integralOf(signal);
  return {
    constant: signal.constant,
    ...sharing([signal]),
    at: (source, time) => apply(signal.at(source, time), factor.at(source, time)),
    ...(integral && { integral: (source, time) => apply(integral(source, time), factor.at(source, time)) }),
    ...(inner && {
      day(source, day, out, wanted) {
        inner(source, day, out, wanted);
        const by = factor.at(source, 0);
        for (let hour = 0; hour < HOURS; hour += 1) if (has(wanted, hour)) out[hour] = apply(out[hour] ?? 0, by);
      },
    }),
  };
}

/** The larger or the smaller of two, hour by hour. */
export function extreme<S extends Source>(which: 'max' | 'min', a: Signal<S>, b: Signal<S>): Signal<S> {
  const choose = which === 'max' ? Math.max : Math.min;
  const day = which === 'max' ? (aboveConstant(a, b) ?? aboveConstant(b, a)) : undefined;
  return {
    constant: a.constant && b.constant,
    ...sharing([a, b]),
    at: (source, time) => choose(a.at(source, time), b.at(source, time)),
    ...(day === undefined ? extremeDay(choose, a, b) : { day }),
  };
}

/** `max(0, a - b)`: where that is 0 anyway, `b` is not worked out. */
function aboveConstant<S extends Source>(floor: Signal<S>, signal: Signal<S>): DayValues<S> | undefined {
  const above = signal.dayAbove;
  if (!floor.constant || above === undefined) return undefined;
  return (source, day, out) => {
    const limit = floor.at(source, 0);
    above(source, day, out, limit);
    for (let hour = 0; hour < HOURS; hour += 1) out[hour] = Math.max(limit, out[hour] ?? 0);
  };
}

function extremeDay<S extends Source>(
  choose: (a: number, b: number) => number,
  { day: left }: Signal<S>,
  { day: right }: Signal<S>,
): Pick<Signal<S>, 'day'> {
  if (left === undefined || right === undefined) return {};
  const scratch = new Float64Array(HOURS);
  return {
    day(source, day, out, wanted) {
      left(source, day, out, wanted);
      right(source, day, scratch, wanted);
      for (let hour = 0; hour < HOURS; hour += 1) {
        if (has(wanted, hour)) out[hour] = choose(out[hour] ?? 0, scratch[hour] ?? 0);
      }
    },
  };
}

/** What is made of signals that are the same all over the fleet is so itself. */
export function sharing<S extends Source>(parts: readonly Signal<S>[]): { readonly fleetWide: boolean } {
  return { fleetWide: parts.every((part) => part.constant || part.fleetWide === true) };
}
