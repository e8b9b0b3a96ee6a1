import { columns } from '../rows.ts';
import { formatObis, type Obis } from './obis.ts';
import { patternLines } from './tables.ts';

type Range = readonly [from: number, to: number];

/** A row of the pattern table: which codes it covers, the classes such objects have, and how they are called. */
export interface ObisPattern {
  /** As in the data file: `0.b.1.0.0-255.255`; b is 0..64. */
  readonly text: string;
  readonly groups: readonly (readonly Range[])[];
  /** Class ids, the usual one first. Empty where the class is open. */
  readonly classes: readonly number[];
  /** May hold `{E+1}`, `{D*128+E}` and `{quantity}`. */
  readonly template: string;
  /** The template shows value group F. */
  readonly namesF: boolean;
}

function ranges(text: string): readonly Range[] {
  if (text === '*') return [[0, 255]];
  if (text === 'b') return [[0, 64]];
  return text.split(',').map((part) => {
    const [from = '0', to = from] = part.split('-');
    return [Number(from), Number(to)] as const;
  });
}

function readPattern(line: string): ObisPattern {
  const [text = '', classes = '', template = ''] = columns(line, 3);
  return {
    text,
    groups: text.split('.').map(ranges),
    classes: classes === '' ? [] : classes.split(',').map(Number),
    template,
    namesF: template.includes('{F'),
  };
}

/** The pattern table in the order in which it is tried. */
export const obisPatterns: readonly ObisPattern[] = patternLines.map(readPattern);

const holds = (groupRanges: readonly Range[] | undefined, value: number): boolean =>
  groupRanges?.some(([from, to]) => value >= from && value <= to) ?? false;

/** Whether a pattern covers a code. */
export function matchesPattern(pattern: ObisPattern, code: Obis): boolean {
  const { groups } = pattern;
  return (
    holds(groups[2], code.c) &&
    holds(groups[3], code.d) &&
    holds(groups[4], code.e) &&
    holds(groups[5], code.f) &&
    holds(groups[0], code.a) &&
    holds(groups[1], code.b)
  );
}

/** Patterns by A and C (256 * A + C), each list in table order: a code is tried against a handful instead of all. */
const index: ReadonlyMap<number, readonly ObisPattern[]> = (() => {
  const result = new Map<number, ObisPattern[]>();
  for (const pattern of obisPatterns) {
    const [a = [], , c = []] = pattern.groups;
    for (const medium of expand(a)) {
      for (const quantity of expand(c)) {
        const list = result.get(medium * 256 + quantity);
        if (list === undefined) result.set(medium * 256 + quantity, [pattern]);
        else list.push(pattern);
      }
    }
  }
  return result;
})();

function expand(groupRanges: readonly Range[]): number[] {
  return groupRanges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, step) => from + step));
}

/**
 * The pattern that names a code: the first in table order, but one that allows `classId` goes before one that does
 * not. Undefined if no pattern covers the code.
 */
export function findPattern(code: Obis, classId?: number): ObisPattern | undefined {
  const candidates = index.get(code.a * 256 + code.c);
  if (candidates === undefined) return undefined;
  let first: ObisPattern | undefined;
  for (const pattern of candidates) {
    if (!matchesPattern(pattern, code)) continue;
    if (classId === undefined || pattern.classes.includes(classId)) return pattern;
    first ??= pattern;
  }
  return first;
}

const groupValue = (code: Obis, name: string): number => {
  switch (name) {
    case 'A':
      return code.a;
    case 'B':
      return code.b;
    case 'C':
      return code.c;
    case 'D':
      return code.d;
    case 'E':
      return code.e;
    default:
      return code.f;
  }
};

/** Value of a sum such as `D*128+E-2048`. */
function evaluate(sum: string, code: Obis): number {
  let total = 0;
  for (const [, sign, name, factor, constant] of sum.matchAll(/([+-]?)(?:([A-F])(?:\*(\d+))?|(\d+))/g)) {
    const value = name === undefined ? Number(constant) : groupValue(code, name) * Number(factor ?? '1');
    total += sign === '-' ? -value : value;
  }
  return total;
}

/**
 * The name of a code by a pattern. The number of the first or only instance is left out (`Clock`, then `Clock #2`),
 * and so is the clause of a billing period that the code does not have (F = 255).
 */
export function nameByPattern(pattern: ObisPattern, code: Obis, quantity: (code: Obis) => string): string {
  let name = pattern.template;
  if (code.f === 255) name = name.replace(/(?:,[^,{]*| #)\{F\}/, '');
  if (code.e === 0) name = name.replace(/ #\{E(?:\+1)?\}$/, '');
  if (!name.includes('{')) return name;
  return name.replace(/\{([^}]*)\}/g, (_all, inner: string) => {
    return inner === 'quantity' ? quantity(code) : String(evaluate(inner, code));
  });
}

/** A code that the pattern covers and that is not manufacturer specific: the lowest value of each group, F = 255 if allowed. */
export function exampleOf(pattern: ObisPattern): Obis {
  const lowest = pattern.groups.map((groupRanges) => groupRanges[0]?.[0] ?? 0);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 255] = lowest;
  return { a, b, c, d, e, f: holds(pattern.groups[5], 255) ? 255 : f };
}

/** For messages: the pattern's example as text. */
export function exampleText(pattern: ObisPattern): string {
  return formatObis(exampleOf(pattern));
}
