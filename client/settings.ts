import * as vscode from 'vscode';

/** The settings of section `dlms`, read when they are needed. Defaults and descriptions stand in package.json. */
function read<T>(name: string, otherwise: T): T {
  return vscode.workspace.getConfiguration('dlms').get<T>(name, otherwise);
}

export const settings = {
  emulatorHost: () => read('emulator.host', '127.0.0.1'),
  codeLens: () => read('codeLens.enabled', true),
  scanTargets: () => read<string[]>('scan.targets', []),
  scanExclude: () => read<string[]>('scan.exclude', []),
  scanPorts: () => read<number[]>('scan.ports', [4059]),
  scanRate: () => read('scan.rate', 200),
  scanTimeoutMs: () => read('scan.timeout', 3000),
  scanConcurrency: () => read('scan.concurrency', 64),
  readTimeoutMs: () => read('read.timeout', 5000),
  databasePath: () => read('database.path', ''),
};
