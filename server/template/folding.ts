import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CommentNode, DocumentNode, EntryNode } from '../../engine/template/syntax/tree.ts';

/** What can be folded: blocks and comments over several lines, and runs of line comments. */
export function foldingRanges(document: TextDocument, tree: DocumentNode): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  foldEntries(document, tree.entries, ranges);
  foldComments(document, tree.comments, ranges);
  return ranges;
}

function lineOf(document: TextDocument, offset: number): number {
  return document.positionAt(offset).line;
}

function foldEntries(document: TextDocument, entries: readonly EntryNode[], ranges: FoldingRange[]): void {
  for (const entry of entries) {
    if (entry.kind === 'incomplete') continue;
    const startLine = lineOf(document, entry.from);
    // The line of the closing brace stays visible.
    const endLine = lineOf(document, entry.to) - (entry.kind === 'block' && entry.closed ? 1 : 0);
    if (endLine > startLine) ranges.push({ startLine, endLine });
    if (entry.kind === 'block') foldEntries(document, entry.entries, ranges);
  }
}

/** No line follows it. */
const NO_LINE = -2;

function foldComments(document: TextDocument, comments: readonly CommentNode[], ranges: FoldingRange[]): void {
  let first = NO_LINE;
  let last = NO_LINE;
  const close = (): void => {
    if (last > first) ranges.push({ startLine: first, endLine: last, kind: FoldingRangeKind.Comment });
  };
  for (const comment of comments) {
    const startLine = lineOf(document, comment.from);
    if (comment.style === 'line' && startLine === last + 1 && standsAlone(document, comment)) {
      last = startLine;
      continue;
    }
    close();
    [first, last] = [startLine, lineOf(document, comment.to)];
    if (comment.style === 'line' && !standsAlone(document, comment)) [first, last] = [NO_LINE, NO_LINE];
  }
  close();
}

/** True if only blanks stand before a comment on its line. */
function standsAlone(document: TextDocument, comment: CommentNode): boolean {
  const { line } = document.positionAt(comment.from);
  const before = document.getText({
    start: { line, character: 0 },
    end: document.positionAt(comment.from),
  });
  return before.trim() === '';
}
