import type {
  CodeAction,
  CompletionList,
  Definition,
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  Range,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TemplateBlock } from './protocol.ts';

/** A word for semantic highlighting. */
export interface SemanticToken {
  readonly from: number;
  readonly to: number;
  /** Index into `semanticTokenTypes`. */
  readonly type: number;
  /** Bits of `semanticTokenModifiers`. */
  readonly modifiers: number;
}

/**
 * What the server can say about one type of file. Offsets count UTF-16 units of the document's text. Every answer is
 * worked out for any text, broken ones too, and nothing is thrown.
 */
export interface Language {
  diagnostics(document: TextDocument): Diagnostic[];
  completion(document: TextDocument, offset: number): CompletionList;
  hover(document: TextDocument, offset: number): Hover | undefined;
  outline(document: TextDocument): DocumentSymbol[];
  folding(document: TextDocument): FoldingRange[];
  definition(document: TextDocument, offset: number): Definition | undefined;
  references(document: TextDocument, offset: number, withDefinition: boolean): Location[];
  /** Words of a span, in the order of the text. */
  semanticTokens(document: TextDocument, from: number, to: number): SemanticToken[];
  codeActions(document: TextDocument, range: Range, diagnostics: readonly Diagnostic[]): CodeAction[];
  /** What can be started from here. */
  templates(document: TextDocument): TemplateBlock[];
  /** The document was closed: nothing of it needs to be kept. */
  forget(document: TextDocument): void;
}
