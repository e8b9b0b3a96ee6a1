import { readdirSync, statSync } from 'node:fs';
import { diskFiles } from '../../engine/template/load-files.ts';
import { filePathOf } from './uris.ts';

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly folder: boolean;
}

/** What lies outside of the editor. URIs go in; what is not there or not readable is undefined or empty. */
export interface Disk {
  readText(uri: string): string | undefined;
  /** Changes when the file does; undefined if there is none. */
  stamp(uri: string): string | undefined;
  /** Direct entries of one folder. Never a walk. */
  list(folderUri: string): readonly FolderEntry[];
}

/** The file system of this machine. */
export const disk: Disk = {
  readText(uri) {
    const file = filePathOf(uri);
    return file === undefined ? undefined : diskFiles.readFile(file);
  },
  stamp(uri) {
    const file = filePathOf(uri);
    if (file === undefined) return undefined;
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.mtimeMs} ${found.size}`;
  },
  list(folderUri) {
    const folder = filePathOf(folderUri);
    if (folder === undefined) return [];
    try {
      return readdirSync(folder, { withFileTypes: true }).map((item) => ({
        name: item.name,
        folder: item.isDirectory(),
      }));
    } catch {
      // Not there or not readable: nothing to offer.
      return [];
    }
  },
};
