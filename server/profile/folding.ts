import type { FoldingRange } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Document, isMap, isSeq } from 'yaml';
import { spanOf } from './documents.ts';

/** Keys and list elements over several lines. */
export function profileFolding(document: TextDocument, yaml: Document): FoldingRange[] {
  const ranges = new Map<number, FoldingRange>();
  const text = document.getText();
  const add = (from: number, to: number): void => {
    const [startLine, endLine] = [document.positionAt(from).line, document.positionAt(to).line];
    // Of two that begin on one line the outer one is enough.
    if (endLine > startLine && !ranges.has(startLine)) ranges.set(startLine, { startLine, endLine });
  };
  const walk = (node: unknown): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const [from, to] = [spanOf(key, text)?.from, spanOf(value, text)?.to];
        if (from !== undefined && to !== undefined) add(from, to);
        walk(value);
      }
    } else if (isSeq(node)) {
      for (const item of node.items) {
        const span = spanOf(item, text);
        if (span !== undefined) add(span.from, span.to);
        walk(item);
      }
    }
  };
  walk(yaml.contents);
  return [...ranges.values()].toSorted((a, b) => a.startLine - b.startLine);
}
