import { type Obis, parseObis } from '../../cosem/obis/obis.ts';
import type { ObisGroupPattern, ObisPattern } from './types.ts';

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
const MAX_GROUP = 255;
const GROUP = '(\\d{1,3}\\.\\.\\d{1,3}|\\d{1,3}|x|\\{[a-z]+:\\d{1,3}\\.\\.\\d{1,3}\\})';
const PATTERN = new RegExp(`^${GROUP}-${GROUP}:${GROUP}\\.${GROUP}\\.${GROUP}\\.${GROUP}$`);

/** What is wrong with a pattern, in words. */
export interface PatternProblem {
  readonly problem: string;
}

/** Reads `1-0:1.8.{tariff:1..4}.255`, `0-0:94.x.x.255`, `x-128..199:x.x.x.x`. */
export function parsePattern(text: string): ObisPattern | PatternProblem {
  const parts = PATTERN.exec(text.trim())?.slice(1);
  if (parts === undefined)
    return { problem: `'${text}' is no OBIS pattern; expected A-B:C.D.E.F, for example 1-0:1.8.0.255` };
  const groups: ObisGroupPattern[] = [];
  for (const [index, part] of parts.entries()) {
    const group = parseGroup(part);
    const letter = LETTERS[index] ?? 'F';
    if (group.high > MAX_GROUP)
      return { problem: `group ${letter} of ${text} goes up to ${group.high}; value groups end at 255` };
    if (group.low > group.high)
      return { problem: `group ${letter} of ${text} begins at ${group.low} and ends at ${group.high}` };
    if (group.name !== undefined && groups.some((one) => one.name === group.name)) {
      return { problem: `'${group.name}' names two groups of ${text}` };
    }
    groups.push(group);
  }
  return { text: text.trim(), groups };
}

function parseGroup(text: string): ObisGroupPattern {
  if (text === 'x') return { low: 0, high: MAX_GROUP };
  const [, name, first = '', last = ''] = /^(?:\{([a-z]+):)?(\d+)\.\.(\d+)\}?$/.exec(text) ?? [];
  if (first === '') return { low: Number(text), high: Number(text) };
  return { low: Number(first), high: Number(last), ...(name === undefined ? {} : { name }) };
}

function groupsOf(code: Obis): readonly number[] {
  return [code.a, code.b, code.c, code.d, code.e, code.f];
}

/** The numbers of the named groups if a code fits a pattern; undefined if it does not. */
export function matchPattern(pattern: ObisPattern, code: Obis | string): Readonly<Record<string, number>> | undefined {
  const parsed = typeof code === 'string' ? parseObis(code) : code;
  if (parsed === undefined) return undefined;
  const named: Record<string, number> = {};
  for (const [index, value] of groupsOf(parsed).entries()) {
    const group = pattern.groups[index];
    if (group === undefined || value < group.low || value > group.high) return undefined;
    if (group.name !== undefined) named[group.name] = value;
  }
  return named;
}

/** True if some code fits both patterns. */
export function overlaps(a: ObisPattern, b: ObisPattern): boolean {
  return a.groups.every((group, index) => {
    const other = b.groups[index];
    return other !== undefined && group.low <= other.high && other.low <= group.high;
  });
}

/** Number of codes a pattern stands for: of two that fit, the narrower one knows better. */
export function patternSize(pattern: ObisPattern): number {
  return pattern.groups.reduce((size, group) => size * (group.high - group.low + 1), 1);
}
