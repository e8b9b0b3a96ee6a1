import { flagManufacturer, manufacturerLabel } from '../../../engine/cosem/flag-ids.ts';
import { durationValue, integerValue, scalerValue, textValue } from '../../../engine/template/semantics/literals.ts';
import type { LiteralNode } from '../../../engine/template/syntax/tree.ts';
import { code } from '../../markdown/table.ts';

/** Client addresses with a meaning of their own (Green Book, reserved client SAPs). */
const CLIENTS: Readonly<Record<number, string>> = { 1: 'management', 16: 'public' };
/** Server addresses likewise. */
const SERVERS: Readonly<Record<number, string>> = { 1: 'management logical device', 127: 'all stations, broadcast' };

/** What a literal says in another notation: `0x10 = 16 (public)`, `15min = 900 s`; undefined if nothing is to be said. */
export function literalMarkdown(node: LiteralNode, property: string): string | undefined {
  switch (node.type) {
    case 'number':
    case 'hex':
      return numberText(node, property);
    case 'duration':
      return durationText(node);
    case 'power': {
      const scaler = scalerValue(node);
      return scaler === undefined ? undefined : `${code(node.text)} = ${10 ** scaler}: scaler ${scaler} on the wire`;
    }
    case 'text':
      return property === 'flag' ? flagText(textValue(node)) : undefined;
    default:
      return undefined;
  }
}

function numberText(node: LiteralNode, property: string): string | undefined {
  const value = integerValue(node);
  if (value === undefined) return undefined;
  const known = property === 'client' ? CLIENTS[value] : property === 'server' ? SERVERS[value] : undefined;
  const other = node.type === 'hex' ? String(value) : `0x${value.toString(16).toUpperCase()}`;
  // Small decimal numbers need no translation.
  if (known === undefined && node.type === 'number' && value < 10) return undefined;
  return `${code(node.text)} = ${other}${known === undefined ? '' : ` (${known})`}`;
}

function durationText(node: LiteralNode): string | undefined {
  const ms = durationValue(node);
  if (ms === undefined || Number.isNaN(ms)) return undefined;
  const seconds = ms / 1000;
  return /\d(?:s|ms)$/.test(node.text) && seconds < 60 ? undefined : `${code(node.text)} = ${seconds} s`;
}

function flagText(flag: string): string {
  const maker = flagManufacturer(flag);
  if (maker === undefined) return `${code(flag)} is not in the FLAG register.`;
  const country = maker.country === undefined ? '' : `, ${maker.country}`;
  const family = manufacturerLabel(maker);
  return `**${flag}** ${maker.name}${country}${family === maker.name ? '' : ` (${family})`}`;
}
