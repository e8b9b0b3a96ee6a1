import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu } from '../codec/apdu-codec.ts';
import type { Data } from '../codec/axdr/data.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import type { ActionOutcome, ActionResponse, InvokeIdAndPriority, MethodDescriptor } from '../codec/xdlms/types.ts';
import { describeAttribute } from './apdu-summary.ts';
import type { ClientSession, RequestOptions } from './client-session.ts';
import { encodeDataList } from './data-list.ts';
import { malformed, SessionError } from './errors.ts';
import { ANSWER_DECODING } from './limits.ts';
import { OctetCollector } from './octet-collector.ts';
import type { Procedure } from './procedure.ts';
import { cutRequest, needsBlocks } from './request-blocks.ts';
import { suffixRange } from './secret-ranges.ts';

const ACTION_BLOCKS = 'block-transfer-with-action';
/** ActionResponse on the wire (GB 9.5), to decode collected blocks as the APDU they stand for. */
const ACTION_RESPONSE = 0xc7;
const NORMAL = 1;
const WITH_LIST = 3;
const NULL_DATA: Data = { t: 'null-data' };

/** How a method is invoked. */
export interface InvokeOptions {
  /** Keep the parameters out of traces. */
  readonly secretParams?: boolean;
  /** Service-specific ciphering even where general protection was negotiated. */
  readonly specificCiphering?: boolean;
}

/** One method of an ACTION with list. */
export interface InvokeItem extends MethodDescriptor {
  readonly params: Data | null;
}

/** ACTION (GB 9.3.8): parameters in blocks where they are longer than the meter takes, the answer in whatever form it comes. */
export function* invokeMethod(
  session: ClientSession,
  method: MethodDescriptor,
  params: Data | null,
  options: InvokeOptions = {},
): Procedure<ActionOutcome> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const what = `action ${describeAttribute(method)}`;
  const raw = params === null ? new Uint8Array() : encodeData(params);
  const request = { kind: 'action-request', invoke, type: 'normal', method, params } as const;
  const masked = options.secretParams === true && params !== null;
  const asked = requestOptions(invoke, options, masked);
  const answer = needsBlocks(session, request, ACTION_BLOCKS)
    ? yield* sendBlocks(session, raw, what, asked, { type: 'with-first-pblock', method }, invoke)
    : expectAction(yield* session.request(request, asked(raw.length - 1)), what);
  const response = yield* completeAction(session, answer, what, invoke, NORMAL);
  if (response.type === 'normal')
    return { result: response.result, ...(response.return !== undefined ? { return: response.return } : {}) };
  if (response.type === 'with-list' && response.list[0] !== undefined) return response.list[0];
  throw unexpected(what, response);
}

/**
 * ACTION without confirmation (service class 0): nothing tells whether the method was invoked. Goes out in one piece.
 * Throws SessionError `pdu-too-long`.
 */
export function* invokeUnconfirmed(
  session: ClientSession,
  method: MethodDescriptor,
  params: Data | null,
): Procedure<void> {
  session.requireAssociation();
  yield* session.tell({ kind: 'action-request', invoke: session.nextInvoke(false), type: 'normal', method, params });
}

/** ACTION-WITH-LIST (GB 9.3.8): one outcome per method, in order. Methods without parameters are given null-data. */
export function* invokeList(session: ClientSession, items: readonly InvokeItem[]): Procedure<readonly ActionOutcome[]> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const what = `action with list of ${items.length}`;
  const list = items.map(({ class: classId, obis, index }) => ({ class: classId, obis, index }));
  const params = items.map((item) => item.params ?? NULL_DATA);
  const request = { kind: 'action-request', invoke, type: 'with-list', list, params } as const;
  const asked = requestOptions(invoke, {}, false);
  const answer = needsBlocks(session, request, ACTION_BLOCKS)
    ? yield* sendBlocks(
        session,
        encodeDataList(params),
        what,
        asked,
        { type: 'with-list-and-first-pblock', list },
        invoke,
      )
    : expectAction(yield* session.request(request, asked(0)), what);
  const response = yield* completeAction(session, answer, what, invoke, WITH_LIST);
  if (response.type === 'with-list' && response.list.length === items.length) return response.list;
  // One result for all: the meter refused the list as a whole.
  if (response.type === 'normal') return items.map(() => ({ result: response.result }));
  throw unexpected(what, response);
}

type First =
  | { readonly type: 'with-first-pblock'; readonly method: MethodDescriptor }
  | { readonly type: 'with-list-and-first-pblock'; readonly list: readonly MethodDescriptor[] };

/** Sends the parameters block after block, as the meter asks for the next one (GB 9.4.6.7). */
function* sendBlocks(
  session: ClientSession,
  raw: Uint8Array,
  what: string,
  options: (secretLength: number) => RequestOptions,
  head: First,
  invoke: InvokeIdAndPriority,
): Procedure<ActionResponse> {
  const requests = cutRequest(session, raw, (block, first) =>
    first
      ? { kind: 'action-request', invoke, ...head, ...block }
      : { kind: 'action-request', invoke, type: 'with-pblock', ...block },
  );
  for (const [index, request] of requests.entries()) {
    const piece = 'raw' in request && request.raw instanceof Uint8Array ? request.raw.length : 0;
    const answer = expectAction(yield* session.request(request, options(piece)), what);
    if (answer.type !== 'next-pblock') return answer;
    if (answer.block !== index + 1)
      throw new SessionError('block-sequence', `${what}: block ${answer.block} acknowledged, ${index + 1} was sent`, {
        next: 'invoke the method again, if it may be invoked twice',
      });
  }
  throw new SessionError('block-sequence', `${what}: the meter asks for blocks behind the last one`, {
    next: 'find out whether the method was invoked before trying again',
  });
}

/** Follows the blocks of an answer until it is whole. */
function* completeAction(
  session: ClientSession,
  answer: ActionResponse,
  what: string,
  invoke: InvokeIdAndPriority,
  form: number,
): Procedure<ActionResponse> {
  if (answer.type !== 'with-pblock') return answer;
  const collector = new OctetCollector();
  let block = answer;
  for (;;) {
    collector.add(block.raw);
    if (block.last) return decodeCollected(Uint8Array.of(ACTION_RESPONSE, form, invoke.raw), collector.take(), what);
    const next = expectAction(
      yield* session.request({ kind: 'action-request', invoke, type: 'next-pblock', block: block.block }, { invoke }),
      what,
    );
    // The refusal of a block is an ordinary action-result.
    if (next.type === 'normal') return next;
    if (next.type !== 'with-pblock') throw unexpected(what, next);
    if (next.block !== block.block + 1)
      throw new SessionError('block-sequence', `${what}: block ${next.block} where ${block.block + 1} was expected`);
    block = next;
  }
}

function decodeCollected(header: Uint8Array, raw: Uint8Array, what: string): ActionResponse {
  const octets = new Uint8Array(header.length + raw.length);
  octets.set(header);
  octets.set(raw, header.length);
  const decoded = decodeApdu(octets, ANSWER_DECODING);
  if (!decoded.ok) {
    const offset = Math.max(0, decoded.error.offset - header.length);
    throw malformed(`data of ${what} (offset in the data)`, { ...decoded.error, offset });
  }
  return expectAction(decoded.value, what);
}

function requestOptions(
  invoke: InvokeIdAndPriority,
  options: InvokeOptions,
  masked: boolean,
): (secretLength: number) => RequestOptions {
  return (length) => ({
    invoke,
    ...(options.specificCiphering === true ? { specificCiphering: true } : {}),
    ...(masked ? { secret: (plain: Uint8Array) => suffixRange(plain, length) } : {}),
  });
}

function expectAction(apdu: Apdu, what: string): ActionResponse {
  if (apdu.kind === 'action-response') return apdu;
  throw new SessionError('unexpected-apdu', `${what} was answered by ${apdu.kind}`);
}

function unexpected(what: string, answer: ActionResponse): SessionError {
  return new SessionError('unexpected-apdu', `${what} was answered by action-response-${answer.type}`);
}
