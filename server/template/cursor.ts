import { type Head, headOf } from '../../engine/template/semantics/heads.ts';
import { endOf, lex } from '../../engine/template/syntax/lexer.ts';
import { structure } from '../../engine/template/syntax/structure.ts';
import * as T from '../../engine/template/syntax/tokens.ts';
import type { BlockNode, DocumentNode, EntryNode, Span } from '../../engine/template/syntax/tree.ts';
import { levelsOf } from '../../engine/template/vocabulary/blocks.ts';
import { type BracketPlace, readValuePrefix, type Token } from './cursor-value.ts';

/** Blocks around a place, outermost first. */
export type Surroundings = readonly BlockNode[];

/** A new entry may begin here. */
export interface EntryPlace {
  readonly at: 'entry';
  /** Entries beside it. */
  readonly siblings: readonly EntryNode[];
}

/** Between the kind of a block and its `{`. */
export interface LabelPlace {
  readonly at: 'label';
  /** `object`, also behind `override`. */
  readonly kind: string;
  readonly modifier: 'abstract' | 'override' | undefined;
  /** Words behind the kind and before the one being typed. */
  readonly before: readonly string[];
  /** Everything typed behind the kind. */
  readonly typed: Span;
  /** Where each of `before` begins, then where the word being typed does. */
  readonly starts: readonly number[];
}

/** Behind `name:`. */
export interface ValuePlace {
  readonly at: 'value';
  readonly property: string;
  /** Words of the earlier items, each item's words together. */
  readonly items: readonly (readonly string[])[];
  /** Words of this item before the one being typed. */
  readonly parts: readonly string[];
  /** Behind `=`. */
  readonly initial: boolean;
  /** Names before the dot: `clock.` is `['clock']`. */
  readonly member: readonly string[];
  /** Calls and lists around, innermost last. */
  readonly brackets: readonly BracketPlace[];
  /** Inside quotes: what stands between the opening quote and the cursor. */
  readonly quoted: Span | undefined;
}

/** Where the cursor stands. */
export interface Cursor {
  readonly around: Surroundings;
  /** The word being typed, up to the cursor; empty if there is none. */
  readonly word: Span;
  readonly place: EntryPlace | LabelPlace | ValuePlace;
}

/** The blocks whose braces hold an offset. A block that is not closed goes on to what follows it. */
export function blocksAround(tree: DocumentNode, offset: number): Surroundings {
  const around: BlockNode[] = [];
  for (let entries = tree.entries; ; ) {
    const index = entries.findLastIndex((entry) => entry.from <= offset);
    const entry = entries[index];
    if (entry?.kind !== 'block' || offset <= entry.open) return around;
    const end = entry.closed ? entry.close : (entries[index + 1]?.from ?? Number.POSITIVE_INFINITY);
    if (offset > end) return around;
    around.push(entry);
    entries = entry.entries;
  }
}

/** What can be typed at an offset; undefined inside comments. */
export function cursorAt(text: string, tree: DocumentNode, offset: number): Cursor | undefined {
  const around = blocksAround(tree, offset);
  const inner = around.at(-1);
  const siblings = inner?.entries ?? tree.entries;
  // The entry that the cursor is in or behind; only it is looked at again, token by token.
  const previous = siblings.findLast((entry) => entry.from < offset);
  const from =
    previous === undefined
      ? inner === undefined
        ? 0
        : inner.open + 1
      : isOver(previous, offset)
        ? previous.to
        : previous.from;
  const before = text.slice(from, offset);
  const lexed = lex(before);
  const comment = lexed.comments.at(-1);
  if (comment !== undefined && comment.to === before.length && !isClosedComment(before, comment)) return undefined;
  const tokens = entriesMarked(before, lexed.tokens);
  const place = placeOf(before, tokens, siblings);
  const move = (span: Span): Span => ({ from: span.from + from, to: span.to + from });
  return { around, word: move(place.word), place: moved(place.place, from) };
}

/** Tokens with the first words of entries marked. Brackets still open at the cursor are taken to be closed behind it. */
function entriesMarked(before: string, tokens: readonly Token[]): readonly Token[] {
  const closers = openBrackets(tokens)
    .map((open) => (open === T.LeftParen ? ')' : ']'))
    .toReversed()
    .join('');
  if (closers === '') return structure(before, tokens, levelsOf).tokens;
  // On a line of their own: the text may end inside of quotes.
  const closed = `${before}\n${closers}`;
  return structure(closed, lex(closed).tokens, levelsOf).tokens.filter((token) => token.startOffset < before.length);
}

/** Types of the brackets that are open at the end, outermost first. */
function openBrackets(tokens: readonly Token[]): readonly Token['tokenType'][] {
  const open: Token['tokenType'][] = [];
  for (const { tokenType } of tokens) {
    if (tokenType === T.LeftParen || tokenType === T.LeftSquare) open.push(tokenType);
    else if (tokenType === T.RightParen || tokenType === T.RightSquare) open.pop();
    else if (tokenType === T.LeftBrace || tokenType === T.RightBrace) open.length = 0;
  }
  return open;
}

function isOver(entry: EntryNode, offset: number): boolean {
  // Behind the quotes of a block without braces the name may still be typed.
  return entry.kind === 'block' && (entry.bare === true ? offset > entry.to : offset >= entry.to);
}

function isClosedComment(text: string, comment: Span & { readonly style: string }): boolean {
  return comment.style === 'block' && comment.to - comment.from >= 4 && text.endsWith('*/');
}

function moved(place: Cursor['place'], by: number): Cursor['place'] {
  if (place.at === 'label') {
    const typed = { from: place.typed.from + by, to: place.typed.to + by };
    return { ...place, typed, starts: place.starts.map((start) => start + by) };
  }
  if (place.at === 'value' && place.quoted !== undefined) {
    return { ...place, quoted: { from: place.quoted.from + by, to: place.quoted.to + by } };
  }
  return place;
}

interface Placed {
  readonly word: Span;
  readonly place: Cursor['place'];
}

/** Reads the tokens before the cursor. Offsets count from the beginning of `text`, which ends at the cursor. */
function placeOf(text: string, tokens: readonly Token[], siblings: readonly EntryNode[]): Placed {
  const end = text.length;
  const last = tokens.at(-1);
  const typing = last !== undefined && endOf(last) === end && isWord(last) ? last : undefined;
  const word = { from: typing?.startOffset ?? end, to: end };
  const done = typing === undefined ? tokens : tokens.slice(0, -1);
  const entry: Placed = { word, place: { at: 'entry', siblings } };
  if (typing?.tokenType === T.EntryName) return entry;
  const headIndex = done.findLastIndex((token) => token.tokenType === T.EntryName);
  const head = done[headIndex];
  if (head === undefined) return entry;
  const rest = done.slice(headIndex + 1);
  const isProperty = rest[0]?.tokenType === T.Colon;
  const previous = done.at(-1) ?? head;
  if (text.slice(endOf(previous), word.from).includes('\n') && !(isProperty && goesOn(rest))) return entry;
  if (isProperty) return { word, place: readValuePrefix(head.image, rest.slice(1), end) };
  return { word, place: labelPlace(head, rest, word, end) };
}

function labelPlace(head: Token, rest: readonly Token[], word: Span, end: number): LabelPlace {
  const modifier = head.image === 'abstract' || head.image === 'override' ? head.image : undefined;
  const kind = modifier === undefined ? head : rest[0];
  const labels = modifier === undefined ? rest : rest.slice(1);
  const first = labels[0]?.startOffset ?? word.from;
  return {
    at: 'label',
    kind: kind?.image ?? '',
    modifier,
    before: labels.map((token) => token.image),
    typed: { from: first, to: end },
    starts: [...labels.map((token) => token.startOffset), word.from],
  };
}

function isWord(token: Token): boolean {
  return token.tokenType === T.Identifier || token.tokenType === T.EntryName;
}

/** True if a value goes on in the next line. */
function goesOn(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)?.tokenType;
  if (last === T.Comma || last === T.Equals || last === T.Sign || last === T.Factor || last === T.Compare) return true;
  return openBrackets(tokens).length > 0;
}

/** The innermost block around the cursor, sorted out. */
export function innerHead(around: Surroundings): Head | undefined {
  const inner = around.at(-1);
  return inner === undefined ? undefined : headOf(inner);
}
