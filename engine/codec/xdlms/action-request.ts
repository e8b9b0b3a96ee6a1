import { readData, readDataList } from '../axdr/decode-data.ts';
import { writeData, writeDataList } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDataBlock, writeDataBlock } from './data-block.ts';
import { readDescriptor, readMethodList, writeDescriptor, writeMethodList } from './descriptor.ts';
import { readInvoke, writeInvoke } from './invoke.ts';
import type { ActionRequest } from './types.ts';

const TYPES = new Enumeration('action-request type', {
  1: 'normal',
  2: 'next-pblock',
  3: 'with-list',
  4: 'with-first-pblock',
  5: 'with-list-and-first-pblock',
  6: 'with-pblock',
});

/** Action-Request (tag C3h). */
export function readActionRequest(r: Reader): ActionRequest {
  r.begin('action-request', XDLMS_CLAUSE);
  r.tag('tag', 'action-request');
  const type = r.choice(TYPES, 'type');
  const invoke = readInvoke(r);
  const apdu = readBody(r, type, { kind: 'action-request', invoke });
  r.close(type);
  return apdu;
}

function readBody(r: Reader, type: ActionRequest['type'], head: Pick<ActionRequest, 'kind' | 'invoke'>): ActionRequest {
  switch (type) {
    case 'normal': {
      const method = readDescriptor(r, 'cosem-method-descriptor');
      const params = r.present('method-invocation-parameters') ? readData(r, 'method-invocation-parameters') : null;
      return { ...head, type, method, params };
    }
    case 'next-pblock':
      return { ...head, type, block: r.u32('block-number') };
    case 'with-list': {
      const list = readMethodList(r);
      return { ...head, type, list, params: readDataList(r, 'method-invocation-parameters') };
    }
    case 'with-first-pblock': {
      const method = readDescriptor(r, 'cosem-method-descriptor');
      return { ...head, type, method, ...readDataBlock(r, 'pblock') };
    }
    case 'with-list-and-first-pblock': {
      const list = readMethodList(r);
      return { ...head, type, list, ...readDataBlock(r, 'pblock') };
    }
    case 'with-pblock':
      return { ...head, type, ...readDataBlock(r, 'pblock') };
  }
}

export function writeActionRequest(w: Writer, apdu: ActionRequest): void {
  w.octet(0xc3);
  w.enumerated(TYPES, apdu.type, 'type');
  writeInvoke(w, apdu.invoke);
  switch (apdu.type) {
    case 'normal':
      writeDescriptor(w, apdu.method, 'method');
      if (apdu.params === null || apdu.params === undefined) w.octet(0);
      else {
        w.octet(1);
        writeData(w, apdu.params, 'params');
      }
      break;
    case 'next-pblock':
      w.u32(apdu.block, 'block');
      break;
    case 'with-list':
      writeMethodList(w, apdu.list);
      writeDataList(w, apdu.params, 'params');
      break;
    case 'with-first-pblock':
      writeDescriptor(w, apdu.method, 'method');
      writeDataBlock(w, apdu);
      break;
    case 'with-list-and-first-pblock':
      writeMethodList(w, apdu.list);
      writeDataBlock(w, apdu);
      break;
    case 'with-pblock':
      writeDataBlock(w, apdu);
      break;
  }
}
