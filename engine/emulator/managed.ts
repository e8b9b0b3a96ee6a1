import type { CompiledTemplates } from '../template/model.ts';
import { Emulator } from './emulator.ts';
import { EmulatorError } from './errors.ts';
import { MeterStock } from './meter-stock.ts';
import { type EmulatorPlan, planEmulator, type StartEmulatorOptions } from './plan.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { StateKeeper } from './state-keeper.ts';

/** A running emulator that can be given more meters, fewer, or other templates. */
export class ManagedEmulator {
  readonly emulator: Emulator;
  readonly #stock: MeterStock;
  readonly #startedAt: number;
  #options: StartEmulatorOptions;
  #counts: ReadonlyMap<string, number>;
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(
    emulator: Emulator,
    stock: MeterStock,
    startedAt: number,
    options: StartEmulatorOptions,
    plan: EmulatorPlan,
  ) {
    this.emulator = emulator;
    this.#stock = stock;
    this.#startedAt = startedAt;
    this.#options = options;
    this.#counts = plan.counts;
  }

  /**
   * Puts virtual meters on sockets.
   * @throws EmulatorError with a code and the next step; nothing is left open then.
   */
  static async start(options: StartEmulatorOptions): Promise<ManagedEmulator> {
    const { clock, time: change, state, allowOutside, onFault, listeners } = options;
    const time = new SimulatedClock(clock === undefined ? undefined : { wall: clock, steady: () => performance.now() });
    const stock = new MeterStock();
    try {
      if (change !== undefined) time.change(change);
      const keeper = state && (await StateKeeper.open(state, time, (meter) => stock.nameOf(meter)));
      const startedAt = keeper?.startedAt ?? time.now();
      const { name, placements, counts, orFreePort } = planEmulator(options, { startedAt, stock });
      const emulator = await Emulator.start({
        name,
        placements,
        orFreePort,
        time,
        ...(keeper === undefined ? {} : { keeper }),
        ...(allowOutside === undefined ? {} : { allowOutside }),
        ...(onFault === undefined ? {} : { onFault }),
        ...(listeners === undefined ? {} : { listeners }),
      });
      stock.accept();
      return new ManagedEmulator(emulator, stock, startedAt, options, { name, placements, counts, orFreePort });
    } catch (error) {
      await state?.close();
      throw error;
    }
  }

  /** Meters by fleet; under the empty name those of no fleet. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /**
   * Makes it so many meters, of one fleet if there are several. Those that stay keep their connections.
   * @throws EmulatorError `unknown-name`, `bad-count`, `bad-listen`, `port-in-use`, ...; nothing is changed then.
   */
  scale(count: number, fleet?: string): Promise<void> {
    return this.#inTurn(() => {
      const [only] = this.#counts.size === 1 ? this.#counts.keys() : [];
      const name = fleet ?? only;
      if (name === undefined || !this.#counts.has(name)) {
        throw new EmulatorError(
          'unknown-name',
          name === undefined ? 'it is not said which fleet' : `this emulator has no fleet "${name}"`,
          only === '' ? 'Leave out the fleet.' : `Choose one of ${[...this.#counts.keys()].join(', ')}.`,
        );
      }
      return this.#change(this.#options, new Map([...this.#counts, [name, count]]));
    });
  }

  /**
   * Takes templates that were changed. Meters whose model says what it said before keep connections and state; the
   * others are made anew and go on with what they remember.
   * @throws EmulatorError as `scale`.
   */
  reload(templates: CompiledTemplates): Promise<void> {
    return this.#inTurn(() => {
      const before = new Map(this.#options.templates.fleets.map(({ name, count }) => [name, count]));
      const after = new Map(templates.fleets.map(({ name, count }) => [name, count]));
      // A count the template changes counts; one that was changed while it ran stays otherwise.
      const counts = [...this.#counts].filter(([name]) => before.get(name) === after.get(name));
      return this.#change({ ...this.#options, templates }, new Map(counts));
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const acted = this.#changing.then(act);
    this.#changing = acted.catch(() => undefined);
    return acted;
  }

  async #change(options: StartEmulatorOptions, counts: ReadonlyMap<string, number>): Promise<void> {
    try {
      const plan = planEmulator(options, { startedAt: this.#startedAt, stock: this.#stock, counts });
      await this.emulator.change(plan.placements);
      this.#stock.accept();
      this.#options = options;
      this.#counts = plan.counts;
    } catch (error) {
      this.#stock.dismiss();
      throw error;
    }
  }
}
