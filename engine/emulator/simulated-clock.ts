import { EmulatorError } from './errors.ts';

/** The clock meters live by, as it stands. Plain JSON. */
export interface SimulatedTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Simulated seconds in a second; kept while frozen. */
  readonly speed: number;
  readonly frozen: boolean;
  /** It shows the system's time and goes with it. */
  readonly real: boolean;
}

/** What to change of a clock. `real` puts it back to the system's time and goes before the others. */
export interface TimeChange {
  readonly real?: boolean;
  /** Jumps to a moment, milliseconds since the epoch. */
  readonly to?: number;
  /** Jumps on by milliseconds, or back. */
  readonly by?: number;
  readonly speed?: number;
  readonly frozen?: boolean;
}

/** Where time may come from; tests bring their own. */
export interface TimeSource {
  /** Milliseconds since the epoch. */
  readonly wall: () => number;
  /** Milliseconds on a scale nobody sets. */
  readonly steady: () => number;
}

const systemTime: TimeSource = { wall: Date.now, steady: () => performance.now() };

/** COSEM dates have years of four digits, and meters nothing to say about those before computers. */
export const EARLIEST = Date.UTC(1970, 0, 1);
export const LATEST = Date.UTC(2199, 11, 31, 23, 59, 59);
/** A year in about five minutes. */
export const MAX_SPEED = 100_000;
/** Slower than this is frozen. */
export const MIN_SPEED = 0.001;

/**
 * Simulated time of an emulator: the system's until it is frozen, put somewhere else or made faster or slower. From then
 * on it goes by a steady clock, so that a system clock that is set does not show in it.
 */
export class SimulatedClock {
  readonly #source: TimeSource;
  /** Undefined while it follows the system. */
  #anchor: { readonly simulated: number; readonly steady: number } | undefined;
  #speed = 1;
  #frozen = false;

  constructor(source: TimeSource = systemTime) {
    this.#source = source;
  }

  /** Milliseconds since the epoch, whole. A function of its own, to be handed on. */
  readonly now = (): number => {
    if (this.#anchor === undefined) return this.#source.wall();
    const { simulated, steady } = this.#anchor;
    if (this.#frozen) return simulated;
    return Math.min(LATEST, Math.floor(simulated + (this.#source.steady() - steady) * this.#speed));
  };

  get time(): SimulatedTime {
    return { now: this.now(), speed: this.#speed, frozen: this.#frozen, real: this.#anchor === undefined };
  }

  /** @throws EmulatorError `bad-time`; nothing is changed then. */
  change({ real, to, by = 0, speed, frozen }: TimeChange): void {
    const from = to ?? (real === true ? this.#source.wall() : this.now());
    const target = checked(from + by);
    if (speed !== undefined && !(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
      throw new EmulatorError(
        'bad-time',
        `found a speed of ${speed}, expected ${MIN_SPEED} to ${MAX_SPEED}`,
        'Give the simulated seconds in a second, for example 60; time stands still with frozen.',
      );
    }
    this.#speed = speed ?? (real === true ? 1 : this.#speed);
    this.#frozen = frozen ?? (real === true ? false : this.#frozen);
    const follows = this.#anchor === undefined || real === true;
    const moved = to !== undefined || by !== 0;
    if (follows && !moved && this.#speed === 1 && !this.#frozen) this.#anchor = undefined;
    else this.#anchor = { simulated: target, steady: this.#source.steady() };
  }
}

function checked(time: number): number {
  if (time >= EARLIEST && time <= LATEST) return Math.floor(time);
  throw new EmulatorError(
    'bad-time',
    `found ${Number.isFinite(time) ? describe(time) : 'no time'}, expected ${describe(EARLIEST)} to ${describe(LATEST)}`,
    'Write it as 2026-01-01T00:00Z.',
  );
}

function describe(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Reads `2026-01-01`, `2026-01-01T00:00Z`, with seconds or an offset; without one it is UTC. @throws EmulatorError */
export function parseTime(text: string): number {
  const zoned = /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const time = ISO.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new EmulatorError('bad-time', `found "${text}", expected a date and time`, 'Write it as 2026-01-01T00:00Z.');
  }
  return checked(time);
}
