import type { Expression } from '../model.ts';

/** The largest value a simple expression can have, as far as that can be told without running it. */
export function largestValue(expression: Expression): number | undefined {
  return interval(expression)?.[1];
}

type Interval = readonly [low: number, high: number];

function interval(expression: Expression): Interval | undefined {
  switch (expression.k) {
    case 'number':
      return [expression.value, expression.value];
    case 'unary': {
      const of = interval(expression.of);
      return of === undefined ? undefined : expression.op === '-' ? [-of[1], -of[0]] : of;
    }
    case 'binary':
      return combine(expression.op, interval(expression.left), interval(expression.right));
    case 'call':
      return ofCall(expression);
    default:
      return undefined;
  }
}

function combine(op: string, a: Interval | undefined, b: Interval | undefined): Interval | undefined {
  if (b === undefined) return undefined;
  if (op === '%') return b[0] > 0 ? [0, b[1] - 1] : undefined;
  if (a === undefined) return undefined;
  if (op === '+') return [a[0] + b[0], a[1] + b[1]];
  if (op === '-') return [a[0] - b[1], a[1] - b[0]];
  if (op !== '*') return undefined;
  const products = [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]];
  return [Math.min(...products), Math.max(...products)];
}

function ofCall(call: Extract<Expression, { k: 'call' }>): Interval | undefined {
  const args = call.args.map((arg) => interval(arg));
  const [first, second, third] = args;
  // Digits of a serial number: `last(serial, 2)` is 0 to 99.
  if (call.name === 'last') return second === undefined ? undefined : [0, 10 ** second[1] - 1];
  if (call.name === 'clamp' && second !== undefined && third !== undefined) return [second[0], third[1]];
  if (call.name === 'uniform' && first !== undefined && second !== undefined) return [first[0], second[1]];
  const known = args.filter((arg) => arg !== undefined);
  if (known.length !== args.length || known.length === 0) return undefined;
  if (call.name === 'min') return [Math.min(...known.map((arg) => arg[0])), Math.min(...known.map((arg) => arg[1]))];
  if (call.name === 'max' || call.name === 'pick') {
    return [Math.min(...known.map((arg) => arg[0])), Math.max(...known.map((arg) => arg[1]))];
  }
  return undefined;
}
