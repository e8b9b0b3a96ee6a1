import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { dataToJson } from '../../../engine/codec/axdr/data-json.ts';
import type { GetDataResult } from '../../../engine/codec/xdlms/types.ts';
import type { SessionReads } from './peer-sessions-reads.ts';
import { compareGeneralText, compareText } from './peer-sessions-text.ts';

/** Values compared, by how much of them the text shows. */
export interface ValueTotals {
  equal: number;
  partly: number;
  refused: number;
  /** Decoded here while the client that recorded the session failed. */
  peerFailed: number;
  services: number;
}

export function noTotals(): ValueTotals {
  return { equal: 0, partly: 0, refused: 0, peerFailed: 0, services: 0 };
}

const ATTRIBUTE = /^(\S+) (\d+)\.(\d+)\.(\d+)\.(\d+)\.(\d+)\.(\d+) #(\d+) (=|ERROR) (.*)$/;

/**
 * Compares what was read with the lines of a session's `.out.txt`. Lines and reads are in the same order; the client's
 * own first read of the object list has no line.
 */
export function compareValues(reads: SessionReads, lines: readonly string[], totals: ValueTotals): void {
  const left = [...reads.attributes];
  const services: string[] = [];
  for (const line of lines) {
    const [, , a, b, c, d, e, f, index] = ATTRIBUTE.exec(line) ?? [];
    if (index === undefined) {
      services.push(line);
      continue;
    }
    let read = left.shift();
    if (read?.key === OWN_OBJECT_LIST && index !== '2') read = left.shift();
    assert.ok(read !== undefined, `nothing read for: ${line}`);
    // A server answers attribute 1 of a second association with the name of the first, and the client goes on with it.
    const key = `${a}-${b}:${c}.${d}.${e}.${f}#${index}`;
    assert.ok(read.key === key || (index === '1' && read.key.endsWith('#1')), `${read.key} read for: ${line}`);
    compareAttribute(reads, read.key, line, read.result, totals);
  }
  assert.equal(left.length, 0, `no line for ${left[0]?.key}`);
  compareServices(reads, services, totals);
}

const OWN_OBJECT_LIST = '0-0:40.0.0.255#2';

function compareAttribute(
  reads: SessionReads,
  key: string,
  line: string,
  result: GetDataResult,
  totals: ValueTotals,
): void {
  const [, className, , , , , , , index, sign, text] = ATTRIBUTE.exec(line) ?? [];
  assert.ok(className !== undefined && index !== undefined && text !== undefined);
  if (sign === 'ERROR') {
    if (text.includes('Access Error')) {
      assert.deepEqual(result, { result: accessError(text) });
      totals.refused++;
    } else {
      assert.ok('data' in result);
      totals.peerFailed++;
    }
    return;
  }
  assert.ok('data' in result, line);
  const { data } = result;
  const verdict = compareText(`${className}#${index}`, text, data, scalerOf(reads, key, className, Number(index)));
  assert.notEqual(verdict, 'different', `${line}\n${JSON.stringify(dataToJson(data))}`);
  if (verdict === 'equal') totals.equal++;
  else totals.partly++;
}

function accessError(text: string): string {
  if (text.includes('temporary failure')) return 'temporary-failure';
  if (text.includes('Read-Write denied')) return 'read-write-denied';
  return `unknown: ${text}`;
}

/** Attribute with scaler_unit, by class, and the attributes it applies to. */
const SCALED: Readonly<Record<string, readonly [number, readonly number[]]>> = {
  REGISTER: [3, [2]],
  EXTENDED_REGISTER: [3, [2]],
  DEMAND_REGISTER: [4, [2, 3]],
};

/** Exponent the client applies to this attribute. */
function scalerOf(reads: SessionReads, key: string, className: string, index: number): number {
  const [unitIndex, indices] = SCALED[className] ?? [0, []];
  if (!indices.includes(index)) return 0;
  const unit = reads.attributes.find((read) => read.key === key.replace(/#\d+$/, `#${unitIndex}`))?.result;
  if (unit === undefined || !('data' in unit) || unit.data.t !== 'structure') return 0;
  const [scaler] = unit.data.v;
  return scaler?.t === 'integer' ? scaler.v : 0;
}

/** Lines `SERVICE ...` behind the attributes, in the order of the requests. */
function compareServices(reads: SessionReads, lines: readonly string[], totals: ValueTotals): void {
  const selective = [...reads.selective];
  const lists = [...reads.lists];
  const set = [...reads.set];
  const action = [...reads.action].slice(-1);
  const access = [...(reads.access[0] ?? [])];
  for (const line of lines) {
    const [, service, text] = /^SERVICE (get-with-list|selective by \w+|set|action|access) (.*)$/.exec(line) ?? [];
    assert.ok(service !== undefined && text !== undefined, line);
    if (service === 'get-with-list') assertShown(listOf(lists.shift() ?? []), text);
    else if (text.startsWith('ERROR gurux')) assert.equal(access.length, 0);
    else if (service === 'access') assertShown(access.shift(), text.replace(/^\S+ #\d+ OK /, ''));
    else if (service === 'set') assert.equal(set.shift(), resultOf(text));
    else if (service === 'action') assert.equal(action.shift(), resultOf(text));
    else {
      const result = selective.shift();
      assert.ok(result !== undefined && 'data' in result);
      assertShown(result.data, text);
    }
    totals.services++;
  }
}

function listOf(results: readonly GetDataResult[]): Data {
  return { t: 'array', v: results.flatMap((result) => ('data' in result ? [result.data] : [])) };
}

function resultOf(text: string): string {
  return text === 'ok' ? 'success' : accessError(text);
}

function assertShown(data: Data | undefined, text: string): void {
  assert.ok(data !== undefined);
  assert.equal(compareGeneralText(text, data), 'equal', `${text}\n${JSON.stringify(dataToJson(data))}`);
}
