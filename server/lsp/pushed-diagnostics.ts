import type { Diagnostic } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** Pushes diagnostics to clients that do not ask for them. */
export interface PushedDiagnostics {
  /** Something changed: every open document may have other diagnostics now. */
  schedule(): void;
  closed(uri: string): void;
}

/** Told what went wrong where diagnostics could not be worked out; those sent before stay. */
export type Complain = (error: unknown) => void;

export type Publish = (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => void;

/**
 * Starts at once when the server has nothing else to read: changes that have already arrived are taken in first, so
 * that a burst of keystrokes costs one round.
 */
export function createPushedDiagnostics(
  openDocuments: () => readonly TextDocument[],
  diagnosticsOf: (document: TextDocument) => Diagnostic[],
  publish: Publish,
  complain: Complain,
): PushedDiagnostics {
  const sent = new Map<string, string>();
  let waiting: NodeJS.Immediate | undefined;
  const push = (document: TextDocument): void => {
    const diagnostics = diagnosticsOf(document);
    const content = `${document.version} ${JSON.stringify(diagnostics)}`;
    if (sent.get(document.uri) === content) return;
    sent.set(document.uri, content);
    publish({ uri: document.uri, version: document.version, diagnostics });
  };
  const round = (): void => {
    waiting = undefined;
    for (const document of openDocuments()) {
      // This runs by itself and not for a request: an error must not get out and end the process.
      try {
        push(document);
      } catch (error) {
        complain(error);
      }
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
