import * as vscode from 'vscode';
import type { ExportFormat } from '../../webview/messages.ts';
import { type ExportColumn, toCsv, toJson } from './table-text.ts';

/** Asks where to, writes the rows there, and offers to open the file. */
export async function saveTable<R>(
  name: string,
  format: ExportFormat,
  rows: readonly R[],
  columns: readonly ExportColumn<R>[],
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export {0} rows', rows.length),
    filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${name}.${format}`) }),
  });
  if (target === undefined) return;
  const text = format === 'csv' ? toCsv(rows, columns) : toJson(rows, columns);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const open = vscode.l10n.t('Open');
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t('{0} rows exported to {1}.', rows.length, vscode.workspace.asRelativePath(target)),
    open,
  );
  if (choice === open) await vscode.window.showTextDocument(target);
}
