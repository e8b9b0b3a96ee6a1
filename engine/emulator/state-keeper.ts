import type { VirtualMeter } from '../meter/meter.ts';
import { exportState, type ReadState, readState, restoreState } from '../meter/meter-state.ts';
import { MeterStateError } from '../meter/state/state-format.ts';
import { EmulatorError } from './errors.ts';
import { EARLIEST, LATEST, MAX_SPEED, MIN_SPEED, type SimulatedClock, type SimulatedTime } from './simulated-clock.ts';
import type { KeptMeter, KeptRun, StateStorage, StoredRun } from './state-storage.ts';

/** What happened in the last so many milliseconds is lost when the process is killed. */
const SAVE_MS = 1000;
/** All meters are looked at so often, whether they were talked to or not: time changes some of them too, ms. */
const SWEEP_MS = 60_000;
/** Work at a time, so that clients are not kept waiting, ms. */
const SLICE_MS = 5;
/** Meters saved together. */
const BATCH = 500;
/**
 * Invocation counters sent go on by so much after a crash: those of the last second were not kept, and a counter used
 * twice with a key would give its cipher away.
 */
const COUNTERS_LOST = 1_000_000;

/** Longest state of one meter that is read, characters: twice an image and some. */
const MAX_TEXT = 64 * 1024 * 1024;

interface Loaded {
  readonly run: KeptRun | undefined;
  readonly meters: ReadonlyMap<string, string>;
}

/** Keeps what happens to meters over a restart. One emulator uses it. */
export class StateKeeper {
  readonly #storage: StateStorage;
  readonly #clock: SimulatedClock;
  readonly #keys: (meter: VirtualMeter) => string;
  readonly #startedAt: number;
  /** Texts as they are kept. */
  readonly #kept: Map<string, string>;
  /** Whether the last run ended without saving all. */
  readonly #crashed: boolean;
  /** Meters in use by their names. */
  readonly #meters = new Map<string, VirtualMeter>();
  readonly #touched = new Set<VirtualMeter>();
  /** Meters that are not in use any more, to be saved as they were. */
  readonly #left = new Map<string, string | undefined>();
  /** Meters are being exchanged: what new ones take over from those before them is not there yet. */
  #exchanging = false;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #sweptAt = performance.now();
  #failure: string | undefined;

  private constructor(storage: StateStorage, clock: SimulatedClock, keys: StateKeeper['keyOf'], loaded: Loaded) {
    this.#storage = storage;
    this.#clock = clock;
    this.#keys = keys;
    this.#kept = new Map(loaded.meters);
    this.#startedAt = loaded.run?.startedAt ?? clock.now();
    this.#crashed = loaded.run?.finished === false;
  }

  /**
   * Reads what was kept; the clock goes on where it stood, unless it was set already.
   * @throws EmulatorError `state-unusable`; the file is left as it was.
   */
  static async open(
    storage: StateStorage,
    clock: SimulatedClock,
    keyOf: (meter: VirtualMeter) => string,
  ): Promise<StateKeeper> {
    const { run, meters } = await storage.load();
    const checked = run === undefined ? undefined : checkedRun(run, storage.name);
    if (checked !== undefined && !checked.time.real && clock.time.real) {
      const { now, speed, frozen } = checked.time;
      clock.change({ to: now, speed, frozen });
    }
    return new StateKeeper(storage, clock, keyOf, { run: checked, meters });
  }

  /** When the meters were switched on the first time, simulated milliseconds since the epoch. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** Name under which a meter is kept. */
  keyOf(meter: VirtualMeter): string {
    return this.#keys(meter);
  }

  /** Why nothing can be kept at the moment; undefined as long as it can. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Meters that have a state. */
  get keptCount(): number {
    return this.#kept.size;
  }

  /** To be called when something may have happened to a meter. */
  readonly touch = (meter: VirtualMeter): void => {
    this.#touched.add(meter);
  };

  /**
   * Takes the meters that are in use from now on. Those that come get what was kept of them; what was kept of those that
   * go stays kept. A meter that takes the place of another has its state already.
   * @throws EmulatorError `state-unusable`; no meter is changed then.
   */
  use(meters: readonly VirtualMeter[]): void {
    const used = new Map(meters.map((meter) => [this.keyOf(meter), meter]));
    const read: [VirtualMeter, ReadState][] = [];
    for (const [key, meter] of used) {
      const text = this.#meters.has(key) ? undefined : (this.#left.get(key) ?? this.#kept.get(key));
      if (text !== undefined) read.push([meter, this.#read(meter, key, text)]);
    }
    for (const [meter, state] of read) restoreState(meter, state);
    this.#exchanging = true;
    for (const [key, meter] of this.#meters) if (!used.has(key)) this.#left.set(key, textOf(meter));
    const before = new Map(this.#meters);
    this.#meters.clear();
    for (const [key, meter] of used) {
      if (before.has(key) && before.get(key) !== meter) this.#touched.add(meter);
      this.#meters.set(key, meter);
      this.#left.delete(key);
    }
  }

  /** The meters that are used serve their clients from now on. */
  settle(): void {
    this.#exchanging = false;
  }

  /** Begins to save what happens. */
  watch(): void {
    // Until it is stopped in order, this run counts as one that crashed.
    this.#saving = this.#save([], false);
    this.#timer = setInterval(() => {
      this.#saving = this.#saving.then(() => this.#saveTouched());
    }, SAVE_MS);
    this.#timer.unref();
  }

  /** Saves everything and lets go of the storage. @throws EmulatorError `state-unusable` if that was not possible. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#saving;
    await this.#save([...this.#meters], true);
    await this.#storage.close();
    if (this.#failure === undefined) return;
    throw new EmulatorError(
      'state-unusable',
      this.#failure,
      'Make room, or give another file: what was kept before is still there.',
    );
  }

  #read(meter: VirtualMeter, key: string, text: string): ReadState {
    try {
      const read = readState(parsed(text), meter);
      const { sent } = read.state;
      // Only what the file says was seen by clients; what this run keeps in memory is exact.
      if (this.#crashed && !this.#left.has(key)) for (const [name, next] of sent ?? []) sent?.set(name, later(next));
      return read;
    } catch (error) {
      if (!(error instanceof MeterStateError)) throw error;
      throw new EmulatorError(
        'state-unusable',
        `${this.#storage.name}: the state of meter ${key} cannot be used: ${error.message}`,
        'The file was left as it is. Give another one to start afresh, or restore this one from a backup.',
      );
    }
  }

  async #saveTouched(): Promise<void> {
    if (this.#exchanging) return;
    const now = performance.now();
    const sweeps = now - this.#sweptAt >= SWEEP_MS;
    if (sweeps) this.#sweptAt = now;
    else if (this.#touched.size === 0 && this.#left.size === 0 && this.#failure === undefined) return;
    const touched = new Set(this.#touched);
    this.#touched.clear();
    const meters = sweeps ? [...this.#meters] : [...touched].map((meter) => [this.keyOf(meter), meter] as const);
    await this.#save(meters, false);
    if (this.#failure !== undefined) for (const meter of touched) this.#touched.add(meter);
  }

  async #save(meters: readonly (readonly [string, VirtualMeter])[], finished: boolean): Promise<void> {
    const rows: KeptMeter[] = [...this.#left].map(([meter, state]) => ({ meter, state }));
    try {
      let sliceEnds = performance.now() + SLICE_MS;
      for (const [meter, one] of meters) {
        if (this.#meters.get(meter) !== one) continue;
        const state = textOf(one);
        if (state !== this.#kept.get(meter)) rows.push({ meter, state });
        if (rows.length >= BATCH) await this.#saveRows(rows, false);
        if (performance.now() < sliceEnds) continue;
        await new Promise((resolve) => setImmediate(resolve));
        sliceEnds = performance.now() + SLICE_MS;
      }
      await this.#saveRows(rows, finished);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = `the state of meters cannot be saved to ${this.#storage.name}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async #saveRows(rows: KeptMeter[], finished: boolean): Promise<void> {
    await this.#storage.save({ startedAt: this.#startedAt, time: this.#clock.time, finished }, rows);
    for (const { meter, state } of rows) {
      if (state === undefined) this.#kept.delete(meter);
      else this.#kept.set(meter, state);
      if (this.#left.get(meter) === state) this.#left.delete(meter);
    }
    rows.length = 0;
  }
}

function textOf(meter: VirtualMeter): string | undefined {
  const state = exportState(meter);
  return state === undefined ? undefined : JSON.stringify(state);
}

function parsed(text: string): unknown {
  if (text.length > MAX_TEXT) throw new MeterStateError('state', `${text.length} characters`, `at most ${MAX_TEXT}`);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the state, and with it a key.
    throw new MeterStateError('state', 'a text that is no JSON', 'JSON');
  }
}

function later(counter: number): number {
  return Math.min(counter + COUNTERS_LOST, 0xffff_ffff);
}

/** @throws EmulatorError `state-unusable` */
function checkedRun({ startedAt, time, finished }: StoredRun, name: string): KeptRun {
  const read = isTime(time) && isMoment(startedAt) ? { startedAt, time, finished } : undefined;
  if (read !== undefined) return read;
  throw new EmulatorError(
    'state-unusable',
    `${name}: the kept clock of the emulator cannot be used`,
    'The file was left as it is. Give another one to start afresh, or restore this one from a backup.',
  );
}

function isMoment(time: unknown): time is number {
  return typeof time === 'number' && time >= EARLIEST && time <= LATEST;
}

function isTime(time: unknown): time is SimulatedTime {
  if (typeof time !== 'object' || time === null) return false;
  if (!('now' in time && 'speed' in time && 'frozen' in time && 'real' in time)) return false;
  const { now, speed, frozen, real } = time;
  const speedFits = typeof speed === 'number' && speed >= MIN_SPEED && speed <= MAX_SPEED;
  return isMoment(now) && speedFits && typeof frozen === 'boolean' && typeof real === 'boolean';
}
