import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The file types the server knows. */
export type FileType = 'template' | 'profile';

/** Type of a file by the end of its name, or by the language an editor says it is in. */
export function fileTypeOf(uri: string, languageId = ''): FileType | undefined {
  const name = uri.toLowerCase();
  if (name.endsWith('.dlmsmeter')) return 'template';
  if (name.endsWith('.obis.yaml') || name.endsWith('.obis.yml')) return 'profile';
  if (languageId === 'dlmsmeter') return 'template';
  return languageId === 'dlms-obis' ? 'profile' : undefined;
}

/**
 * The one spelling of a URI under which the server knows a file. Editors differ in what they escape (`c%3A`, `%20`), so
 * that `use:` in one file and the opened document would not meet otherwise. What is no file URI stays as it is.
 */
export function keyOf(uri: string): string {
  const file = filePathOf(uri);
  return file === undefined ? uri : pathToFileURL(file).href;
}

/** Path on disk of a file URI; undefined for any other URI, and for one that cannot be a path. */
export function filePathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A host name where none is possible, or broken escapes: no path, so nothing on disk.
    return undefined;
  }
}

/** The key of what a file means by a path: `../base.dlmsmeter` seen from the folder of the file. */
export function resolveUri(from: string, to: string): string {
  const folder = filePathOf(from);
  if (folder !== undefined) return pathToFileURL(path.resolve(path.dirname(folder), to.replaceAll('\\', '/'))).href;
  try {
    return new URL(encodeURI(to.replaceAll('\\', '/')), from).href;
  } catch {
    // An unsaved document has no folder to start from.
    return to;
  }
}
