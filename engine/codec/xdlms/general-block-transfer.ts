import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { describeBlock } from './data-block.ts';
import type { GeneralBlockTransfer } from './types.ts';

const LAST = 0x80;
const STREAMING = 0x40;
const WINDOW = 0x3f;

/** `last, not streaming, window 1`. */
function describeControl(control: number): string {
  const streaming = (control & STREAMING) !== 0 ? 'streaming' : 'not streaming';
  return `${(control & LAST) !== 0 ? 'last' : 'more blocks follow'}, ${streaming}, window ${control & WINDOW}`;
}

/** General-Block-Transfer (tag E0h): control, block number, number acknowledged, a piece of another APDU. */
export function readGeneralBlockTransfer(r: Reader): GeneralBlockTransfer {
  r.begin('general-block-transfer', XDLMS_CLAUSE);
  r.tag('tag', 'general-block-transfer');
  const control = r.u8('block-control');
  if (r.sink !== null) r.sink.describe(describeControl(control));
  const block = r.u16('block-number');
  const blockAck = r.u16('block-number-ack');
  const raw = r.octetString('block-data');
  if (r.sink !== null) r.close(describeBlock(block, (control & LAST) !== 0));
  return {
    kind: 'general-block-transfer',
    last: (control & LAST) !== 0,
    streaming: (control & STREAMING) !== 0,
    window: control & WINDOW,
    block,
    blockAck,
    raw,
  };
}

export function writeGeneralBlockTransfer(w: Writer, apdu: GeneralBlockTransfer): void {
  if (!Number.isInteger(apdu.window) || apdu.window < 0 || apdu.window > WINDOW) {
    w.rangeError('window', `${apdu.window} is not an integer in 0..${WINDOW}`);
  }
  w.octet(0xe0);
  w.octet((apdu.last ? LAST : 0) | (apdu.streaming ? STREAMING : 0) | apdu.window);
  w.u16(apdu.block, 'block');
  w.u16(apdu.blockAck, 'blockAck');
  w.octetString(apdu.raw, 'raw');
}
