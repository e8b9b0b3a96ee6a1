import { areaOf } from './areas.ts';
import { type Composition, composeElectricity } from './compose-electricity.ts';
import { composeGas, composeOther } from './compose-media.ts';
import { type GroupMeaning, groupMeanings } from './groups.ts';
import { formatObis, type Obis, obisFromOctets, obisKey, parseObis } from './obis.ts';
import { findPattern, nameByPattern, type ObisPattern } from './patterns.ts';
import { reservedSpace } from './reserved.ts';
import type { ObisNameSource } from './source.ts';
import { media } from './tables.ts';

/** What is known about an OBIS code. */
export interface ObisName {
  /** Canonical text `A-B:C.D.E.F`. */
  readonly obis: string;
  /** `Active energy import (+A), rate 1`. */
  readonly name: string;
  /** Value groups A to F with what each says here. */
  readonly groups: readonly GroupMeaning[];
  /** Unit id that such an object usually has. */
  readonly unit?: number;
  readonly source: ObisNameSource;
  /** Class ids that such an object may have, the usual one first; absent where any class may be. */
  readonly expectedClasses?: readonly number[];
  /** False if a composed name had to show numbers, because no table knows the value of a group. */
  readonly known: boolean;
}

/** Options of `nameObis`. */
export interface NameObisOptions {
  /** Class of the object, if known: prefers the pattern made for it. */
  readonly classId?: number;
}

/** Names of this many codes are kept; a fleet or a scan uses a few hundred different ones. */
export const NAME_CACHE_SIZE = 8192;

const cache = new Map<number, ObisName>();

function compose(code: Obis): Composition {
  const area = areaOf(code.a, code.c);
  if (area !== undefined) return composeArea(code, area);
  if (code.a === 1) return composeElectricity(code);
  return code.a === 7 ? composeGas(code) : composeOther(code);
}

/** A code of a known area that no pattern names: the area and the numbers. */
function composeArea(code: Obis, area: string): Composition {
  const name = area.charAt(0).toUpperCase() + area.slice(1);
  return { parts: [`${name} object`, `D=${code.d}`, `E=${code.e}`], classes: [], known: false };
}

/** Meaning of F as a clause, empty for 255 (current value). Of thresholds (D = 31, 35, 39) F is the number. */
function billing(code: Obis): string {
  if (code.f === 255) return '';
  if (code.a === 1 && (code.d === 31 || code.d === 35 || code.d === 39)) return `threshold ${code.f}`;
  if (code.f <= 99) return `billing period ${code.f}`;
  if (code.f === 101) return 'last billing period';
  if (code.f >= 102 && code.f <= 125) return `billing period ${code.f - 100} back`;
  return code.f === 126 ? 'all billing periods' : `F=${code.f}`;
}

/** Media of which the names alone do not speak: added to names of patterns and compositions. */
const MEDIUM_CLAUSES: ReadonlyMap<number, string> = new Map([
  [4, 'heat cost allocator'],
  [5, 'cooling'],
  [6, 'heat'],
  [7, 'gas'],
  [8, 'cold water'],
  [9, 'hot water'],
]);

function mediumClause(code: Obis, name: string): string {
  const clause = MEDIUM_CLAUSES.get(code.a) ?? '';
  return name.toLowerCase().includes(clause) ? '' : clause;
}

const channel = (code: Obis): string => (code.b >= 1 && code.b <= 64 ? `channel ${code.b}` : '');

function described(
  code: Obis,
  source: ObisNameSource,
  parts: readonly string[],
): Pick<ObisName, 'obis' | 'name' | 'groups' | 'source'> {
  return {
    obis: formatObis(code),
    name: parts.filter((part) => part !== '').join(', '),
    groups: groupMeanings(code, source),
    source,
  };
}

/**
 * The pattern of a code. Meters keep values of past billing periods, and objects of further channels, of things the
 * book lists only as current or without a channel: those are named by the current one or the one of channel 0.
 */
function patternFor(code: Obis, classId: number | undefined): ObisPattern | undefined {
  const exact = findPattern(code, classId);
  if (exact !== undefined || (code.f === 255 && code.b === 0)) return exact;
  return (
    (code.f <= 126 ? findPattern({ ...code, f: 255 }, classId) : undefined) ??
    (code.b >= 1 && code.b <= 64 ? findPattern({ ...code, b: 0 }, classId) : undefined)
  );
}

function nameOf(code: Obis, classId: number | undefined): ObisName {
  const reserved = reservedSpace(code);
  const pattern = patternFor(code, classId);
  if (reserved !== undefined && (pattern === undefined || reserved.source !== 'manufacturer' || !reserved.display)) {
    return { ...described(code, reserved.source, [reserved.name]), known: true };
  }
  if (pattern !== undefined) {
    const name = nameByPattern(pattern, code, (target) => quantityOfProfile(target));
    const source = reserved?.source ?? 'pattern';
    const clauses = [mediumClause(code, name), channel(code), pattern.namesF ? '' : billing(code)];
    return {
      ...described(code, source, [name, ...clauses]),
      ...(pattern.classes.length === 0 ? {} : { expectedClasses: pattern.classes }),
      known: true,
    };
  }
  const composition = compose(code);
  const medium = mediumClause(code, composition.parts[0] ?? '');
  return {
    ...described(code, 'composed', [...composition.parts, medium, channel(code), billing(code)]),
    ...(composition.unit === undefined ? {} : { unit: composition.unit }),
    ...(composition.classes.length === 0 ? {} : { expectedClasses: composition.classes }),
    known: composition.known,
  };
}

/** In the load profiles of gas, D and E of the profile are C and D of what is recorded. */
function quantityOfProfile(code: Obis): string {
  const recorded = compose({ ...code, c: code.d, d: code.e, e: 0 }).parts;
  return recorded.slice(0, 2).join(', ');
}

/**
 * Names any OBIS code in the order of Blue Book 7: spaces of manufacturers, utilities, consortia and countries
 * first, then the pattern table, then composition of the groups. Text or octets that are no code give a name that
 * says so, with `known` false.
 */
export function nameObis(code: Obis | Uint8Array | string, options: NameObisOptions = {}): ObisName {
  const parsed = typeof code === 'string' ? parseObis(code) : code instanceof Uint8Array ? obisFromOctets(code) : code;
  if (parsed === undefined) {
    const text = formatObis(code);
    return { obis: text, name: `${text} (no OBIS code)`, groups: [], source: 'composed', known: false };
  }
  // 48 bits of code and 16 of class id do not fit a safe integer; names that depend on the class are few.
  if (options.classId !== undefined) return nameOf(parsed, options.classId);
  const key = obisKey(parsed);
  const found = cache.get(key);
  if (found !== undefined) return found;
  const result = nameOf(parsed, undefined);
  if (cache.size >= NAME_CACHE_SIZE) cache.clear();
  cache.set(key, result);
  return result;
}

/** Name of a medium (value group A). */
export function mediumName(a: number): string {
  return media.get(a) ?? `medium ${a}`;
}
