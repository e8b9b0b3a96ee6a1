import type { CompiledTemplates } from '../template/model.ts';
import type { Emulator } from './emulator.ts';
import { EmulatorError } from './errors.ts';
import { ManagedEmulator } from './managed.ts';
import type { StartEmulatorOptions } from './plan.ts';
import type { EmulatorActivity, EmulatorInstance, SimulatedTime, TimeChange } from './types.ts';

/** Compiles the templates of an emulator again. Throws EmulatorError `template-invalid` if they have errors. */
export type CompileAgain = () => CompiledTemplates;

interface Running {
  readonly path: string;
  readonly compile: CompileAgain | undefined;
  readonly managed: ManagedEmulator;
}

/** All emulators of a process: starts, changes, lists and stops them, and tells when something changed. */
export class EmulatorPool {
  readonly #running = new Map<string, Running>();
  readonly #listeners = new Set<(instances: readonly EmulatorInstance[]) => void>();
  #next = 1;

  /** `compile`: for `reload`. @throws EmulatorError */
  async start(path: string, options: StartEmulatorOptions, compile?: CompileAgain): Promise<EmulatorInstance> {
    const managed = await ManagedEmulator.start(options);
    const id = `emulator-${this.#next}`;
    this.#next += 1;
    this.#running.set(id, { path, compile, managed });
    this.#changed();
    return describe(id, path, managed);
  }

  /** The emulator of an id, to be asked and told what needs no list of changes. */
  get(id: string): Emulator | undefined {
    return this.#running.get(id)?.managed.emulator;
  }

  /** Makes it so many meters; undefined if there is none of this id. @throws EmulatorError; nothing is changed then. */
  scale(id: string, count: number, fleet?: string): Promise<EmulatorInstance | undefined> {
    return this.#change(id, (managed) => managed.scale(count, fleet));
  }

  /**
   * Compiles the templates again and takes what changed in them; undefined if there is none of this id.
   * @throws EmulatorError; nothing is changed then.
   */
  reload(id: string): Promise<EmulatorInstance | undefined> {
    return this.#change(id, async (managed, compile) => {
      if (compile === undefined) {
        throw new EmulatorError(
          'not-permitted',
          `${id} was not started from files that could be read again`,
          'Stop it and start it anew.',
        );
      }
      await managed.reload(compile());
    });
  }

  /** Changes simulated time; undefined if there is none of this id. @throws EmulatorError `bad-time` */
  changeTime(id: string, change: TimeChange): SimulatedTime | undefined {
    const time = this.get(id)?.changeTime(change);
    if (time !== undefined) this.#changed();
    return time;
  }

  /** One emulator as `list` has it. */
  describe(id: string): EmulatorInstance | undefined {
    const found = this.#running.get(id);
    return found && describe(id, found.path, found.managed);
  }

  /** Stops one; false if there is none of this id. @throws EmulatorError `state-unusable` */
  async stop(id: string): Promise<boolean> {
    const found = this.#running.get(id);
    if (found === undefined) return false;
    this.#running.delete(id);
    try {
      await found.managed.emulator.stop();
    } finally {
      this.#changed();
    }
    return true;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  list(): readonly EmulatorInstance[] {
    return [...this.#running].map(([id, { path, managed }]) => describe(id, path, managed));
  }

  /** What all of them are doing, by their ids. */
  activity(): ReadonlyMap<string, EmulatorActivity> {
    return new Map([...this.#running].map(([id, { managed }]) => [id, managed.emulator.activity()]));
  }

  /** Calls `listener` after every start, change and stop; the result takes it off again. */
  onChange(listener: (instances: readonly EmulatorInstance[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #change(
    id: string,
    change: (managed: ManagedEmulator, compile: CompileAgain | undefined) => Promise<void>,
  ): Promise<EmulatorInstance | undefined> {
    const found = this.#running.get(id);
    if (found === undefined) return undefined;
    await change(found.managed, found.compile);
    this.#changed();
    return describe(id, found.path, found.managed);
  }

  #changed(): void {
    const instances = this.list();
    for (const listener of this.#listeners) listener(instances);
  }
}

function describe(id: string, path: string, { emulator, counts }: ManagedEmulator): EmulatorInstance {
  const { name, startedAt, endpointCount, figures, time, meters } = emulator;
  return {
    id,
    path,
    name,
    count: meters.length,
    fleets: [...counts].map(([fleet, count]) => ({ name: fleet, count })),
    startedAt,
    endpoints: emulator.endpoints(),
    endpointCount,
    figures,
    time,
  };
}
