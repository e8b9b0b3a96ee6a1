import { DidChangeWatchedFilesNotification } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../host.ts';
import { inBackground } from '../lsp/background.ts';

/** Files that open documents may use. */
const WATCHED = ['**/*.dlmsmeter', '**/*.obis.yaml', '**/*.obis.yml'];

/** Who is told when texts change, after the server has taken the change in. */
export interface Changes {
  onChange(tell: () => void): void;
  onFilesChanged(tell: () => void): void;
  onClose(tell: (document: TextDocument) => void): void;
}

/** Keeps the server's texts those of the editor and of the disk. */
export function keepUp({ connection, documents, texts, client, languageOf }: Host): Changes {
  const change: (() => void)[] = [];
  const filesChange: (() => void)[] = [];
  const close: ((document: TextDocument) => void)[] = [];
  const tell = (listeners: readonly (() => void)[]): void => {
    for (const listener of listeners) listener();
  };

  connection.onInitialized(() => {
    if (!client().watchFiles) return;
    const watchers = WATCHED.map((globPattern) => ({ globPattern }));
    const registered = connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    inBackground(
      connection,
      registered.then(() => texts.trustWatcher()),
    );
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    texts.filesChanged(changes.map((item) => item.uri));
    tell(filesChange);
    tell(change);
  });
  documents.onDidOpen(({ document }) => texts.opened(document));
  documents.onDidChangeContent(() => {
    texts.changed();
    tell(change);
  });
  documents.onDidClose(({ document }) => {
    texts.closed(document.uri);
    languageOf(document)?.forget(document);
    for (const listener of close) listener(document);
    tell(change);
  });
  return {
    onChange: (listener) => change.push(listener),
    onFilesChanged: (listener) => filesChange.push(listener),
    onClose: (listener) => close.push(listener),
  };
}
