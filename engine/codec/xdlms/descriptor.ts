import { readData } from '../axdr/decode-data.ts';
import { writeData } from '../axdr/encode-data.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readLogicalName, writeLogicalName } from './logical-name.ts';
import type { AttributeDescriptor, AttributeWithSelection, MethodDescriptor, SelectiveAccess } from './types.ts';

/** Cosem-Attribute-Descriptor, or under any other name Cosem-Method-Descriptor: class, instance, index. */
export function readDescriptor(r: Reader, name: string): AttributeDescriptor {
  r.begin(name);
  const classId = r.u16('class-id');
  const obis = readLogicalName(r);
  const index = r.i8('index');
  if (r.sink !== null) {
    const member = name === 'cosem-attribute-descriptor' ? 'attribute' : 'method';
    r.close(`class ${classId}, ${obis}, ${member} ${index}`);
  }
  return { class: classId, obis, index };
}

export function writeDescriptor(w: Writer, descriptor: AttributeDescriptor, name: string | number): void {
  w.object(descriptor, String(name));
  w.enter(name);
  w.u16(descriptor.class, 'class');
  writeLogicalName(w, descriptor.obis, 'obis');
  w.i8(descriptor.index, 'index');
  w.leave();
}

/** Access selection of an attribute: presence octet, selector, parameters. */
export function readSelection(r: Reader): SelectiveAccess | null {
  if (!r.present('access-selection')) return null;
  return readSelectiveAccess(r);
}

export function writeSelection(w: Writer, selective: SelectiveAccess | null): void {
  if (selective === null || selective === undefined) {
    w.octet(0);
    return;
  }
  w.octet(1);
  writeSelectiveAccess(w, selective);
}

/** Selective-Access-Descriptor: selector and its parameters. */
export function readSelectiveAccess(r: Reader): SelectiveAccess {
  r.begin('access-selection');
  const selector = r.u8('access-selector');
  const params = readData(r, 'access-parameters');
  r.close();
  return { selector, params };
}

export function writeSelectiveAccess(w: Writer, selective: SelectiveAccess): void {
  w.object(selective, 'selective');
  w.enter('selective');
  w.u8(selective.selector, 'selector');
  writeData(w, selective.params, 'params');
  w.leave();
}

/** `SEQUENCE OF Cosem-Attribute-Descriptor-With-Selection`. */
export function readAttributeList(r: Reader): AttributeWithSelection[] {
  r.begin('attribute-descriptor-list');
  const count = r.count('count');
  const list: AttributeWithSelection[] = [];
  for (let i = 0; i < count; i++) {
    r.begin(`[${i}]`);
    const attr = readDescriptor(r, 'cosem-attribute-descriptor');
    const selective = readSelection(r);
    list.push({ class: attr.class, obis: attr.obis, index: attr.index, selective });
    r.close();
  }
  r.close();
  return list;
}

export function writeAttributeList(w: Writer, list: readonly AttributeWithSelection[]): void {
  w.count(list, 'list');
  w.enter('list');
  for (let i = 0; i < list.length; i++) {
    const attr = list[i]!;
    writeDescriptor(w, attr, i);
    w.enter(i);
    writeSelection(w, attr.selective);
    w.leave();
  }
  w.leave();
}

/** `SEQUENCE OF Cosem-Method-Descriptor`. */
export function readMethodList(r: Reader): MethodDescriptor[] {
  r.begin('method-descriptor-list');
  const count = r.count('count');
  const list: MethodDescriptor[] = [];
  for (let i = 0; i < count; i++) list.push(readDescriptor(r, `[${i}]`));
  r.close();
  return list;
}

export function writeMethodList(w: Writer, list: readonly MethodDescriptor[]): void {
  w.count(list, 'list');
  w.enter('list');
  for (let i = 0; i < list.length; i++) writeDescriptor(w, list[i]!, i);
  w.leave();
}
