import type { Emulator } from './emulator.ts';
import { type StartEmulatorOptions, startEmulator } from './start.ts';
import type { EmulatorInstance } from './types.ts';

/** All emulators of a process: starts, lists and stops them, and tells when something changed. */
export class EmulatorPool {
  readonly #running = new Map<string, { readonly path: string; readonly emulator: Emulator }>();
  readonly #listeners = new Set<(instances: readonly EmulatorInstance[]) => void>();
  #next = 1;

  /** @throws EmulatorError */
  async start(path: string, options: StartEmulatorOptions): Promise<EmulatorInstance> {
    const emulator = await startEmulator(options);
    const id = `emulator-${this.#next}`;
    this.#next += 1;
    this.#running.set(id, { path, emulator });
    this.#changed();
    return describe(id, path, emulator);
  }

  /** Stops one; false if there is none of this id. */
  async stop(id: string): Promise<boolean> {
    const found = this.#running.get(id);
    if (found === undefined) return false;
    this.#running.delete(id);
    await found.emulator.stop();
    this.#changed();
    return true;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((id) => this.stop(id)));
  }

  list(): readonly EmulatorInstance[] {
    return [...this.#running].map(([id, { path, emulator }]) => describe(id, path, emulator));
  }

  /** Calls `listener` after every start and stop; the result takes it off again. */
  onChange(listener: (instances: readonly EmulatorInstance[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    const instances = this.list();
    for (const listener of this.#listeners) listener(instances);
  }
}

function describe(id: string, path: string, emulator: Emulator): EmulatorInstance {
  const { name, startedAt, endpointCount } = emulator;
  return {
    id,
    path,
    name,
    count: emulator.meters.length,
    startedAt,
    endpoints: emulator.endpoints(),
    endpointCount,
    figures: { ...emulator.figures },
  };
}
