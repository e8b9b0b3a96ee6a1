import * as vscode from 'vscode';
import type { TraceSummary } from '../../engine/rpc/protocol.ts';
import type { Workbench } from '../workbench.ts';

/** One of these traces, by default of all; undefined when the person gave up or was told that there is none. */
export async function chooseTrace(
  { traces }: Pick<Workbench, 'traces'>,
  title: string,
  offered?: readonly TraceSummary[],
): Promise<TraceSummary | undefined> {
  const all = offered ?? (await traces.list());
  if (all.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no trace yet. Reading, listening, decoding and opening a capture make one.'),
    );
    return undefined;
  }
  const items = all.map((trace) => ({
    label: trace.title,
    description: new Date(trace.startedAt).toLocaleTimeString(),
    detail: vscode.l10n.t('{0} rows', trace.entries),
    trace,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return chosen?.trace;
}
