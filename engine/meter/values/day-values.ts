import { HOUR, INTEGRATION_EPOCH, type Signal, type Source } from './signal.ts';

/** Hours of a day. */
export const HOURS = 24;
/** Every hour of a day is asked for. */
export const ALL_HOURS = 0xffffff;

/**
 * Values of a signal in the middle of the hours of a day, the day counted from INTEGRATION_EPOCH: exactly what `at`
 * yields there, many times faster than one by one. Only the hours whose bit is set in `wanted` are written.
 */
export type DayValues<S extends Source = Source> = (source: S, day: number, out: Float64Array, wanted: number) => void;

/** The middle of an hour of a day, milliseconds since the epoch. */
export function middleOf(day: number, hour: number): number {
  return INTEGRATION_EPOCH + (day * HOURS + hour) * HOUR + HOUR / 2;
}

/** Whether a set of hours has an hour in it. */
export function has(wanted: number, hour: number): boolean {
  return (wanted & (1 << hour)) !== 0;
}

/** Day values of a signal that has no faster way to them. */
export function oneByOne<S extends Source>(signal: Pick<Signal<S>, 'at'>): DayValues<S> {
  return (source, day, out, wanted) => {
    for (let hour = 0; hour < HOURS; hour += 1) {
      if (has(wanted, hour)) out[hour] = signal.at(source, middleOf(day, hour));
    }
  };
}
