import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readDescriptor, readSelectiveAccess, writeDescriptor, writeSelectiveAccess } from './descriptor.ts';
import type { AccessSpecification } from './types.ts';

const OPERATIONS = new Enumeration('access-request-specification', {
  1: 'get',
  2: 'set',
  3: 'action',
  4: 'get-with-selection',
  5: 'set-with-selection',
});

/** `SEQUENCE OF Access-Request-Specification`. */
export function readAccessSpecifications(r: Reader): AccessSpecification[] {
  r.begin('access-request-specification');
  const count = r.count('count');
  const list: AccessSpecification[] = [];
  for (let i = 0; i < count; i++) {
    r.begin(`[${i}]`);
    const op = r.choice(OPERATIONS, 'operation');
    const descriptor = readDescriptor(r, op === 'action' ? 'cosem-method-descriptor' : 'cosem-attribute-descriptor');
    if (op === 'get-with-selection' || op === 'set-with-selection') {
      list.push({ op, ...descriptor, selective: readSelectiveAccess(r) });
    } else list.push({ op, ...descriptor });
    r.close();
  }
  r.close();
  return list;
}

export function writeAccessSpecifications(w: Writer, list: readonly AccessSpecification[]): void {
  w.count(list, 'spec');
  w.enter('spec');
  for (let i = 0; i < list.length; i++) {
    const spec = list[i]!;
    w.enter(i);
    w.object(spec, '');
    w.enumerated(OPERATIONS, spec.op, 'op');
    w.leave();
    writeDescriptor(w, spec, i);
    w.enter(i);
    if (spec.op === 'get-with-selection' || spec.op === 'set-with-selection') {
      if (spec.selective === undefined) w.typeError('selective', `missing for ${spec.op}`);
      writeSelectiveAccess(w, spec.selective);
    }
    w.leave();
  }
  w.leave();
}
