import * as vscode from 'vscode';
import {
  type ListenerEnded,
  type ListenerStarted,
  ListenerStopped,
  StartListener,
  type StartListenerParams,
  StopListener,
} from '../../engine/rpc/protocol.ts';
import type { Engine } from '../engine/engine.ts';

const runningContext = 'dlms.listening';

/** The push listeners that run in the engine. */
export class Listeners {
  readonly #engine: Engine;
  readonly #running = new Map<string, ListenerStarted>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #ended = new vscode.EventEmitter<ListenerEnded>();

  /** One started or ended. */
  readonly onDidChange = this.#changed.event;
  /** One ended, asked to or not; also when the engine is gone. */
  readonly onDidEnd = this.#ended.event;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.onNotification(ListenerStopped, (ended) => this.#end(ended));
    engine.onDidStop(() => {
      for (const { listenerId, traceId } of this.running) this.#end({ listenerId, traceId, pushes: 0, lost: 0 });
    });
  }

  get running(): readonly ListenerStarted[] {
    return [...this.#running.values()];
  }

  /** Rejects with the engine's error, e.g. `portInUse`. */
  async start(params: StartListenerParams): Promise<ListenerStarted> {
    const started = await this.#engine.request(StartListener, params);
    this.#running.set(started.listenerId, started);
    this.#tell();
    return started;
  }

  async stop(listenerId: string): Promise<void> {
    if (this.#running.has(listenerId)) await this.#engine.request(StopListener, { listenerId });
  }

  #end(ended: ListenerEnded): void {
    this.#running.delete(ended.listenerId);
    this.#tell();
    this.#ended.fire(ended);
  }

  #tell(): void {
    void vscode.commands.executeCommand('setContext', runningContext, this.#running.size > 0);
    this.#changed.fire();
  }
}
