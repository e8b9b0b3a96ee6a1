import * as vscode from 'vscode';
import { formatAddress } from '../inputs/addresses.ts';
import { MoreNode } from '../views/more-node.ts';
import type { Workbench } from '../workbench.ts';
import { addressOf } from './arguments.ts';
import { decodeApdu } from './decode-apdu.ts';
import { exportTrace } from './export-trace.ts';
import { forgetKeys, importKeysCommand } from './keys.ts';
import { listenForPushes, stopListening } from './listen-for-pushes.ts';
import { openCapture } from './open-capture.ts';
import { pushNow, scaleEmulator } from './order-emulator.ts';
import { readMeter } from './read-meter.ts';
import { cancelScan, rescan, scanEmulator, scanNetwork, showScan } from './scan-network.ts';
import { showFingerprint } from './show-fingerprint.ts';
import { showTrace } from './show-trace.ts';
import { startEmulator, startMeter } from './start-emulator.ts';
import { stopAll, stopEmulator } from './stop-emulator.ts';

type Command = (workbench: Workbench, argument: unknown) => unknown;

/** Every command of the manifest, by its id without `dlms.`. */
const commands: Readonly<Record<string, Command>> = {
  startEmulator,
  startMeter,
  stopEmulator,
  stopAll,
  scaleEmulator,
  pushNow,
  scanNetwork,
  scanEmulator,
  cancelScan,
  rescan,
  showScan,
  readMeter,
  showTrace,
  showFingerprint,
  decodeApdu,
  openCapture,
  exportTrace,
  listenForPushes,
  stopListening,
  importKeys: importKeysCommand,
  forgetKeys,
  copyAddress: async (_, argument) => {
    const address = addressOf(argument);
    if (address !== undefined) await vscode.env.clipboard.writeText(formatAddress(address));
  },
  loadMore: (_, argument) => {
    if (argument instanceof MoreNode) argument.load();
  },
  showLog: ({ log }) => log.show(),
};

export function registerCommands(workbench: Workbench, refreshMeters: () => void): vscode.Disposable {
  const register = (name: string, run: Command) =>
    vscode.commands.registerCommand(`dlms.${name}`, (argument: unknown) => run(workbench, argument));
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => register(name, run)),
    register('refreshMeters', refreshMeters),
  );
}
