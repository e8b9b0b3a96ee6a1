import { fromHex } from '../hex.ts';

/** Start of a Python bytes literal, perhaps in `bytearray(...)`. */
const START = /^\s*(?:bytearray\(|bytes\()?b(['"])/;
const END = /^\)?\s*$/;
const HEX = /^(?:[0-9a-f]{2})+$/i;
/** One octet: in hex, escaped, or the character itself. */
const PIECE = /\\x([0-9a-fA-F]{2})|\\([\\'"abfnrtv0])|([ -[\]-~])/y;
const ESCAPES: Readonly<Record<string, number>> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  0: 0,
};

/**
 * Octets of a text like `b'~\xa0\x07'`, where characters stand for themselves, or undefined when it is none. One that
 * holds nothing but hex digits is hex.
 */
export function parseBytesLiteral(text: string): Uint8Array | undefined {
  const start = START.exec(text);
  if (start === null) return undefined;
  const from = start[0].length;
  const octets: number[] = [];
  PIECE.lastIndex = from;
  let at = from;
  for (; text[at] !== start[1]; at = PIECE.lastIndex) {
    const piece = PIECE.exec(text);
    if (piece === null) return undefined;
    const [, hex, escaped, character] = piece;
    if (hex !== undefined) octets.push(Number.parseInt(hex, 16));
    else octets.push(escaped === undefined ? (character ?? '').charCodeAt(0) : (ESCAPES[escaped] ?? 0));
  }
  if (!END.test(text.slice(at + 1))) return undefined;
  const content = text.slice(from, at);
  return HEX.test(content) ? fromHex(content) : Uint8Array.from(octets);
}
