import type { Location } from 'vscode-languageserver/node';
import type { Analysis } from '../../engine/template/analyse.ts';
import { findProfileFile } from '../../engine/template/profile/check-profile.ts';
import { textValue } from '../../engine/template/semantics/literals.ts';
import {
  definitionAt,
  referenceAt,
  referencesTo,
  type SymbolDefinition,
} from '../../engine/template/semantics/symbols.ts';
import type { Span } from '../../engine/template/syntax/tree.ts';
import { locationOf } from '../lsp/positions.ts';
import type { Texts } from '../workspace/texts.ts';
import { resolveUri } from '../workspace/uris.ts';
import type { Found } from './words.ts';

/** A place in a file. */
interface FilePlace {
  readonly file: string;
  readonly range: Span;
}

/** What the name at an offset of a file defines or refers to. */
export function meantAt(analysis: Analysis, key: string, offset: number): SymbolDefinition | undefined {
  return referenceAt(analysis.symbols, key, offset)?.definition ?? definitionAt(analysis.symbols, key, offset);
}

/** Where the name at an offset is defined. */
export function definitionOf(analysis: Analysis, key: string, offset: number, texts: Texts): Location | undefined {
  const meant = meantAt(analysis, key, offset);
  return meant === undefined ? undefined : locationOf(texts, meant.file, meant.range);
}

/** The file that the text or name at an offset speaks of: of `use: "…"`, and of `profile: …`. */
export function fileMeantBy(found: Found | undefined, key: string, texts: Texts): Location | undefined {
  if (found === undefined) return undefined;
  const { node, role } = found;
  const begin = { from: 0, to: 0 };
  if (role.role === 'reference' && role.kinds.includes('profile')) {
    const files = { readFile: (path: string) => texts.text(path), resolve: resolveUri };
    const file = findProfileFile(node.text, key, files);
    return file === undefined ? undefined : locationOf(texts, file, begin);
  }
  if (role.role !== 'literal' || role.property !== 'use' || node.kind !== 'literal') return undefined;
  return locationOf(texts, resolveUri(key, textValue(node)), begin);
}

/**
 * Places that use the name at an offset, in all analyses that are given: those of the open documents. One place may
 * be seen by several of them.
 */
export function referencesOf(
  analyses: readonly Analysis[],
  key: string,
  offset: number,
  withDefinition: boolean,
  texts: Texts,
): Location[] {
  const meant = analyses.map((analysis) => meantAt(analysis, key, offset)).find((found) => found !== undefined);
  if (meant === undefined) return [];
  const places: FilePlace[] = analyses.flatMap((analysis) => referencesTo(analysis.symbols, meant));
  if (withDefinition) places.push(meant);
  const distinct = new Map(places.map((place) => [`${place.file} ${place.range.from}`, place]));
  return [...distinct.values()]
    .toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.range.from - b.range.from))
    .flatMap((place) => locationOf(texts, place.file, place.range) ?? []);
}
