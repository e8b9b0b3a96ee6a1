import { type ParsedText, parseText } from '../syntax/parse.ts';
import { levelsOf } from '../vocabulary/blocks.ts';

/**
 * Where texts come from: the disk, an editor's unsaved documents, or a test. Paths are opaque strings with `/` (or `\`)
 * between folders; URIs do as well.
 */
export interface FileProvider {
  /** The text of a file, or undefined if it is not there or cannot be read. */
  readFile(path: string): string | undefined;
  /** The path a file means by another path; default `resolvePath`. */
  resolve?(from: string, to: string): string;
}

/** A parsed file. */
export interface TemplateDocument extends ParsedText {
  readonly path: string;
  readonly text: string;
}

/** Files of an analysis; a file is parsed again only if its text changed. */
export interface TemplateFiles {
  document(path: string): TemplateDocument | undefined;
  text(path: string): string | undefined;
  resolve(from: string, to: string): string;
}

/** Parses a text, with findings about its form. Never throws. */
export function parseDocument(text: string, path = ''): TemplateDocument {
  return { path, text, ...parseText(text, levelsOf, path) };
}

/** Opens files through a provider. Keep the result to keep the parsed trees. */
export function openFiles(provider: FileProvider): TemplateFiles {
  const parsed = new Map<string, TemplateDocument>();
  return {
    text: (path) => provider.readFile(path),
    resolve: (from, to) => provider.resolve?.(from, to) ?? resolvePath(from, to),
    document(path) {
      const text = provider.readFile(path);
      if (text === undefined) {
        parsed.delete(path);
        return undefined;
      }
      const known = parsed.get(path);
      if (known?.text === text) return known;
      const document = parseDocument(text, path);
      parsed.set(path, document);
      return document;
    },
  };
}

/** `../b.x` seen from `/a/c/d.x` is `/a/b.x`. Absolute paths and URIs stay as they are. */
export function resolvePath(from: string, to: string): string {
  const target = to.replaceAll('\\', '/');
  if (/^(?:\/|[A-Za-z][A-Za-z0-9+.-]*:)/.test(target)) return target;
  const base = from.replaceAll('\\', '/');
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/.exec(base)?.[0] ?? '';
  const parts = base.slice(scheme.length).split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '.' || part === '') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '..' || parts.at(-1) !== '') parts.push(part);
  }
  return scheme + parts.join('/');
}
