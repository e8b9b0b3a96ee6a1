import type { ExpressionNode, LiteralNode } from '../syntax/tree.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A month of a duration such as `12 months`: 30 days. */
const MONTH_MS = 30 * 86_400_000;

/** Text between quotes, with `\"`, `\\`, `\n`, `\t` and `\r` resolved. A missing closing quote is tolerated. */
export function textValue(node: LiteralNode): string {
  const end = node.text.length > 1 && /(?:^|[^\\])(?:\\\\)*"$/.test(node.text.slice(1)) ? -1 : undefined;
  return node.text.slice(1, end).replace(/\\(.)/g, (_, letter: string) => {
    if (letter === 'n') return '\n';
    if (letter === 't') return '\t';
    return letter === 'r' ? '\r' : letter;
  });
}

/** Number of a number, hex number, power of ten or percentage (as a fraction). */
export function numberValue(node: LiteralNode): number | undefined {
  const text = node.text.replaceAll('_', '');
  switch (node.type) {
    case 'number':
    case 'hex':
      return Number(text);
    case 'power':
      return 10 ** Number(text.slice(3));
    case 'percent':
      return Number((Number(text.slice(0, -1)) / 100).toPrecision(12));
    default:
      return undefined;
  }
}

/** Whole number of a literal, also with a sign before it. */
export function integerValue(node: ExpressionNode): number | undefined {
  if (node.kind === 'unary') {
    const of = integerValue(node.of);
    return of === undefined ? undefined : node.op === '-' ? -of : of;
  }
  if (node.kind !== 'literal' || (node.type !== 'number' && node.type !== 'hex')) return undefined;
  const value = numberValue(node);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

/** Milliseconds of `15min`, `12 months` or plain `0`. */
export function durationValue(node: ExpressionNode): number | undefined {
  if (node.kind === 'literal' && node.type === 'duration') {
    const [, amount = '', unit = ''] = /^([\d.]+)([a-z]+)$/.exec(node.text) ?? [];
    return Number(amount) * (MILLISECONDS[unit] ?? Number.NaN);
  }
  if (node.kind === 'quantity' && /^months?$/.test(node.unit.text)) {
    const amount = numberValue(node.number);
    return amount === undefined ? undefined : amount * MONTH_MS;
  }
  return node.kind === 'literal' && integerValue(node) === 0 ? 0 : undefined;
}

/** Power of ten of `10^-1`. */
export function scalerValue(node: LiteralNode): number | undefined {
  return node.type === 'power' ? Number(node.text.slice(3)) : undefined;
}

/** Digits of `h"00 01"` without spaces, lower case; undefined if they are no pairs of hex digits. */
export function octetsValue(node: LiteralNode): string | undefined {
  const digits = node.text.slice(2, -1).replace(/\s+/g, '').toLowerCase();
  return /^(?:[0-9a-f]{2})*$/.test(digits) ? digits : undefined;
}

/** First and last number of `1..4`. */
export function rangeValue(node: LiteralNode): readonly [first: number, last: number] | undefined {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(node.text) ?? [];
  return first === undefined || last === undefined ? undefined : [Number(first), Number(last)];
}
