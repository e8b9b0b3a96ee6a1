import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu } from '../codec/apdu-codec.ts';
import type {
  AttributeDescriptor,
  AttributeWithSelection,
  GetDataResult,
  GetResponse,
  InvokeIdAndPriority,
  SelectiveAccess,
} from '../codec/xdlms/types.ts';
import { describeAttribute } from './apdu-summary.ts';
import type { ClientSession } from './client-session.ts';
import { malformed, SessionError } from './errors.ts';
import { ANSWER_DECODING } from './limits.ts';
import { OctetCollector } from './octet-collector.ts';
import type { Procedure } from './procedure.ts';
import { holdsSecret } from './secret-attributes.ts';

type DataBlockResponse = Extract<GetResponse, { type: 'with-datablock' }>;
/** Choices of GetResponse on the wire (GB 9.5), to decode collected blocks as the APDU they stand for. */
const GET_RESPONSE = 0xc4;
const NORMAL = 1;
const WITH_LIST = 3;
const RESULT_DATA = 0;

/** GET of one attribute (GB 9.3.6), whatever form the meter answers in. */
export function* getAttribute(
  session: ClientSession,
  attr: AttributeDescriptor,
  selective: SelectiveAccess | null,
): Procedure<GetDataResult> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const answer = yield* session.request(
    { kind: 'get-request', invoke, type: 'normal', attr, selective },
    { invoke, secretAnswer: holdsSecret(attr) },
  );
  const what = `get ${describeAttribute(attr)}`;
  const response = yield* completeGet(session, answer, what, invoke, holdsSecret(attr), [
    GET_RESPONSE,
    NORMAL,
    invoke.raw,
    RESULT_DATA,
  ]);
  if ('type' in response) {
    if (response.type === 'normal') return onlyResult(response);
    if (response.type === 'with-list' && response.list[0] !== undefined) return response.list[0];
    throw new SessionError('unexpected-apdu', `${what} was answered by get-response-${response.type}`);
  }
  return response;
}

/** GET-WITH-LIST (GB 9.3.6): one result per item, in order. */
export function* getList(
  session: ClientSession,
  list: readonly AttributeWithSelection[],
): Procedure<readonly GetDataResult[]> {
  session.requireAssociation();
  const invoke = session.nextInvoke();
  const answer = yield* session.request(
    { kind: 'get-request', invoke, type: 'with-list', list },
    { invoke, secretAnswer: list.some(holdsSecret) },
  );
  const what = `get with list of ${list.length}`;
  const response = yield* completeGet(session, answer, what, invoke, list.some(holdsSecret), [
    GET_RESPONSE,
    WITH_LIST,
    invoke.raw,
  ]);
  if (!('type' in response)) return list.map(() => response);
  if (response.type === 'normal') return [onlyResult(response)];
  if (response.type === 'with-list' && response.list.length === list.length) return response.list;
  throw new SessionError(
    'unexpected-apdu',
    `${what} was answered by get-response-${response.type} with another number of results`,
  );
}

/** Follows blocks until the answer is whole. A refusal in a block ends the transfer and is returned as it is. */
function* completeGet(
  session: ClientSession,
  answer: Apdu,
  what: string,
  invoke: InvokeIdAndPriority,
  secretAnswer: boolean,
  header: readonly number[],
): Procedure<GetResponse | { readonly result: string }> {
  let response = expectGetResponse(answer, what);
  if (response.type !== 'with-datablock') return response;
  const collector = new OctetCollector();
  // Numbers start at 1 by the book; meters start at 0 or go on counting (quirks Q54, Q56): only gaps matter.
  let expected = response.block;
  for (;;) {
    const block: DataBlockResponse = response;
    if ('result' in block) return { result: block.result };
    if (block.block !== expected)
      throw new SessionError('block-sequence', `${what}: block ${block.block} where ${expected} was expected`, {
        next: 'read again',
      });
    collector.add(block.raw);
    if (block.last) break;
    expected = block.block + 1;
    const next = yield* session.request(
      { kind: 'get-request', invoke, type: 'next', block: block.block },
      { invoke, secretAnswer },
    );
    response = expectGetResponse(next, what);
    if (response.type !== 'with-datablock')
      throw new SessionError('unexpected-apdu', `${what}: get-response-${response.type} in the middle of blocks`);
  }
  return decodeCollected(header, collector.take(), what);
}

function decodeCollected(header: readonly number[], raw: Uint8Array, what: string): GetResponse {
  const octets = new Uint8Array(header.length + raw.length);
  octets.set(header);
  octets.set(raw, header.length);
  const decoded = decodeApdu(octets, ANSWER_DECODING);
  if (!decoded.ok) {
    const offset = Math.max(0, decoded.error.offset - header.length);
    throw malformed(`data of ${what} (offset in the data)`, { ...decoded.error, offset });
  }
  return expectGetResponse(decoded.value, what);
}

function expectGetResponse(apdu: Apdu, what: string): GetResponse {
  if (apdu.kind === 'get-response') return apdu;
  throw new SessionError('unexpected-apdu', `${what} was answered by ${apdu.kind}`);
}

function onlyResult(response: Extract<GetResponse, { type: 'normal' }>): GetDataResult {
  return 'data' in response ? { data: response.data } : { result: response.result };
}
