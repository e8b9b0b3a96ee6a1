import * as vscode from 'vscode';
import type { EmulatorInstance } from '../../engine/rpc/protocol.ts';
import type { Address } from '../inputs/addresses.ts';
import type { Emulators } from '../model/emulators.ts';
import { EndpointNode, InstanceNode } from '../views/emulator-view.ts';
import { MeterNode } from '../views/meters-view.ts';
import { ScanNode } from '../views/scans-view.ts';

/** What commands are called with: tree nodes, ids from lenses and the status bar, or nothing from the palette. */

/** The running instance an argument means. */
export function instanceOf(argument: unknown, emulators: Emulators): EmulatorInstance | undefined {
  const id = argument instanceof InstanceNode || argument instanceof EndpointNode ? argument.instance.id : argument;
  return emulators.instances.find((instance) => instance.id === id);
}

export function scanIdOf(argument: unknown): string | undefined {
  if (argument instanceof ScanNode) return argument.scanId;
  return typeof argument === 'string' ? argument : undefined;
}

/** The address of a meter, an endpoint, or a plain `{ host, port }`. */
export function addressOf(argument: unknown): Address | undefined {
  if (argument instanceof MeterNode) return argument.meter;
  if (argument instanceof EndpointNode) return argument.endpoint;
  if (typeof argument !== 'object' || argument === null) return undefined;
  const host: unknown = Reflect.get(argument, 'host');
  const port: unknown = Reflect.get(argument, 'port');
  return typeof host === 'string' && typeof port === 'number' ? { host, port } : undefined;
}

/** What a code lens asks to start. */
export interface StartTarget {
  readonly uri: vscode.Uri;
  readonly kind: 'meter' | 'fleet';
  readonly name: string;
}

export function startTargetOf(argument: unknown): StartTarget | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const uri: unknown = Reflect.get(argument, 'uri');
  const kind: unknown = Reflect.get(argument, 'kind');
  const name: unknown = Reflect.get(argument, 'name');
  if (!(uri instanceof vscode.Uri) || typeof name !== 'string') return undefined;
  return kind === 'meter' || kind === 'fleet' ? { uri, kind, name } : undefined;
}
