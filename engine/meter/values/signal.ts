import type { DayValues } from './day-values.ts';

/** Milliseconds of the units values are worked out in. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/**
 * Where `integrate` starts counting: Monday, 2024-01-01T00:00Z. A fixed moment, so that a register is a pure function
 * of the time asked for; before it, closed forms go below zero and numeric integrals stay at zero.
 */
export const INTEGRATION_EPOCH = Date.UTC(2024, 0, 1);

/** What a value may depend on besides the time: which meter it is, and its own random key. */
export interface Source {
  /** Number of the meter in its fleet. */
  readonly number: number;
  /** Hash of seed and number: the key of everything that differs from meter to meter. */
  readonly key: number;
  /** The fleet's seed, for what all of its meters share (weather). */
  readonly seed: number;
}

/**
 * A number over simulated time: a pure function of (meter, time). Never throws; may yield NaN or an infinity, which
 * the conversion to a wire type takes care of.
 */
export interface Signal<S extends Source = Source> {
  /** True if neither meter nor time matter. */
  readonly constant: boolean;
  /** True if it is the same for all meters of a seed: it depends on `Source.seed` and the time only. */
  readonly fleetWide?: boolean;
  /** Value at `time`, milliseconds since the epoch. */
  at(source: S, time: number): number;
  /**
   * Integral from INTEGRATION_EPOCH to `time` in (unit of the signal) x hours, where a closed form exists. Where it
   * does not, `integralOf` sums hour by hour.
   */
  integral?(source: S, time: number): number;
  /** The fast way to many values; only where the signal is made of nothing but such signals. */
  readonly day?: DayValues<S>;
  /** As `day` for all hours, but what is not above `limit` may be given as `limit`, which saves working it out. */
  readonly dayAbove?: DayValues<S>;
  /** A number its values are never below on this meter, where one is known. */
  readonly least?: (source: S) => number;
}

/** Hours from the epoch of integration to a time. */
export function hoursSinceEpoch(time: number): number {
  return (time - INTEGRATION_EPOCH) / HOUR;
}

export function constantSignal(value: number): Signal {
  return {
    constant: true,
    at: () => value,
    integral: (_source, time) => value * hoursSinceEpoch(time),
    day: (_source, _day, out) => void out.fill(value),
    least: () => value,
  };
}
