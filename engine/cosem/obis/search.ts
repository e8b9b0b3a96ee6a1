import { nameObis } from './name.ts';
import { formatObis, type Obis, parseObis } from './obis.ts';
import { type SearchEntry, searchEntries } from './search-entries.ts';
import { type Query, readQuery, wordsOf } from './search-words.ts';

/** A code found by meaning. */
export interface ObisSearchResult {
  /** Canonical text. */
  readonly obis: string;
  readonly name: string;
  /** Class id that such an object usually has. */
  readonly classId: number;
  /** Unit id, if the quantity has one. */
  readonly unit?: number;
  /** Higher is better; comparable only within one search. */
  readonly score: number;
}

/** Options of `searchObis`. */
export interface SearchObisOptions {
  /** Most results. Default 20. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 20;
/** A typed word counts this much if it begins a word of the name, or stands inside of one. */
const BEGINS = 0.75;
const INSIDE = 0.3;
/** A word found among the keywords counts less than one in the name. */
const KEYWORD = 0.7;
/** Words of names that do not make an answer worse when nobody asked for them. */
const NEUTRAL: ReadonlySet<string> = new Set([
  '+a',
  '-a',
  '+r',
  '-r',
  '+va',
  '-va',
  'total',
  'instantaneous',
  'cosem',
  '1',
]);
/** Each word of a name that was not asked for costs this. */
const SUPERFLUOUS = 0.12;
const PRIOR_WEIGHT = 0.25;

interface IndexedEntry {
  readonly entry: SearchEntry;
  /** Numbers of the words of the name. */
  readonly name: Uint16Array;
  /** Numbers of the further words people use. */
  readonly keywords: Uint16Array;
  /** Words of the name that say something. */
  readonly nameLength: number;
}

interface SearchIndex {
  readonly vocabulary: readonly string[];
  readonly entries: readonly IndexedEntry[];
}

let built: SearchIndex | undefined;

/** Words are numbered once, so that a query compares itself with each word once and not with each name. */
function buildIndex(): SearchIndex {
  const numbers = new Map<string, number>();
  const numberOf = (word: string): number => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, numbers.size);
    return numbers.size - 1;
  };
  const entries = searchEntries().map((entry) => {
    const name = wordsOf(nameObis(entry.code).name);
    return {
      entry,
      name: Uint16Array.from(name, numberOf),
      keywords: Uint16Array.from(wordsOf(entry.keywords), numberOf),
      nameLength: name.filter((word) => !NEUTRAL.has(word)).length,
    };
  });
  return { vocabulary: [...numbers.keys()], entries };
}

function likeness(typed: string, word: string): number {
  if (word === typed) return 1;
  if (typed.length >= 2 && word.startsWith(typed)) return BEGINS;
  return typed.length >= 3 && word.includes(typed) ? INSIDE : 0;
}

/** The entry's code with the rate and the channel that were asked for, if it can have them. */
function adapted(entry: SearchEntry, query: Query): Obis {
  const e = query.rate !== undefined && entry.hasRates ? query.rate : entry.code.e;
  return { ...entry.code, e, b: query.channel ?? entry.code.b };
}

function scoreOf(item: IndexedEntry, query: Query, likenesses: readonly Float32Array[]): number | undefined {
  let score = 0;
  for (const ofWord of likenesses) {
    let best = 0;
    for (const word of item.name) best = Math.max(best, ofWord[word] ?? 0);
    for (const word of item.keywords) best = Math.max(best, KEYWORD * (ofWord[word] ?? 0));
    // Every word must be met by something: "voltage l2" is not answered with "Voltage L1".
    if (best === 0) return undefined;
    score += best;
  }
  if (query.rate !== undefined) {
    if (!item.entry.hasRates) return undefined;
    score += 1;
  }
  return score + item.entry.prior * PRIOR_WEIGHT - Math.max(0, item.nameLength - query.words.length) * SUPERFLUOUS;
}

function resultOf(code: Obis, classId: number, score: number): ObisSearchResult {
  const named = nameObis(code);
  return {
    obis: named.obis,
    name: named.name,
    classId,
    ...(named.unit === undefined ? {} : { unit: named.unit }),
    score,
  };
}

/** A query that is (the beginning of) a code: `1.8`, `1-0:32`, `0-0:96.1.`. */
function searchByCode(text: string, entries: readonly IndexedEntry[], limit: number): ObisSearchResult[] {
  const exact = parseObis(text);
  const found = entries
    .filter(({ entry }) => {
      const code = formatObis(entry.code);
      return code.startsWith(text) || code.slice(code.indexOf(':') + 1).startsWith(text);
    })
    .map(({ entry }) => resultOf(entry.code, entry.classId, entry.prior))
    .toSorted((x, y) => y.score - x.score);
  if (exact === undefined) return found.slice(0, limit);
  const first = resultOf(exact, nameObis(exact).expectedClasses?.[0] ?? 1, 10);
  return [first, ...found.filter((item) => item.obis !== first.obis)].slice(0, limit);
}

/**
 * Finds codes by what they mean, best first: `voltage L2`, `active import rate 2`, `max demand`, `serial`, `ldn`,
 * `kWh`. Every word must match the name or a keyword, at least by its beginning, so that it can be used while
 * typing. A text that begins like a code (`1.8`, `0-0:96`) is searched as one. Empty text gives the best known codes.
 */
export function searchObis(text: string, options: SearchObisOptions = {}): ObisSearchResult[] {
  built ??= buildIndex();
  const { vocabulary, entries } = built;
  const limit = options.limit ?? DEFAULT_LIMIT;
  const trimmed = text.trim();
  if (/^\d+[-:.]/.test(trimmed)) return searchByCode(trimmed, entries, limit);
  const query = readQuery(trimmed);
  const likenesses = query.words.map((typed) => Float32Array.from(vocabulary, (word) => likeness(typed, word)));
  const scored: { item: IndexedEntry; score: number }[] = [];
  for (const item of entries) {
    const score = scoreOf(item, query, likenesses);
    if (score !== undefined) scored.push({ item, score });
  }
  const results = new Map<string, ObisSearchResult>();
  for (const { item, score } of scored.toSorted((x, y) => y.score - x.score)) {
    if (results.size >= limit) break;
    // Two entries may become the same code once channel and rate are filled in; the better one stays.
    const result = resultOf(adapted(item.entry, query), item.entry.classId, score);
    if (!results.has(result.obis)) results.set(result.obis, result);
  }
  return [...results.values()];
}
