import { mix, unit } from './random.ts';
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

/** One level of dealing out: mean of the chosen part relative to the whole, and the share that lies before it. */
interface Part {
  factor: number;
  /** Sum of the factors of the parts before. */
  before: number;
}

function deal(count: number, chosen: number, weight: (index: number) => number): Part {
  let total = 0;
  let before = 0;
  let own = 0;
  for (let i = 0; i < count; i += 1) {
    const w = weight(i);
    if (i < chosen) before += w;
    else if (i === chosen) own = w;
    total += w;
  }
  return { factor: (own * count) / total, before: (before * count) / total };
}

/** Utilisation at a moment, and its integral in hours since the epoch of integration. */
function utilisation(key: number, duty: number, time: number): { now: number; integral: number } {
  const since = time - INTEGRATION_EPOCH;
  const week = Math.floor(since / WEEK);
  const inWeek = since - week * WEEK;
  const day = Math.floor(inWeek / DAY);
  const hour = Math.floor((inWeek - day * DAY) / HOUR);
  const inHour = inWeek - day * DAY - hour * HOUR;
  const slot = Math.floor(inHour / SLOT);

  const dayIndex = week * 7;
  const ofDay = deal(7, day, (i) => (DAY_WEIGHTS[i] ?? 1) * (0.85 + 0.3 * unit(key, dayIndex + i)));
  const hourKey = mix(key, 1);
  const hourIndex = (dayIndex + day) * 24;
  const ofHour = deal(24, hour, (i) => (HOUR_WEIGHTS[i] ?? 1) * (0.75 + 0.5 * unit(hourKey, hourIndex + i)));
  const slotKey = mix(key, 2);
  const slotIndex = (hourIndex + hour) * SLOTS;
  // Cubed, so that most slots are quiet and a few stand out, as single appliances do.
  const ofSlot = deal(SLOTS, slot, (i) => {
    const drawn = unit(slotKey, slotIndex + i);
    return 0.25 + 2.5 * drawn * drawn * drawn;
  });

  const weekly = duty * season(week);
  const daily = weekly * ofDay.factor;
  const hourly = daily * ofHour.factor;
  // Single slots stand out by at most what is left up to the peak; the mean of the hour stays as it was dealt.
  const contrast = Math.min(1, (1 / hourly - 1) / (SLOTS - 1));
  const slotFactor = 1 + (ofSlot.factor - 1) * contrast;
  const slotsBefore = slot + (ofSlot.before - slot) * contrast;

  const slotHours = SLOT / HOUR;
  return {
    now: hourly * slotFactor,
    integral:
      duty * seasonSum(week) * 168 +
      weekly * ofDay.before * 24 +
      daily * ofHour.before +
      hourly * (slotsBefore * slotHours + (slotFactor * (inHour - slot * SLOT)) / HOUR),
  };
}

/** Power of a household over time; `stream` tells two households of one template apart. */
export function household(options: HouseholdOptions, stream: number): Signal {
  const range = Math.max(0, options.peak - options.base);
  const usual = 0.03 + 0.02 * Math.max(0, options.people);
  const dutyOf = (key: number): number => Math.min(MAX_DUTY, usual * (0.6 + 0.8 * unit(key, -1)));
  return {
    constant: false,
    at(source, time) {
      const key = mix(source.key, stream);
      return options.base + range * utilisation(key, dutyOf(key), time).now;
    },
    integral(source, time) {
      const key = mix(source.key, stream);
      return options.base * hoursSinceEpoch(time) + range * utilisation(key, dutyOf(key), time).integral;
    },
  };
}
