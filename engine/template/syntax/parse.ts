import type { Finding } from '../findings/finding.ts';
import { lex } from './lexer.ts';
import { templateParser } from './parser.ts';
import { type LevelsOf, structure, withinLimits } from './structure.ts';
import * as T from './tokens.ts';
import type * as Tree from './tree.ts';

/** A parsed text. */
export interface ParsedText {
  readonly tree: Tree.DocumentNode;
  /** What is wrong with the form of the text, in no order. */
  readonly findings: readonly Finding[];
}

/** Parses a whole document, or a piece of one: offsets count from the beginning of `text`. Never throws. */
export function parseText(text: string, levelsOf: LevelsOf, file = ''): ParsedText {
  const lexed = lex(text, file);
  const ordered = structure(text, lexed.tokens, levelsOf, file);
  const { entries, findings } = templateParser.run(ordered.tokens, ordered.unclosed, file);
  return {
    tree: { kind: 'document', from: 0, to: text.length, entries, comments: lexed.comments },
    findings: [...lexed.findings, ...ordered.findings, ...findings],
  };
}

/** Parses one expression, e.g. the inside of a placeholder. Undefined if there is none. Never throws. */
export function parseExpression(
  text: string,
  file = '',
): { readonly expression: Tree.ExpressionNode | undefined; readonly findings: readonly Finding[] } {
  const lexed = lex(text, file);
  const limited = withinLimits(lexed.tokens, file);
  // Braces have no place in expressions; what stands in them is told as too much.
  const tokens = limited.tokens.filter(({ tokenType }) => tokenType !== T.LeftBrace && tokenType !== T.RightBrace);
  const { expression, findings } = templateParser.runExpression(tokens, file);
  return { expression, findings: [...lexed.findings, ...limited.findings, ...findings] };
}
