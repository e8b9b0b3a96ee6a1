import * as vscode from 'vscode';
import type { FromPage, ScanRow, ScanStatus } from '../../webview/messages.ts';
import { saveTable } from '../export/save-table.ts';
import type { ExportColumn } from '../export/table-text.ts';
import { formatAddress } from '../inputs/addresses.ts';
import { scanRowOf } from '../model/scan-row.ts';
import { currentProgress, type ScanRecord, type Scans } from '../model/scans.ts';
import type { Page, PanelController } from './panels.ts';
import { Throttle } from './throttle.ts';

/** Milliseconds between two messages of rows: what a person can follow. */
const postEveryMs = 150;

const exportColumns: readonly ExportColumn<ScanRow>[] = [
  { name: 'host', value: (row) => row.host },
  { name: 'port', value: (row) => row.port },
  { name: 'outcome', value: (row) => row.outcome },
  { name: 'vendor', value: (row) => row.vendor },
  { name: 'model', value: (row) => row.model },
  { name: 'serial', value: (row) => row.serial },
  { name: 'firmware', value: (row) => row.firmware },
  { name: 'referencing', value: (row) => row.referencing },
  { name: 'framing', value: (row) => row.framing },
  { name: 'authentication', value: (row) => row.associations.join(' ') },
  { name: 'suite', value: (row) => row.suite },
  { name: 'objects', value: (row) => row.objects },
  { name: 'confidence', value: (row) => row.confidence },
  { name: 'reason', value: (row) => row.reason },
];

/** What can be done with a row of the table. */
export interface ScanActions {
  readonly open: (scanId: string, host: string, port: number, as: 'fingerprint' | 'read' | 'trace') => Promise<void>;
  readonly again: (scanId: string) => Promise<void>;
}

/** Feeds the page of one scan: rows of this session as they come, rows of older scans from the store. */
export class ScanPanel implements PanelController {
  readonly #scanId: string;
  readonly #page: Page;
  readonly #scans: Scans;
  readonly #actions: ScanActions;
  readonly #subscriptions: vscode.Disposable[];
  readonly #throttle = new Throttle(postEveryMs, () => this.#postChanges());
  /** By address: rows from the store, when the scan is not of this session. */
  readonly #stored = new Map<string, ScanRow>();
  #fresh: ScanRow[] = [];
  #ready = false;

  constructor(scanId: string, page: Page, scans: Scans, actions: ScanActions) {
    this.#scanId = scanId;
    this.#page = page;
    this.#scans = scans;
    this.#actions = actions;
    this.#subscriptions = [
      scans.onDidFind((found) => {
        if (found.scanId !== scanId) return;
        this.#fresh.push(found.row);
        this.#throttle.call();
      }),
      scans.onDidChange((changed) => {
        if (changed === scanId || changed === '') this.#throttle.call();
      }),
    ];
  }

  async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#show();
        break;
      case 'scan/cancel':
        await this.#scans.cancel(this.#scanId);
        break;
      case 'scan/again':
        await this.#actions.again(this.#scanId);
        break;
      case 'scan/open':
        await this.#actions.open(this.#scanId, message.host, message.port, message.as);
        break;
      case 'scan/export': {
        const rows = message.rows.map((address) => this.#row(address)).filter((row) => row !== undefined);
        await saveTable(`scan-${this.#scanId}`, message.format, rows, exportColumns);
        break;
      }
      default:
    }
  }

  dispose(): void {
    this.#throttle.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #row(address: string): ScanRow | undefined {
    return this.#scans.get(this.#scanId)?.rows.get(address) ?? this.#stored.get(address);
  }

  async #show(): Promise<void> {
    if (this.#scans.get(this.#scanId) === undefined) await this.#scans.refresh();
    const record = this.#scans.get(this.#scanId);
    if (record === undefined) {
      this.#page.post({
        type: 'problem',
        message: vscode.l10n.t('This scan is no longer stored. Start it again from the Scans view.'),
      });
      return;
    }
    this.#ready = true;
    this.#fresh = [];
    this.#postStatus(record);
    this.#page.post({ type: 'scan/rows', rows: [...record.rows.values()], reset: true });
    if (record.summary.state === 'running') return;
    for await (const part of this.#scans.stored(this.#scanId)) {
      const rows = part.map(scanRowOf).filter((row) => !record.rows.has(formatAddress(row)));
      for (const row of rows) this.#stored.set(formatAddress(row), row);
      if (rows.length > 0) this.#page.post({ type: 'scan/rows', rows, reset: false });
    }
    this.#postStatus(record);
  }

  #postChanges(): void {
    const record = this.#scans.get(this.#scanId);
    if (!this.#ready || record === undefined) return;
    const rows = this.#fresh;
    this.#fresh = [];
    if (rows.length > 0) this.#page.post({ type: 'scan/rows', rows, reset: false });
    this.#postStatus(record);
  }

  #postStatus(record: ScanRecord): void {
    const status = statusOf(record);
    this.#page.setTitle(status.title);
    const outcomes = Object.keys(record.outcomes).length > 0 ? record.outcomes : countStored(this.#stored.values());
    this.#page.post({ type: 'scan/status', status, outcomes });
  }
}

function countStored(rows: Iterable<ScanRow>): Record<string, number> {
  const outcomes: Record<string, number> = {};
  for (const { outcome } of rows) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return outcomes;
}

/** The scan in words, for the panel, the tree and the status bar. */
export function scanTitle({ summary }: ScanRecord): string {
  const [first, ...more] = summary.targets;
  if (first === undefined) return vscode.l10n.t('Scan');
  return more.length === 0
    ? vscode.l10n.t('Scan of {0}', first)
    : vscode.l10n.t('Scan of {0} and {1} more', first, more.length);
}

function statusOf(record: ScanRecord): ScanStatus {
  const { summary } = record;
  const progress = currentProgress(record);
  return {
    scanId: summary.scanId,
    title: scanTitle(record),
    targets: summary.targets.join(', '),
    ports: summary.ports.join(', '),
    state: summary.state,
    startedAt: summary.startedAt,
    done: progress?.done ?? 0,
    total: progress?.total ?? 0,
    found: summary.found,
    ...(progress === undefined ? {} : { stage: progress.stage }),
    ...(progress?.etaMs === undefined ? {} : { etaMs: progress.etaMs }),
    ...(summary.finishedAt === undefined ? {} : { finishedAt: summary.finishedAt }),
  };
}
