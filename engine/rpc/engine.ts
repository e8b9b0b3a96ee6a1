import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import packageJson from '../../package.json' with { type: 'json' };
import { EmulatorPool } from '../emulator/pool.ts';
import { StoreError } from '../store/errors.ts';
import { openSqlite } from '../store/open-sqlite.ts';
import { Store } from '../store/store.ts';
import { decodeRow, rowText } from './decode-row.ts';
import { engineError, traceGone } from './errors.ts';
import { EmulatorWatch } from './handlers/emulator-watch.ts';
import { answerEmulators } from './handlers/emulators.ts';
import { exportTrace } from './handlers/export-trace.ts';
import { Listeners } from './handlers/listeners.ts';
import { openCapture } from './handlers/open-capture.ts';
import { readMeter } from './handlers/read-meter.ts';
import { meterRowOf, ScanService } from './handlers/scans.ts';
import { serialPorts } from './handlers/serial-ports.ts';
import { translateText } from './handlers/translate.ts';
import { unlockTrace } from './handlers/unlock-trace.ts';
import * as protocol from './protocol.ts';
import { type KeptEntry, TraceStore } from './trace-store.ts';

/** Rows of one page of a list, whatever the client asks for. */
const MAX_PAGE = 1000;

/** The engine behind one connection: answers the requests of the contract and sends its notifications. */
export class Engine {
  readonly #connection: MessageConnection;
  readonly #pool = new EmulatorPool();
  readonly #traces: TraceStore;
  readonly #scans: ScanService;
  readonly #listeners: Listeners;
  readonly #watch: EmulatorWatch;
  #store: Store | undefined;

  constructor(connection: MessageConnection) {
    this.#connection = connection;
    this.#traces = new TraceStore(Date.now().toString(36), (traceId, row) =>
      this.#notify(protocol.TraceAdded, { traceId, row }),
    );
    this.#scans = new ScanService(
      () => this.#requireStore(),
      (event) => this.#notify(protocol.ScanProgress, event),
      (failure) => this.#notify(protocol.ScanFailed, failure),
    );
    this.#listeners = new Listeners(this.#traces, Date.now, (ended) => this.#notify(protocol.ListenerStopped, ended));
    this.#watch = new EmulatorWatch(
      this.#pool,
      (instances) => this.#notify(protocol.EmulatorsChanged, instances),
      (activity) => this.#notify(protocol.EmulatorActivityChanged, activity),
    );
    this.#answer(connection);
  }

  /** Stops everything that runs and closes the store. */
  async close(): Promise<void> {
    this.#watch.close();
    this.#scans.cancelAll();
    await Promise.all([this.#pool.stopAll(), this.#listeners.stopAll()]);
    await this.#store?.close();
    this.#store = undefined;
  }

  #answer(connection: MessageConnection): void {
    connection.onRequest(protocol.Initialize, (params) => this.#initialize(params));
    connection.onRequest(protocol.Shutdown, () => this.close());

    answerEmulators(connection, this.#pool);

    connection.onRequest(protocol.StartScan, (options) => this.#scans.start(options));
    connection.onRequest(protocol.CancelScan, ({ scanId }) => {
      if (!this.#scans.cancel(scanId)) throw engineError('notFound', `Scan ${scanId} is not running.`);
    });
    connection.onRequest(protocol.ListScans, () => this.#stored(() => this.#scans.list()));
    connection.onRequest(protocol.ListMeters, ({ scanId, offset, limit }) =>
      this.#stored(async (store) => {
        const filter = scanId === undefined ? {} : { scanId };
        const page = { offset, limit: Math.min(limit, MAX_PAGE) };
        const [total, rows] = await Promise.all([store.countMeters(filter), store.meters(page, filter)]);
        return { total, rows: rows.map(meterRowOf) };
      }),
    );
    connection.onRequest(protocol.GetMeter, ({ id }) =>
      this.#stored(async (store) => {
        const meter = await store.meter(id);
        if (meter === undefined) throw engineError('notFound', `There is no meter ${id} in the store.`);
        return meter;
      }),
    );

    connection.onRequest(protocol.ReadMeter, (params, token) =>
      readMeter(params, this.#traces, Date.now, abortSignal(token)),
    );
    connection.onRequest(protocol.ListTraces, () => this.#traces.list());
    connection.onRequest(protocol.GetTrace, ({ traceId }) => this.#traces.get(traceId) ?? traceGone(traceId));
    connection.onRequest(protocol.DecodeTraceRow, ({ traceId, index }) => decodeRow(this.#entry(traceId, index)));
    connection.onRequest(protocol.GetRowText, ({ traceId, index, format, view }) => ({
      text: rowText(this.#entry(traceId, index), format, view),
    }));
    connection.onRequest(protocol.UnlockTrace, (params) => unlockTrace(params, this.#traces));
    connection.onRequest(protocol.OpenCapture, (params) => openCapture(params, this.#traces));
    connection.onRequest(protocol.ExportTrace, (params) => exportTrace(params, this.#traces));
    connection.onRequest(protocol.StartListener, (params) => this.#listeners.start(params));
    connection.onRequest(protocol.StopListener, ({ listenerId }) => this.#listeners.stop(listenerId));
    connection.onRequest(protocol.ListSerialPorts, serialPorts);
    connection.onRequest(protocol.Translate, (params) => translateText(params, this.#traces, Date.now));
  }

  #entry(traceId: string, index: number): KeptEntry {
    const entry = this.#traces.entry(traceId, index);
    if (entry === undefined) throw engineError('notFound', `Trace ${traceId} has no row ${index}.`);
    return entry;
  }

  async #initialize({ databasePath }: protocol.InitializeParams): Promise<protocol.InitializeResult> {
    if (databasePath !== undefined && this.#store === undefined) {
      await this.#storage(async () => {
        const store = new Store(await openSqlite(databasePath));
        await store.markInterrupted();
        this.#store = store;
      });
    }
    return { version: packageJson.version, node: process.versions.node };
  }

  #requireStore(): Store {
    if (this.#store !== undefined) return this.#store;
    throw engineError('storage', 'No database is open.', { next: 'Start the engine with a database path.' });
  }

  #stored<T>(run: (store: Store) => Promise<T>): Promise<T> {
    const store = this.#requireStore();
    return this.#storage(() => run(store));
  }

  /** Failures of storage reach the client as such, with the next step. */
  async #storage<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof StoreError) throw engineError('storage', error.message, { next: error.next });
      throw error;
    }
  }

  /** A notification nobody can take any more is no failure: the client has gone, and the process is about to. */
  #notify<P>(type: { readonly method: string }, params: P): void {
    this.#connection.sendNotification(type.method, params).catch(() => undefined);
  }
}

function abortSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
