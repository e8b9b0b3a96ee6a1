import type { Apdu } from '../codec/apdu.ts';
import type { Data } from '../codec/axdr/data.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import type {
  AttributeDescriptor,
  AttributeWithSelection,
  DataAccessResult,
  InvokeIdAndPriority,
  SelectiveAccess,
  SetResponse,
} from '../codec/xdlms/types.ts';
import { describeAttribute } from './apdu-summary.ts';
import type { ClientSession, RequestOptions } from './client-session.ts';
import { encodeDataList } from './data-list.ts';
import { SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { cutRequest, needsBlocks } from './request-blocks.ts';
import { holdsSecret } from './secret-attributes.ts';
import { suffixRange } from './secret-ranges.ts';

const SET_BLOCKS = 'block-transfer-with-set-or-write';

/** One attribute of a SET with list. */
export interface SetItem extends AttributeWithSelection {
  readonly data: Data;
}

/**
 * SET of one attribute (GB 9.3.7), in blocks where it is longer than the meter takes. Returns the data-access-result,
 * `success` when written.
 */
export function* setAttribute(
  session: ClientSession,
  attr: AttributeDescriptor,
  data: Data,
  selective: SelectiveAccess | null = null,
): Procedure<DataAccessResult> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const what = `set ${describeAttribute(attr)}`;
  const request = { kind: 'set-request', invoke, type: 'normal', attr, selective, data } as const;
  const raw = encodeData(data);
  const options = requestOptions(invoke, holdsSecret(attr));
  const answer = needsBlocks(session, request, SET_BLOCKS)
    ? yield* sendBlocks(session, raw, what, options, holdsSecret(attr), invoke, {
        type: 'with-first-datablock',
        attr,
        selective,
      })
    : expectSet(yield* session.request(request, options(raw.length - 1)), what);
  if (answer.type === 'normal' || answer.type === 'last-datablock') return answer.result;
  throw unexpected(what, answer);
}

/**
 * SET of one or several attributes without confirmation (service class 0): nothing tells whether they were written.
 * Goes out in one piece, since blocks live by their confirmations. Throws SessionError `pdu-too-long`.
 */
export function* setUnconfirmed(session: ClientSession, items: readonly SetItem[]): Procedure<void> {
  session.requireAssociation();
  const invoke = session.nextInvoke(false);
  const [only] = items;
  const secret = items.some(holdsSecret);
  if (only !== undefined && items.length === 1) {
    const { selective, data, ...attr } = only;
    const { secret: masked } = requestOptions(invoke, secret)(encodeData(data).length - 1);
    const request = { kind: 'set-request', invoke, type: 'normal', attr, selective, data } as const;
    return yield* session.tell(request, masked === undefined ? {} : { secret: masked });
  }
  const list = items.map(({ class: classId, obis, index, selective }) => ({ class: classId, obis, index, selective }));
  const values = items.map((item) => item.data);
  const { secret: masked } = requestOptions(invoke, secret)(encodeDataList(values).length - 1);
  const request = { kind: 'set-request', invoke, type: 'with-list', list, values } as const;
  yield* session.tell(request, masked === undefined ? {} : { secret: masked });
}

/** SET-WITH-LIST (GB 9.3.7), in blocks where it is longer than the meter takes: one result per item, in order. */
export function* setList(session: ClientSession, items: readonly SetItem[]): Procedure<readonly DataAccessResult[]> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const what = `set with list of ${items.length}`;
  const list = items.map(({ class: classId, obis, index, selective }) => ({ class: classId, obis, index, selective }));
  const values = items.map((item) => item.data);
  const request = { kind: 'set-request', invoke, type: 'with-list', list, values } as const;
  const raw = encodeDataList(values);
  const secret = items.some(holdsSecret);
  const options = requestOptions(invoke, secret);
  const answer = needsBlocks(session, request, SET_BLOCKS)
    ? yield* sendBlocks(session, raw, what, options, secret, invoke, { type: 'with-list-and-first-datablock', list })
    : expectSet(yield* session.request(request, options(raw.length - 1)), what);
  if (answer.type === 'with-list' || answer.type === 'last-datablock-with-list') {
    if (answer.results.length === items.length) return answer.results;
    throw new SessionError(
      'unexpected-apdu',
      `${what} was answered by ${answer.results.length} results where ${items.length} were expected`,
    );
  }
  // One result for all: the meter refused the list as a whole.
  if (answer.type === 'normal' || answer.type === 'last-datablock') return items.map(() => answer.result);
  throw unexpected(what, answer);
}

type First =
  | {
      readonly type: 'with-first-datablock';
      readonly attr: AttributeDescriptor;
      readonly selective: SelectiveAccess | null;
    }
  | { readonly type: 'with-list-and-first-datablock'; readonly list: readonly AttributeWithSelection[] };

/** Sends block after block as the meter acknowledges them by number; a final answer before the last block ends it. */
function* sendBlocks(
  session: ClientSession,
  raw: Uint8Array,
  what: string,
  options: (secretLength: number) => RequestOptions,
  secret: boolean,
  invoke: InvokeIdAndPriority,
  head: First,
): Procedure<SetResponse> {
  const requests = cutRequest(session, raw, (block, first) =>
    first
      ? { kind: 'set-request', invoke, ...head, ...block }
      : { kind: 'set-request', invoke, type: 'with-datablock', ...block },
  );
  for (const [index, request] of requests.entries()) {
    const piece = secret && 'raw' in request && request.raw instanceof Uint8Array ? request.raw.length : 0;
    const answer = expectSet(yield* session.request(request, options(piece)), what);
    if (answer.type !== 'datablock') return answer;
    if (answer.block !== index + 1)
      throw new SessionError('block-sequence', `${what}: block ${answer.block} acknowledged, ${index + 1} was sent`, {
        next: 'write again',
      });
  }
  throw new SessionError('block-sequence', `${what}: the last block was acknowledged like another, without a result`, {
    next: 'read the attribute to see whether it was written',
  });
}

function requestOptions(invoke: InvokeIdAndPriority, secret: boolean): (secretLength: number) => RequestOptions {
  return (length) => ({ invoke, ...(secret ? { secret: (plain: Uint8Array) => suffixRange(plain, length) } : {}) });
}

function expectSet(apdu: Apdu, what: string): SetResponse {
  if (apdu.kind === 'set-response') return apdu;
  throw new SessionError('unexpected-apdu', `${what} was answered by ${apdu.kind}`);
}

function unexpected(what: string, answer: SetResponse): SessionError {
  return new SessionError('unexpected-apdu', `${what} was answered by set-response-${answer.type}`);
}
