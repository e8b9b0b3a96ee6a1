import * as vscode from 'vscode';
import { currentProgress, type ScanRecord, type Scans } from '../model/scans.ts';
import { scanTitle } from '../panels/scan-panel.ts';
import { Throttle } from '../panels/throttle.ts';
import { type MessageLine, rowsOrMessage } from './list-problem.ts';
import { tooltip } from './tooltip.ts';

/** A scan, running or over. */
export class ScanNode {
  readonly scanId: string;

  constructor(scanId: string) {
    this.scanId = scanId;
  }
}

const refreshEveryMs = 500;
const icons = { running: 'sync~spin', finished: 'pass', cancelled: 'stop-circle', interrupted: 'warning' } as const;

/** Scans of this session and of the store, newest first. */
export class ScansView implements vscode.TreeDataProvider<ScanNode> {
  readonly #scans: Scans;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #throttle = new Throttle(refreshEveryMs, () => this.#changed.fire());
  #loaded = false;
  /** Set once the view exists. */
  view: MessageLine | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(scans: Scans, log: vscode.LogOutputChannel) {
    this.#scans = scans;
    this.#log = log;
    scans.onDidChange(() => this.#throttle.call());
    vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire());
  }

  async getChildren(node?: ScanNode): Promise<ScanNode[]> {
    if (node !== undefined || !vscode.workspace.isTrusted) return [];
    return await rowsOrMessage(this.view, this.#log, async () => {
      if (!this.#loaded) await this.#scans.refresh();
      this.#loaded = true;
      return this.#scans.all.map(({ summary }) => new ScanNode(summary.scanId));
    });
  }

  getTreeItem({ scanId }: ScanNode): vscode.TreeItem {
    const record = this.#scans.get(scanId);
    if (record === undefined) return new vscode.TreeItem(scanId);
    const { state } = record.summary;
    const item = new vscode.TreeItem(scanTitle(record));
    item.id = scanId;
    item.description = scanProgress(record);
    item.iconPath = new vscode.ThemeIcon(icons[state]);
    item.contextValue = state === 'running' ? 'scan.running' : 'scan.over';
    item.command = { command: 'dlms.showScan', title: vscode.l10n.t('Show Scan'), arguments: [new ScanNode(scanId)] };
    item.accessibilityInformation = { label: `${scanTitle(record)}, ${state}, ${item.description}` };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, { scanId }: ScanNode): vscode.TreeItem {
    const record = this.#scans.get(scanId);
    if (record === undefined) return item;
    const { targets, ports, startedAt, finishedAt, state } = record.summary;
    const outcomes = Object.entries(record.outcomes).map(([outcome, amount]) => `${amount} ${outcome}`);
    item.tooltip = tooltip(scanTitle(record), [
      ['State', state],
      ['Targets', targets.join(', ')],
      ['Ports', ports.join(', ')],
      ['Started', new Date(startedAt).toLocaleString()],
      ['Ended', finishedAt === undefined ? undefined : new Date(finishedAt).toLocaleString()],
      ['Outcomes', outcomes.join(', ')],
    ]);
    return item;
  }
}

/** `40 %, 12 meters` while it runs, `12 meters` after, in the words of the tree and the status bar. */
export function scanProgress(record: ScanRecord): string {
  const { summary } = record;
  const progress = currentProgress(record);
  const meters = summary.found === 1 ? vscode.l10n.t('1 meter') : vscode.l10n.t('{0} meters', summary.found);
  if (summary.state !== 'running') return `${meters} · ${new Date(summary.startedAt).toLocaleTimeString()}`;
  if (progress === undefined || progress.total === 0) return vscode.l10n.t('starting');
  return `${Math.floor((progress.done / progress.total) * 100)} %, ${meters}`;
}
