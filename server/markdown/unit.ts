import type { Unit } from '../../engine/cosem/units.ts';
import { code, paragraphs } from './table.ts';

/** A unit with its number on the wire. */
export function unitMarkdown(unit: Unit): string {
  return paragraphs(
    `**${unit.symbol}** ${unit.name}`,
    `Measures ${unit.quantity}. Unit ${code(String(unit.id))} on the wire.`,
  );
}
