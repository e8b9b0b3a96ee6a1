import type { Data } from '../codec/axdr/data.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';

/** `SEQUENCE OF Data`: coded like the inside of a structure, without its tag (GB 9.5). */
export function encodeDataList(values: readonly Data[]): Uint8Array {
  return encodeData({ t: 'structure', v: values }).subarray(1);
}
