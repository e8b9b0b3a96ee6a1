import { readFileSync } from 'node:fs';
import type { FileProvider } from './semantics/files.ts';

/** Largest template that is read, in octets. */
export const MAX_TEMPLATE_OCTETS = 32 * 1024 * 1024;

/** Reads files from disk. The only place of the template room that does; everything else is given a provider. */
export const diskFiles: FileProvider = {
  readFile(path) {
    try {
      const octets = readFileSync(path);
      return octets.length > MAX_TEMPLATE_OCTETS ? undefined : octets.toString('utf8');
    } catch {
      // Not there, a folder, or not readable: the analysis says which file and where it is asked for.
      return undefined;
    }
  },
};
