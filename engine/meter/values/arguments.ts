import type { Expression } from '../../template/model.ts';

export type CallExpression = Extract<Expression, { k: 'call' }>;

/** An argument of a call by name, else by position; undefined where it was left out. */
export function argument(call: CallExpression, name: string, position: number): Expression | undefined {
  return call.named[name] ?? call.args[position];
}

/** Milliseconds of a literal duration: `15min`, or a number with a time unit; `otherwise` for anything else. */
export function durationOf(expression: Expression | undefined, otherwise: number): number {
  if (expression?.k === 'duration') return expression.ms;
  if (expression?.k === 'number') {
    const unit = TIME_UNITS[expression.unit ?? 's'];
    if (unit !== undefined) return expression.value * unit;
  }
  return otherwise;
}

const TIME_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  second: 1000,
  seconds: 1000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Text of a name, reference or text literal. */
export function nameOf(expression: Expression | undefined): string | undefined {
  if (expression?.k === 'name' || expression?.k === 'text') return expression.value;
  return expression?.k === 'ref' ? expression.path : undefined;
}
