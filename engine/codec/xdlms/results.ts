import { readData } from '../axdr/decode-data.ts';
import { writeData } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { GetDataResult } from './types.ts';

/** Data-Access-Result (GB 9.5). */
export const DATA_ACCESS_RESULTS = new Enumeration('data-access-result', {
  0: 'success',
  1: 'hardware-fault',
  2: 'temporary-failure',
  3: 'read-write-denied',
  4: 'object-undefined',
  9: 'object-class-inconsistent',
  11: 'object-unavailable',
  12: 'type-unmatched',
  13: 'scope-of-access-violated',
  14: 'data-block-unavailable',
  15: 'long-get-aborted',
  16: 'no-long-get-in-progress',
  17: 'long-set-aborted',
  18: 'no-long-set-in-progress',
  19: 'data-block-number-invalid',
  250: 'other-reason',
});

/** Action-Result (GB 9.5). */
export const ACTION_RESULTS = new Enumeration('action-result', {
  0: 'success',
  1: 'hardware-fault',
  2: 'temporary-failure',
  3: 'read-write-denied',
  4: 'object-undefined',
  9: 'object-class-inconsistent',
  11: 'object-unavailable',
  12: 'type-unmatched',
  13: 'scope-of-access-violated',
  14: 'data-block-unavailable',
  15: 'long-action-aborted',
  16: 'no-long-action-in-progress',
  250: 'other-reason',
});

/** Choice between data and data-access-result, in the order of Get-Data-Result. */
export const RESULT_CHOICES = new Enumeration('get-data-result', { 0: 'data', 1: 'data-access-result' });

export function readDataAccessResult(r: Reader, name = 'data-access-result'): string {
  return r.enumerated(DATA_ACCESS_RESULTS, name);
}

export function writeDataAccessResult(w: Writer, result: string, name: string): void {
  w.enumerated(DATA_ACCESS_RESULTS, result, name);
}

/** Get-Data-Result: 00 and Data, or 01 and data-access-result. */
export function readGetDataResult(r: Reader, name: string): GetDataResult {
  r.begin(name);
  const choice = r.choice(RESULT_CHOICES, 'choice');
  const value = choice === 'data' ? { data: readData(r, 'data') } : { result: readDataAccessResult(r) };
  r.close();
  return value;
}

export function writeGetDataResult(w: Writer, value: GetDataResult): void {
  if ('data' in value) {
    w.octet(0);
    writeData(w, value.data, 'data');
  } else {
    w.octet(1);
    writeDataAccessResult(w, value.result, 'result');
  }
}

/** `SEQUENCE OF Data-Access-Result`. */
export function readResultList(r: Reader): string[] {
  r.begin('result');
  const count = r.count('count');
  const results: string[] = [];
  for (let i = 0; i < count; i++) results.push(readDataAccessResult(r, `[${i}]`));
  r.close();
  return results;
}

export function writeResultList(w: Writer, results: readonly string[]): void {
  w.count(results, 'results');
  w.enter('results');
  for (let i = 0; i < results.length; i++) writeDataAccessResult(w, results[i]!, String(i));
  w.leave();
}
