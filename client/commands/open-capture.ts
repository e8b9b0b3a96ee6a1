import * as vscode from 'vscode';
import { type CapturedTrace, OpenCapture, type OpenCaptureResult } from '../../engine/rpc/protocol.ts';
import type { Workbench } from '../workbench.ts';
import { showProblem } from './show-problem.ts';
import { openedWith, storedSecrets, unlockTrace } from './unlock-trace.ts';

/**
 * `DLMS: Open Capture...`: shows the connections of a pcap or pcapng file as traces, deciphered with the stored keys.
 * `argument` is the file in the explorer. Works without trust: it opens no socket.
 */
export async function openCapture(workbench: Workbench, argument: unknown): Promise<void> {
  const file = argument instanceof vscode.Uri ? argument : await askFile();
  if (file === undefined) return;
  try {
    if (file.scheme !== 'file')
      throw new Error(vscode.l10n.t('Captures are read from disk; "{0}" is elsewhere.', file.toString(true)));
    const result = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Opening {0}', vscode.workspace.asRelativePath(file)),
      },
      async () => workbench.engine.request(OpenCapture, { path: file.fsPath, secrets: await storedSecrets(workbench) }),
    );
    await show(workbench, file, result);
  } catch (error) {
    await showProblem(workbench.log, error);
  }
}

async function askFile(): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open Capture'),
      openLabel: vscode.l10n.t('Open'),
      canSelectMany: false,
      filters: { [vscode.l10n.t('Captures')]: ['pcap', 'pcapng', 'cap'] },
    })) ?? [];
  return file;
}

async function show(workbench: Workbench, file: vscode.Uri, result: OpenCaptureResult): Promise<void> {
  const { traces, packets, otherConnections, omitted, problems } = result;
  const name = vscode.workspace.asRelativePath(file);
  for (const problem of problems) workbench.log.warn(`${name}: ${problem}`);
  const [first] = traces;
  if (first === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'No connection in {0} speaks DLMS/COSEM: {1} packets, {2} connections of something else.',
        name,
        packets,
        otherConnections,
      ),
    );
    return;
  }
  const chosen = traces.length === 1 ? first : await choose(traces, omitted);
  if (chosen === undefined) return;
  workbench.panels.show('trace', chosen.traceId);
  if (problems.length > 0) void tellProblems(workbench, name, problems.length);
  void tellKeys(workbench, chosen);
}

async function choose(traces: readonly CapturedTrace[], omitted: number): Promise<CapturedTrace | undefined> {
  const items = traces.map((trace) => ({
    label: trace.title.replace(/^[^:]*: /, ''),
    description: vscode.l10n.t('{0} APDUs', trace.apdus),
    trace,
    ...(trace.locked === 0 ? {} : { detail: vscode.l10n.t('$(lock) {0} are encrypted', trace.locked) }),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Capture'),
    placeHolder:
      omitted === 0
        ? vscode.l10n.t('Connection to show; the others stay in "Show Association Trace"')
        : vscode.l10n.t('Connection to show; {0} more are left out', omitted),
    matchOnDescription: true,
  });
  return chosen?.trace;
}

async function tellProblems({ log }: Workbench, name: string, count: number): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Parts of {0} could not be used: {1} problems.', name, count),
    showLog,
  );
  if (chosen === showLog) log.show();
}

async function tellKeys(workbench: Workbench, { traceId, locked, keyNames }: CapturedTrace): Promise<void> {
  if (locked === 0) {
    if (keyNames.length > 0) void vscode.window.showInformationMessage(openedWith(keyNames));
    return;
  }
  const found = keyNames.length > 0 ? `${openedWith(keyNames)} ` : '';
  const more = vscode.l10n.t('More Keys...');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0}{1} APDUs are encrypted, and no stored key opens them.', found, locked),
    more,
  );
  if (chosen === more) await unlockTrace(workbench, traceId);
}
