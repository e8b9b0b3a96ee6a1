import { CompletionItemKind } from 'vscode-languageserver/node';
import type { Span } from '../../../engine/template/syntax/tree.ts';
import { escapeSnippet } from '../../lsp/snippet.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import type { CompletionContext } from './context.ts';

const USABLE = /\.(?:dlmsmeter|obis\.ya?ml)$/;

/** Files and folders for `use: "…"`: those of the folder that is typed so far. */
export function pathSuggestions(context: CompletionContext, quoted: Span): Suggestion[] {
  const typed = context.text.slice(quoted.from, quoted.to);
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const replaces = { from: quoted.from + folder.length, to: quoted.to };
  return context
    .list(folder)
    .filter((entry) =>
      entry.folder ? !entry.name.startsWith('.') && entry.name !== 'node_modules' : USABLE.test(entry.name),
    )
    .map((entry) => ({
      label: entry.folder ? `${entry.name}/` : entry.name,
      kind: entry.folder ? CompletionItemKind.Folder : CompletionItemKind.File,
      snippet: escapeSnippet(entry.folder ? `${entry.name}/` : entry.name),
      replaces,
      rank: entry.folder ? 5 : 4,
      goesOn: entry.folder,
    }));
}
