import type { Location, Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../../engine/template/syntax/tree.ts';
import type { Texts } from '../workspace/texts.ts';

/** Offsets as the lines and UTF-16 characters of LSP. */
export function rangeOf(document: TextDocument, span: Span): Range {
  return { start: document.positionAt(span.from), end: document.positionAt(span.to) };
}

/** A place in any file; undefined if the file is gone. */
export function locationOf(texts: Texts, key: string, span: Span): Location | undefined {
  const document = texts.document(key);
  return document === undefined ? undefined : { uri: texts.uriOf(key), range: rangeOf(document, span) };
}

/** True if one of two spans holds a place of the other; an empty span counts as the place where it is. */
export function touches(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to;
}
