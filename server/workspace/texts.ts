import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Disk } from './disk.ts';
import { keyOf } from './uris.ts';

/**
 * Every text the server works on: open documents as the editor has them, everything else from disk. Keys are those of
 * `keyOf`.
 */
export interface Texts {
  /** Grows with every change that the server is told of. */
  readonly generation: number;
  /** True if it is told of every change; otherwise texts must be compared. */
  readonly watched: boolean;
  text(key: string): string | undefined;
  /** The text with its line table; undefined if there is no such text. */
  document(key: string): TextDocument | undefined;
  openDocuments(): readonly TextDocument[];
  isOpen(key: string): boolean;
  /** The URI as the editor writes it, for answers. */
  uriOf(key: string): string;
  opened(document: TextDocument): void;
  /** The document was changed in place. */
  changed(): void;
  closed(uri: string): void;
  /** Files on disk were created, changed or deleted. */
  filesChanged(uris: readonly string[]): void;
  /** From now on `filesChanged` tells of every change, and files need not be looked at again. */
  trustWatcher(): void;
}

interface DiskText {
  readonly text: string;
  readonly stamp: string | undefined;
  document?: TextDocument;
}

export function createTexts(disk: Disk): Texts {
  const open = new Map<string, TextDocument>();
  const read = new Map<string, DiskText | undefined>();
  let generation = 0;
  let watched = false;

  const fromDisk = (key: string): DiskText | undefined => {
    const known = read.get(key);
    if (read.has(key) && (watched || known?.stamp === disk.stamp(key))) return known;
    const stamp = disk.stamp(key);
    const text = stamp === undefined ? undefined : disk.readText(key);
    const found = text === undefined ? undefined : { text, stamp };
    read.set(key, found);
    return found;
  };

  return {
    get generation() {
      return generation;
    },
    get watched() {
      return watched;
    },
    text: (key) => open.get(key)?.getText() ?? fromDisk(key)?.text,
    document(key) {
      const opened = open.get(key);
      if (opened !== undefined) return opened;
      const found = fromDisk(key);
      if (found === undefined) return undefined;
      found.document ??= TextDocument.create(key, '', 0, found.text);
      return found.document;
    },
    openDocuments: () => [...open.values()],
    isOpen: (key) => open.has(key),
    uriOf: (key) => open.get(key)?.uri ?? key,
    opened(document) {
      generation++;
      open.set(keyOf(document.uri), document);
    },
    changed() {
      generation++;
    },
    closed(uri) {
      generation++;
      open.delete(keyOf(uri));
    },
    filesChanged(uris) {
      generation++;
      for (const uri of uris) read.delete(keyOf(uri));
    },
    trustWatcher() {
      watched = true;
      // What was read before the watcher stood may have changed unseen.
      read.clear();
      generation++;
    },
  };
}
