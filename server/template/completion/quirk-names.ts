import { CompletionItemKind } from 'vscode-languageserver/node';
import type { Span } from '../../../engine/template/syntax/tree.ts';
import { quirkIds, quirkSpec } from '../../../engine/template/vocabulary/quirks.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';

/** Quirks of the catalogue; with quotes around them unless they are `quoted` already. */
export function quirkNames(quoted?: Span): Suggestion[] {
  return quirkIds.map((id) => ({
    label: id,
    kind: CompletionItemKind.EnumMember,
    detail: quirkSpec(id).layer,
    about: { about: 'quirk', of: id },
    rank: 2,
    ...(quoted === undefined ? { snippet: `"${id}"` } : { replaces: quoted }),
  }));
}
