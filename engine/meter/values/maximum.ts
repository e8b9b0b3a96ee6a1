import type { Scope } from './scope.ts';
import { HOUR, type Signal } from './signal.ts';

/** Meters whose running maximum is kept. */
const MAX_KEPT = 512;
/** Windows looked at for one period; longer periods are looked at in every n-th window. */
const MAX_WINDOWS = 10_000;

/** `start` is when the meter was switched on. */
export type Period = 'day' | 'month' | 'year' | 'start';

interface Running {
  start: number;
  next: number;
  value: number;
  at: number;
}

/** Start of the day, month or year in the meter's standard time. */
export function startOfPeriod(period: Exclude<Period, 'start'>, time: number, deviation: number): number {
  const local = new Date(time - deviation * 60_000);
  const month = period === 'year' ? 0 : local.getUTCMonth();
  const day = period === 'day' ? local.getUTCDate() : 1;
  return Date.UTC(local.getUTCFullYear(), month, day) + deviation * 60_000;
}

/** Largest mean over whole windows of `overMs` since the period began, and when its window ended. */
export interface Maximum {
  readonly value: Signal<Scope>;
  /** Milliseconds since the epoch. */
  readonly time: Signal<Scope>;
}

/** Demand register's maximum: works on the integral, so that it agrees with the energy registers. */
export function maximumOf(integral: (scope: Scope, time: number) => number, overMs: number, since: Period): Maximum {
  const window = Math.max(1000, overMs);
  const kept = new Map<number, Running>();

  function running(scope: Scope, time: number): Running {
    // The moment a period ends still belongs to it: what is captured then is its maximum.
    const start = since === 'start' ? scope.startedAt : startOfPeriod(since, time - 1, scope.deviation);
    let state = kept.get(scope.key);
    // A question about an earlier moment starts over: what was kept has already seen later windows.
    if (state === undefined || state.start !== start || state.next - window > time) {
      if (kept.size >= MAX_KEPT) kept.clear();
      state = { start, next: start + window, value: 0, at: start };
      kept.set(scope.key, state);
    }
    const stride = window * Math.max(1, Math.ceil((time - state.next) / window / MAX_WINDOWS));
    for (; state.next <= time; state.next += stride) {
      const mean = ((integral(scope, state.next) - integral(scope, state.next - window)) * HOUR) / window;
      if (mean > state.value) {
        state.value = mean;
        state.at = state.next;
      }
    }
    return state;
  }

  return {
    value: { constant: false, at: (scope, time) => running(scope, time).value },
    time: { constant: false, at: (scope, time) => running(scope, time).at },
  };
}
