import { HOURS, has } from './day-values.ts';
import { mix, unit, units } from './random.ts';
import { DAY, HOUR, hoursSinceEpoch, INTEGRATION_EPOCH, type Signal, WEEK } from './signal.ts';

/**
 * Load of a household in watts: standby `base`, and use up to `peak` that follows season, day of the week, hour and
 * single appliances.
 *
 * Energy is dealt out from the top: a week has a fixed amount, its days share it by weights, the hours share their
 * day, five-minute slots their hour. So the integral up to any moment is a short sum, an energy register and the
 * power at every moment belong to one another, and nothing has to be stored.
 */
export interface HouseholdOptions {
  /** Standby load, W. */
  readonly base: number;
  /** Load that is never exceeded, W. */
  readonly peak: number;
  readonly people: number;
}

const SLOT = 300_000;
const SLOTS = HOUR / SLOT;
const SEASON_SWING = 0.18;
const WEEKS_A_YEAR = 52.1775;
/** Coldest around the middle of January, two weeks after the epoch of integration. */
const SEASON_PHASE = (-2 * 2 * Math.PI) / WEEKS_A_YEAR;
const SEASON_STEP = (2 * Math.PI) / WEEKS_A_YEAR;

const DAY_WEIGHTS = [0.94, 0.94, 0.95, 0.96, 1, 1.12, 1.09];
const HOUR_WEIGHTS = [
  0.45, 0.4, 0.38, 0.38, 0.42, 0.6, 1, 1.25, 1.1, 0.9, 0.85, 0.95, 1.15, 1.05, 0.9, 0.9, 1, 1.35, 1.75, 1.95, 1.8, 1.5,
  1.1, 0.7,
];

/** Random streams of hours and slots; days draw from the key itself. */
const HOUR_DRAWS = 1;
const SLOT_DRAWS = 2;

/** Share of (peak - base) used on average; small enough that no hour can ask for more than the peak. */
const MAX_DUTY = 0.16;

/** Season factor summed over whole weeks 0..n-1 (or minus those of n..-1): the closed form of a sum of cosines. */
function seasonSum(n: number): number {
  const cosines =
    (Math.sin((n * SEASON_STEP) / 2) / Math.sin(SEASON_STEP / 2)) *
    Math.cos(SEASON_PHASE + ((n - 1) * SEASON_STEP) / 2);
  return n + SEASON_SWING * cosines;
}

function season(week: number): number {
  return 1 + SEASON_SWING * Math.cos(SEASON_PHASE + week * SEASON_STEP);
}

/** A weight is `typical` times low to low + span, by a draw or its cube. */
interface Shape {
  readonly low: number;
  readonly span: number;
  readonly cubed: boolean;
}

const DAY_SHAPE: Shape = { low: 0.85, span: 0.3, cubed: false };
const HOUR_SHAPE: Shape = { low: 0.75, span: 0.5, cubed: false };
/** Cubed, so that most slots are quiet and a few stand out, as single appliances do. */
const SLOT_SHAPE: Shape = { low: 0.25, span: 2.5, cubed: true };

/** Shares of the parts of one whole: a week's days, a day's hours. */
interface Deal {
  /** Which whole it is, and the key its parts are drawn with. */
  key: number;
  whole: number;
  readonly drawn: Float64Array;
  /** Weights without what chance adds. */
  readonly typical: Float64Array;
  readonly shape: Shape;
  readonly weights: Float64Array;
  /** Sum of the weights before each part; the last one is the sum of all. */
  readonly before: Float64Array;
}

function newDeal(typical: readonly number[], shape: Deal['shape']): Deal {
  const count = typical.length;
  const [drawn, weights, before] = [new Float64Array(count), new Float64Array(count), new Float64Array(count + 1)];
  return { key: 0, whole: Number.NaN, drawn, weights, before, typical: Float64Array.from(typical), shape };
}

/** Deals out a whole, unless it is the one dealt out last: profiles and integrals ask hour after hour. */
function deal(cards: Deal, key: number, whole: number): Deal {
  if (cards.whole === whole && cards.key === key) return cards;
  const { drawn, weights, before, typical, shape } = cards;
  const { low, span, cubed } = shape;
  cards.key = key;
  cards.whole = whole;
  units(key, whole * weights.length, drawn);
  let sum = 0;
  for (let part = 0; part < weights.length; part += 1) {
    const draw = drawn[part] ?? 0;
    const share = (typical[part] ?? 1) * (low + (cubed ? span * draw * draw * draw : span * draw));
    weights[part] = share;
    before[part] = sum;
    sum += share;
  }
  before[weights.length] = sum;
  return cards;
}

/** Mean of a part relative to the whole. */
function factorOf({ weights, before }: Deal, part: number): number {
  return ((weights[part] ?? 0) * weights.length) / (before[weights.length] ?? 1);
}

/** Share that lies before a part, in parts. */
function shareBefore({ weights, before }: Deal, part: number): number {
  return ((before[part] ?? 0) * weights.length) / (before[weights.length] ?? 1);
}

/** What one household signal dealt out last, and where in it the moment lies that was asked for last. */
interface Table {
  readonly days: Deal;
  readonly hours: Deal;
  readonly slots: Deal;
  /** Draws of the slots of one hour. */
  readonly drawn: Float64Array;
  week: number;
  day: number;
  hour: number;
  slot: number;
  /** Milliseconds since the slot began. */
  inSlot: number;
  /** Utilisation of the week, its day and its hour. */
  weekly: number;
  daily: number;
  hourly: number;
  /** How far single slots stand out. */
  contrast: number;
  seasonOf: number;
  season: number;
}

function newTable(): Table {
  const nowhere = { week: 0, day: 0, hour: 0, slot: 0, inSlot: 0, weekly: 0, daily: 0, hourly: 0, contrast: 0 };
  const deals = {
    days: newDeal(DAY_WEIGHTS, DAY_SHAPE),
    hours: newDeal(HOUR_WEIGHTS, HOUR_SHAPE),
    slots: newDeal(new Array<number>(SLOTS).fill(1), SLOT_SHAPE),
    drawn: new Float64Array(SLOTS),
  };
  return { ...deals, ...nowhere, seasonOf: Number.NaN, season: 0 };
}

/** Weight of a slot, as it is dealt. */
function slotWeight(drawn: number): number {
  return SLOT_SHAPE.low + SLOT_SHAPE.span * drawn * drawn * drawn;
}

/** Deals out a week and one of its days, 0..6. */
function dealDay(table: Table, key: number, duty: number, week: number, day: number): void {
  const { days, hours } = table;
  deal(days, key, week);
  deal(hours, mix(key, HOUR_DRAWS), week * 7 + day);
  if (table.seasonOf !== week) {
    table.season = season(week);
    table.seasonOf = week;
  }
  table.weekly = duty * table.season;
  table.daily = table.weekly * factorOf(days, day);
}

/** Finds the week, day, hour and slot of a moment, and deals out what belongs to them. */
function lookUp(table: Table, key: number, duty: number, time: number): void {
  const since = time - INTEGRATION_EPOCH;
  const week = Math.floor(since / WEEK);
  const inWeek = since - week * WEEK;
  const day = Math.floor(inWeek / DAY);
  const hour = Math.floor((inWeek - day * DAY) / HOUR);
  const inHour = inWeek - day * DAY - hour * HOUR;
  const slot = Math.floor(inHour / SLOT);

  dealDay(table, key, duty, week, day);
  const { slots, hours } = table;
  const hourIndex = (week * 7 + day) * HOURS + hour;
  deal(slots, mix(key, SLOT_DRAWS), hourIndex);
  table.week = week;
  table.day = day;
  table.hour = hour;
  table.slot = slot;
  table.inSlot = inHour - slot * SLOT;
  table.hourly = table.daily * factorOf(hours, hour);
  // Single slots stand out by at most what is left up to the peak; the mean of the hour stays as it was dealt.
  table.contrast = contrastOf(table.hourly);
}

function contrastOf(hourly: number): number {
  return Math.min(1, (1 / hourly - 1) / (SLOTS - 1));
}

/** Utilisation in the slot that begins in the middle of each hour of a day. */
function dayUtilisation(table: Table, key: number, duty: number, day: number, out: Float64Array, wanted: number): void {
  // What needs nothing of a day, as solar surplus in winter, does not have it dealt.
  if (wanted === 0) return;
  const slotKey = mix(key, SLOT_DRAWS);
  const week = Math.floor(day / 7);
  dealDay(table, key, duty, week, day - week * 7);
  const { daily, hours, drawn } = table;
  for (let hour = 0; hour < HOURS; hour += 1) {
    if (!has(wanted, hour)) continue;
    units(slotKey, (day * HOURS + hour) * SLOTS, drawn);
    let sum = 0;
    for (let slot = 0; slot < SLOTS; slot += 1) sum += slotWeight(drawn[slot] ?? 0);
    const hourly = daily * factorOf(hours, hour);
    out[hour] = hourly * (1 + ((slotWeight(drawn[SLOTS / 2] ?? 0) * SLOTS) / sum - 1) * contrastOf(hourly));
  }
}

/** Utilisation in a slot relative to its hour. */
function slotFactor({ slots, slot, contrast }: Table): number {
  return 1 + (factorOf(slots, slot) - 1) * contrast;
}

/** Utilisation at a moment. */
function utilisation(table: Table, key: number, duty: number, time: number): number {
  lookUp(table, key, duty, time);
  return table.hourly * slotFactor(table);
}

/** Integral of the utilisation in hours since the epoch of integration. */
function utilisationIntegral(table: Table, key: number, duty: number, time: number): number {
  lookUp(table, key, duty, time);
  const { days, hours, slots, week, day, hour, slot, inSlot, weekly, daily, hourly, contrast } = table;
  const slotsBefore = slot + (shareBefore(slots, slot) - slot) * contrast;
  const slotHours = SLOT / HOUR;
  return (
    duty * seasonSum(week) * 168 +
    weekly * shareBefore(days, day) * 24 +
    daily * shareBefore(hours, hour) +
    hourly * (slotsBefore * slotHours + (slotFactor(table) * inSlot) / HOUR)
  );
}

/** Power of a household over time; `stream` tells two households of one template apart. */
export function household(options: HouseholdOptions, stream: number): Signal {
  const range = Math.max(0, options.peak - options.base);
  const usual = 0.03 + 0.02 * Math.max(0, options.people);
  const dutyOf = (key: number): number => Math.min(MAX_DUTY, usual * (0.6 + 0.8 * unit(key, -1)));
  const table = newTable();
  return {
    constant: false,
    at(source, time) {
      const key = mix(source.key, stream);
      return options.base + range * utilisation(table, key, dutyOf(key), time);
    },
    day(source, day, out, wanted) {
      const key = mix(source.key, stream);
      dayUtilisation(table, key, dutyOf(key), day, out, wanted);
      for (let hour = 0; hour < HOURS; hour += 1) {
        if (has(wanted, hour)) out[hour] = options.base + range * (out[hour] ?? 0);
      }
    },
    least: () => options.base,
    integral(source, time) {
      const key = mix(source.key, stream);
      return options.base * hoursSinceEpoch(time) + range * utilisationIntegral(table, key, dutyOf(key), time);
    },
  };
}
