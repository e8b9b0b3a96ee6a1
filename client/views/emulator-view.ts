import * as vscode from 'vscode';
import type { EmulatorInstance, Endpoint } from '../../engine/rpc/protocol.ts';
import { formatAddress } from '../inputs/addresses.ts';
import type { Emulators } from '../model/emulators.ts';
import { pageSize } from '../model/scans.ts';
import { MoreNode } from './more-node.ts';
import { tooltip } from './tooltip.ts';

/** A running meter or fleet. */
export class InstanceNode {
  readonly instance: EmulatorInstance;

  constructor(instance: EmulatorInstance) {
    this.instance = instance;
  }
}

/** A socket on which a virtual meter listens. */
export class EndpointNode {
  readonly instance: EmulatorInstance;
  readonly endpoint: Endpoint;

  constructor(instance: EmulatorInstance, endpoint: Endpoint) {
    this.instance = instance;
    this.endpoint = endpoint;
  }
}

type Node = InstanceNode | EndpointNode | MoreNode;

/** Running instances and their endpoints. */
export class EmulatorView implements vscode.TreeDataProvider<Node> {
  readonly #emulators: Emulators;
  readonly #changed = new vscode.EventEmitter<void>();
  /** How many endpoints are shown, by instance. */
  readonly #limits = new Map<string, number>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(emulators: Emulators) {
    this.#emulators = emulators;
    emulators.onDidChange(() => this.#changed.fire());
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return this.#emulators.instances.map((instance) => new InstanceNode(instance));
    if (!(node instanceof InstanceNode)) return [];
    const { instance } = node;
    const limit = this.#limits.get(instance.id) ?? pageSize;
    const shown = instance.endpoints.slice(0, limit);
    const nodes: Node[] = shown.map((endpoint) => new EndpointNode(instance, endpoint));
    if (shown.length < instance.endpoints.length) {
      const more = () => {
        this.#limits.set(instance.id, limit + pageSize);
        this.#changed.fire();
      };
      nodes.push(new MoreNode(shown.length, instance.endpointCount, more));
    }
    return nodes;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof MoreNode) return node.item();
    return node instanceof InstanceNode ? instanceItem(node.instance) : endpointItem(node.instance, node.endpoint);
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    if (node instanceof InstanceNode) {
      const { name, path, startedAt, endpointCount, figures } = node.instance;
      item.tooltip = tooltip(name, [
        ['Template', vscode.workspace.asRelativePath(path)],
        ['Started', new Date(startedAt).toLocaleTimeString()],
        ['Endpoints', String(endpointCount)],
        ['Sessions', String(figures.sessions)],
        ['Requests', String(figures.requests)],
        ['Octets received', String(figures.octetsIn)],
        ['Octets sent', String(figures.octetsOut)],
        ['Errors', String(figures.errors)],
      ]);
    } else if (node instanceof EndpointNode) {
      const { meter, serial, transport, framing } = node.endpoint;
      item.tooltip = tooltip(formatAddress(node.endpoint), [
        ['Meter', meter],
        ['Serial number', serial],
        ['Transport', transport],
        ['Framing', framing],
      ]);
    }
    return item;
  }
}

function instanceItem(instance: EmulatorInstance): vscode.TreeItem {
  const { id, name, count, figures } = instance;
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  const meters = count === 1 ? vscode.l10n.t('1 meter') : vscode.l10n.t('{0} meters', count);
  const sessions =
    figures.sessions === 1 ? vscode.l10n.t('1 session') : vscode.l10n.t('{0} sessions', figures.sessions);
  item.description = `${meters}, ${sessions}`;
  item.iconPath = new vscode.ThemeIcon(count === 1 ? 'vm-running' : 'server-process');
  item.contextValue = 'instance';
  item.accessibilityInformation = { label: vscode.l10n.t('{0} is running, {1}', name, item.description) };
  if (count > 1) item.collapsibleState = vscode.TreeItemCollapsibleState.Collapsed;
  return item;
}

function endpointItem({ id }: EmulatorInstance, endpoint: Endpoint): vscode.TreeItem {
  const address = formatAddress(endpoint);
  const item = new vscode.TreeItem(address);
  item.id = `${id} ${address} ${endpoint.serial} ${endpoint.transport}`;
  item.description = `${endpoint.serial} · ${endpoint.framing}`;
  item.iconPath = new vscode.ThemeIcon('plug');
  item.contextValue = 'endpoint';
  item.accessibilityInformation = {
    label: vscode.l10n.t('{0}, serial number {1}, {2}', address, endpoint.serial, endpoint.framing),
  };
  return item;
}
