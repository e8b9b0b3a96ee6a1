import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Span } from '../syntax/tree.ts';

type Parsed = Document.Parsed | Document;

function spanOf(node: unknown, text: string): Span | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const range = (node as Node).range;
  if (!range) return undefined;
  const [from, valueEnd] = range;
  // Collections end behind their last line break; the range is shown up to the last character.
  let to = valueEnd;
  while (to > from && /\s/.test(text[to - 1] ?? '')) to--;
  return { from, to: Math.max(to, from) };
}

/** The pair of a mapping, or the element of a sequence, at a path such as `['objects', 3, 'name']`. */
function walk(document: Parsed, path: readonly string[]): { readonly pair?: Pair; readonly node: unknown } {
  let node: unknown = document.contents;
  let pair: Pair | undefined;
  for (const part of path) {
    pair = undefined;
    if (isMap(node)) {
      pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === part);
      node = pair?.value;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(part)];
      node = isPair(item) ? item.value : item;
    } else return { node: undefined };
  }
  return pair === undefined ? { node } : { pair, node };
}

/** Where the value at a path stands; where it is missing, its key, or what is around it. */
export function valuePlace(document: Parsed, path: readonly string[], text: string): Span {
  const { pair, node } = walk(document, path);
  const found = spanOf(node, text) ?? spanOf(pair?.key, text);
  if (found !== undefined && found.to > found.from) return found;
  const key = spanOf(pair?.key, text);
  if (key !== undefined) return key;
  return path.length === 0 ? { from: 0, to: Math.min(text.length, 1) } : valuePlace(document, path.slice(0, -1), text);
}

/** Where the key of the entry at a path stands; for elements of lists the element's first line. */
export function keyPlace(document: Parsed, path: readonly string[], text: string): Span {
  const { pair } = walk(document, path);
  return spanOf(pair?.key, text) ?? firstLine(valuePlace(document, path, text), text);
}

/** The part of a range before its first line break. */
export function firstLine(span: Span, text: string): Span {
  const end = text.indexOf('\n', span.from);
  const to = end < 0 ? span.to : Math.min(span.to, end);
  return { from: span.from, to };
}
