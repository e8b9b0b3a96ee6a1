import type { FieldSink } from '../field-sink.ts';
import { toHex } from '../hex.ts';
import { SYSTEM_TITLE_LENGTH } from './gcm.ts';

const FLAG_LETTERS = 3;

/**
 * A system title as the value of the field it was read into, with the letters of its manufacturer in front where it
 * has some: `4b464d1010000023 (KFM)`. Octets that are no system title stay as they are.
 */
export function describeSystemTitle(sink: FieldSink, title: Uint8Array): void {
  if (title.length !== SYSTEM_TITLE_LENGTH) return;
  const letters = String.fromCharCode(...title.subarray(0, FLAG_LETTERS));
  sink.describe(/^[A-Z]{3}$/.test(letters) ? `${toHex(title)} (${letters})` : toHex(title));
}
