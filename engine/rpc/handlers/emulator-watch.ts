import type { EmulatorPool } from '../../emulator/pool.ts';
import type { EmulatorActivityOf, EmulatorInstance } from '../protocol.ts';

/** How often clients hear what emulators are doing, milliseconds. */
const ACTIVITY_MS = 500;
/** How often the whole list is sent, for its figures, milliseconds. */
const LIST_MS = 1000;

/** Tells a client of the emulators of a pool: at once of what changed, and of figures while any are running. */
export class EmulatorWatch {
  readonly #pool: EmulatorPool;
  readonly #tellList: (instances: readonly EmulatorInstance[]) => void;
  readonly #tellActivity: (activity: readonly EmulatorActivityOf[]) => void;
  readonly #off: () => void;
  #timers: readonly NodeJS.Timeout[] = [];
  #lastFigures = '';
  #lastActivity = '';

  constructor(
    pool: EmulatorPool,
    tellList: (instances: readonly EmulatorInstance[]) => void,
    tellActivity: (activity: readonly EmulatorActivityOf[]) => void,
  ) {
    this.#pool = pool;
    this.#tellList = tellList;
    this.#tellActivity = tellActivity;
    this.#off = pool.onChange((instances) => {
      tellList(instances);
      this.#watch(instances.length > 0);
    });
  }

  close(): void {
    this.#off();
    this.#watch(false);
  }

  #watch(running: boolean): void {
    if (running === this.#timers.length > 0) return;
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = running
      ? [setInterval(() => this.#list(), LIST_MS), setInterval(() => this.#activity(), ACTIVITY_MS)]
      : [];
  }

  #list(): void {
    const instances = this.#pool.list();
    const figures = JSON.stringify(instances.map((instance) => instance.figures));
    if (figures === this.#lastFigures) return;
    this.#lastFigures = figures;
    this.#tellList(instances);
  }

  /** Nothing is sent while nothing happens: the clock of an idle emulator is no news. */
  #activity(): void {
    const activity = [...this.#pool.activity()].map(([id, one]) => ({ id, ...one }));
    const news = JSON.stringify(activity.map(({ time: { now: _now, ...time }, ...rest }) => ({ ...rest, time })));
    if (news === this.#lastActivity) return;
    this.#lastActivity = news;
    this.#tellActivity(activity);
  }
}
