import { createToken, Lexer, type TokenType } from 'chevrotain';

/**
 * Token types of the language. Keywords do not exist: every word is an `Identifier`, and what words mean is vocabulary.
 *
 * Three types are never matched by the lexer; `structure.ts` turns tokens into them when it has seen where lines and
 * brackets begin and end: `EntryName` (the word that begins an entry), `Stray` (stands where nothing can stand) and
 * `StrayBrace` (a `}` that closes nothing).
 */

/** Everything that may stand inside a line, except `:`. */
export const Inline = createToken({ name: 'Inline', pattern: Lexer.NA });
/** Categories keep the parser's alternatives few, which is what its speed depends on. */
export const Literal = createToken({ name: 'Literal', pattern: Lexer.NA, categories: [Inline] });
export const Operator = createToken({ name: 'Operator', pattern: Lexer.NA, categories: [Inline] });

export const EntryName = createToken({ name: 'EntryName', pattern: Lexer.NA });
export const Stray = createToken({ name: 'Stray', pattern: Lexer.NA, categories: [Inline] });
export const StrayBrace = createToken({ name: 'StrayBrace', pattern: Lexer.NA, categories: [Inline] });

/** `{T}` or `{P*20+12}`: the value of a `for` variable inside a name or an OBIS code. */
const PLACEHOLDER = '\\{[A-Za-z_]\\w*(?:[-+*/%]\\w+)*\\}';
/** One value group of an OBIS code. */
const GROUP = `(?:\\d{1,3}|x|${PLACEHOLDER})`;
/** Letters of identifiers and of units such as `m³`, `°C`, `Ω`. */
const LETTER = 'A-Za-z_°ΩµÅ';
const DIGITS = [...'0123456789'];

export const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const LineComment = createToken({ name: 'LineComment', pattern: /\/\/[^\n\r]*/, group: 'comments' });
export const BlockComment = createToken({
  name: 'BlockComment',
  pattern: /\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\//,
  group: 'comments',
  line_breaks: true,
});
export const OpenComment = createToken({
  name: 'OpenComment',
  pattern: /\/\*[\s\S]*/,
  group: 'comments',
  line_breaks: true,
});
export const Octets = createToken({ name: 'Octets', pattern: /h"[^"\n\r]*"/, categories: [Literal] });
export const Identifier = createToken({
  name: 'Identifier',
  pattern: new RegExp(`[${LETTER}](?:[\\w\\-°³²Ωµ]|${PLACEHOLDER})*`, 'u'),
  start_chars_hint: [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_°ΩµÅ'],
  line_breaks: false,
  categories: [Inline],
});
export const Obis = createToken({
  name: 'Obis',
  pattern: new RegExp(`(?:\\d{1,3}|x)-${GROUP}:${GROUP}\\.${GROUP}\\.${GROUP}(?:[.*]${GROUP})?(?![\\w.*:])`),
  start_chars_hint: [...DIGITS, 'x'],
  line_breaks: false,
  categories: [Literal],
});
/** Begins like an OBIS code but has too few or too many groups. */
export const BrokenObis = createToken({
  name: 'BrokenObis',
  pattern: /\d{1,3}-(?:\d{1,3}|x):[0-9x.*:{}]*/,
  start_chars_hint: DIGITS,
  line_breaks: false,
  categories: [Literal],
});
export const Hex = createToken({ name: 'Hex', pattern: /0[xX][0-9a-fA-F_]+/, categories: [Literal] });
export const Power = createToken({ name: 'Power', pattern: /10\^[+-]?\d+/, categories: [Literal] });
export const Duration = createToken({
  name: 'Duration',
  pattern: /\d+(?:\.\d+)?(?:ms|s|min|h|d)(?!\w)/,
  categories: [Literal],
});
export const Percent = createToken({ name: 'Percent', pattern: /\d+(?:\.\d+)?%/, categories: [Literal] });
export const Range = createToken({ name: 'Range', pattern: /\d+\.\.\d+/, categories: [Literal] });
export const NumberLiteral = createToken({
  name: 'NumberLiteral',
  pattern: /\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/,
  categories: [Literal],
});
export const DateTime = createToken({ name: 'DateTime', pattern: /@[0-9T:.Z+*-]*/, categories: [Literal] });
export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\n\r]|\\.)*"/, categories: [Literal] });
export const OpenText = createToken({ name: 'OpenText', pattern: /"(?:[^"\\\n\r]|\\.)*/, categories: [Literal] });
export const LeftBrace = createToken({ name: 'LeftBrace', pattern: '{' });
export const RightBrace = createToken({ name: 'RightBrace', pattern: '}' });
export const LeftSquare = createToken({ name: 'LeftSquare', pattern: '[', categories: [Inline] });
export const RightSquare = createToken({ name: 'RightSquare', pattern: ']', categories: [Inline] });
export const LeftParen = createToken({ name: 'LeftParen', pattern: '(', categories: [Inline] });
export const RightParen = createToken({ name: 'RightParen', pattern: ')', categories: [Inline] });
export const Compare = createToken({ name: 'Compare', pattern: /[<>!=]=|[<>]/, categories: [Operator] });
export const Equals = createToken({ name: 'Equals', pattern: '=', categories: [Inline] });
export const Comma = createToken({ name: 'Comma', pattern: ',', categories: [Inline] });
export const Colon = createToken({ name: 'Colon', pattern: ':' });
export const Dot = createToken({ name: 'Dot', pattern: '.', categories: [Inline] });
export const Sign = createToken({ name: 'Sign', pattern: /[+-]/, categories: [Operator] });
export const Factor = createToken({ name: 'Factor', pattern: /[*/%]/, categories: [Operator] });

/** Order is priority: `h"00"` before the word `h`, OBIS codes before numbers, whole texts before unclosed ones. */
export const tokenTypes: readonly TokenType[] = [
  WhiteSpace,
  LineComment,
  BlockComment,
  OpenComment,
  Octets,
  Obis,
  Identifier,
  BrokenObis,
  Hex,
  Power,
  Duration,
  Percent,
  Range,
  NumberLiteral,
  DateTime,
  Text,
  OpenText,
  LeftBrace,
  RightBrace,
  LeftSquare,
  RightSquare,
  LeftParen,
  RightParen,
  Compare,
  Equals,
  Comma,
  Colon,
  Dot,
  Sign,
  Factor,
  EntryName,
  Stray,
  StrayBrace,
  Literal,
  Operator,
  Inline,
];
