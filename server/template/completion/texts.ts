import { CompletionItemKind } from 'vscode-languageserver/node';
import { allFlagManufacturers } from '../../../engine/cosem/flag-ids.ts';
import { identityProperties } from '../../../engine/template/semantics/names.ts';
import type { Span } from '../../../engine/template/syntax/tree.ts';
import { escapeSnippet } from '../../lsp/snippet.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import { innerHead, type ValuePlace } from '../cursor.ts';
import type { CompletionContext } from './context.ts';
import { quirkNames } from './quirk-names.ts';

/** Inside quotes: FLAG letters, placeholders of the identity, names of secrets that are used elsewhere in the text. */
export function quotedSuggestions(context: CompletionContext, place: ValuePlace, quoted: Span): Suggestion[] {
  const kind = innerHead(context.cursor.around)?.kind;
  if (kind === 'identity' && place.property === 'flag') return flags(quoted);
  if (place.brackets.at(-1)?.callee === 'secret') return secrets(context, quoted);
  if ((kind === 'quirk' || kind === 'fault') && place.property === 'deviates') return quirkNames(quoted);
  return kind === 'identity' ? placeholders(context, quoted) : [];
}

function flags(replaces: Span): Suggestion[] {
  return allFlagManufacturers().map((maker) => ({
    label: maker.flag,
    kind: CompletionItemKind.Constant,
    detail: maker.name,
    replaces,
  }));
}

function secrets({ text }: CompletionContext, replaces: Span): Suggestion[] {
  const names = new Set<string>();
  for (const [, name = ''] of text.matchAll(/\bsecret\("([^"\n]+)"\)/g)) names.add(name);
  return [...names].map((name) => ({
    label: name,
    kind: CompletionItemKind.Constant,
    snippet: escapeSnippet(name),
    replaces,
  }));
}

/** Behind `{`: what stands for other properties. */
function placeholders({ text }: CompletionContext, quoted: Span): Suggestion[] {
  const typed = text.slice(quoted.from, quoted.to);
  const open = typed.lastIndexOf('{');
  if (open < 0 || typed.indexOf('}', open) >= 0) return [];
  const replaces = { from: quoted.from + open + 1, to: quoted.to };
  return [
    { label: 'n:08', kind: CompletionItemKind.Variable, detail: 'number of the meter, eight digits', replaces },
    ...identityProperties.map((label) => ({ label, kind: CompletionItemKind.Property, replaces })),
  ];
}
