import { parseExpression } from '../syntax/parse.ts';
import type { ExpressionNode, Span } from '../syntax/tree.ts';
import type { Report } from './report.ts';

/** Values of the `for` variables around a place. */
export type Environment = ReadonlyMap<string, number>;
export const noVariables: Environment = new Map();

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** True if a name or an OBIS code holds placeholders. */
export function hasPlaceholders(text: string): boolean {
  return text.includes('{');
}

/** Puts the values of `for` variables into `voltage_l{P}` or `1-0:{P*20+12}.7.0.255`. */
export function fillPlaceholders(text: string, environment: Environment, range: Span, report: Report): string {
  if (!hasPlaceholders(text)) return text;
  return text.replace(PLACEHOLDER, (whole, inner: string) => {
    const value = evaluateInteger(parseExpression(inner).expression, environment);
    if (typeof value === 'number') return String(value);
    const known = [...environment.keys()];
    report(
      'DLMS-311',
      range,
      value.unknown === undefined
        ? `'${whole}' is no whole number: only numbers, 'for' variables and + - * / % can stand in braces.`
        : `'${value.unknown}' in '${whole}' is no 'for' variable here.`,
      known.length === 0 ? { hint: "Put it into a block such as 'for T in 1..4 { … }'." } : { suggestions: known },
    );
    return whole;
  });
}

/** Whole-number arithmetic over variables; `unknown` names the variable that is not there. */
function evaluateInteger(
  node: ExpressionNode | undefined,
  environment: Environment,
): number | { readonly unknown?: string } {
  if (node === undefined) return {};
  switch (node.kind) {
    case 'name':
      return environment.get(node.text) ?? { unknown: node.text };
    case 'literal':
      return node.type === 'number' && /^\d+$/.test(node.text) ? Number(node.text) : {};
    case 'group':
      return evaluateInteger(node.of, environment);
    case 'unary': {
      const of = evaluateInteger(node.of, environment);
      return typeof of !== 'number' ? of : node.op === '-' ? -of : of;
    }
    case 'binary': {
      const left = evaluateInteger(node.left, environment);
      const right = evaluateInteger(node.right, environment);
      if (typeof left !== 'number') return left;
      if (typeof right !== 'number') return right;
      const result = calculate(node.op, left, right);
      return result !== undefined && Number.isSafeInteger(result) ? result : {};
    }
    default:
      return {};
  }
}

function calculate(op: string, left: number, right: number): number | undefined {
  if (op === '+') return left + right;
  if (op === '-') return left - right;
  if (op === '*') return left * right;
  if (op === '/') return Math.trunc(left / right);
  return op === '%' ? left % right : undefined;
}
