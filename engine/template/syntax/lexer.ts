import { type IToken, Lexer } from 'chevrotain';
import { type Finding, finding } from '../findings/finding.ts';
import * as T from './tokens.ts';
import type { CommentNode } from './tree.ts';

/** A text cut into words. */
export interface LexedText {
  readonly tokens: IToken[];
  readonly comments: readonly CommentNode[];
  readonly findings: readonly Finding[];
}

const lexer = new Lexer([...T.tokenTypes], { positionTracking: 'onlyOffset', ensureOptimizations: true });

/** Offset behind the last character of a token. Only the start is tracked while lexing, because that is faster. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** Cuts a text into tokens. Never throws; what is no part of the language is reported and left out. */
export function lex(text: string, file = ''): LexedText {
  const result = lexer.tokenize(text);
  const findings: Finding[] = [];
  for (const error of result.errors) {
    const from = error.offset;
    const to = from + Math.max(1, error.length);
    findings.push(finding('DLMS-101', file, { from, to }, ...strangeCharacters(text.slice(from, to))));
  }
  const comments = (result.groups.comments ?? []).map((token): CommentNode => {
    const node = { from: token.startOffset, to: endOf(token) };
    if (token.tokenType === T.OpenComment) {
      findings.push(
        finding(
          'DLMS-103',
          file,
          { from: node.from, to: node.from + 2 },
          "This comment has no end. Close it with '*/'.",
        ),
      );
    }
    return { kind: 'comment', ...node, style: token.tokenType === T.LineComment ? 'line' : 'block' };
  });
  for (const token of result.tokens) {
    const range = { from: token.startOffset, to: endOf(token) };
    if (token.tokenType === T.OpenText) {
      findings.push(finding('DLMS-102', file, range, "This text has no end. Close it with '\"' on the same line."));
    } else if (token.tokenType === T.BrokenObis) {
      findings.push(
        finding(
          'DLMS-104',
          file,
          range,
          `'${token.image}' is no complete OBIS code. Write all groups A-B:C.D.E.F, for example 1-0:1.8.0.255.`,
        ),
      );
    }
  }
  return { tokens: result.tokens, comments, findings };
}

function strangeCharacters(
  text: string,
): [message: string, extras: { hint?: string; suggestions?: readonly string[] }] {
  const shown = text.length > 20 ? `${text.slice(0, 20)}…` : text;
  if (text.startsWith(';')) return ["Entries need no ';' behind them.", { hint: 'Leave it out.', suggestions: [''] }];
  if (text.startsWith("'")) return ['Text stands in double quotes: "…", not \'…\'.', {}];
  if (text.startsWith('#')) return ["A comment begins with '//', not with '#'.", { suggestions: ['//'] }];
  if (/^[“”„]/.test(text))
    return [`Typographic quotes '${shown}' do not mark text. Use plain double quotes.`, { suggestions: ['"'] }];
  return [`'${shown}' has no meaning here.`, { hint: 'Leave it out, or put it into a text in double quotes.' }];
}
