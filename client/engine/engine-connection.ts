import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  type CancellationToken,
  createMessageConnection,
  type Disposable,
  type MessageConnection,
  type NotificationType,
  type RequestParam,
  type RequestType,
  type RequestType0,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { Initialize, type InitializeParams, Shutdown } from '../../engine/rpc/protocol.ts';
import type { Log } from '../log.ts';

/** Node-API version of the SQLite module; an older Node is killed by it instead of throwing. Node 22.14 has it. */
export const neededNodeApi = 10;
const shutdownLimitMs = 3_000;

/** Why the engine went away; `asked` when we told it to. */
export interface EngineExit {
  readonly asked: boolean;
  /** Readable: exit code or signal. */
  readonly reason: string;
}

/** The engine cannot be started here, or is gone. `message` says what to do. */
export class EngineProcessError extends Error {
  readonly code: 'node-too-old' | 'not-started' | 'stopped';

  constructor(code: EngineProcessError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EngineProcessError';
    this.code = code;
  }
}

/** One run of the engine process, from its start to its exit. */
export class EngineConnection {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  #ready = false;
  #asked = false;
  #exited = false;

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.#child = child;
    this.#connection = connection;
  }

  /**
   * Starts the bundle with the Node that runs this process (VS Code's own) and shakes hands with it.
   * Rejects with `EngineProcessError`; `onExit` is called for a process that had started.
   */
  static async start(
    bundle: string,
    params: InitializeParams,
    log: Log,
    onExit: (exit: EngineExit) => void,
  ): Promise<EngineConnection> {
    if (Number(process.versions.napi) < neededNodeApi) {
      throw new EngineProcessError(
        'node-too-old',
        `The engine needs Node 22.14 or later, VS Code runs ${process.version}. Update VS Code to 1.103 or later.`,
      );
    }
    // In the desktop this process is Electron, which is a plain Node only when told so.
    const child = spawn(process.execPath, [bundle], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    createInterface({ input: child.stderr }).on('line', (line) => log.info(`engine: ${line}`));
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const engine = new EngineConnection(child, connection);
    const gone = new Promise<never>((_, reject) => {
      child.once('error', (error) =>
        reject(new EngineProcessError('not-started', `The engine could not be started: ${error.message}`, error)),
      );
      child.once('exit', (code, signal) => {
        const reason = signal === null ? `exit code ${code}` : `signal ${signal}`;
        engine.#exited = true;
        reject(
          new EngineProcessError('not-started', `The engine stopped while it started (${reason}). The log says more.`),
        );
        // After the rejection above: disposing rejects what waits for an answer, with less to say.
        connection.dispose();
        if (engine.#ready) onExit({ asked: engine.#asked, reason });
      });
    });
    gone.catch(() => undefined);
    connection.onError(([error]) => log.error(`engine connection: ${error.message}`));
    connection.onUnhandledNotification(({ method }) => log.warn(`engine sent an unknown notification: ${method}`));
    connection.listen();
    const { version, node } = await Promise.race([connection.sendRequest(Initialize, params), gone]);
    engine.#ready = true;
    log.info(`engine ${version} started on Node ${node}, process ${child.pid}`);
    return engine;
  }

  /** Rejects with the engine's own `ResponseError`, or with `EngineProcessError` when the process ended before it answered. */
  request<P, R>(type: RequestType<P, R, void>, params: RequestParam<P>, token?: CancellationToken): Promise<R> {
    const connection = this.#connection;
    return this.#answer(
      token === undefined ? connection.sendRequest(type, params) : connection.sendRequest(type, params, token),
      type.method,
    );
  }

  request0<R>(type: RequestType0<R, void>): Promise<R> {
    return this.#answer(this.#connection.sendRequest(type), type.method);
  }

  async #answer<R>(answer: Promise<R>, method: string): Promise<R> {
    try {
      return await answer;
    } catch (error) {
      if (!this.#exited) throw error;
      throw new EngineProcessError(
        'stopped',
        `The engine stopped before it answered ${method}. The next command starts it again.`,
        error,
      );
    }
  }

  onNotification<P>(type: NotificationType<P>, handle: (params: P) => void): Disposable {
    return this.#connection.onNotification(type, handle);
  }

  /** Asks the engine to close its sockets and end; kills it when it does not within the limit. */
  async stop(): Promise<void> {
    if (this.#exited) return;
    this.#asked = true;
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), shutdownLimitMs);
    this.#connection.sendRequest(Shutdown).then(
      () => this.#child.stdin?.end(),
      () => this.#child.kill(),
    );
    await exited;
    clearTimeout(limit);
  }
}
