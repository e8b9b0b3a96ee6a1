import { readData } from '../axdr/decode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { describeBlock } from './data-block.ts';
import { readInvoke, writeInvoke } from './invoke.ts';
import {
  RESULT_CHOICES,
  readDataAccessResult,
  readGetDataResult,
  writeDataAccessResult,
  writeGetDataResult,
} from './results.ts';
import type { GetDataResult, GetResponse, InvokeIdAndPriority } from './types.ts';

const TYPES = new Enumeration('get-response type', { 1: 'normal', 2: 'with-datablock', 3: 'with-list' });

/** Get-Response (tag C4h). */
export function readGetResponse(r: Reader): GetResponse {
  r.begin('get-response', XDLMS_CLAUSE);
  r.tag('tag', 'get-response');
  const type = r.choice(TYPES, 'type');
  const invoke = readInvoke(r);
  const apdu =
    type === 'normal' ? readNormal(r, invoke) : type === 'with-list' ? readWithList(r, invoke) : readBlock(r, invoke);
  if (r.sink !== null) r.close('block' in apdu ? `${type}, ${describeBlock(apdu.block, apdu.last)}` : type);
  return apdu;
}

function readNormal(r: Reader, invoke: InvokeIdAndPriority): GetResponse {
  if (r.choice(RESULT_CHOICES, 'result choice') === 'data') {
    return { kind: 'get-response', invoke, type: 'normal', data: readData(r, 'data') };
  }
  return { kind: 'get-response', invoke, type: 'normal', result: readDataAccessResult(r) };
}

function readBlock(r: Reader, invoke: InvokeIdAndPriority): GetResponse {
  const last = r.boolean('last-block');
  const block = r.u32('block-number');
  if (r.choice(RESULT_CHOICES, 'result choice') === 'data') {
    return { kind: 'get-response', invoke, type: 'with-datablock', last, block, raw: r.octetString('raw-data') };
  }
  return { kind: 'get-response', invoke, type: 'with-datablock', last, block, result: readDataAccessResult(r) };
}

function readWithList(r: Reader, invoke: InvokeIdAndPriority): GetResponse {
  r.begin('result');
  const count = r.count('count');
  const list: GetDataResult[] = [];
  for (let i = 0; i < count; i++) list.push(readGetDataResult(r, `[${i}]`));
  r.close();
  return { kind: 'get-response', invoke, type: 'with-list', list };
}

export function writeGetResponse(w: Writer, apdu: GetResponse): void {
  w.octet(0xc4);
  w.enumerated(TYPES, apdu.type, 'type');
  writeInvoke(w, apdu.invoke);
  switch (apdu.type) {
    case 'normal':
      writeGetDataResult(w, apdu);
      break;
    case 'with-datablock':
      w.boolean(apdu.last, 'last');
      w.u32(apdu.block, 'block');
      if ('raw' in apdu) {
        w.octet(0);
        w.octetString(apdu.raw, 'raw');
      } else {
        w.octet(1);
        writeDataAccessResult(w, apdu.result, 'result');
      }
      break;
    case 'with-list':
      w.count(apdu.list, 'list');
      w.enter('list');
      for (let i = 0; i < apdu.list.length; i++) {
        w.enter(i);
        writeGetDataResult(w, apdu.list[i]!);
        w.leave();
      }
      w.leave();
      break;
  }
}
