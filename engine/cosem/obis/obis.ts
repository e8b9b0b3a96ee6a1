import { fromHex, toHex } from '../../codec/hex.ts';
import { CosemError } from '../error.ts';

/** An OBIS code (IEC 62056-6-1): value groups A (medium) to F (billing period), each 0..255. */
export interface Obis {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

/** Name of a value group. */
export type ObisGroup = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

/** C and D as letters on displays and in IEC 62056-21 data sets: general, faults, lists, profiles. */
const LETTERS: Readonly<Record<string, number>> = { C: 96, F: 97, L: 98, P: 99 };

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const HEX = /^(?:0x)?([0-9a-f]{12})$/i;
/** [[A-]B:]C.D[.E][*F]; `&` marks a manual reset, `.` before F is the usual written form. */
const REDUCED =
  /^(?:(?:(\d{1,3})-)?(\d{1,3}):)?(\d{1,3}|[CFLP])\.(\d{1,3}|[CFLP])(?:\.(\d{1,3})(?:[.*&](\d{1,3}))?|[*&](\d{1,3}))?$/i;

/** How parts that a reduced form leaves out are filled. */
export interface ParseObisOptions {
  /** Value group A of codes that do not state it. Default 1, electricity. */
  readonly medium?: number;
  /** Value group B of codes that do not state it. Default 0. */
  readonly channel?: number;
}

function group(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  return LETTERS[text.toUpperCase()] ?? Number(text);
}

function checked(values: readonly number[]): Obis | undefined {
  const [a = 256, b = 256, c = 256, d = 256, e = 256, f = 256] = values;
  return values.every((value) => value >= 0 && value <= 255) ? obis(a, b, c, d, e, f) : undefined;
}

/** An OBIS code from its six groups. */
export function obis(a: number, b: number, c: number, d: number, e: number, f = 255): Obis {
  return { a, b, c, d, e, f };
}

/**
 * Reads `1-0:1.8.0.255`, `1-0:1.8.0*255`, `1.0.1.8.0.255`, twelve hex digits, and the reduced forms of
 * IEC 62056-61: `1-0:1.8.0`, `1.8.1`, `1.8.1*03`, `1.8`, `C.1.0`, `F.F`. What is left out becomes A = 1 (see
 * options), B = 0, E = 0, F = 255. Undefined for anything else, also for groups above 255.
 */
export function parseObis(text: string, options: ParseObisOptions = {}): Obis | undefined {
  const code = text.trim();
  const dotted = DOTTED.exec(code);
  if (dotted !== null) return checked(dotted.slice(1).map(Number));
  const hex = HEX.exec(code)?.[1];
  if (hex !== undefined) return obisFromOctets(fromHex(hex));
  const reduced = REDUCED.exec(code);
  if (reduced === null) return undefined;
  const [, a, b, c, d, e, f, billing] = reduced;
  return checked([
    group(a, options.medium ?? 1),
    group(b, options.channel ?? 0),
    group(c, 0),
    group(d, 0),
    group(e, 0),
    group(f ?? billing, 255),
  ]);
}

/** Six octets as an OBIS code; undefined if there are not six. */
export function obisFromOctets(octets: Uint8Array): Obis | undefined {
  const [a, b, c, d, e, f] = octets;
  if (octets.length !== 6 || a === undefined || b === undefined || c === undefined) return undefined;
  if (d === undefined || e === undefined || f === undefined) return undefined;
  return { a, b, c, d, e, f };
}

/**
 * The six octets of a logical name.
 * @throws CosemError `bad-obis` for text that `parseObis` does not read.
 */
export function obisToOctets(code: Obis | string): Uint8Array {
  const parsed = typeof code === 'string' ? parseObis(code) : code;
  if (parsed === undefined) {
    throw new CosemError(
      'bad-obis',
      `found ${JSON.stringify(code)}, expected an OBIS code such as 1-0:1.8.0.255 with groups of 0..255`,
    );
  }
  return Uint8Array.of(parsed.a, parsed.b, parsed.c, parsed.d, parsed.e, parsed.f);
}

/**
 * The canonical text `A-B:C.D.E.F`. For display, so it takes what comes: octets that are not six are shown as hex and
 * text that is no OBIS code as it is.
 */
export function formatObis(code: Obis | Uint8Array | string): string {
  if (code instanceof Uint8Array) {
    const parsed = obisFromOctets(code);
    return parsed === undefined ? toHex(code) : formatObis(parsed);
  }
  if (typeof code === 'string') {
    const parsed = parseObis(code);
    return parsed === undefined ? code : formatObis(parsed);
  }
  return `${code.a}-${code.b}:${code.c}.${code.d}.${code.e}.${code.f}`;
}

/** The six octets as one number, for maps and for sorting by A, B, C, D, E, F. */
export function obisKey(code: Obis): number {
  return ((((code.a * 256 + code.b) * 256 + code.c) * 256 + code.d) * 256 + code.e) * 256 + code.f;
}

/** Order by value groups, for sorting. */
export function compareObis(x: Obis, y: Obis): number {
  return obisKey(x) - obisKey(y);
}
