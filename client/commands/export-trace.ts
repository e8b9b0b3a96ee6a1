import * as vscode from 'vscode';
import { ExportTrace, type TraceSummary } from '../../engine/rpc/protocol.ts';
import type { Workbench } from '../workbench.ts';
import { chooseTrace } from './choose-trace.ts';
import { showProblem } from './show-problem.ts';

/** `DLMS: Export Trace as pcapng...`: of all traces the one that is chosen. */
export async function exportTrace(workbench: Workbench): Promise<void> {
  try {
    const trace: TraceSummary | undefined = await chooseTrace(workbench, vscode.l10n.t('Export Trace as pcapng'));
    if (trace !== undefined) await saveTrace(workbench, trace.traceId, trace.title);
  } catch (error) {
    await showProblem(workbench.log, error);
  }
}

/** Asks where to, and lets the engine write the trace there, with what was decoded as comments of the packets. */
export async function saveTrace({ engine, log }: Workbench, traceId: string, title: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${
    title
      .replaceAll(/[^\w.-]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 80) || 'trace'
  }.pcapng`;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export as pcapng'),
    filters: { [vscode.l10n.t('Captures')]: ['pcapng'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return;
  try {
    if (target.scheme !== 'file')
      throw new Error(vscode.l10n.t('Captures are written to the disk of the engine only.'));
    const { packets, comments } = await engine.request(ExportTrace, { traceId, path: target.fsPath });
    const reveal = vscode.l10n.t('Reveal');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} packets, {1} with what was decoded as a comment, exported to {2}.',
        packets,
        comments,
        vscode.workspace.asRelativePath(target),
      ),
      reveal,
    );
    if (chosen === reveal) await vscode.commands.executeCommand('revealInExplorer', target);
  } catch (error) {
    await showProblem(log, error);
  }
}
