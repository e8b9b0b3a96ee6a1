import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '..', '..', '..');

/** Folder of material that is not part of the repository; tests that need it are skipped without it. */
export const sharedFolder = process.env.DLMS_SHARED ?? path.join(repository, '..', 'shared');

/** Root of the checkout. */
export const repositoryRoot = repository;

/** Absolute path of a file or folder of the shared material; undefined if it is not there. */
export function sharedPath(...parts: readonly string[]): string | undefined {
  const full = path.join(sharedFolder, ...parts);
  return existsSync(full) ? full : undefined;
}

/** A JSON file of the shared material; undefined if it is not there. */
export function sharedJson<T>(...parts: readonly string[]): T | undefined {
  const full = sharedPath(...parts);
  return full === undefined ? undefined : (JSON.parse(readFileSync(full, 'utf8')) as T);
}
