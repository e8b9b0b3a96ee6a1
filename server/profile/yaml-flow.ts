import type { Span } from '../../engine/template/syntax/tree.ts';
import { ITEM } from './schema.ts';

/** Where the cursor stands inside of `{ }` and `[ ]`. */
export interface FlowCursor {
  readonly at: 'key' | 'value';
  readonly path: readonly string[];
  readonly siblings: ReadonlyMap<string, string>;
  readonly word: Span;
}

interface OpenFlow {
  readonly list: boolean;
  key: string | undefined;
  readonly pairs: Map<string, string>;
}

/**
 * Reads a value up to the cursor at its end; `from` is the offset at which it begins. Undefined if no bracket is open
 * there.
 */
export function flowCursor(value: string, from: number): FlowCursor | undefined {
  const open: OpenFlow[] = [];
  let word = 0;
  const close = (end: number): void => {
    const inner = open.at(-1);
    if (inner?.key !== undefined) inner.pairs.set(inner.key, value.slice(word, end).trim());
  };
  for (let index = 0; index < value.length; index++) {
    const sign = value[index];
    if (sign === '"' || sign === "'") {
      const end = value.indexOf(sign, index + 1);
      if (end < 0) break;
      index = end;
      continue;
    }
    const inner = open.at(-1);
    // A pattern such as 1-0:1.8.{tariff:1..4}.255 is no mapping: its brace stands in the middle of a word.
    const begins = value.slice(word, index).trim() === '';
    if ((sign === '{' || sign === '[') && begins) {
      open.push({ list: sign === '[', key: undefined, pairs: new Map() });
      word = index + 1;
    } else if ((sign === '}' || sign === ']') && inner !== undefined && inner.list === (sign === ']')) {
      open.pop();
      word = index + 1;
    } else if (sign === ',' && inner !== undefined) {
      close(index);
      inner.key = undefined;
      word = index + 1;
    } else if (
      sign === ':' &&
      inner?.list === false &&
      inner.key === undefined &&
      /[\s]|^$/.test(value[index + 1] ?? '')
    ) {
      inner.key = value.slice(word, index).trim();
      word = index + 1;
    }
  }
  const inner = open.at(-1);
  if (inner === undefined) return undefined;
  const path = open.flatMap((one) => (one.list ? [ITEM] : one.key === undefined ? [] : [one.key]));
  const blanks = /^\s*/.exec(value.slice(word))?.[0].length ?? 0;
  return {
    at: inner.list || inner.key !== undefined ? 'value' : 'key',
    path,
    siblings: inner.pairs,
    word: { from: from + word + blanks, to: from + value.length },
  };
}
