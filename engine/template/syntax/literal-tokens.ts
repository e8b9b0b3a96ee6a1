import type { TokenType } from 'chevrotain';
import * as T from './tokens.ts';
import type * as Tree from './tree.ts';

/** What a literal token is in the tree. */
export const LITERAL_TYPES: ReadonlyMap<TokenType, Tree.LiteralType> = new Map([
  [T.NumberLiteral, 'number'],
  [T.Hex, 'hex'],
  [T.Power, 'power'],
  [T.Duration, 'duration'],
  [T.Percent, 'percent'],
  [T.Range, 'range'],
  [T.Text, 'text'],
  [T.OpenText, 'text'],
  [T.Octets, 'octets'],
  [T.DateTime, 'date-time'],
  [T.Obis, 'obis'],
  [T.BrokenObis, 'obis'],
]);

/** A word behind one of these is its unit. */
export const UNIT_TAKERS: ReadonlySet<TokenType> = new Set([T.NumberLiteral, T.Hex, T.Power]);
