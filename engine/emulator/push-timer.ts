import { type Wake, WakeHeap } from './push-wakes.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The timer looks again at least this often, ms: the system's clock may be set. */
const MAX_SLEEP = 60_000;
/** Time given to what is due before sockets have their turn, ms. */
const SLICE_MS = 5;

/**
 * Does things at simulated times with one timer of the system for all of them. Frozen time wakes nobody; whoever changes
 * the clock calls `timeChanged`.
 */
export class PushTimer {
  readonly #clock: SimulatedClock;
  readonly #heap = new WakeHeap();
  #timer: NodeJS.Timeout | undefined;
  /** Simulated time the timer is set to. */
  #armedFor = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** Does something at a simulated time, never before this call is over. */
  at(time: number, act: () => void): Wake {
    const wake = { at: time, act, cancelled: false };
    this.#heap.add(wake);
    if (wake.at < this.#armedFor) this.#arm();
    return wake;
  }

  timeChanged(): void {
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#heap.clear();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#armedFor = Number.POSITIVE_INFINITY;
    const next = this.#heap.peek();
    if (this.#stopped || next === undefined || next.at === Number.POSITIVE_INFINITY) return;
    const { now, speed, frozen } = this.#clock.time;
    const wait = (next.at - now) / speed;
    // Frozen time gets nowhere, but what is due by now is due.
    if (frozen && wait > 0) return;
    this.#armedFor = next.at;
    this.#timer = setTimeout(() => this.#run(), Math.min(Math.max(0, Math.ceil(wait)), MAX_SLEEP));
    this.#timer.unref();
  }

  #run(): void {
    const ends = performance.now() + SLICE_MS;
    // Set until the slice is over, so that what is added meanwhile does not arm the timer.
    this.#armedFor = Number.NEGATIVE_INFINITY;
    do {
      const wake = this.#heap.take(this.#clock.now());
      if (wake === undefined) break;
      wake.act();
    } while (performance.now() < ends);
    this.#arm();
  }
}
