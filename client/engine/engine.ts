import * as vscode from 'vscode';
import type { NotificationType, RequestParam, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { EngineConnection, EngineExit } from './engine-connection.ts';

/** More deaths than this within the window, and the engine is not started again by itself. */
const deathLimit = 3;
const deathWindowMs = 60_000;

type Subscription = (connection: EngineConnection) => void;

/** The engine as the rest of the extension sees it: started on first need, started again when it died. */
export class Engine implements vscode.Disposable {
  readonly #bundle: string;
  readonly #databasePath: () => Promise<string | undefined>;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: Subscription[] = [];
  readonly #stopped = new vscode.EventEmitter<EngineExit>();
  #running: Promise<EngineConnection> | undefined;
  #deaths: number[] = [];

  /** Fires when the process is gone: what ran in it (meters, scans) is gone too. */
  readonly onDidStop = this.#stopped.event;

  /** `databasePath` gives undefined where nothing may be stored: the engine then only translates. */
  constructor(bundle: string, databasePath: () => Promise<string | undefined>, log: vscode.LogOutputChannel) {
    this.#bundle = bundle;
    this.#databasePath = databasePath;
    this.#log = log;
  }

  /** Whether the process was asked for; what only looks need not start it. */
  get started(): boolean {
    return this.#running !== undefined;
  }

  async request<P, R>(
    type: RequestType<P, R, void>,
    params: RequestParam<P>,
    token?: vscode.CancellationToken,
  ): Promise<R> {
    const connection = await this.#connect();
    return connection.request(type, params, token);
  }

  async request0<R>(type: RequestType0<R, void>): Promise<R> {
    const connection = await this.#connect();
    return connection.request0(type);
  }

  /** Subscribes in this and in every later run of the engine. */
  onNotification<P>(type: NotificationType<P>, handle: (params: P) => void): void {
    const subscribe: Subscription = (connection) => connection.onNotification(type, handle);
    this.#subscriptions.push(subscribe);
    this.#running?.then(subscribe, () => undefined);
  }

  /** Ends the process; the next request starts a new one, with what is allowed by then. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    const connection = await running?.catch(() => undefined);
    await connection?.stop();
  }

  dispose(): void {
    void this.stop();
    this.#stopped.dispose();
  }

  #connect(): Promise<EngineConnection> {
    if (this.#running !== undefined) return this.#running;
    const starting = this.#start();
    this.#running = starting;
    starting.catch(() => {
      if (this.#running === starting) this.#running = undefined;
    });
    return starting;
  }

  async #start(): Promise<EngineConnection> {
    const databasePath = await this.#databasePath();
    const { EngineConnection, EngineProcessError } = await import('./engine-connection.ts');
    if (this.#diesTooOften()) {
      throw new EngineProcessError(
        'not-started',
        vscode.l10n.t(
          'The engine stopped {0} times within a minute and is not started again. See the log, then run "Developer: Reload Window".',
          deathLimit,
        ),
      );
    }
    const connection = await EngineConnection.start(
      this.#bundle,
      databasePath === undefined ? {} : { databasePath },
      this.#log,
      (exit) => this.#exited(exit),
    );
    for (const subscribe of this.#subscriptions) subscribe(connection);
    return connection;
  }

  #diesTooOften(): boolean {
    const recent = Date.now() - deathWindowMs;
    this.#deaths = this.#deaths.filter((time) => time > recent);
    return this.#deaths.length >= deathLimit;
  }

  #exited(exit: EngineExit): void {
    this.#log[exit.asked ? 'info' : 'error'](`engine stopped: ${exit.reason}`);
    if (!exit.asked) {
      this.#running = undefined;
      this.#deaths.push(Date.now());
    }
    this.#stopped.fire(exit);
  }
}
