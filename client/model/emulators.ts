import * as vscode from 'vscode';
import { type EmulatorInstance, EmulatorsChanged, type Endpoint, ListEmulators } from '../../engine/rpc/protocol.ts';
import type { Engine } from '../engine/engine.ts';

/** The virtual meters that run, as the engine last told. */
export class Emulators {
  readonly #changed = new vscode.EventEmitter<void>();
  #instances: readonly EmulatorInstance[] = [];

  readonly onDidChange = this.#changed.event;

  constructor(engine: Engine) {
    engine.onNotification(EmulatorsChanged, (instances) => this.#set(instances));
    engine.onDidStop(() => this.#set([]));
  }

  get instances(): readonly EmulatorInstance[] {
    return this.#instances;
  }

  /** How many meters run in all instances. */
  get meters(): number {
    return this.#instances.reduce((sum, { count }) => sum + count, 0);
  }

  /** Asks the engine instead of waiting for its next notification. */
  async refresh(engine: Engine): Promise<void> {
    this.#set(await engine.request0(ListEmulators));
  }

  /** The instance of a meter or fleet of this template. */
  running(path: string, name: string): EmulatorInstance | undefined {
    return this.#instances.find((instance) => instance.path === path && instance.name === name);
  }

  /** The endpoint at this address. */
  endpointAt(host: string, port: number): Endpoint | undefined {
    return this.#instances
      .flatMap(({ endpoints }) => endpoints)
      .find((endpoint) => endpoint.host === host && endpoint.port === port);
  }

  #set(instances: readonly EmulatorInstance[]): void {
    this.#instances = instances;
    void vscode.commands.executeCommand('setContext', 'dlms.emulatorRunning', instances.length > 0);
    this.#changed.fire();
  }
}
