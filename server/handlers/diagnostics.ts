import { DocumentDiagnosticReportKind } from 'vscode-languageserver/node';
import type { Host } from '../host.ts';
import { inBackground, textOf } from '../lsp/background.ts';
import { cancelled, isOvertaken } from '../lsp/cancellation.ts';
import { createDiagnosticReports } from '../lsp/diagnostic-reports.ts';
import { createPushedDiagnostics } from '../lsp/pushed-diagnostics.ts';
import { keyOf } from '../workspace/uris.ts';
import type { Changes } from './synchronisation.ts';

/** Diagnostics when the client asks, and unasked for clients that never do. */
export function answerDiagnostics(host: Host, changes: Changes): void {
  const { connection, documents, client } = host;
  const reports = createDiagnosticReports();
  const pushed = createPushedDiagnostics(
    () => documents.all(),
    (document) => host.languageOf(document)?.diagnostics(document) ?? [],
    (params) => inBackground(connection, connection.sendDiagnostics(params)),
    (error) => connection.console.error(textOf(error)),
  );

  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }, token) => {
    if (await isOvertaken(token)) return cancelled();
    return host.about(textDocument.uri, { kind: DocumentDiagnosticReportKind.Full, items: [] }, (language, document) =>
      reports.report(keyOf(document.uri), language.diagnostics(document), previousResultId),
    );
  });

  changes.onChange(() => {
    if (!client().pullDiagnostics) pushed.schedule();
  });
  changes.onFilesChanged(() => {
    // The client asks again by itself for what is edited, but knows nothing of what depends on a file.
    if (client().refreshDiagnostics) inBackground(connection, connection.languages.diagnostics.refresh());
  });
  changes.onClose((document) => {
    reports.forget(keyOf(document.uri));
    if (!client().pullDiagnostics) pushed.closed(document.uri);
  });
}
