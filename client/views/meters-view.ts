import * as vscode from 'vscode';
import { ListMeters, type MeterRow } from '../../engine/rpc/protocol.ts';
import type { Engine } from '../engine/engine.ts';
import { formatAddress } from '../inputs/addresses.ts';
import { mechanismName } from '../model/mechanism.ts';
import { meterTitle, speaksDlms } from '../model/scan-row.ts';
import { pageSize, type Scans } from '../model/scans.ts';
import { Throttle } from '../panels/throttle.ts';
import { type MessageLine, rowsOrMessage } from './list-problem.ts';
import { MoreNode } from './more-node.ts';
import { outcomeIcon } from './outcome-icons.ts';
import { tooltip } from './tooltip.ts';

/** A meter of the store, as a node of the tree and as the argument of commands. */
export class MeterNode {
  readonly meter: MeterRow;

  constructor(meter: MeterRow) {
    this.meter = meter;
  }
}

type Node = MeterNode | MoreNode;

const refreshEveryMs = 1_000;

/** Meters found by scans, newest first, in parts. */
export class MetersView implements vscode.TreeDataProvider<Node> {
  readonly #engine: Engine;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #throttle = new Throttle(refreshEveryMs, () => this.#changed.fire());
  #limit = pageSize;
  /** Set once the view exists. */
  view: MessageLine | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(engine: Engine, scans: Scans, log: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#log = log;
    scans.onDidFind(() => this.#throttle.call());
    scans.onDidChange((scanId) => {
      if (scanId !== '') this.#throttle.call();
    });
    vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh());
  }

  refresh(): void {
    this.#changed.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined || !vscode.workspace.isTrusted) return [];
    return await rowsOrMessage(this.view, this.#log, () => this.#read());
  }

  async #read(): Promise<Node[]> {
    const meters: MeterRow[] = [];
    let total = 0;
    do {
      const part = await this.#engine.request(ListMeters, { offset: meters.length, limit: pageSize });
      total = part.total;
      meters.push(...part.rows);
      if (part.rows.length === 0) break;
    } while (meters.length < Math.min(this.#limit, total));
    const nodes: Node[] = meters.map((meter) => new MeterNode(meter));
    if (meters.length < total) {
      const more = () => {
        this.#limit += pageSize;
        this.refresh();
      };
      nodes.push(new MoreNode(meters.length, total, more));
    }
    return nodes;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof MoreNode) return node.item();
    const { meter } = node;
    const address = formatAddress(meter);
    const title = meterTitle(meter);
    const item = new vscode.TreeItem(title);
    item.id = meter.id;
    item.description = address;
    item.iconPath = outcomeIcon(meter.outcome);
    item.contextValue = speaksDlms(meter) ? 'meter.dlms' : 'meter.other';
    item.command = { command: 'dlms.showFingerprint', title: vscode.l10n.t('Show Fingerprint'), arguments: [node] };
    item.accessibilityInformation = { label: vscode.l10n.t('{0} at {1}, {2}', title, address, meter.outcome) };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    if (node instanceof MoreNode) return item;
    const { meter } = node;
    const { classification } = meter;
    item.tooltip = tooltip(`${meterTitle(meter)} · ${formatAddress(meter)}`, [
      ['Outcome', `${meter.outcome}: ${meter.reason}`],
      ['Logical device name', meter.logicalDeviceName?.value],
      ['Serial number', meter.serial?.value],
      ['Firmware', meter.firmware?.value],
      ['Referencing', meter.referencing?.value],
      ['Framing', meter.framing?.value],
      ['Authentication', [...new Set(meter.associations.map(({ mechanism }) => mechanismName(mechanism)))].join(', ')],
      ['Security suite', meter.suite === undefined ? undefined : String(meter.suite.value)],
      ['Objects', meter.objectCount === 0 ? undefined : String(meter.objectCount)],
      ['Confidence', classification === undefined ? undefined : `${Math.round(classification.confidence * 100)} %`],
    ]);
    return item;
  }
}
