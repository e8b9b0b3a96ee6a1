import { ALL_HOURS, HOURS, middleOf, oneByOne } from './day-values.ts';
import { DAY, HOUR, INTEGRATION_EPOCH, type Signal, type Source } from './signal.ts';

/** Meters whose daily sums of one signal are kept; of those asked for longer ago only the last sum is. */
const MAX_TABLES = 256;
/** Meters whose last sum is kept; those beyond are summed again when they are asked for. */
const MAX_SUMS = 16_384;
/** Days a table has room for at first. */
const FIRST_DAYS = 32;
/** Days a table may cover; beyond it the integral stays where it is. */
const MAX_DAYS = 73_050;

interface Table {
  /** Day of the first sum, counted from the epoch of integration. */
  first: number;
  /** Integral at the beginning of each day from `first` to `last`. */
  sums: Float64Array;
  last: number;
}

interface LastSum {
  readonly day: number;
  readonly sum: number;
}

const NOTHING: LastSum = { day: 0, sum: 0 };

function startTable({ day, sum }: LastSum): Table {
  const sums = new Float64Array(FIRST_DAYS);
  sums[0] = sum;
  return { first: day, sums, last: day };
}

/** What is no number counts as nothing. */
function counted(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** Adds to a map with room for `most`, and yields what had to make room. */
function addBounded<T>(map: Map<number, T>, most: number, key: number, value: T): [number, T] | undefined {
  const oldest = map.size >= most && !map.has(key) ? map.entries().next() : undefined;
  if (oldest?.done === false) map.delete(oldest.value[0]);
  map.set(key, value);
  return oldest?.done === false ? oldest.value : undefined;
}

/**
 * Integral of a signal since INTEGRATION_EPOCH in (unit) x hours: its closed form, or the sum of hourly mid-points,
 * linear inside of the hour. Continuous, and never falling where the signal is not negative.
 */
export function integralOf<S extends Source>(signal: Signal<S>): (source: S, time: number) => number {
  if (signal.integral !== undefined) return signal.integral.bind(signal);
  const keyOf = signal.fleetWide === true ? ({ seed }: S): number => seed : ({ key }: S): number => key;
  const dayValues = signal.day ?? oneByOne(signal);
  // A signal without day values of its own may lead back to this integral while its day is worked out.
  const row = signal.day === undefined ? undefined : new Float64Array(HOURS);
  const tables = new Map<number, Table>();
  const lastSums = new Map<number, LastSum>();
  // Sums from midnight to each hour of the day asked for last: profiles ask it row after row.
  const hours = new Float64Array(25);
  let hoursOf = { key: Number.NaN, day: 0, known: 0 };

  function hourly(source: S, hour: number): number {
    return counted(signal.at(source, middleOf(0, hour)));
  }

  function tableFor(source: S, day: number): Table {
    const known = tables.get(keyOf(source));
    if (known !== undefined && known.first <= day) return known;
    const last = lastSums.get(keyOf(source)) ?? NOTHING;
    const table = startTable(last.day <= day ? last : NOTHING);
    const forgotten = addBounded(tables, MAX_TABLES, keyOf(source), table);
    if (forgotten !== undefined) {
      const [key, { first, sums, last: day }] = forgotten;
      addBounded(lastSums, MAX_SUMS, key, { day, sum: sums[day - first] ?? 0 });
    }
    return table;
  }

  function atDay(source: S, day: number): number {
    const table = tableFor(source, day);
    const { first } = table;
    if (day - first >= table.sums.length) {
      const larger = new Float64Array(Math.max(day - first + FIRST_DAYS, table.sums.length * 2));
      larger.set(table.sums);
      table.sums = larger;
    }
    const { sums } = table;
    const values = row ?? new Float64Array(HOURS);
    for (; table.last < day; table.last += 1) {
      let sum = sums[table.last - first] ?? 0;
      dayValues(source, table.last, values, ALL_HOURS);
      for (let hour = 0; hour < HOURS; hour += 1) sum += counted(values[hour] ?? 0);
      sums[table.last + 1 - first] = sum;
    }
    return sums[day - first] ?? 0;
  }

  /** Integral at the beginning of an hour. Added up in the same order each time, so that the sums are the same. */
  function atHour(source: S, day: number, hour: number): number {
    if (hoursOf.key !== keyOf(source) || hoursOf.day !== day) {
      hours[0] = atDay(source, day);
      hoursOf = { key: keyOf(source), day, known: 0 };
    }
    for (; hoursOf.known < hour; hoursOf.known += 1) {
      hours[hoursOf.known + 1] = (hours[hoursOf.known] ?? 0) + hourly(source, day * 24 + hoursOf.known);
    }
    return hours[hour] ?? 0;
  }

  return (source, time) => {
    const since = Math.min(time - INTEGRATION_EPOCH, MAX_DAYS * DAY);
    if (!(since > 0)) return 0;
    const day = Math.floor(since / DAY);
    const lastHour = Math.floor(since / HOUR);
    return atHour(source, day, lastHour - day * 24) + (hourly(source, lastHour) * (since - lastHour * HOUR)) / HOUR;
  };
}
