import {
  type CompletionItem,
  type CompletionItemKind,
  type CompletionList,
  InsertTextFormat,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../../engine/template/syntax/tree.ts';
import type { About } from '../documentation.ts';
import type { ClientAbilities } from './abilities.ts';
import { rangeOf } from './positions.ts';
import { escapeSnippet, withoutPlaceholders } from './snippet.ts';

/** Something that can be inserted. */
export interface Suggestion {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** What is inserted, with `${1:…}` and `$0` as in LSP snippets; the label if it is left out. */
  readonly snippet?: string;
  /** Shown beside the label, e.g. the OBIS code. */
  readonly detail?: string;
  /** Documentation that is short enough to be sent at once. */
  readonly documentation?: string;
  /** What the documentation is made from when it is asked for. */
  readonly about?: About;
  /** Lower comes first; suggestions of the same rank keep their order. */
  readonly rank?: number;
  /** What is replaced; the word being typed if it is left out. */
  readonly replaces?: Span;
  /** What the typed text is compared with; the label if it is left out. */
  readonly filter?: string;
  /** There is something to suggest behind it. */
  readonly goesOn?: boolean;
}

/** Suggestions; incomplete if typing on may bring others, because they are found by what was typed. */
export interface Suggestions {
  readonly items: readonly Suggestion[];
  readonly isIncomplete?: boolean;
}

/** Suggestions as LSP wants them. */
export function completionList(
  document: TextDocument,
  { items, isIncomplete }: Suggestions,
  word: Span,
  client: ClientAbilities,
): CompletionList {
  const range = rangeOf(document, word);
  return {
    isIncomplete: isIncomplete ?? false,
    items: items.map((item, index): CompletionItem => {
      const snippet = item.snippet ?? escapeSnippet(item.label);
      const order = (item.rank ?? 5) * 10_000 + index;
      return {
        label: item.label,
        kind: item.kind,
        ...(item.detail === undefined ? {} : detailOf(item.detail, client)),
        sortText: String(order).padStart(6, '0'),
        ...(item.documentation === undefined ? {} : { documentation: item.documentation }),
        ...(item.filter === undefined ? {} : { filterText: item.filter }),
        textEdit: {
          range: item.replaces === undefined ? range : rangeOf(document, item.replaces),
          newText: client.snippets ? snippet : withoutPlaceholders(snippet),
        },
        insertTextFormat: client.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
        ...(item.about === undefined ? {} : { data: item.about }),
        ...(item.goesOn === true && client.suggestCommand !== undefined
          ? { command: { title: 'Suggest', command: client.suggestCommand } }
          : {}),
      };
    }),
  };
}

function detailOf(detail: string, client: ClientAbilities): Pick<CompletionItem, 'detail' | 'labelDetails'> {
  return client.labelDetails ? { labelDetails: { description: detail } } : { detail };
}
