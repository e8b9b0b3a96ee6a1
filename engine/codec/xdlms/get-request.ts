import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import {
  readAttributeList,
  readDescriptor,
  readSelection,
  writeAttributeList,
  writeDescriptor,
  writeSelection,
} from './descriptor.ts';
import { readInvoke, writeInvoke } from './invoke.ts';
import type { GetRequest } from './types.ts';

const TYPES = new Enumeration('get-request type', { 1: 'normal', 2: 'next', 3: 'with-list' });

/** Get-Request (tag C0h). */
export function readGetRequest(r: Reader): GetRequest {
  r.begin('get-request', XDLMS_CLAUSE);
  r.tag('tag', 'get-request');
  const type = r.choice(TYPES, 'type');
  const invoke = readInvoke(r);
  const apdu = readBody(r, type, { kind: 'get-request', invoke });
  if (r.sink !== null) r.close('block' in apdu ? `${type}, block ${apdu.block}` : type);
  return apdu;
}

function readBody(
  r: Reader,
  type: 'normal' | 'next' | 'with-list',
  head: Pick<GetRequest, 'kind' | 'invoke'>,
): GetRequest {
  switch (type) {
    case 'normal': {
      const attr = readDescriptor(r, 'cosem-attribute-descriptor');
      return { ...head, type, attr, selective: readSelection(r) };
    }
    case 'next':
      return { ...head, type, block: r.u32('block-number') };
    case 'with-list':
      return { ...head, type, list: readAttributeList(r) };
  }
}

export function writeGetRequest(w: Writer, apdu: GetRequest): void {
  w.octet(0xc0);
  w.enumerated(TYPES, apdu.type, 'type');
  writeInvoke(w, apdu.invoke);
  switch (apdu.type) {
    case 'normal':
      writeDescriptor(w, apdu.attr, 'attr');
      writeSelection(w, apdu.selective);
      break;
    case 'next':
      w.u32(apdu.block, 'block');
      break;
    case 'with-list':
      writeAttributeList(w, apdu.list);
      break;
  }
}
