import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Head, headOf } from '../../engine/template/semantics/heads.ts';
import type { BlockNode, DocumentNode, EntryNode, LabelNode } from '../../engine/template/syntax/tree.ts';
import { rangeOf } from '../lsp/positions.ts';

const KINDS: Readonly<Record<string, SymbolKind>> = {
  meter: SymbolKind.Class,
  fleet: SymbolKind.Package,
  check: SymbolKind.Event,
  class: SymbolKind.Struct,
  identity: SymbolKind.Namespace,
  nameplate: SymbolKind.Namespace,
  simulate: SymbolKind.Namespace,
  hdlc: SymbolKind.Namespace,
  transport: SymbolKind.Interface,
  security: SymbolKind.Key,
  association: SymbolKind.Module,
  rights: SymbolKind.Enum,
  object: SymbolKind.Object,
  for: SymbolKind.Array,
  quirk: SymbolKind.Operator,
  fault: SymbolKind.Operator,
  on: SymbolKind.Method,
  access: SymbolKind.Enum,
  vary: SymbolKind.Namespace,
};

/** Properties worth a line of the outline: simulated values are referred to by name. */
const SHOWN_PROPERTIES: ReadonlySet<string> = new Set(['simulate']);

/** The blocks of a document as a tree. Works for any text, as far as blocks can be seen in it. */
export function outline(document: TextDocument, tree: DocumentNode): DocumentSymbol[] {
  return symbolsOf(document, tree.entries, 'document');
}

function symbolsOf(document: TextDocument, entries: readonly EntryNode[], parent: string): DocumentSymbol[] {
  return entries.flatMap((entry): DocumentSymbol[] => {
    if (entry.kind === 'block') return [symbolOf(document, entry)];
    if (entry.kind !== 'property' || !SHOWN_PROPERTIES.has(parent)) return [];
    return [
      {
        name: entry.name.text,
        kind: SymbolKind.Variable,
        range: rangeOf(document, entry),
        selectionRange: rangeOf(document, entry.name),
      },
    ];
  });
}

function symbolOf(document: TextDocument, block: BlockNode): DocumentSymbol {
  const head = headOf(block);
  const { name, detail } = titleOf(head);
  const children = symbolsOf(document, block.entries, head.kind);
  return {
    name,
    detail,
    kind: KINDS[head.kind] ?? SymbolKind.Property,
    range: rangeOf(document, block),
    selectionRange: rangeOf(document, head.name ?? head.kindNode),
    ...(children.length === 0 ? {} : { children }),
  };
}

/** `active_import` with detail `1-0:1.8.0.255 register`; blocks without a name are called by their kind. */
function titleOf(head: Head): { name: string; detail: string } {
  const text = (labels: readonly LabelNode[]): string => labels.map((label) => label.text).join(' ');
  if (head.name === undefined) return { name: `${head.kind} ${text(head.labels)}`.trim(), detail: '' };
  const rest = text(head.labels.slice(1));
  const words = [head.modifier ?? '', head.kind === 'object' ? '' : head.kind, rest];
  return { name: head.name.text || head.kind, detail: words.filter((word) => word !== '').join(' ') };
}
