import { endOf, type LexedText } from '../../engine/template/syntax/lexer.ts';
import * as T from '../../engine/template/syntax/tokens.ts';
import type { ValuePlace } from './cursor.ts';

/** A word or sign of the text. */
export type Token = LexedText['tokens'][number];

/** A call or list around the cursor. */
export interface BracketPlace {
  /** Name of the function, or of the word before the parenthesis; empty for lists and groups. */
  readonly callee: string;
  /** Number of the argument, from 0. */
  readonly argument: number;
  /** Name of the argument, if it is given by name. */
  readonly name: string | undefined;
}

interface OpenBracket {
  callee: string;
  argument: number;
  name: string | undefined;
}

/** Reads the tokens between `name:` and the cursor at `end`; a word that is being typed is not among them. */
export function readValuePrefix(property: string, tokens: readonly Token[], end: number): ValuePlace {
  const items: string[][] = [];
  let parts: string[] = [];
  let initial = false;
  const open: OpenBracket[] = [];
  tokens.forEach((token, index) => {
    const type = token.tokenType;
    const inner = open.at(-1);
    if (type === T.LeftParen || type === T.LeftSquare) {
      const before = tokens[index - 1];
      const isCall = type === T.LeftParen && before?.tokenType === T.Identifier && endOf(before) === token.startOffset;
      open.push({ callee: isCall ? before.image : '', argument: 0, name: undefined });
    } else if (type === T.RightParen || type === T.RightSquare) open.pop();
    else if (inner !== undefined) {
      if (type === T.Comma) {
        inner.argument++;
        inner.name = undefined;
      } else if (type === T.Colon) inner.name = tokens[index - 1]?.image;
    } else if (type === T.Comma) {
      items.push(parts);
      parts = [];
      initial = false;
    } else if (type === T.Equals) initial = true;
    else parts.push(token.image);
  });
  const last = tokens.at(-1);
  const inText = last?.tokenType === T.OpenText && endOf(last) === end;
  return {
    at: 'value',
    property,
    items,
    parts: inText ? parts.slice(0, -1) : parts,
    initial,
    member: memberBefore(tokens),
    brackets: open,
    quoted: inText && last !== undefined ? { from: last.startOffset + 1, to: end } : undefined,
  };
}

/** Names before a dot at the end: `a.b.` gives a and b. */
function memberBefore(tokens: readonly Token[]): readonly string[] {
  const names: string[] = [];
  for (let index = tokens.length - 1; index > 0; index -= 2) {
    const name = tokens[index - 1];
    if (tokens[index]?.tokenType !== T.Dot || name?.tokenType !== T.Identifier) break;
    names.unshift(name.image);
  }
  return names;
}
