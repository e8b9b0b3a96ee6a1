import { CompletionItemKind } from 'vscode-languageserver/node';
import { type ObisSearchResult, searchObis } from '../../engine/cosem/obis/search.ts';
import { unitById } from '../../engine/cosem/units.ts';
import { tabStop } from '../lsp/snippet.ts';
import type { Suggestion } from '../lsp/suggestions.ts';
import { freeName } from '../object-name.ts';
import type { ProfileContext } from './completion.ts';

/** Most codes offered for one text. */
const MAX_CODES = 25;

/** Whole objects, found by what was typed behind the dash: `- voltage l2`. */
export function objectSuggestions({ text, cursor }: ProfileContext): Suggestion[] {
  const query = text.slice(cursor.word.from, cursor.word.to);
  const taken = new Set([...text.matchAll(/^\s*-?\s*id:\s*([a-z]\w*)/gm)].map(([, id = '']) => id));
  return searchObis(query, { limit: MAX_CODES }).map((found, index) => ({
    label: found.name,
    kind: CompletionItemKind.Class,
    snippet: objectSnippet(found, taken),
    detail: found.obis,
    about: { about: 'obis', of: found.obis },
    rank: 0,
    filter: `${query}${index}`,
  }));
}

function objectSnippet({ name, obis, classId, unit }: ObisSearchResult, taken: ReadonlySet<string>): string {
  const symbol = unit === undefined ? undefined : unitById(unit)?.symbol;
  // Names hold commas and brackets, which mean something inside of braces.
  const lines = [
    `id: ${tabStop(1, freeName(name, taken))}`,
    `obis: ${obis}`,
    `class: ${classId}`,
    `name: { en: "${name}" }`,
    ...(symbol === undefined ? [] : [`unit: ${symbol === '%' ? '"%"' : symbol}`]),
  ];
  return `${lines.join('\n  ')}$0`;
}
