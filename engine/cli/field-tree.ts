import { toHex } from '../codec/hex.ts';
import type { Field } from '../codec/result.ts';
import { printable } from './table.ts';

/** Octets shown beside a field; the rest is an ellipsis. */
const shownOctets = 8;
const hexColumns = shownOctets * 2 + 1;

/**
 * A tree of fields as lines: offset, octets, then the name indented by depth, and the value. Explanations of fields that
 * have them stand behind.
 */
export function fieldTree(octets: Uint8Array, fields: readonly Field[]): string {
  const lines: string[] = [];
  addLines(octets, fields, 0, lines);
  return lines.join('\n');
}

function addLines(octets: Uint8Array, fields: readonly Field[], depth: number, lines: string[]): void {
  for (const field of fields) {
    const hasChildren = field.children !== undefined && field.children.length > 0;
    const own = octets.subarray(field.from, Math.min(field.to, field.from + shownOctets));
    const hex = hasChildren ? '' : `${toHex(own)}${field.to - field.from > shownOctets ? '…' : ''}`;
    const value = field.value === undefined ? '' : `: ${printable(field.value)}`;
    const note = field.explanation === undefined ? '' : `  -- ${field.explanation}`;
    lines.push(
      `${String(field.from).padStart(5)}  ${hex.padEnd(hexColumns)}  ${'  '.repeat(depth)}${field.name}${value}${note}`,
    );
    if (field.children !== undefined) addLines(octets, field.children, depth + 1, lines);
  }
}
