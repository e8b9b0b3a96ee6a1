import { encodeApdu } from '../../codec/apdu-codec.ts';
import type { Data } from '../../codec/axdr/data.ts';
import { decodeData } from '../../codec/axdr/decode-data.ts';
import type {
  ActionOutcome,
  ActionRequest,
  DataBlock,
  InvokeIdAndPriority,
  MethodDescriptor,
} from '../../codec/xdlms/types.ts';
import { replyToHls } from '../association/hls.ts';
import { invokeMethod } from './attribute-service.ts';
import { NOT_NEGOTIATED } from './errors.ts';
import { LongRequest, LongResponse } from './long-transfer.ts';
import { negotiated, type RequestContext } from './request-context.ts';
import { dataList } from './set.ts';

/** C7 01 invoke | Action-Response-With-Optional-Data; C7 03 invoke | list. */
const HEAD = 3;
/** Octets of a with-pblock response around its raw data: tags, invoke id, last, number, length. */
const BLOCK_OVERHEAD = 11;
const ASSOCIATION_LN = 15;
const REPLY_TO_HLS = 1;

/** The one request that is served while HLS is pending. */
export function isHlsReply(request: ActionRequest): boolean {
  return request.type === 'normal' && request.method.class === ASSOCIATION_LN && request.method.index === REPLY_TO_HLS;
}

/** ACTION service (GB 9.3.8, 9.4.6.7): the response APDU, encoded. */
export function handleAction(context: RequestContext, request: ActionRequest): Uint8Array {
  const { association } = context;
  const { invoke } = request;
  if (request.type === 'normal' && isHlsReply(request)) {
    return encodeApdu({
      kind: 'action-response',
      type: 'normal',
      invoke,
      ...invoked(context, request.method, request.params),
    });
  }
  if (!negotiated(context, 'action')) return NOT_NEGOTIATED;
  if (request.type !== 'with-pblock') association.request = undefined;
  if (request.type !== 'next-pblock') association.response = undefined;
  switch (request.type) {
    case 'normal':
      return answer(context, invoke, [invoked(context, request.method, request.params)], true);
    case 'with-list': {
      if (!negotiated(context, 'multiple-references')) return NOT_NEGOTIATED;
      const outcomes = request.list.map((method, index) => invoked(context, method, request.params[index] ?? null));
      return answer(context, invoke, outcomes, false);
    }
    case 'with-first-pblock':
      return firstBlock(context, invoke, request, [request.method], true);
    case 'with-list-and-first-pblock':
      if (!negotiated(context, 'multiple-references')) return NOT_NEGOTIATED;
      return firstBlock(context, invoke, request, request.list, false);
    case 'with-pblock':
      if (association.request?.target.service !== 'action') return refuse(invoke, 'no-long-action-in-progress');
      return addBlock(context, invoke, association.request, request);
    case 'next-pblock':
      return nextBlock(context, invoke, request.block);
  }
}

function invoked(context: RequestContext, method: MethodDescriptor, params: Data | null): ActionOutcome {
  if (method.class === ASSOCIATION_LN && method.index === REPLY_TO_HLS) return replyToHls(context, params);
  return invokeMethod(context, method, params);
}

function refuse(invoke: InvokeIdAndPriority, result: string): Uint8Array {
  return encodeApdu({ kind: 'action-response', type: 'normal', invoke, result });
}

/** The response as it is, or the first block of it. */
function answer(
  context: RequestContext,
  invoke: InvokeIdAndPriority,
  outcomes: readonly ActionOutcome[],
  single: boolean,
): Uint8Array {
  const first = outcomes[0];
  const standard =
    single && first !== undefined
      ? encodeApdu({ kind: 'action-response', type: 'normal', invoke, ...first })
      : encodeApdu({ kind: 'action-response', type: 'with-list', invoke, list: outcomes });
  const apdu = context.behaviour?.quirks.whole(standard) ?? standard;
  if (apdu.length <= context.maxResponse && apdu.length - HEAD <= context.maxBlock) return apdu;
  if (!negotiated(context, 'block-transfer-with-action')) {
    return apdu.length <= context.maxResponse ? apdu : refuse(invoke, 'other-reason');
  }
  const response = new LongResponse('action', apdu.subarray(HEAD));
  context.association.response = response;
  return block(context, invoke, response);
}

function block(context: RequestContext, invoke: InvokeIdAndPriority, response: LongResponse): Uint8Array {
  const next = response.next(Math.min(context.maxResponse - BLOCK_OVERHEAD, context.maxBlock));
  if (next.last) context.association.response = undefined;
  return encodeApdu({ kind: 'action-response', type: 'with-pblock', invoke, ...next });
}

function nextBlock(context: RequestContext, invoke: InvokeIdAndPriority, number: number): Uint8Array {
  const response = context.association.response;
  if (response?.service !== 'action') return refuse(invoke, 'no-long-action-in-progress');
  if (response.block !== number) {
    context.association.response = undefined;
    return refuse(invoke, 'long-action-aborted');
  }
  return block(context, invoke, response);
}

function firstBlock(
  context: RequestContext,
  invoke: InvokeIdAndPriority,
  first: DataBlock,
  list: readonly MethodDescriptor[],
  single: boolean,
): Uint8Array {
  if (!negotiated(context, 'block-transfer-with-action')) return NOT_NEGOTIATED;
  const request = new LongRequest({ service: 'action', list, single });
  context.association.request = request;
  return addBlock(context, invoke, request, first);
}

/** Takes a block and asks for the next one; after the last one the methods are invoked. */
function addBlock(
  context: RequestContext,
  invoke: InvokeIdAndPriority,
  request: LongRequest,
  added: DataBlock,
): Uint8Array {
  const outcome = request.add(added);
  if (outcome === 'more') {
    return encodeApdu({ kind: 'action-response', type: 'next-pblock', invoke, block: added.block });
  }
  context.association.request = undefined;
  if (outcome !== 'complete') return refuse(invoke, 'long-action-aborted');
  const { target } = request;
  const list = target.service === 'action' ? target.list : [];
  const single = target.service === 'action' && target.single;
  const decoded = single ? decodeData(request.raw()) : undefined;
  if (decoded?.ok === false) return refuse(invoke, 'type-unmatched');
  const params = decoded?.ok === true ? [decoded.value] : dataList(request.raw());
  const outcomes = list.map((method, index) => invoked(context, method, params[index] ?? null));
  return answer(context, invoke, outcomes, single);
}
