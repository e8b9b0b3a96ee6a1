import { readData } from '../axdr/decode-data.ts';
import { writeData } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDataAccessResult, writeDataAccessResult } from './results.ts';
import type { ReadRequest, ReadResponse, ReadResult } from './types.ts';
import {
  readSnDataBlock,
  readVariableAccessList,
  writeSnDataBlock,
  writeVariableAccessList,
} from './variable-access.ts';

const CHOICES = new Enumeration('read-response choice', {
  0: 'data',
  1: 'data-access-error',
  2: 'data-block-result',
  3: 'block-number',
});

/** ReadRequest (tag 05h) of short-name referencing. */
export function readReadRequest(r: Reader): ReadRequest {
  r.begin('read-request', XDLMS_CLAUSE);
  r.tag('tag', 'read-request');
  const list = readVariableAccessList(r);
  r.close();
  return { kind: 'read-request', list };
}

export function writeReadRequest(w: Writer, apdu: ReadRequest): void {
  w.octet(0x05);
  writeVariableAccessList(w, apdu.list);
}

/** ReadResponse (tag 0Ch). */
export function readReadResponse(r: Reader): ReadResponse {
  r.begin('read-response', XDLMS_CLAUSE);
  r.tag('tag', 'read-response');
  const count = r.count('count');
  const list: ReadResult[] = [];
  for (let i = 0; i < count; i++) {
    r.begin(`[${i}]`);
    list.push(readResult(r));
    r.close();
  }
  r.close();
  return { kind: 'read-response', list };
}

function readResult(r: Reader): ReadResult {
  switch (r.choice(CHOICES, 'choice')) {
    case 'data':
      return { data: readData(r, 'data') };
    case 'data-access-error':
      return { result: readDataAccessResult(r) };
    case 'data-block-result':
      return { 'data-block-result': readSnDataBlock(r) };
    case 'block-number':
      return { 'block-number': r.u16('block-number') };
  }
}

export function writeReadResponse(w: Writer, apdu: ReadResponse): void {
  w.octet(0x0c);
  w.count(apdu.list, 'list');
  w.enter('list');
  for (let i = 0; i < apdu.list.length; i++) {
    w.enter(i);
    writeResult(w, apdu.list[i]!);
    w.leave();
  }
  w.leave();
}

function writeResult(w: Writer, result: ReadResult): void {
  if ('data' in result) {
    w.octet(0);
    writeData(w, result.data, 'data');
  } else if ('result' in result) {
    w.octet(1);
    writeDataAccessResult(w, result.result, 'result');
  } else if ('data-block-result' in result) {
    w.octet(2);
    writeSnDataBlock(w, result['data-block-result'], 'data-block-result');
  } else {
    w.octet(3);
    w.u16(result['block-number'], 'block-number');
  }
}
