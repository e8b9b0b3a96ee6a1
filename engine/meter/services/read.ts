import { decodeApdu, encodeApdu } from '../../codec/apdu-codec.ts';
import type { ConfirmedServiceError, ReadRequest, ReadResult, VariableAccess } from '../../codec/xdlms/types.ts';
import { LongRequest, LongResponse } from './long-transfer.ts';
import { negotiated, type RequestContext } from './request-context.ts';
import { readName } from './short-names.ts';

/** Octets of a response with one data-block-result around its raw data: tag, count, choice, last, number, length. */
const BLOCK_OVERHEAD = 9;
const READ_TAG = 0x05;
/** 0C 01 00 | Data of the only variable. */
const SINGLE_HEAD = 3;
/** 0C | list of results. */
const LIST_HEAD = 1;

function readError(error: ConfirmedServiceError['error'], value: string): Uint8Array {
  return encodeApdu({ kind: 'confirmed-service-error', service: 'read', error, value });
}

/** Read service of short name referencing (GB 9.3.14, wire.md 11): the response APDU, encoded. */
export function handleRead(context: RequestContext, request: ReadRequest): Uint8Array {
  if (!negotiated(context, 'read')) return readError('service', 'service-unsupported');
  const [first] = request.list;
  if (first === undefined) return readError('service', 'other');
  const listed = context.behaviour?.habits.refusesLists !== true && negotiated(context, 'multiple-references');
  if (request.list.length > 1 && !listed) {
    return readError('service', 'service-unsupported');
  }
  if ('block-number-access' in first) return nextBlock(context, first['block-number-access']);
  if ('read-data-block-access' in first) return addBlock(context, first);
  if (request.list.length > context.maxList) {
    return context.behaviour?.beyondLimit ?? readError('service', 'service-unsupported');
  }
  context.association.response = undefined;
  context.association.request = undefined;
  const list = request.list.map((access) => readOne(context, access));
  return fitted(context, list, request);
}

function readOne(context: RequestContext, access: VariableAccess): ReadResult {
  if ('variable-name' in access) return readName(context, access['variable-name'], null);
  if ('parameterized-access' in access) {
    const { name, selector, parameter } = access['parameterized-access'];
    return readName(context, name, { selector, params: parameter });
  }
  return { result: 'other-reason' };
}

/** The response as it is, or the first block of it. */
function fitted(context: RequestContext, list: readonly ReadResult[], request: ReadRequest): Uint8Array {
  const standard = encodeApdu({ kind: 'read-response', list });
  const apdu = context.behaviour?.quirks.whole(standard, request) ?? standard;
  if (apdu.length <= context.maxResponse && apdu.length <= context.maxBlock) return apdu;
  if (!negotiated(context, 'block-transfer-with-get-or-read')) {
    return apdu.length <= context.maxResponse ? apdu : readError('service', 'pdu-size');
  }
  // The blocks of a single variable carry its Data alone, as peers in the field do.
  const response = new LongResponse('read', apdu.subarray(list.length === 1 ? SINGLE_HEAD : LIST_HEAD));
  context.association.response = response;
  return block(context, response);
}

function block(context: RequestContext, response: LongResponse): Uint8Array {
  const next = response.next(Math.min(context.maxResponse - BLOCK_OVERHEAD, context.maxBlock));
  if (next.last) context.association.response = undefined;
  return encodeApdu({ kind: 'read-response', list: [{ 'data-block-result': next }] });
}

/** The client names the block it received last. */
function nextBlock(context: RequestContext, number: number): Uint8Array {
  const response = context.association.response;
  const refuse = (result: string): Uint8Array => encodeApdu({ kind: 'read-response', list: [{ result }] });
  if (response?.service !== 'read') return refuse('no-long-get-in-progress');
  if (response.block !== number) {
    context.association.response = undefined;
    return refuse('data-block-number-invalid');
  }
  return block(context, response);
}

/** A read request too long for one APDU: its blocks are the inside of a ReadRequest. */
function addBlock(
  context: RequestContext,
  access: Extract<VariableAccess, { 'read-data-block-access': unknown }>,
): Uint8Array {
  const { association } = context;
  const added = access['read-data-block-access'];
  if (added.block === 1 || association.request?.target.service !== 'read') {
    association.request = new LongRequest({ service: 'read' });
  }
  const request = association.request;
  const outcome = request.add(added);
  if (outcome === 'more') return encodeApdu({ kind: 'read-response', list: [{ 'block-number': added.block }] });
  association.request = undefined;
  const decoded = outcome === 'complete' ? decodeApdu(withTag(READ_TAG, request.raw())) : undefined;
  if (decoded?.ok === true && decoded.value.kind === 'read-request') {
    const list = decoded.value.list.map((item) => readOne(context, item));
    return fitted(context, list, decoded.value);
  }
  const result = outcome === 'wrong-number' ? 'data-block-number-invalid' : 'long-get-aborted';
  return encodeApdu({ kind: 'read-response', list: [{ result }] });
}

/** The octets of blocks as the APDU they are the inside of. */
export function withTag(tag: number, raw: Uint8Array): Uint8Array {
  const apdu = new Uint8Array(raw.length + 1);
  apdu[0] = tag;
  apdu.set(raw, 1);
  return apdu;
}
