import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readInvoke, writeInvoke } from './invoke.ts';
import { readDataAccessResult, readResultList, writeDataAccessResult, writeResultList } from './results.ts';
import type { SetResponse } from './types.ts';

const TYPES = new Enumeration('set-response type', {
  1: 'normal',
  2: 'datablock',
  3: 'last-datablock',
  4: 'last-datablock-with-list',
  5: 'with-list',
});

/** Set-Response (tag C5h). */
export function readSetResponse(r: Reader): SetResponse {
  r.begin('set-response', XDLMS_CLAUSE);
  r.tag('tag', 'set-response');
  const type = r.choice(TYPES, 'type');
  const invoke = readInvoke(r);
  const apdu = readBody(r, type, { kind: 'set-response', invoke });
  if (r.sink !== null) r.close('block' in apdu ? `${type}, block ${apdu.block}` : type);
  return apdu;
}

function readBody(r: Reader, type: SetResponse['type'], head: Pick<SetResponse, 'kind' | 'invoke'>): SetResponse {
  switch (type) {
    case 'normal':
      return { ...head, type, result: readDataAccessResult(r) };
    case 'datablock':
      return { ...head, type, block: r.u32('block-number') };
    case 'last-datablock': {
      const result = readDataAccessResult(r);
      return { ...head, type, result, block: r.u32('block-number') };
    }
    case 'last-datablock-with-list': {
      const results = readResultList(r);
      return { ...head, type, results, block: r.u32('block-number') };
    }
    case 'with-list':
      return { ...head, type, results: readResultList(r) };
  }
}

export function writeSetResponse(w: Writer, apdu: SetResponse): void {
  w.octet(0xc5);
  w.enumerated(TYPES, apdu.type, 'type');
  writeInvoke(w, apdu.invoke);
  switch (apdu.type) {
    case 'normal':
      writeDataAccessResult(w, apdu.result, 'result');
      break;
    case 'datablock':
      w.u32(apdu.block, 'block');
      break;
    case 'last-datablock':
      writeDataAccessResult(w, apdu.result, 'result');
      w.u32(apdu.block, 'block');
      break;
    case 'last-datablock-with-list':
      writeResultList(w, apdu.results);
      w.u32(apdu.block, 'block');
      break;
    case 'with-list':
      writeResultList(w, apdu.results);
      break;
  }
}
