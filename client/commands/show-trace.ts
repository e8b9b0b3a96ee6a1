import * as vscode from 'vscode';
import type { TraceSummary } from '../../engine/rpc/protocol.ts';
import { type Address, formatAddress } from '../inputs/addresses.ts';
import type { Workbench } from '../workbench.ts';
import { addressOf, instanceOf } from './arguments.ts';
import { chooseTrace } from './choose-trace.ts';
import { showProblem } from './show-problem.ts';

/**
 * `DLMS: Show Association Trace`: the newest trace of the given meter; from the palette one is chosen of all. Works
 * without trust: pasted octets and captures make traces as well, and looking opens no socket.
 */
export async function showTrace(workbench: Workbench, argument: unknown): Promise<void> {
  try {
    const addresses = addressesOf(workbench, argument);
    const all = await workbench.traces.list();
    const traces =
      addresses.length === 0 ? all : all.filter((trace) => addresses.some((address) => isOf(trace, address)));
    const [first] = traces;
    if (first === undefined) return await offerRead(addresses[0]);
    const chosen =
      addresses.length > 0 || traces.length === 1
        ? first
        : await chooseTrace(workbench, vscode.l10n.t('Show Association Trace'), traces);
    if (chosen !== undefined) workbench.panels.show('trace', chosen.traceId);
  } catch (error) {
    await showProblem(workbench.log, error);
  }
}

function addressesOf({ emulators }: Workbench, argument: unknown): readonly Address[] {
  const address = addressOf(argument);
  if (address !== undefined) return [address];
  return instanceOf(argument, emulators)?.endpoints ?? [];
}

/** The engine titles a trace `HOST:PORT client N`. */
function isOf({ title }: TraceSummary, { host, port }: Address): boolean {
  return title.startsWith(`${host}:${port} `);
}

async function offerRead(address: Address | undefined): Promise<void> {
  const read = vscode.l10n.t('Read Meter...');
  const text =
    address === undefined
      ? vscode.l10n.t('There is no trace yet. Every read records one.')
      : vscode.l10n.t('There is no trace of {0} yet. Every read records one.', formatAddress(address));
  const chosen = await vscode.window.showInformationMessage(text, read);
  if (chosen === read) await vscode.commands.executeCommand('dlms.readMeter', address);
}
