import { isDeepStrictEqual } from 'node:util';
import type { Apdu } from '../../../../engine/codec/apdu.ts';
import type { Data } from '../../../../engine/codec/axdr/data.ts';
import type { GetDataResult } from '../../../../engine/codec/xdlms/types.ts';
import { type ObjectListEntry, readObjectList, readShortNameObjectList } from '../../../../engine/cosem/object-list.ts';
import type { Exchange } from './peer-replay.ts';

/** What one replay came to. */
export interface Comparison {
  readonly requests: number;
  /** Results of attributes, methods and selections. */
  readonly results: number;
  /** Of these, values compared to the last octet; the others are of what depends on time, counters and keys. */
  readonly values: number;
  readonly differences: readonly string[];
}

/**
 * Attributes whose values may differ, by class, and why. Their types are compared all the same, but for `refused`, which
 * ours does not show.
 */
const MAY_DIFFER: Readonly<Record<string, 'time' | 'rows' | 'services' | 'names' | 'rights' | 'refused'>> = {
  '8#2': 'time',
  '7#2': 'rows',
  '7#7': 'rows',
  // The recorded servers have one association object under many names, and other buffers and services.
  '15#1': 'names',
  '15#5': 'services',
  '15#9': 'names',
  // Rights of methods and selectors, which mirror and recording have from different tables.
  '12#3': 'rights',
  // Passwords are not read out of a virtual meter.
  '15#7': 'refused',
};

/** Answers in which the recorded servers failed, with what they answered: ours gives the value. */
const PEER_FAILED: ReadonlySet<string> = new Set(['get-request 7 1-0:99.98.0.255 #2']);

interface Result {
  readonly what: string;
  readonly recorded: GetDataResult | string;
  readonly ours: GetDataResult | string;
  /** Key into MAY_DIFFER. */
  readonly of: string;
}

export function compare(exchanges: readonly Exchange[], objects: readonly ObjectListEntry[]): Comparison {
  const differences: string[] = [];
  let results = 0;
  let values = 0;
  for (const exchange of exchanges) {
    const { request, recorded, ours } = exchange;
    if (recorded.kind !== ours.kind) {
      differences.push(`${request.kind}: ${recorded.kind} recorded, ${ours.kind} here (${JSON.stringify(ours)})`);
      continue;
    }
    for (const { what, recorded: theirs, ours: mine, of } of resultsOf(exchange, objects)) {
      if (PEER_FAILED.has(what)) continue;
      results += 1;
      const difference = OBJECT_LISTS.has(of)
        ? listDifference(theirs, mine, of)
        : differenceOf(theirs, mine, MAY_DIFFER[of]);
      if (difference === 'same') values += 1;
      else if (difference !== 'same kind') differences.push(`${what}: ${difference}`);
    }
  }
  return { requests: exchanges.length, results, values, differences };
}

function resultsOf({ request, recorded, ours }: Exchange, objects: readonly ObjectListEntry[]): Result[] {
  if (recorded.kind === 'aare' && ours.kind === 'aare') {
    return [
      {
        what: 'AARE',
        recorded: `${recorded.result} ${recorded.diagnostic.value}`,
        ours: `${ours.result} ${ours.diagnostic.value}`,
        of: '',
      },
    ];
  }
  const [theirs, mine] = [listOf(recorded), listOf(ours)];
  const names = namesOf(request, objects);
  return Array.from({ length: Math.max(theirs.length, mine.length) }, (_, index) => ({
    what: `${request.kind} ${names[index]?.what ?? index}`,
    recorded: theirs[index] ?? 'nothing',
    ours: mine[index] ?? 'nothing',
    of: names[index]?.of ?? '',
  }));
}

/** The results an APDU carries, whatever it is. */
function listOf(apdu: Apdu): (GetDataResult | string)[] {
  switch (apdu.kind) {
    case 'get-response':
      if (apdu.type === 'with-list') return [...apdu.list];
      if (apdu.type !== 'normal') return [apdu.type];
      return ['data' in apdu ? { data: apdu.data } : { result: apdu.result }];
    case 'read-response':
      return apdu.list.map((item) => ('data' in item || 'result' in item ? item : 'block'));
    case 'write-response':
      return apdu.list.map((item) => (typeof item === 'string' ? item : 'block'));
    case 'set-response':
      return apdu.type === 'normal' ? [apdu.result] : [apdu.type];
    case 'action-response':
      return apdu.type === 'normal' ? [apdu.result] : [apdu.type];
    case 'access-response':
      return [...apdu.data.map((data) => ({ data })), ...apdu.results.map((outcome) => JSON.stringify(outcome))];
    default:
      return [];
  }
}

function namesOf(request: Apdu, objects: readonly ObjectListEntry[]): { readonly what: string; readonly of: string }[] {
  if (request.kind === 'get-request' && request.type === 'normal') return [nameOf(request.attr)];
  if (request.kind === 'get-request' && request.type === 'with-list') return request.list.map(nameOf);
  if (request.kind === 'set-request' && request.type === 'normal') return [nameOf(request.attr)];
  if (request.kind === 'action-request' && request.type === 'normal') return [nameOf(request.method)];
  if (request.kind === 'access-request') return request.spec.map(nameOf);
  if (request.kind !== 'read-request' && request.kind !== 'write-request') return [];
  return request.list.map((item) => {
    if ('variable-name' in item) return shortName(item['variable-name'], objects);
    return 'parameterized-access' in item
      ? shortName(item['parameterized-access'].name, objects)
      : { what: '', of: '' };
  });
}

function nameOf(attribute: { readonly class: number; readonly obis: string; readonly index: number }) {
  const { class: classId, obis, index } = attribute;
  return { what: `${classId} ${obis} #${index}`, of: `${classId}#${index}` };
}

function shortName(name: number, objects: readonly ObjectListEntry[]) {
  const below = objects.filter(({ baseName }) => baseName !== undefined && baseName <= name);
  const nearest = below.toSorted((a, b) => (b.baseName ?? 0) - (a.baseName ?? 0))[0];
  if (nearest === undefined) return { what: name.toString(16), of: '' };
  const index = (name - (nearest.baseName ?? 0)) / 8 + 1;
  return nameOf({ class: nearest.classId, obis: nearest.logicalName, index });
}

/** `same`, `same kind` where values may differ, or in which way they do. */
function differenceOf(
  theirs: GetDataResult | string,
  mine: GetDataResult | string,
  allowed: string | undefined,
): string {
  if (isDeepStrictEqual(plain(theirs), plain(mine))) return 'same';
  if (allowed === 'refused' && typeof mine !== 'string' && 'result' in mine) return 'same kind';
  if (typeof theirs === 'string' || typeof mine === 'string' || !('data' in theirs) || !('data' in mine))
    return `${shown(theirs)} recorded, ${shown(mine)} here`;
  if (isDeepStrictEqual(identifierOf(theirs.data), identifierOf(mine.data))) return 'same';
  if (allowed === undefined) return `${shown(theirs)} recorded, ${shown(mine)} here`;
  const [a, b] = allowed === 'rights' ? [theirs.data.t, mine.data.t] : [shapeOf(theirs.data), shapeOf(mine.data)];
  return a === b ? 'same kind' : `${a} recorded, ${b} here`;
}

/** Application context and mechanism may be an octet-string or a structure of arcs (BB 4.4.4): octets of either. */
function identifierOf(data: Data): string | Data {
  if (data.t === 'octet-string') return Buffer.from(data.v).toString('hex');
  const arcs = data.t === 'structure' ? data.v.map((arc) => ('v' in arc ? arc.v : undefined)) : [];
  const [first, second, ...rest] = arcs;
  if (arcs.length !== 7 || typeof first !== 'number' || typeof second !== 'number') return data;
  const octets = [first * 40 + second, ...rest.flatMap((arc) => (typeof arc === 'number' ? base128(arc) : []))];
  return Buffer.from(octets).toString('hex');
}

function base128(arc: number): number[] {
  return arc < 128 ? [arc] : [(arc >> 7) | 0x80, arc & 0x7f];
}

const OBJECT_LISTS: ReadonlySet<string> = new Set(['15#2', '12#2']);

/** Object lists have the same objects with the same rights to read and write, in any order. */
function listDifference(theirs: GetDataResult | string, mine: GetDataResult | string, of: string): string {
  const [a, b] = [entriesOf(theirs, of), entriesOf(mine, of)];
  const missing = a.filter((entry) => !b.includes(entry));
  const added = b.filter((entry) => !a.includes(entry));
  if (a.length > 0 && missing.length === 0 && added.length === 0) return 'same';
  return `${missing.join('; ')} recorded, ${added.join('; ')} here`;
}

function entriesOf(result: GetDataResult | string, of: string): string[] {
  if (typeof result === 'string' || !('data' in result)) return [];
  const { data } = result;
  const reading = of === '12#2' ? readShortNameObjectList(data) : readObjectList(data, versionIn(data));
  return (reading?.entries ?? []).map(({ classId, version, logicalName, baseName, attributes }) => {
    const rights = (attributes ?? [])
      .filter(({ access }) => access.read || access.write)
      // Nobody writes a logical name here, whatever the recorded servers say.
      .map(({ index, access }) => `${index}${access.read ? 'r' : ''}${access.write && index > 1 ? 'w' : ''}`);
    return `${classId} v${version} ${logicalName} ${baseName ?? ''} ${rights.join(' ')}`;
  });
}

/** Version of the association the list is of: it says how rights are written. */
function versionIn(data: Data): number {
  const own = readObjectList(data, 3)?.entries.find(
    ({ logicalName, classId }) => classId === 15 && logicalName === '0-0:40.0.0.255',
  );
  return own?.version ?? 3;
}

/** Types of a value; of arrays that of their elements. */
function shapeOf(data: Data): string {
  if (data.t === 'structure') return `{${data.v.map(shapeOf).join(' ')}}`;
  if (data.t !== 'array') return data.t;
  return `[${[...new Set(data.v.map(shapeOf))].join('|')}]`;
}

function shown(result: GetDataResult | string): string {
  return JSON.stringify(plain(result)).slice(0, 300);
}

/** Octets as hex: Buffers and Uint8Arrays are the same octets. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
