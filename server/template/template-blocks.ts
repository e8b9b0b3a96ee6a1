import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Head, headOf } from '../../engine/template/semantics/heads.ts';
import { integerValue } from '../../engine/template/semantics/literals.ts';
import type { BlockNode, DocumentNode } from '../../engine/template/syntax/tree.ts';
import { rangeOf } from '../lsp/positions.ts';
import type { TemplateBlock } from '../protocol.ts';

/** Meters and fleets of a document, for code lenses. */
export function templateBlocks(document: TextDocument, tree: DocumentNode): TemplateBlock[] {
  return tree.entries.flatMap((entry): TemplateBlock[] => {
    if (entry.kind !== 'block') return [];
    const head = headOf(entry);
    if ((head.kind !== 'meter' && head.kind !== 'fleet') || head.name === undefined) return [];
    const count = head.kind === 'fleet' ? countOf(entry) : undefined;
    return [
      {
        kind: head.kind,
        name: head.name.text,
        range: rangeOf(document, { from: entry.from, to: endOfName(head) }),
        abstract: head.modifier === 'abstract',
        ...(count === undefined ? {} : { count }),
      },
    ];
  });
}

function endOfName(head: Head): number {
  return head.name?.to ?? head.kindNode.to;
}

function countOf(block: BlockNode): number | undefined {
  const property = block.entries.find((entry) => entry.kind === 'property' && entry.name.text === 'count');
  if (property?.kind !== 'property') return undefined;
  const [part] = property.items[0]?.parts ?? [];
  return part === undefined ? undefined : integerValue(part);
}
