import { concatOctets } from '../octets.ts';
import { type LogPrefix, logPrefix } from './log-prefix.ts';
import { parseBytesLiteral } from './parse-bytes-literal.ts';
import { parseHexDump } from './parse-hex-dump.ts';

/** Octets of one message of a log, or of the whole input when it is no log. */
export interface HexMessage {
  readonly octets: Uint8Array;
  /** `TX` or `RX` where the log says the direction. */
  readonly direction?: 'TX' | 'RX';
  /** First line of the message, from 1. */
  readonly line: number;
}

export type HexInput =
  | {
      readonly ok: true;
      /** All messages one after the other. */
      readonly octets: Uint8Array;
      readonly messages: readonly HexMessage[];
    }
  | {
      readonly ok: false;
      readonly message: string;
      /** Index into the text, and the same as line and column from 1. */
      readonly position: number;
      readonly line: number;
      readonly column: number;
    };

/** Longest text accepted, in characters. */
export const MAX_HEX_INPUT = 16 * 1024 * 1024;

/** Stands between octets: blanks, punctuation of C arrays, JSON and hex editors. */
const SEPARATOR = /[\s,;:_.|{}[\]()"'-]/;

/**
 * Octets of a text as people paste it: hex with or without blanks, `0x7E, 0xA0`, `7E:A0`, `\x7e`, comments (`#`, `//`,
 * block comments), log lines with timestamps, tags and `TX:` or `RX:` before the octets, hex dumps with offsets, and
 * bytes literals of Python. Lines with a log prefix begin a message of their own; lines without one continue the message
 * before; what a program had to say in a line with a prefix is passed over.
 */
export function parseHexInput(text: string): HexInput {
  if (text.length > MAX_HEX_INPUT) return problem(text, MAX_HEX_INPUT, `text longer than ${MAX_HEX_INPUT} characters`);
  const dump = parseHexDump(text) ?? parseBytesLiteral(text);
  if (dump) return { ok: true, octets: dump, messages: [{ octets: dump, line: 1 }] };
  const messages: { digits: number[]; direction?: 'TX' | 'RX'; line: number }[] = [];
  const scanner = new HexScanner(text);
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const prefix: LogPrefix = scanner.inComment ? { length: 0 } : logPrefix(line);
    if (prefix.length > 0 || messages.length === 0) {
      const half = scanner.openDigit;
      if (half !== undefined) return problem(text, half, 'half an octet before the next message');
      const { direction } = prefix;
      messages.push(direction ? { digits: [], direction, line: index + 1 } : { digits: [], line: index + 1 });
    }
    const from = start + (prefix.words ? line.length : prefix.length);
    const bad = scanner.line(from, start + line.length, messages.at(-1)!.digits);
    if (bad) return problem(text, bad.position, bad.message);
    start += line.length + 1;
  }
  if (scanner.openDigit !== undefined) return problem(text, scanner.openDigit, 'half an octet at the end');
  const used = messages
    .filter(({ digits }) => digits.length > 0)
    .map(({ digits, ...rest }) => ({ ...rest, octets: Uint8Array.from(digits) }));
  const octets = concatOctets(used.map((message) => message.octets));
  return { ok: true, octets, messages: used };
}

/** Reads octets line by line; a block comment may span several. */
class HexScanner {
  readonly #text: string;
  inComment = false;
  /** Position of a digit whose octet is not complete. */
  openDigit: number | undefined;
  #high = 0;

  constructor(text: string) {
    this.#text = text;
  }

  line(from: number, to: number, octets: number[]): { position: number; message: string } | undefined {
    let at = from;
    while (at < to) {
      if (this.inComment) {
        if (this.#text.startsWith('*/', at)) {
          this.inComment = false;
          at++;
        }
        at++;
        continue;
      }
      const digit = digitOf(this.#text, at);
      if (this.openDigit !== undefined && digit >= 0) {
        octets.push((this.#high << 4) | digit);
        this.openDigit = undefined;
      } else if (this.openDigit !== undefined) {
        // Texts that were set in pages break lines inside of octets, with a hyphen.
        if (this.#text[at] === '-' && this.#text.slice(at + 1, to).trim() === '') return undefined;
        return { position: this.openDigit, message: 'half an octet' };
      } else if (this.#text.startsWith('#', at) || this.#text.startsWith('//', at)) {
        return undefined;
      } else if (this.#text.startsWith('/*', at)) {
        this.inComment = true;
        at++;
      } else if (isHexMark(this.#text, at)) {
        at++;
        // A mark makes one digit an octet: 0x7.
        if (digitOf(this.#text, at + 1) >= 0 && digitOf(this.#text, at + 2) < 0) octets.push(digitOf(this.#text, ++at));
      } else if (digit >= 0) {
        this.openDigit = at;
        this.#high = digit;
      } else if (!SEPARATOR.test(this.#text[at]!)) {
        return { position: at, message: `'${this.#text[at]}' is not a hex digit` };
      }
      at++;
    }
    return undefined;
  }
}

/** `0x` or `\x`. */
function isHexMark(text: string, at: number): boolean {
  const first = text[at];
  return (first === '0' || first === '\\') && (text[at + 1] === 'x' || text[at + 1] === 'X');
}

/** Value of the hex digit at `at`, or -1. */
function digitOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function problem(text: string, position: number, message: string): HexInput {
  const before = text.slice(0, position).split('\n');
  const line = before.length;
  const column = before.at(-1)!.length + 1;
  const where = `line ${line}, column ${column}`;
  return { ok: false, message: `${message} (${where}); expected pairs of hex digits`, position, line, column };
}
