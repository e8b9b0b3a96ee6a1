import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A throw-away folder for one run: settings, extensions, sockets, the browser profile and a copy of the workspace. */
export interface Scratch {
  readonly folder: string;
  path(...parts: string[]): string;
  /** Copies a folder in, so that a run never changes the sources, and gives the copy. */
  workspace(source: string): string;
  remove(): void;
}

/** The name stays short: VS Code puts sockets below it, and their paths may have 107 octets at most. */
export function createScratch(): Scratch {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dlms-'));
  return {
    folder,
    path: (...parts) => path.join(folder, ...parts),
    workspace: (source) => {
      const copy = path.join(folder, 'workspace');
      cpSync(source, copy, { recursive: true });
      return copy;
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
