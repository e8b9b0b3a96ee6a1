import type { ExpressionNode, ItemNode } from '../syntax/tree.ts';

const LITERALS = {
  number: 'the number',
  hex: 'the number',
  power: 'the power of ten',
  duration: 'the duration',
  percent: 'the percentage',
  range: 'the range',
  text: 'the text',
  octets: 'the octets',
  'date-time': 'the date',
  obis: 'the OBIS code',
} as const;

/** What an expression is, for messages: `the number 5`, `'fifo'`, `a call of 'noise'`. */
export function describe(node: ExpressionNode): string {
  switch (node.kind) {
    case 'name':
      return `'${node.text}'`;
    case 'literal':
      return `${LITERALS[node.type]} ${shorten(node.text)}`;
    case 'quantity':
      return `'${node.number.text} ${node.unit.text}'`;
    case 'member':
      return `'${pathOf(node).join('.')}'`;
    case 'call':
      return `a call of '${pathOf(node.callee).join('.')}'`;
    case 'list':
      return 'a list';
    case 'group':
      return describe(node.of);
    case 'unary':
    case 'binary':
      return 'a calculation';
    case 'missing':
      return 'nothing';
  }
}

/** What an item is: its only part, or several words. */
export function describeItem(item: ItemNode): string {
  const [first] = item.parts;
  if (item.init !== undefined) return "a value with '='";
  return item.parts.length === 1 && first !== undefined ? describe(first) : 'several words';
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** `a.b.c` as its words. */
export function pathOf(node: Extract<ExpressionNode, { kind: 'name' | 'member' }>): readonly string[] {
  return node.kind === 'name' ? [node.text] : [...pathOf(node.of), node.name.text];
}
