/** Random numbers that are the same in every run: mulberry32. */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of a list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[random(list.length)];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

/** Pieces that mean something to the languages, alone or in the wrong place. */
const PIECES: readonly string[] = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  ',',
  '=',
  '.',
  '"',
  '//',
  '/*',
  '*/',
  '\n',
  '\r\n',
  ' ',
  '- ',
  '#',
  "'",
  ';',
  '\t',
  'meter m {',
  'object a 1-0:1.8.0.255 register {',
  'override ',
  'abstract ',
  'for T in 1..9 {',
  '{T}',
  '1-0:',
  '1..',
  '10^',
  '10^-1 Wh',
  'h"00',
  '@2024',
  'use: "main.dlmsmeter"\n',
  'rights: ',
  'access: reader get',
  'extends m',
  'simulate.',
  'value: unsigned = ',
  'objects:\n',
  '  - id: a\n',
  'obis: ',
  '&a',
  '*a',
  '<<: *a',
  '!!js',
  '|',
  '>',
  '%',
  '\u0000',
  '\ud83d',
  '😀',
  '\ufeff',
  'é',
];

/** An edit of a text: an offset, how much is taken out, and what is put in. */
export interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** Mostly small edits as from typing, sometimes a part is doubled or taken out. */
export function randomEdit(random: Random, text: string): Edit {
  const at = random(text.length + 1);
  const rest = text.length - at;
  switch (random(6)) {
    case 0:
      return { at, remove: Math.min(rest, random(80)), insert: '' };
    case 1: {
      const from = random(text.length + 1);
      return { at, remove: 0, insert: text.slice(from, from + random(120)) };
    }
    case 2:
      return { at, remove: Math.min(rest, random(4)), insert: pick(random, PIECES) };
    default:
      return { at, remove: Math.min(rest, random(2)), insert: pick(random, PIECES) };
  }
}

export function applyEdit(text: string, { at, remove, insert }: Edit): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}
