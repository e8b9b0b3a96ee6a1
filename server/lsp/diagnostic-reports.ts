import {
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver/node';

/** Answers to `textDocument/diagnostic` that say `unchanged` where nothing changed. */
export interface DiagnosticReports {
  report(key: string, items: Diagnostic[], previousResultId: string | undefined): DocumentDiagnosticReport;
  forget(key: string): void;
}

export function createDiagnosticReports(): DiagnosticReports {
  const last = new Map<string, { readonly content: string; readonly resultId: string }>();
  // Never used twice, so that an id from before a document was closed cannot be taken for a new one.
  let count = 0;
  return {
    report(key, items, previousResultId) {
      const content = JSON.stringify(items);
      const known = last.get(key);
      if (known?.content === content && known.resultId === previousResultId) {
        return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: known.resultId };
      }
      const resultId = known?.content === content ? known.resultId : String(++count);
      last.set(key, { content, resultId });
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
    },
    forget(key) {
      last.delete(key);
    },
  };
}
