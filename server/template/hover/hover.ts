import { type Hover, MarkupKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Analysis } from '../../../engine/template/analyse.ts';
import type { DocumentNode } from '../../../engine/template/syntax/tree.ts';
import { rangeOf } from '../../lsp/positions.ts';
import { wordAt } from '../words.ts';
import { tell } from './tell.ts';

/** What is known about the word at an offset. */
export function hoverAt(
  document: TextDocument,
  tree: DocumentNode,
  analysis: () => Analysis,
  key: string,
  offset: number,
): Hover | undefined {
  const found = wordAt(tree, offset);
  const value = found === undefined ? undefined : tell(found, analysis(), key);
  if (found === undefined || value === undefined || value === '') return undefined;
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(document, found.node) };
}
