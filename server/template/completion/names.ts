import { CompletionItemKind } from 'vscode-languageserver/node';
import type { SymbolKind } from '../../../engine/template/vocabulary/types.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import type { CompletionContext } from './context.ts';

/** Kinds whose names are known in the whole file and not in one meter. */
const TOP_LEVEL: ReadonlySet<SymbolKind> = new Set(['meter', 'fleet', 'check', 'class']);

/** Names that can be referred to, with what they are. */
export function namesOf(kinds: readonly SymbolKind[], context: CompletionContext): Suggestion[] {
  return kinds.flatMap((kind) => {
    if (TOP_LEVEL.has(kind)) return topLevel(kind, context);
    if (kind === 'profile') return profiles(context);
    return (context.scope?.names(kind) ?? []).map((name) => ({
      label: name,
      kind: CompletionItemKind.Variable,
      detail: describe(kind, name, context),
    }));
  });
}

/** `1-0:1.8.0.255 register` for objects, the kind for everything else. */
function describe(kind: SymbolKind, name: string, { scope }: CompletionContext): string {
  if (kind !== 'object') return kind;
  const labels = scope?.object(name)?.base.head.labels ?? [];
  return labels
    .slice(1)
    .map((label) => label.text)
    .join(' ');
}

function topLevel(kind: SymbolKind, { analysis }: CompletionContext): Suggestion[] {
  const found = analysis.symbols.definitions.filter((item) => item.kind === kind);
  return found.map((item) => ({ label: item.name, kind: CompletionItemKind.Class, detail: kind }));
}

/** Names of the OBIS profiles in use, by their files: the name stands in the file, which is named after it. */
function profiles({ analysis }: CompletionContext): Suggestion[] {
  return analysis.profiles.map((path) => {
    const file = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
    return {
      label: file.replace(/\.obis\.ya?ml$/, '').replaceAll('-', '_'),
      kind: CompletionItemKind.Module,
      detail: file,
    };
  });
}
