import type { Diagnostic } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** Pushes diagnostics to clients that do not ask for them. */
export interface PushedDiagnostics {
  /** Something changed: every open document may have other diagnostics now. */
  schedule(): void;
  closed(uri: string): void;
}

export type Publish = (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => void;

/**
 * Starts at once when the server has nothing else to read: changes that have already arrived are taken in first, so
 * that a burst of keystrokes costs one round.
 */
export function createPushedDiagnostics(
  openDocuments: () => readonly TextDocument[],
  diagnosticsOf: (document: TextDocument) => Diagnostic[],
  publish: Publish,
): PushedDiagnostics {
  const sent = new Map<string, string>();
  let waiting: NodeJS.Immediate | undefined;
  const round = (): void => {
    waiting = undefined;
    for (const document of openDocuments()) {
      const diagnostics = diagnosticsOf(document);
      const content = `${document.version} ${JSON.stringify(diagnostics)}`;
      if (sent.get(document.uri) === content) continue;
      sent.set(document.uri, content);
      publish({ uri: document.uri, version: document.version, diagnostics });
    }
  };
  return {
    schedule() {
      if (waiting !== undefined) clearImmediate(waiting);
      waiting = setImmediate(round);
    },
    closed(uri) {
      sent.delete(uri);
      publish({ uri, diagnostics: [] });
    },
  };
}
