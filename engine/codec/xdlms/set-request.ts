import { readData, readDataList } from '../axdr/decode-data.ts';
import { writeData, writeDataList } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDataBlock, writeDataBlock } from './data-block.ts';
import {
  readAttributeList,
  readDescriptor,
  readSelection,
  writeAttributeList,
  writeDescriptor,
  writeSelection,
} from './descriptor.ts';
import { readInvoke, writeInvoke } from './invoke.ts';
import type { SetRequest } from './types.ts';

const TYPES = new Enumeration('set-request type', {
  1: 'normal',
  2: 'with-first-datablock',
  3: 'with-datablock',
  4: 'with-list',
  5: 'with-list-and-first-datablock',
});

/** Set-Request (tag C1h). */
export function readSetRequest(r: Reader): SetRequest {
  r.begin('set-request', XDLMS_CLAUSE);
  r.tag('tag', 'set-request');
  const type = r.choice(TYPES, 'type');
  const invoke = readInvoke(r);
  const apdu = readBody(r, type, { kind: 'set-request', invoke });
  r.close(type);
  return apdu;
}

function readBody(r: Reader, type: SetRequest['type'], head: Pick<SetRequest, 'kind' | 'invoke'>): SetRequest {
  switch (type) {
    case 'normal': {
      const attr = readDescriptor(r, 'cosem-attribute-descriptor');
      const selective = readSelection(r);
      return { ...head, type, attr, selective, data: readData(r, 'value') };
    }
    case 'with-first-datablock': {
      const attr = readDescriptor(r, 'cosem-attribute-descriptor');
      const selective = readSelection(r);
      return { ...head, type, attr, selective, ...readDataBlock(r) };
    }
    case 'with-datablock':
      return { ...head, type, ...readDataBlock(r) };
    case 'with-list': {
      const list = readAttributeList(r);
      return { ...head, type, list, values: readDataList(r, 'value-list') };
    }
    case 'with-list-and-first-datablock': {
      const list = readAttributeList(r);
      return { ...head, type, list, ...readDataBlock(r) };
    }
  }
}

export function writeSetRequest(w: Writer, apdu: SetRequest): void {
  w.octet(0xc1);
  w.enumerated(TYPES, apdu.type, 'type');
  writeInvoke(w, apdu.invoke);
  switch (apdu.type) {
    case 'normal':
      writeDescriptor(w, apdu.attr, 'attr');
      writeSelection(w, apdu.selective);
      writeData(w, apdu.data, 'data');
      break;
    case 'with-first-datablock':
      writeDescriptor(w, apdu.attr, 'attr');
      writeSelection(w, apdu.selective);
      writeDataBlock(w, apdu);
      break;
    case 'with-datablock':
      writeDataBlock(w, apdu);
      break;
    case 'with-list':
      writeAttributeList(w, apdu.list);
      writeDataList(w, apdu.values, 'values');
      break;
    case 'with-list-and-first-datablock':
      writeAttributeList(w, apdu.list);
      writeDataBlock(w, apdu);
      break;
  }
}
