import { createTokenInstance, type IToken, type TokenType } from 'chevrotain';
import { type Finding, finding } from '../findings/finding.ts';
import { endOf } from './lexer.ts';
import * as T from './tokens.ts';

/**
 * Where a kind of block may stand: kinds of the blocks around it, `document` for the top level. Undefined for words
 * that are no kind. Needed only to guess where a forgotten `}` belongs.
 */
export type LevelsOf = (kind: string) => readonly string[] | undefined;

/** Deepest nesting of braces, brackets and signs together. */
export const MAX_DEPTH = 64;
/** Most operators and dots in one value. */
export const MAX_TERMS = 1000;

/** What the parser reads: braces balanced, first words of entries marked, misplaced tokens marked. */
export interface StructuredTokens {
  readonly tokens: IToken[];
  /** Openings whose `}` had to be assumed. */
  readonly unclosed: ReadonlySet<IToken>;
  readonly findings: readonly Finding[];
}

/**
 * Settles lines and braces before the grammar looks at the tokens. With this the grammar needs no look-ahead for
 * entries, and an error in one entry cannot reach the next.
 *
 * An entry begins with a word that stands first on its line, or is followed by `:` or `{`. A value goes on in the next
 * line inside brackets, behind `,`, `=` or an operator, or before an operator.
 */
export function structure(text: string, lexed: readonly IToken[], levelsOf: LevelsOf, file = ''): StructuredTokens {
  const { tokens, findings } = withinLimits(lexed, file);
  const closers = matchBrackets(tokens);
  markEntries(text, tokens, closers, levelsOf);
  const balanced = balanceBraces(text, tokens, levelsOf, file);
  return findings.length === 0 ? balanced : { ...balanced, findings: [...findings, ...balanced.findings] };
}

/**
 * Cuts the tokens where braces or brackets are nested too deep, or one value has too many terms: whoever walks the tree
 * does so by recursion. Nobody writes such texts by hand.
 */
export function withinLimits(
  lexed: readonly IToken[],
  file: string,
): { readonly tokens: readonly IToken[]; readonly findings: readonly Finding[] } {
  let depth = 0;
  let terms = 0;
  // `- - - x` is nested as well: each sign holds what is behind it.
  let signs = 0;
  for (let i = 0; i < lexed.length; i++) {
    const token = lexed[i];
    if (token === undefined) break;
    const type = token.tokenType;
    if (type === T.LeftBrace || type === T.LeftParen || type === T.LeftSquare) depth++;
    else if (type === T.RightBrace || type === T.RightParen || type === T.RightSquare) depth = Math.max(0, depth - 1);
    else if (isOperator(type) || type === T.Dot) terms++;
    signs = type === T.Sign ? signs + 1 : 0;
    if (type === T.LeftBrace || type === T.RightBrace || type === T.Colon) terms = 0;
    if (depth + signs <= MAX_DEPTH && terms <= MAX_TERMS) continue;
    const what =
      terms <= MAX_TERMS
        ? `more than ${MAX_DEPTH} braces, brackets and signs inside each other`
        : `a value of more than ${MAX_TERMS} terms`;
    const range = { from: token.startOffset, to: endOf(token) };
    return {
      tokens: lexed.slice(0, i),
      findings: [finding('DLMS-114', file, range, `This text has ${what}. It was not read from here on.`)],
    };
  }
  return { tokens: lexed, findings: [] };
}

/** Index of the closing bracket for each opening one that has it before the next brace; the others are unclosed. */
function matchBrackets(tokens: readonly IToken[]): ReadonlyMap<number, number> {
  const closers = new Map<number, number>();
  let open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const type = tokens[i]?.tokenType;
    if (type === T.LeftParen || type === T.LeftSquare) open.push(i);
    else if (type === T.LeftBrace || type === T.RightBrace) open = [];
    else if (type === T.RightParen || type === T.RightSquare) {
      const wanted = type === T.RightParen ? T.LeftParen : T.LeftSquare;
      const at = open.findLastIndex((index) => tokens[index]?.tokenType === wanted);
      if (at < 0) continue;
      closers.set(open[at] ?? i, i);
      open.length = at;
    }
  }
  return closers;
}

function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
}

/** True if a line ends between two offsets. */
function lineEnds(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (text.charCodeAt(i) === 10) return true;
  return false;
}

/** True if the line goes on from `index` with labels only until a `{` on the same line: the head of a block. */
function isBlockHead(text: string, tokens: readonly IToken[], index: number): boolean {
  for (let i = index + 1; i < tokens.length; i++) {
    const token = tokens[i];
    const previous = tokens[i - 1];
    if (token === undefined || previous === undefined || lineEnds(text, endOf(previous), token.startOffset))
      return false;
    if (token.tokenType === T.LeftBrace) return true;
    if (token.tokenType !== T.Identifier && !token.tokenType.CATEGORIES?.includes(T.Literal)) return false;
  }
  return false;
}

function continuesValue(previous: IToken | undefined): boolean {
  if (previous === undefined) return false;
  const type = previous.tokenType;
  return type === T.Comma || type === T.Equals || isOperator(type);
}

function isOperator(type: TokenType): boolean {
  return type === T.Sign || type === T.Factor || type === T.Compare;
}

function markEntries(
  text: string,
  tokens: readonly IToken[],
  closers: ReadonlyMap<number, number>,
  levelsOf: LevelsOf,
): void {
  // Brackets are skipped as a whole: nothing inside begins an entry, not even `name:`.
  let insideUntil = -1;
  // Behind `name:`; there a kind may begin a block on the same line, as in `rights: open   access value { … }`.
  let inValue = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    const type = token.tokenType;
    if (i <= insideUntil) continue;
    const closer = closers.get(i);
    if (closer !== undefined) insideUntil = closer;
    if (type === T.LeftBrace || type === T.RightBrace) {
      inValue = false;
      continue;
    }
    const previous = i > 0 ? tokens[i - 1] : undefined;
    const next = tokens[i + 1]?.tokenType;
    const atLineStart = previous === undefined || lineEnds(text, endOf(previous), token.startOffset);
    const afterBrace = previous?.tokenType === T.LeftBrace || previous?.tokenType === T.RightBrace;
    if (type === T.Identifier) {
      const opensEntry =
        next === T.Colon || (next === T.LeftBrace && (inValue || atLineStart || !isLabelled(text, tokens, i)));
      const begins =
        (opensEntry && previous?.tokenType !== T.Dot) ||
        afterBrace ||
        (atLineStart && (!continuesValue(previous) || isBlockHead(text, tokens, i))) ||
        (inValue && beginsBlock(token.image, levelsOf) && isBlockHead(text, tokens, i));
      if (begins) {
        retype(token, T.EntryName);
        inValue = next === T.Colon;
      }
    } else if (
      (atLineStart || afterBrace) &&
      !continuesValue(previous) &&
      !(isOperator(type) && !afterBrace && previous !== undefined)
    ) {
      retype(token, T.Stray);
    }
  }
}

function beginsBlock(word: string, levelsOf: LevelsOf): boolean {
  return word === 'override' || word === 'abstract' || levelsOf(word) !== undefined;
}

/** True if the word before `{` is a label of a block that began earlier on its line: `object a 1-0:1.8.0.255 data {`. */
function isLabelled(text: string, tokens: readonly IToken[], index: number): boolean {
  for (let i = index - 1; i >= 0; i--) {
    const token = tokens[i];
    const after = tokens[i + 1];
    if (token === undefined || after === undefined) return false;
    const type = token.tokenType;
    if (type === T.Colon || type === T.LeftBrace || type === T.RightBrace || type === T.Comma) return false;
    if (type === T.EntryName) return true;
    if (lineEnds(text, endOf(token), after.startOffset)) return false;
  }
  return false;
}

interface OpenBlock {
  readonly brace: IToken;
  /** First word of the block's head; the brace itself for a block without name. */
  readonly head: IToken;
  readonly kind: string;
  readonly column: number;
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** The kind a head names: `abstract meter` and `override object` speak of the word behind. */
function kindOf(head: IToken, following: IToken | undefined): string {
  return (head.image === 'abstract' || head.image === 'override') && following?.tokenType === T.Identifier
    ? following.image
    : head.image;
}

/** Makes every `{` have its `}` and every `}` its `{`, and says where the text did not. */
function balanceBraces(text: string, tokens: readonly IToken[], levelsOf: LevelsOf, file: string): StructuredTokens {
  let surplus = 0;
  let balanced = true;
  for (const token of tokens) {
    if (token.tokenType === T.LeftBrace) surplus++;
    else if (token.tokenType === T.RightBrace) {
      surplus--;
      if (surplus < 0) balanced = false;
    }
  }
  if (balanced && surplus === 0) return { tokens: [...tokens], unclosed: new Set(), findings: [] };

  const result: IToken[] = [];
  const unclosed = new Set<IToken>();
  const findings: Finding[] = [];
  const stack: OpenBlock[] = [];
  let head: { token: IToken; index: number } | undefined;

  const closeTop = (before: IToken | undefined, why: string): void => {
    const block = stack.pop();
    if (block === undefined) return;
    const last = result.at(-1) ?? block.brace;
    const at = endOf(last);
    result.push(createTokenInstance(T.RightBrace, '', at, at, 0, 0, 0, 0));
    unclosed.add(block.brace);
    findings.push(
      finding(
        'DLMS-105',
        file,
        { from: block.head.startOffset, to: endOf(block.head) },
        `'${block.kind}' is not closed: its '{' has no '}'. ${why}`,
        {
          hint: "Put '}' at its end.",
          related:
            before === undefined
              ? []
              : [
                  {
                    message: 'assumed to end before this',
                    file,
                    range: { from: before.startOffset, to: endOf(before) },
                  },
                ],
        },
      ),
    );
  };

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) continue;
    const previous = tokens[i - 1];
    const atLineStart = previous === undefined || lineEnds(text, endOf(previous), token.startOffset);
    const column = columnOf(text, token.startOffset);
    if (token.tokenType === T.EntryName) {
      head = { token, index: i };
      const kind = kindOf(token, tokens[i + 1]);
      if (surplus > 0 && atLineStart && isBlockHead(text, tokens, i)) {
        // A block that stands no deeper than the open one, and may stand further out, shows where `}` was forgotten.
        const levels = levelsOf(kind);
        while (levels !== undefined && surplus > 0) {
          const top = stack.at(-1);
          if (top === undefined || column > top.column) break;
          const outer = stack.findLastIndex((block, at) => at < stack.length - 1 && levels.includes(block.kind));
          if (outer < 0 && !levels.includes('document')) break;
          closeTop(token, `'${kind}' further down stands no deeper, so it was taken to end before that.`);
          surplus--;
        }
      }
    } else if (token.tokenType === T.LeftBrace) {
      const first = head?.token ?? token;
      stack.push({
        brace: token,
        head: first,
        kind: head === undefined ? '{' : kindOf(first, tokens[head.index + 1]),
        column: columnOf(text, first.startOffset),
      });
      head = undefined;
    } else if (token.tokenType === T.RightBrace) {
      head = undefined;
      // `}` at the column of a block further out closes that one.
      while (
        surplus > 0 &&
        atLineStart &&
        column < (stack.at(-1)?.column ?? 0) &&
        stack.some((block) => block.column === column)
      ) {
        closeTop(token, "The '}' further down stands at the column of a block around it.");
        surplus--;
      }
      if (stack.length === 0 || (surplus < 0 && closesTooEarly(text, tokens, i, stack, levelsOf))) {
        surplus++;
        retype(token, T.StrayBrace);
        findings.push(
          finding(
            'DLMS-106',
            file,
            { from: token.startOffset, to: endOf(token) },
            "This '}' closes nothing: every block before it is closed already.",
            {
              hint: 'Leave it out.',
              suggestions: [''],
            },
          ),
        );
        continue;
      }
      stack.pop();
    }
    result.push(token);
  }
  while (stack.length > 0) closeTop(undefined, 'The text ends first.');
  return { tokens: result, unclosed, findings };
}

/** With more `}` than `{`: the one after which a block follows that may only stand inside what it closes is too much. */
function closesTooEarly(
  text: string,
  tokens: readonly IToken[],
  index: number,
  stack: readonly OpenBlock[],
  levelsOf: LevelsOf,
): boolean {
  const next = tokens[index + 1];
  const top = stack.at(-1);
  if (next?.tokenType !== T.EntryName || top === undefined || !isBlockHead(text, tokens, index + 1)) return false;
  const levels = levelsOf(kindOf(next, tokens[index + 2]));
  const outer = stack.at(-2)?.kind ?? 'document';
  return levels?.includes(top.kind) === true && !levels.includes(outer);
}
