import { encodeApdu } from '../../codec/apdu-codec.ts';
import type { GetRequest, InvokeIdAndPriority } from '../../codec/xdlms/types.ts';
import { getAttribute } from './attribute-service.ts';
import { MALFORMED, NOT_NEGOTIATED } from './errors.ts';
import { LongResponse } from './long-transfer.ts';
import { negotiated, type RequestContext } from './request-context.ts';

/** Octets of a with-datablock response around its raw data: tags, invoke id, last, number, choice, length. */
const BLOCK_OVERHEAD = 12;
/** Where the data of a long response begin in the normal one: C4 01 invoke 00 | Data, C4 03 invoke | list. */
const NORMAL_HEAD = 4;
const LIST_HEAD = 3;
/** Choice of Get-Data-Result. */
const DATA = 0;

/** GET service (GB 9.3.6, 9.4.6.5): the response APDU, encoded. */
export function handleGet(context: RequestContext, request: GetRequest): Uint8Array {
  const { invoke } = request;
  if (!negotiated(context, 'get')) return NOT_NEGOTIATED;
  if (request.type === 'next') return nextBlock(context, invoke, request.block);
  context.association.response = undefined;
  if (request.type === 'with-list') {
    const refused = context.behaviour?.habits.refusesLists === true;
    if (refused || !negotiated(context, 'multiple-references')) return NOT_NEGOTIATED;
    if (request.list.some((item) => item.selective !== null) && !negotiated(context, 'selective-access')) {
      return NOT_NEGOTIATED;
    }
    if (request.list.length > context.maxList) return context.behaviour?.beyondLimit ?? MALFORMED;
    const list = request.list.map((item) => getAttribute(context, item, item.selective));
    const apdu = encodeApdu({ kind: 'get-response', type: 'with-list', invoke, list });
    return fitted(context, invoke, context.behaviour?.quirks.whole(apdu, request) ?? apdu, LIST_HEAD);
  }
  if (request.selective !== null && !negotiated(context, 'selective-access')) return NOT_NEGOTIATED;
  const result = getAttribute(context, request.attr, request.selective);
  const apdu = encodeApdu({ kind: 'get-response', type: 'normal', invoke, ...result });
  return fitted(context, invoke, context.behaviour?.quirks.whole(apdu, request) ?? apdu, NORMAL_HEAD);
}

/** The response as it is, or the first block of it if it is longer than the client takes. */
function fitted(context: RequestContext, invoke: InvokeIdAndPriority, apdu: Uint8Array, head: number): Uint8Array {
  const habits = context.behaviour?.habits;
  const always = habits?.alwaysBlocks === true && (head === LIST_HEAD || apdu[NORMAL_HEAD - 1] === DATA);
  if (!always && apdu.length <= context.maxResponse && apdu.length - head <= context.maxBlock) return apdu;
  if (!negotiated(context, 'block-transfer-with-get-or-read') && habits?.blocksUnasked !== true) {
    return apdu.length <= context.maxResponse ? apdu : tooLong(invoke, head);
  }
  const response = new LongResponse('get', apdu.subarray(head), firstBlock(context));
  context.association.response = response;
  return block(context, invoke, response);
}

/** Number of the first block: 1, except for meters with quirks. */
function firstBlock({ association, behaviour }: RequestContext): number {
  const habits = behaviour?.habits;
  if (habits?.blockNumbersGoOn === true) return (association.lastBlock ?? 0) + 1;
  return habits?.firstBlock ?? 1;
}

function tooLong(invoke: InvokeIdAndPriority, head: number): Uint8Array {
  if (head === LIST_HEAD) return MALFORMED;
  return encodeApdu({ kind: 'get-response', type: 'normal', invoke, result: 'other-reason' });
}

function block(context: RequestContext, invoke: InvokeIdAndPriority, response: LongResponse): Uint8Array {
  const next = response.next(Math.min(context.maxResponse - BLOCK_OVERHEAD, context.maxBlock));
  if (next.last) context.association.response = undefined;
  context.association.lastBlock = next.block;
  return encodeApdu({ kind: 'get-response', type: 'with-datablock', invoke, ...next });
}

/** The client acknowledges the block received last and gets the one after it. */
function nextBlock(context: RequestContext, invoke: InvokeIdAndPriority, number: number): Uint8Array {
  const response = context.association.response;
  const refuse = (result: string): Uint8Array =>
    encodeApdu({ kind: 'get-response', type: 'with-datablock', invoke, last: true, block: number, result });
  if (response?.service !== 'get') return refuse('no-long-get-in-progress');
  if (response.block !== number) {
    context.association.response = undefined;
    return refuse('data-block-number-invalid');
  }
  return block(context, invoke, response);
}
