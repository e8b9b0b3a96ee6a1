import { DAY, HOUR, INTEGRATION_EPOCH, type Signal, type Source } from './signal.ts';

/** Meters whose daily sums of one signal are kept; the rest is summed again when it is asked for. */
const MAX_TABLES = 256;
/** Days a table may cover; beyond it the integral stays where it is. */
const MAX_DAYS = 73_050;

interface Table {
  /** Integral at the beginning of day 0, 1, ... since the epoch of integration. */
  sums: Float64Array;
  known: number;
}

/**
 * Integral of a signal since INTEGRATION_EPOCH in (unit) x hours: its closed form, or the sum of hourly mid-points,
 * linear inside of the hour. Continuous, and never falling where the signal is not negative.
 */
export function integralOf<S extends Source>(signal: Signal<S>): (source: S, time: number) => number {
  if (signal.integral !== undefined) return signal.integral.bind(signal);
  const tables = new Map<number, Table>();

  function hourly(source: S, hour: number): number {
    const value = signal.at(source, INTEGRATION_EPOCH + hour * HOUR + HOUR / 2);
    return Number.isFinite(value) ? value : 0;
  }

  function tableFor(source: S): Table {
    const known = tables.get(source.key);
    if (known !== undefined) return known;
    if (tables.size >= MAX_TABLES) {
      const oldest = tables.keys().next();
      if (oldest.done !== true) tables.delete(oldest.value);
    }
    const table = { sums: new Float64Array(1024), known: 0 };
    tables.set(source.key, table);
    return table;
  }

  function atDay(source: S, day: number): number {
    const table = tableFor(source);
    if (day >= table.sums.length) {
      const larger = new Float64Array(Math.max(day + 1, table.sums.length * 2));
      larger.set(table.sums);
      table.sums = larger;
    }
    for (let at = table.known; at < day; at += 1) {
      let sum = table.sums[at] ?? 0;
      for (let hour = at * 24; hour < at * 24 + 24; hour += 1) sum += hourly(source, hour);
      table.sums[at + 1] = sum;
    }
    table.known = Math.max(table.known, day);
    return table.sums[day] ?? 0;
  }

  return (source, time) => {
    const since = Math.min(time - INTEGRATION_EPOCH, MAX_DAYS * DAY);
    if (!(since > 0)) return 0;
    const day = Math.floor(since / DAY);
    let sum = atDay(source, day);
    const lastHour = Math.floor(since / HOUR);
    for (let hour = day * 24; hour < lastHour; hour += 1) sum += hourly(source, hour);
    return sum + (hourly(source, lastHour) * (since - lastHour * HOUR)) / HOUR;
  };
}
