/** Words of a search: how text is cut, and which words mean the same. */

/** Words people type for the words that stand in names. The value replaces the typed word; several words may come of one. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  '+a': ['active', 'import'],
  'a+': ['active', 'import'],
  '-a': ['active', 'export'],
  'a-': ['active', 'export'],
  '+r': ['reactive', 'import'],
  'r+': ['reactive', 'import'],
  '-r': ['reactive', 'export'],
  'r-': ['reactive', 'export'],
  amp: ['current'],
  ampere: ['current'],
  amperage: ['current'],
  amps: ['current'],
  avg: ['average'],
  breaker: ['disconnect'],
  consumed: ['import'],
  consumption: ['import'],
  cos: ['power', 'factor'],
  cosphi: ['power', 'factor'],
  customer: ['consumer'],
  delivered: ['import'],
  disconnector: ['disconnect'],
  exported: ['export'],
  'feed-in': ['export'],
  freq: ['frequency'],
  fw: ['firmware'],
  generation: ['export'],
  harmonics: ['harmonic'],
  hz: ['frequency'],
  imported: ['import'],
  injection: ['export'],
  kva: ['apparent', 'power'],
  kvah: ['apparent', 'energy'],
  kvar: ['reactive', 'power'],
  kvarh: ['reactive', 'energy'],
  kw: ['active', 'power'],
  kwh: ['active', 'energy'],
  max: ['maximum'],
  mdi: ['maximum'],
  'm-bus': ['mbus'],
  min: ['minimum'],
  negative: ['export'],
  neutral: ['n'],
  outage: ['failure'],
  outages: ['failure'],
  peak: ['maximum'],
  pf: ['power', 'factor'],
  positive: ['import'],
  production: ['export'],
  q1: ['qi'],
  q2: ['qii'],
  q3: ['qiii'],
  q4: ['qiv'],
  quantity: [],
  relay: ['disconnect'],
  sag: ['under', 'limit'],
  swell: ['over', 'limit'],
  va: ['apparent', 'power'],
  vah: ['apparent', 'energy'],
  var: ['reactive', 'power'],
  varh: ['reactive', 'energy'],
  volt: ['voltage'],
  volts: ['voltage'],
  wh: ['active', 'energy'],
};

/** Phases by the letters and numbers used for them. */
const PHASES: Readonly<Record<string, string>> = {
  1: 'l1',
  2: 'l2',
  3: 'l3',
  a: 'l1',
  b: 'l2',
  c: 'l3',
  r: 'l1',
  s: 'l2',
  t: 'l3',
};

/** What a person asked for. */
export interface Query {
  /** Words that should occur in the name or the keywords. */
  readonly words: readonly string[];
  /** Asked-for tariff rate: value group E of quantities with tariffs. */
  readonly rate?: number;
  /** Asked-for channel: value group B. */
  readonly channel?: number;
}

/** Words of a name: lower case, without brackets and punctuation; `+A` and `-A` are words, as are `l1` and `(1)`. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/m-bus/g, 'mbus')
    .replace(/[()|,;:/#*>"']/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '-' && word !== '+');
}

/** Reads a query: `energy import rate 2` is the words energy and import, and rate 2; `t2` and `phase 2` are known too. */
export function readQuery(text: string): Query {
  const words: string[] = [];
  let rate: number | undefined;
  let channel: number | undefined;
  const typed = wordsOf(text);
  for (let i = 0; i < typed.length; i++) {
    const word = typed[i] ?? '';
    const next = typed[i + 1] ?? '';
    const short = /^(?:t|r|rate|tariff)(\d{1,2})$/.exec(word)?.[1];
    if (short !== undefined) rate = Number(short);
    else if ((word === 'rate' || word === 'tariff') && /^\d{1,2}$/.test(next)) {
      rate = Number(next);
      i++;
    } else if (word === 'channel' && /^\d{1,2}$/.test(next)) {
      channel = Number(next);
      i++;
    } else if (word === 'phase' && PHASES[next] !== undefined) {
      words.push(PHASES[next]);
      i++;
    } else if (word === 'phase' && /^l[123]$/.test(next)) continue;
    else words.push(...(SYNONYMS[word] ?? [word]));
  }
  return {
    words,
    ...(rate === undefined || rate > 63 ? {} : { rate }),
    ...(channel === undefined || channel > 64 ? {} : { channel }),
  };
}
