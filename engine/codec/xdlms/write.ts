import { readDataList } from '../axdr/decode-data.ts';
import { writeDataList } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDataAccessResult, writeDataAccessResult } from './results.ts';
import type { WriteRequest, WriteResponse } from './types.ts';
import { readVariableAccessList, writeVariableAccessList } from './variable-access.ts';

const CHOICES = new Enumeration('write-response choice', { 0: 'success', 1: 'data-access-error', 2: 'block-number' });

/** WriteRequest (tag 06h) and UnconfirmedWriteRequest (tag 16h) of short-name referencing. */
export function readWriteRequest(r: Reader): WriteRequest {
  const kind = r.peek() === 0x16 ? 'unconfirmed-write-request' : 'write-request';
  r.begin(kind, XDLMS_CLAUSE);
  r.tag('tag', kind);
  const list = readVariableAccessList(r);
  const values = readDataList(r, 'list-of-data');
  r.close();
  return { kind, list, values };
}

export function writeWriteRequest(w: Writer, apdu: WriteRequest): void {
  w.octet(apdu.kind === 'write-request' ? 0x06 : 0x16);
  writeVariableAccessList(w, apdu.list);
  writeDataList(w, apdu.values, 'values');
}

/** WriteResponse (tag 0Dh). */
export function readWriteResponse(r: Reader): WriteResponse {
  r.begin('write-response', XDLMS_CLAUSE);
  r.tag('tag', 'write-response');
  const count = r.count('count');
  const list: WriteResponse['list'][number][] = [];
  for (let i = 0; i < count; i++) {
    r.begin(`[${i}]`);
    list.push(readResult(r));
    r.close();
  }
  r.close();
  return { kind: 'write-response', list };
}

function readResult(r: Reader): WriteResponse['list'][number] {
  const from = r.pos;
  switch (r.choice(CHOICES, 'choice')) {
    case 'success':
      return 'success';
    case 'data-access-error': {
      const result = readDataAccessResult(r);
      if (result === 'success') r.deviate('success-as-error', 'data-access-error 0 (success)', 'bad-value', from);
      return result;
    }
    case 'block-number':
      return { 'block-number': r.u16('block-number') };
  }
}

export function writeWriteResponse(w: Writer, apdu: WriteResponse): void {
  w.octet(0x0d);
  w.count(apdu.list, 'list');
  w.enter('list');
  for (let i = 0; i < apdu.list.length; i++) {
    const result = apdu.list[i]!;
    w.enter(i);
    if (result === 'success') w.octet(0);
    else if (typeof result === 'string') {
      w.octet(1);
      writeDataAccessResult(w, result, '');
    } else {
      w.object(result, '');
      w.octet(2);
      w.u16(result['block-number'], 'block-number');
    }
    w.leave();
  }
  w.leave();
}
