import { CompletionItemKind } from 'vscode-languageserver/node';
import { classByIdentifier, type InterfaceClass, interfaceClass } from '../../../engine/cosem/classes.ts';
import { type ObisSearchResult, searchObis } from '../../../engine/cosem/obis/search.ts';
import { unitById } from '../../../engine/cosem/units.ts';
import type { Span } from '../../../engine/template/syntax/tree.ts';
import { tabStop } from '../../lsp/snippet.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import { freeName } from '../../object-name.ts';
import type { CompletionContext } from './context.ts';

/** Most codes offered for one text. */
export const MAX_CODES = 25;

/** Objects found by what was typed behind `object`: each brings its name, code, class and a body. */
export function objectsByMeaning(context: CompletionContext, typed: Span): Suggestion[] {
  const query = context.text.slice(typed.from, typed.to);
  const names = new Set(context.scope?.names('object') ?? []);
  return found(query).map((result, index) => ({
    label: result.name,
    kind: CompletionItemKind.Class,
    snippet: `${freeName(result.name, names)} ${result.obis} ${classText(result.classId)}${body(context, result)}`,
    detail: `${result.obis} ${classText(result.classId)}`,
    about: { about: 'obis', of: result.obis },
    rank: 0,
    replaces: typed,
    // What was found by meaning need not look like what was typed.
    filter: `${query}${index}`,
  }));
}

/** Codes found by what was typed behind the name of an object. */
export function codesByMeaning(context: CompletionContext, typed: Span): Suggestion[] {
  const query = context.text.slice(typed.from, typed.to);
  return found(query).map((result, index) => ({
    label: result.name,
    kind: CompletionItemKind.Constant,
    snippet: `${result.obis} ${classText(result.classId)}${body(context, result)}`,
    detail: `${result.obis} ${classText(result.classId)}`,
    about: { about: 'obis', of: result.obis },
    rank: 0,
    replaces: typed,
    filter: `${query}${index}`,
  }));
}

function found(query: string): readonly ObisSearchResult[] {
  return searchObis(query.replaceAll('_', ' '), { limit: MAX_CODES });
}

function classText(id: number): string {
  return interfaceClass(id)?.identifier ?? String(id);
}

/** What such an object says at least; nothing if the line has its `{` already. */
function body(context: CompletionContext, { classId, unit }: ObisSearchResult): string {
  const rest = /^[^\n]*/.exec(context.text.slice(context.offset))?.[0] ?? '';
  if (rest.includes('{')) return '';
  const item = interfaceClass(classId);
  const lines = item === undefined ? [] : linesOf(item, unit);
  const [rights] = context.scope?.names('rights') ?? [];
  const first = rights === undefined ? [] : [`\trights: ${rights}\n`];
  return ` {\n${[...first, ...lines].join('')}\t$0\n}`;
}

function linesOf(item: InterfaceClass, unit: number | undefined): readonly string[] {
  const has = (name: string): boolean => item.attributes.some((attribute) => attribute.name === name);
  const symbol = unit === undefined ? undefined : unitById(unit)?.symbol;
  if (item === classByIdentifier('profile-generic'))
    return ['\tcapture_objects: $1\n', `\tcapture_period: ${tabStop(2, '15min')}\n`];
  return [
    ...(has('value') ? [`\tvalue: ${tabStop(1, 'double-long-unsigned')} = ${tabStop(2, '0')}\n`] : []),
    ...(has('scaler_unit') ? [`\tscaler_unit: 10^${tabStop(3, '0')} ${symbol ?? tabStop(4, 'count')}\n`] : []),
  ];
}
