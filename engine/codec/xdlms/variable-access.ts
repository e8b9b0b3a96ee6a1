import { readData } from '../axdr/decode-data.ts';
import { writeData } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import { toHex } from '../hex.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { DataBlock, VariableAccess } from './types.ts';

const CHOICES = new Enumeration('variable-access-specification', {
  2: 'variable-name',
  4: 'parameterized-access',
  5: 'block-number-access',
  6: 'read-data-block-access',
  7: 'write-data-block-access',
});

/** `SEQUENCE OF Variable-Access-Specification`. Short names are shown unsigned (ObjectName is a signed 16-bit). */
export function readVariableAccessList(r: Reader): VariableAccess[] {
  r.begin('variable-access-specification');
  const count = r.count('count');
  const list: VariableAccess[] = [];
  for (let i = 0; i < count; i++) {
    r.begin(`[${i}]`);
    list.push(readVariableAccess(r));
    r.close();
  }
  r.close();
  return list;
}

function readVariableAccess(r: Reader): VariableAccess {
  const choice = r.choice(CHOICES, 'choice');
  switch (choice) {
    case 'variable-name':
      return { 'variable-name': readShortName(r) };
    case 'parameterized-access': {
      const name = readShortName(r);
      const selector = r.u8('selector');
      return { 'parameterized-access': { name, selector, parameter: readData(r, 'parameter') } };
    }
    case 'block-number-access':
      return { 'block-number-access': r.u16('block-number') };
    case 'read-data-block-access':
      return { 'read-data-block-access': readSnDataBlock(r) };
    case 'write-data-block-access': {
      const last = r.boolean('last-block');
      return { 'write-data-block-access': { last, block: r.u16('block-number') } };
    }
  }
}

/** A short name, for people in hex: that is how maps of short names write them. */
function readShortName(r: Reader): number {
  const name = r.u16('variable-name');
  if (r.sink !== null) r.sink.describe(`${name} (${toHex(Uint8Array.of(name >> 8, name))})`);
  return name;
}

/** Block of an SN service: last-block, block-number of two octets, raw data. */
export function readSnDataBlock(r: Reader): DataBlock {
  const last = r.boolean('last-block');
  const block = r.u16('block-number');
  return { last, block, raw: r.octetString('raw-data') };
}

export function writeSnDataBlock(w: Writer, block: DataBlock, name: string): void {
  w.object(block, name);
  w.enter(name);
  w.boolean(block.last, 'last');
  w.u16(block.block, 'block');
  w.octetString(block.raw, 'raw');
  w.leave();
}

export function writeVariableAccessList(w: Writer, list: readonly VariableAccess[]): void {
  w.count(list, 'list');
  w.enter('list');
  for (let i = 0; i < list.length; i++) {
    w.enter(i);
    writeVariableAccess(w, list[i]!);
    w.leave();
  }
  w.leave();
}

function writeVariableAccess(w: Writer, access: VariableAccess): void {
  if ('variable-name' in access) {
    w.octet(2);
    w.u16(access['variable-name'], 'variable-name');
  } else if ('parameterized-access' in access) {
    const { name, selector, parameter } = access['parameterized-access'];
    w.octet(4);
    w.u16(name, 'parameterized-access.name');
    w.u8(selector, 'parameterized-access.selector');
    writeData(w, parameter, 'parameter');
  } else if ('block-number-access' in access) {
    w.octet(5);
    w.u16(access['block-number-access'], 'block-number-access');
  } else if ('read-data-block-access' in access) {
    w.octet(6);
    writeSnDataBlock(w, access['read-data-block-access'], 'read-data-block-access');
  } else {
    const block = access['write-data-block-access'];
    w.object(block, 'write-data-block-access');
    w.octet(7);
    w.boolean(block.last, 'write-data-block-access.last');
    w.u16(block.block, 'write-data-block-access.block');
  }
}
