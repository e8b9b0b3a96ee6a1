import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { DataBlock } from './types.ts';

/** DataBlock-SA: last-block, block-number (4 octets), raw data. */
export function readDataBlock(r: Reader, name = 'datablock'): DataBlock {
  r.begin(name);
  const last = r.boolean('last-block');
  const block = r.u32('block-number');
  const raw = r.octetString('raw-data');
  if (r.sink !== null) r.close(describeBlock(block, last));
  return { last, block, raw };
}

/** `block 3`, `block 3, last`. */
export function describeBlock(block: number, last: boolean): string {
  return last ? `block ${block}, last` : `block ${block}`;
}

export function writeDataBlock(w: Writer, block: DataBlock): void {
  w.boolean(block.last, 'last');
  w.u32(block.block, 'block');
  w.octetString(block.raw, 'raw');
}
