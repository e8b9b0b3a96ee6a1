import * as vscode from 'vscode';
import type { ScanEvent, ScanOptions } from '../../engine/discovery/types.ts';
import {
  CancelScan,
  ListMeters,
  ListScans,
  type MeterRow,
  ScanFailed,
  type ScanFailure,
  ScanProgress,
  type ScanSummary,
  StartScan,
} from '../../engine/rpc/protocol.ts';
import type { ScanRow } from '../../webview/messages.ts';
import type { Engine } from '../engine/engine.ts';
import { formatAddress } from '../inputs/addresses.ts';
import { scanRowOf } from './scan-row.ts';

type Progress = Omit<Extract<ScanEvent, { type: 'progress' }>, 'type' | 'scanId'>;

/** What is known of one scan. Rows are those of this session; older scans are read from the store. */
export interface ScanRecord {
  readonly summary: ScanSummary;
  /** By stage: ports are looked for while the meters behind those found are already asked. */
  readonly progress: Readonly<Partial<Record<Progress['stage'], Progress>>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly rows: ReadonlyMap<string, ScanRow>;
}

/** Rows and their counts grow in place: a scan may find tens of thousands. */
interface MutableRecord extends ScanRecord {
  readonly outcomes: Record<string, number>;
  readonly rows: Map<string, ScanRow>;
}

/** Rows are asked for from the store in parts of this size. */
export const pageSize = 500;

/** Scans of this session and of the store: their state, their progress and what they found. */
export class Scans {
  readonly #engine: Engine;
  readonly #records = new Map<string, MutableRecord>();
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #found = new vscode.EventEmitter<{ readonly scanId: string; readonly row: ScanRow }>();
  readonly #failed = new vscode.EventEmitter<Omit<ScanFailure, 'scanId'>>();
  /** What each scan of this session was asked to do, for doing it again. */
  readonly #options = new Map<string, ScanOptions>();

  /** A scan started, moved on or ended. */
  readonly onDidChange = this.#changed.event;
  readonly onDidFind = this.#found.event;
  /** A scan ended before its time, e.g. because it could not store what it found. */
  readonly onDidFail = this.#failed.event;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.onNotification(ScanProgress, (event) => this.#receive(event));
    engine.onNotification(ScanFailed, ({ scanId, ...failure }) => {
      this.#interrupt(scanId);
      this.#failed.fire(failure);
    });
    engine.onDidStop(() => {
      for (const { summary } of this.running) this.#interrupt(summary.scanId);
    });
  }

  /** Newest first. */
  get all(): readonly ScanRecord[] {
    return [...this.#records.values()].toSorted((a, b) => b.summary.startedAt - a.summary.startedAt);
  }

  get running(): readonly ScanRecord[] {
    return this.all.filter(({ summary }) => summary.state === 'running');
  }

  get(scanId: string): ScanRecord | undefined {
    return this.#records.get(scanId);
  }

  optionsOf(scanId: string): ScanOptions | undefined {
    return this.#options.get(scanId);
  }

  /** Starts a scan. Rejects with the engine's error, e.g. `targetsRefused`. */
  async start(options: ScanOptions): Promise<string> {
    const { scanId } = await this.#engine.request(StartScan, options);
    this.#options.set(scanId, options);
    const { targets, ports } = options;
    this.#update(scanId, (record) => ({ ...record, summary: { ...record.summary, targets, ports } }));
    return scanId;
  }

  async cancel(scanId: string): Promise<void> {
    await this.#engine.request(CancelScan, { scanId });
  }

  /** Reads the list of scans from the store. */
  async refresh(): Promise<void> {
    for (const summary of await this.#engine.request0(ListScans)) {
      const known = this.#records.get(summary.scanId);
      this.#records.set(summary.scanId, { progress: {}, outcomes: {}, rows: new Map(), ...known, summary });
    }
    this.#announce();
  }

  /** All rows of a scan from the store, in parts. */
  async *stored(scanId: string): AsyncGenerator<readonly MeterRow[]> {
    for (let offset = 0; ; offset += pageSize) {
      const { rows, total } = await this.#engine.request(ListMeters, { scanId, offset, limit: pageSize });
      if (rows.length > 0) yield rows;
      if (rows.length === 0 || offset + rows.length >= total) return;
    }
  }

  #receive(event: ScanEvent): void {
    const { scanId } = event;
    switch (event.type) {
      case 'started':
        this.#update(scanId, (record) => ({ ...record, summary: { ...record.summary, startedAt: event.time } }));
        break;
      case 'progress': {
        const { type, scanId: _, ...progress } = event;
        this.#update(scanId, (record) => ({
          ...record,
          progress: { ...record.progress, [progress.stage]: progress },
          summary: { ...record.summary, found: progress.found },
        }));
        break;
      }
      case 'meter':
        this.#add(scanId, scanRowOf(event.meter));
        break;
      case 'finished':
        this.#update(scanId, (record) => ({
          ...record,
          outcomes: { ...event.outcomes },
          summary: {
            ...record.summary,
            state: event.cancelled ? 'cancelled' : 'finished',
            finishedAt: record.summary.startedAt + event.durationMs,
          },
        }));
        break;
    }
  }

  #add(scanId: string, row: ScanRow): void {
    const record = this.#records.get(scanId) ?? unknownScan(scanId);
    const { rows, outcomes } = record;
    const address = formatAddress(row);
    const before = rows.get(address)?.outcome;
    if (before !== undefined) outcomes[before] = (outcomes[before] ?? 1) - 1;
    outcomes[row.outcome] = (outcomes[row.outcome] ?? 0) + 1;
    rows.set(address, row);
    this.#records.set(scanId, record);
    this.#found.fire({ scanId, row });
  }

  #update(scanId: string, change: (record: MutableRecord) => MutableRecord): void {
    this.#records.set(scanId, change(this.#records.get(scanId) ?? unknownScan(scanId)));
    this.#announce(scanId);
  }

  #announce(scanId = ''): void {
    void vscode.commands.executeCommand('setContext', 'dlms.scanRunning', this.running.length > 0);
    this.#changed.fire(scanId);
  }

  #interrupt(scanId: string): void {
    this.#update(scanId, (record) => ({ ...record, summary: { ...record.summary, state: 'interrupted' } }));
  }
}

function unknownScan(scanId: string): MutableRecord {
  return {
    summary: { scanId, startedAt: Date.now(), targets: [], ports: [], state: 'running', found: 0 },
    progress: {},
    outcomes: {},
    rows: new Map(),
  };
}

/** The stage a person waits for: looking for ports, and once that is done, asking the meters found. */
export function currentProgress({ progress }: Pick<ScanRecord, 'progress'>): Progress | undefined {
  const { ports, dlms } = progress;
  const portsDone = ports === undefined || ports.done >= ports.total;
  return portsDone && dlms !== undefined && dlms.total > 0 ? dlms : (ports ?? dlms);
}
