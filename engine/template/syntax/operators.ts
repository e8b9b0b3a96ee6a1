import type { BinaryNode, ExpressionNode } from './tree.ts';

function rank(operator: string): number {
  if (operator === '*' || operator === '/' || operator === '%') return 3;
  return operator === '+' || operator === '-' ? 2 : 1;
}

/** Builds the tree of `first op rest[0] op rest[1] …`: `* / %` before `+ -` before comparisons, from left to right. */
export function climb(
  first: ExpressionNode,
  operators: readonly string[],
  rest: readonly ExpressionNode[],
): ExpressionNode {
  const values: ExpressionNode[] = [first];
  const pending: string[] = [];
  const fold = (): void => {
    const right = values.pop();
    const left = values.pop();
    const operator = pending.pop();
    if (left === undefined || right === undefined || operator === undefined) return;
    values.push({ kind: 'binary', from: left.from, to: right.to, op: operator as BinaryNode['op'], left, right });
  };
  operators.forEach((operator, index) => {
    while (pending.length > 0 && rank(pending.at(-1) ?? '') >= rank(operator)) fold();
    pending.push(operator);
    const operand = rest[index];
    if (operand !== undefined) values.push(operand);
  });
  while (pending.length > 0) fold();
  return values[0] ?? first;
}
