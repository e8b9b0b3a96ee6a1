import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import type { Target } from './class-logic.ts';

const PERIOD = 8;
const NUMBER_OF_PERIODS = 9;
const DEFAULT_PERIOD_S = 900;
const MAX_PERIODS = 255;
const MINUTE = 60_000;

/** A stretch of time, milliseconds since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Averaging periods of a demand register as they stand at a moment. */
export interface DemandPeriods {
  /** number_of_periods times period, milliseconds: what energies are divided by. */
  readonly span: number;
  /** The periods the current average is made of; ends at the moment. */
  readonly current: Window;
  /** The periods the last average is made of; empty before the first one ended. */
  readonly last: Window;
}

function positive(target: Target, attribute: number, otherwise: number): number {
  const number = dataToNumber(readAttributeData(target, attribute));
  return number > 0 ? Math.floor(number) : otherwise;
}

/**
 * Periods begin at their multiples since local midnight, where next_period ended one early, and at a reset, before which
 * nothing counts (Blue Book 4.3.4).
 */
export function demandPeriods(target: Target): DemandPeriods {
  const { meter, object, time } = target;
  const period = positive(target, PERIOD, DEFAULT_PERIOD_S) * 1000;
  const count = Math.min(positive(target, NUMBER_OF_PERIODS, 1), MAX_PERIODS);
  const { captures = [], clearedAt = Number.NEGATIVE_INFINITY } = meter.remembered(object.index) ?? {};
  const reset = clearedAt <= time ? clearedAt : Number.NEGATIVE_INFINITY;
  const offset = meter.deviation * MINUTE;

  /** Where the period began that a moment lies in. */
  const beginning = (at: number): number => {
    const regular = Math.floor((at - offset) / period) * period + offset;
    const ended = captures.findLast((capture) => capture <= at) ?? Number.NEGATIVE_INFINITY;
    return Math.max(regular, ended, reset);
  };
  /** Where `steps` periods before one that began at a moment began. */
  const back = (from: number, steps: number): number => {
    let at = from;
    for (let step = 0; step < steps && at > reset; step += 1) at = beginning(at - 1);
    return at;
  };

  const begun = beginning(time);
  return {
    span: period * count,
    current: { from: back(begun, count - 1), to: time },
    last: { from: back(begun, count), to: begun },
  };
}
