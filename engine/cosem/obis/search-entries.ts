/** What a search by meaning can find: one entry per pattern, and the electricity and other quantities people ask for. */
import { nameObis } from './name.ts';
import { type Obis, obis, obisKey, parseObis } from './obis.ts';
import { exampleOf, obisPatterns } from './patterns.ts';
import { composedMedia, electricity, gas } from './tables.ts';

/** One code that can be found. */
export interface SearchEntry {
  readonly code: Obis;
  /** Class id that such an object usually has. */
  readonly classId: number;
  /** Words people use for it that are not in its name. */
  readonly keywords: string;
  /** How often it is meant when several fit: 0 rarely .. 3 nearly every meter has it. */
  readonly prior: number;
  /** E numbers the tariff rate. */
  readonly hasRates: boolean;
}

/** Codes that nearly every meter has, with further words for them and, where the pattern leaves a choice, the class. */
const WELL_KNOWN: readonly (readonly [obis: string, prior: number, keywords: string])[] = [
  ['0-0:1.0.0.255', 3, 'time date rtc real'],
  ['0-0:42.0.0.255', 3, 'ldn'],
  ['0-0:96.1.0.255', 3, 'serial number meter identification'],
  ['0-0:96.1.1.255', 2, 'serial number equipment customer'],
  ['0-0:96.1.2.255', 1, 'serial number'],
  ['0-0:96.1.10.255', 1.5, 'pod ean'],
  ['1-0:0.0.0.255', 2, 'serial number meter identification'],
  ['1-0:0.2.0.255', 2.5, 'version software'],
  ['0-0:0.2.0.255', 1.5, 'version software'],
  ['1-0:0.2.8.255', 1.5, 'version checksum'],
  ['1-0:99.1.0.255', 3, '15 minutes hourly interval data'],
  ['1-0:99.2.0.255', 2.5, 'daily interval data'],
  ['0-0:98.1.0.255', 2, 'monthly profile end of month'],
  ['1-0:98.1.0.255', 2, 'monthly profile end of month'],
  ['0-0:99.98.0.255', 2.5, 'standard events'],
  ['0-0:99.98.1.255', 1.5, 'fraud detection tamper'],
  ['0-0:97.97.0.255', 2, 'fault'],
  ['0-0:97.98.0.255', 2, ''],
  ['0-0:97.98.10.255', 1.5, ''],
  ['0-0:96.3.10.255', 2.5, 'relay breaker switch contactor'],
  ['0-0:96.11.0.255', 1.5, ''],
  ['0-0:96.7.21.255', 2, 'outage'],
  ['0-0:96.7.0.255', 1.5, 'outage'],
  ['0-0:96.8.0.255', 1.5, 'operating'],
  ['0-0:96.14.0.255', 2, 'rate'],
  ['0-0:96.13.0.255', 1, 'text display'],
  ['0-0:96.10.1.255', 1.5, 'amr profile'],
  ['0-0:96.5.0.255', 1.5, ''],
  ['0-0:40.0.0.255', 2.5, 'ln sn object list'],
  ['0-0:41.0.0.255', 2, 'logical devices'],
  ['0-0:43.0.0.255', 2.5, 'keys suite policy'],
  ['0-0:43.1.0.255', 2, 'frame counter'],
  ['0-0:44.0.0.255', 2.5, 'firmware update upgrade'],
  ['0-0:22.0.0.255', 2, 'baud speed address'],
  ['0-0:20.0.0.255', 1.5, 'baud'],
  ['0-0:25.0.0.255', 2, 'port ip'],
  ['0-0:25.1.0.255', 1.5, 'ip address'],
  ['0-0:25.4.0.255', 1.5, 'apn mobile'],
  ['0-0:25.9.0.255', 2, ''],
  ['0-0:15.0.0.255', 1.5, 'scheduler'],
  ['0-0:13.0.0.255', 2, 'tariff tou time of use season'],
  ['0-0:11.0.0.255', 2, 'holiday'],
  ['0-0:14.0.0.255', 1.5, 'tariff'],
  ['0-0:10.0.100.255', 1.5, 'tariff'],
  ['0-0:10.0.1.255', 1.5, 'billing reset'],
  ['0-0:17.0.0.255', 2, 'threshold power limit load'],
  ['0-1:24.1.0.255', 2, 'gas water heat slave device'],
  ['0-1:24.2.1.255', 2, 'gas water heat reading'],
  ['0-1:24.3.0.255', 1.5, 'gas water heat hourly'],
  ['0-1:24.4.0.255', 1, 'valve gas'],
  ['0-1:96.1.0.255', 1, 'serial number mbus gas water heat'],
  ['1-0:0.1.0.255', 1.5, ''],
  ['1-0:0.1.2.255', 1, ''],
  ['1-0:0.4.2.255', 1.5, 'ct ratio'],
  ['1-0:0.4.3.255', 1.5, 'vt pt ratio'],
  ['1-0:0.8.4.255', 1.5, 'capture period'],
  ['1-0:0.8.0.255', 1.5, 'demand integration'],
  ['1-0:1.8.0.255', 3, ''],
  ['1-0:2.8.0.255', 3, ''],
  ['1-0:3.8.0.255', 2.5, ''],
  ['1-0:4.8.0.255', 2.5, ''],
  ['1-0:9.8.0.255', 2, ''],
  ['1-0:1.7.0.255', 3, 'load'],
  ['1-0:2.7.0.255', 3, ''],
  ['1-0:3.7.0.255', 2.5, ''],
  ['1-0:4.7.0.255', 2.5, ''],
  ['1-0:9.7.0.255', 2, ''],
  ['1-0:16.7.0.255', 2, 'sum'],
  ['1-0:32.7.0.255', 3, ''],
  ['1-0:52.7.0.255', 3, ''],
  ['1-0:72.7.0.255', 3, ''],
  ['1-0:31.7.0.255', 3, ''],
  ['1-0:51.7.0.255', 3, ''],
  ['1-0:71.7.0.255', 3, ''],
  ['1-0:91.7.0.255', 2, ''],
  ['1-0:14.7.0.255', 3, ''],
  ['1-0:13.7.0.255', 2.5, ''],
  ['1-0:33.7.0.255', 2, ''],
  ['1-0:53.7.0.255', 2, ''],
  ['1-0:73.7.0.255', 2, ''],
  ['1-0:1.6.0.255', 2.5, 'demand'],
  ['1-0:2.6.0.255', 2, 'demand'],
  ['1-0:1.4.0.255', 2, 'demand'],
  ['1-0:1.5.0.255', 2, 'demand'],
];

/** Values of D offered for quantities with a time integral, and for the others, with how likely they are meant. */
const INTEGRAL_D: readonly (readonly [d: number, prior: number])[] = [
  [8, 1.2],
  [7, 1],
  [6, 0.6],
  [4, 0.4],
  [5, 0.4],
  [29, 0.5],
  [9, 0.3],
  [2, 0.2],
  [10, 0.1],
  [24, 0.3],
  [27, 0.1],
];
const DIRECT_D: readonly (readonly [d: number, prior: number])[] = [
  [7, 1.2],
  [24, 0.4],
  [6, 0.4],
  [3, 0.4],
  [0, 0.1],
  [4, 0.2],
  [5, 0.2],
  [27, 0.1],
  [31, 0.2],
  [32, 0.3],
  [33, 0.2],
  [34, 0.1],
  [35, 0.2],
  [36, 0.3],
  [37, 0.2],
  [38, 0.1],
  [39, 0.1],
  [40, 0.1],
  [41, 0.1],
];
const HARMONIC_SUMS: readonly number[] = [124, 125];
const PHASE_CURRENTS_AND_VOLTAGES: readonly number[] = [11, 12, 31, 32, 51, 52, 71, 72];
const DEMANDS: ReadonlySet<number> = new Set([2, 4, 5, 6]);
const METER_VOLUMES: readonly number[] = [1, 3, 4, 6, 11, 13, 14, 16];

function entry(code: Obis, prior: number, keywords = ''): SearchEntry {
  const named = nameObis(code);
  // Rates are counted where E has no other meaning: energies, demands and maxima of quantities with an integral.
  const hasRates =
    code.a === 1 &&
    electricity.quantities.get(code.c)?.integralUnit !== undefined &&
    (electricity.integrals.has(code.d) || DEMANDS.has(code.d));
  return { code, classId: named.expectedClasses?.[0] ?? 1, keywords, prior, hasRates };
}

function* electricityEntries(): Generator<SearchEntry> {
  for (const [c, quantity] of electricity.quantities) {
    const hasIntegral = quantity.integralUnit !== undefined;
    // Without a phase in the question the sum of the phases is meant.
    const likely = quantity.phase === '' ? 0.2 : 0;
    if (c === 81 || c === 83) continue;
    for (const [d, prior] of hasIntegral ? INTEGRAL_D : c === 88 || c === 89 ? [[8, 0.5] as const] : DIRECT_D) {
      yield entry(obis(1, 0, c, d, 0), prior + likely, DEMANDS.has(d) && hasIntegral ? 'demand' : '');
    }
  }
  for (const c of PHASE_CURRENTS_AND_VOLTAGES) {
    for (const e of HARMONIC_SUMS) yield entry(obis(1, 0, c, 7, e), 0.4, 'distortion harmonic');
  }
  for (const to of electricity.angles.keys()) {
    for (const from of electricity.angles.keys()) if (to !== from) yield entry(obis(1, 0, 81, 7, to * 10 + from), 0.3);
  }
  for (const e of electricity.losses.keys()) yield entry(obis(1, 0, 83, 8, e), 0);
}

function* otherEntries(): Generator<SearchEntry> {
  for (const [a, tables] of composedMedia) {
    for (const c of tables.quantities.keys()) if (c !== 0) yield entry(obis(a, 0, c, 0, 0), 1);
  }
  for (const c of METER_VOLUMES) for (const d of [0, 1, 2]) yield entry(obis(7, 0, c, d, 0), 0.2, 'gas');
  for (const c of gas.quantities.keys()) if (c >= 41 && c <= 55) yield entry(obis(7, 0, c, 0, 0), 0.1, 'gas');
}

/** All entries, one per code; the well-known ones first. */
export function searchEntries(): SearchEntry[] {
  const result = new Map<number, SearchEntry>();
  const add = (item: SearchEntry): void => {
    const key = obisKey(item.code);
    if (!result.has(key)) result.set(key, item);
  };
  for (const [text, prior, keywords] of WELL_KNOWN) {
    const code = parseObis(text);
    if (code !== undefined) add(entry(code, prior, keywords));
  }
  for (const item of electricityEntries()) add(item);
  for (const pattern of obisPatterns) {
    const code = exampleOf(pattern);
    add(entry(code, code.a <= 1 ? 0.5 : 0.1));
  }
  for (const item of otherEntries()) add(item);
  return [...result.values()].filter((item) => nameObis(item.code).source !== 'manufacturer');
}
