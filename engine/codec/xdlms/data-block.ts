import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { DataBlock } from './types.ts';

/** DataBlock-SA: last-block, block-number (4 octets), raw data. */
export function readDataBlock(r: Reader, name = 'datablock'): DataBlock {
  r.begin(name);
  const last = r.boolean('last-block');
  const block = r.u32('block-number');
  const raw = r.octetString('raw-data');
  r.close();
  return { last, block, raw };
}

export function writeDataBlock(w: Writer, block: DataBlock): void {
  w.boolean(block.last, 'last');
  w.u32(block.block, 'block');
  w.octetString(block.raw, 'raw');
}
