import { CompletionItemKind } from 'vscode-languageserver/node';
import { nameObis, type ObisName } from '../../engine/cosem/obis/name.ts';
import type { Span } from '../../engine/template/syntax/tree.ts';
import { tabStop } from '../lsp/snippet.ts';
import type { Suggestion, Suggestions } from '../lsp/suggestions.ts';
import type { FolderEntry } from '../workspace/disk.ts';
import { objectSuggestions } from './objects.ts';
import { ITEM, keysOf, type Schema, schemaAt } from './schema.ts';
import { valueSuggestions } from './values.ts';
import { type YamlCursor, yamlCursorAt } from './yaml-cursor.ts';

/** What suggestions for a profile are made from. */
export interface ProfileContext {
  readonly text: string;
  readonly cursor: YamlCursor;
  /** What is known about the code of the object around. */
  readonly named: ObisName | undefined;
  /** Files beside this one. */
  readonly list: () => readonly FolderEntry[];
}

/** What can be typed at an offset of a profile, and what it replaces. */
export function profileSuggestions(
  text: string,
  offset: number,
  list: () => readonly FolderEntry[],
): { suggestions: Suggestions; word: Span } {
  const cursor = yamlCursorAt(text, offset);
  const nothing = { suggestions: { items: [] }, word: { from: offset, to: offset } };
  if (cursor === undefined) return nothing;
  const schema = schemaAt(cursor.path);
  if (schema === undefined) return nothing;
  const obis = cursor.siblings.get('obis') ?? obisAbove(text, offset);
  const context: ProfileContext = {
    text,
    cursor,
    named: obis === undefined || obis === '' ? undefined : nameObis(plainCode(obis)),
    list,
  };
  const { word } = cursor;
  if (cursor.at === 'value') return { suggestions: valueSuggestions(schema, context), word };
  // `- ` in a list of plain values has no keys.
  if (schema.properties === undefined && cursor.path.at(-1) === ITEM) {
    return { suggestions: valueSuggestions(schema, context), word };
  }
  const keys = keySuggestions(schema, context);
  const isNewObject = cursor.path.join('.') === `objects.${ITEM}` && cursor.siblings.size === 0;
  if (!isNewObject) return { suggestions: { items: keys }, word };
  return { suggestions: { items: [...objectSuggestions(context), ...keys], isIncomplete: true }, word };
}

/** The code of the object around, from a nested mapping: the last one since the object began. */
function obisAbove(text: string, offset: number): string | undefined {
  const above = text.slice(0, offset);
  const begins = [...above.matchAll(/^ *- (?:id|obis):/gm)].at(-1)?.index ?? 0;
  return /^[ -]*obis: *(\S+)/m.exec(above.slice(begins))?.[1];
}

/** `1-0:1.8.{tariff:1..4}.255` -> `1-0:1.8.1.255`: names and units do not depend on the number. */
function plainCode(pattern: string): string {
  return pattern
    .replace(/\{[a-z]+:(\d+)\.\.\d+\}/g, '$1')
    .replace(/(\d+)\.\.\d+/g, '$1')
    .replace(/\bx\b/g, '0');
}

/** Keys of the mapping around that are not there yet. */
function keySuggestions(schema: Schema, { cursor }: ProfileContext): Suggestion[] {
  return keysOf(schema)
    .filter(([key]) => !cursor.siblings.has(key))
    .map(([key, inner]) => ({
      label: key,
      kind: CompletionItemKind.Property,
      snippet: `${key}:${valueSnippet(inner, cursor)}`,
      ...(inner.description === undefined ? {} : { documentation: inner.description }),
      detail: schema.required?.includes(key) === true ? 'required' : typeName(inner),
      rank: schema.required?.includes(key) === true ? 1 : 3,
      goesOn: true,
    }));
}

/** What follows a key: lists and mappings begin on the next line, unless they stand in braces. */
function valueSnippet(schema: Schema, { flow }: YamlCursor): string {
  const inner = keysOf(schema);
  // The editor indents new lines like the one they are inserted in.
  if (schema.type === 'array') return flow || schema.items?.$ref === undefined ? ' [$0]' : '\n  - $0';
  if (schema.type !== 'object') return ' $0';
  const [first] = schema.required ?? [];
  if (first !== undefined && inner.length > 0) return ` { ${first}: ${tabStop(1, first === 'en' ? 'Name' : '')}$0 }`;
  return flow ? ' { $0 }' : '\n  $0';
}

function typeName(schema: Schema): string {
  return schema.enum === undefined ? (schema.type ?? '') : schema.enum.join(' | ');
}
