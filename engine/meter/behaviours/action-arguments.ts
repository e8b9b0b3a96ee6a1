import type { BehaviourModel, Expression } from '../../template/model.ts';
import { nameOf } from '../values/arguments.ts';

/** One action of a quirk or fault: `drop: response, times 1`. */
export type Action = BehaviourModel['actions'][number];

/** First word of an action: `response` of `drop: response`. */
export function wordOf(action: Action): string | undefined {
  return nameOf(action.args[0]);
}

/** Value behind a keyword: `times 1` is `{ call times(1) }`. */
export function keywordOf(action: Action, keyword: string): Expression | undefined {
  for (const arg of action.args) {
    if (arg.k === 'call' && arg.name === keyword) return arg.args[0];
  }
  return undefined;
}

/** Literal number; undefined for anything else. */
export function literalNumber(expression: Expression | undefined): number | undefined {
  return expression?.k === 'number' ? expression.value : undefined;
}

/** Name of the quirk of the catalogue that `deviates: "name"` stands for. */
export function namedQuirk(action: Action): string | undefined {
  const [first] = action.args;
  return action.action === 'deviates' && first?.k === 'text' ? first.value : undefined;
}
