import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import type { Data } from '../codec/axdr/data.ts';
import type {
  GetDataResult,
  ReadRequest,
  ReadResponse,
  ReadResult,
  SelectiveAccess,
  VariableAccess,
} from '../codec/xdlms/types.ts';
import { shortName } from './apdu-summary.ts';
import type { ClientSession } from './client-session.ts';
import { malformed, SessionError } from './errors.ts';
import { OctetCollector } from './octet-collector.ts';
import type { Procedure } from './procedure.ts';
import { cutRequest, needsBlocks } from './request-blocks.ts';

/** ReadResponse tag and choice `data` (GB 9.5), to decode collected blocks as the APDU they stand for. */
const READ_RESPONSE = 0x0c;
const CHOICE_DATA = 0;
const READ_BLOCKS = 'block-transfer-with-get-or-read';
/** Short names of attributes are 8 apart (GB 9.3.12, IEC 62056-5-3). */
const ATTRIBUTE_STEP = 8;
const SHORT_NAME_MASK = 0xffff;

/** Short name of an attribute: base name + (index - 1) * 8. */
export function attributeName(baseName: number, index: number): number {
  return (baseName + (index - 1) * ATTRIBUTE_STEP) & SHORT_NAME_MASK;
}

/** Read of one short name (GB 9.3.14); with a selection by parameterized access. */
export function* readName(
  session: ClientSession,
  name: number,
  selective: SelectiveAccess | null,
  secretAnswer = false,
): Procedure<GetDataResult> {
  return (yield* readList(session, [accessOf({ name, selective })], `read ${shortName(name)}`, secretAnswer))[0]!;
}

/** One short name to read, with or without a selection. */
export interface NameToRead {
  readonly name: number;
  readonly selective?: SelectiveAccess | null;
}

/** Read of several short names at once: one result each, in order. A request longer than the meter takes goes in blocks. */
export function* readNames(
  session: ClientSession,
  names: readonly (number | NameToRead)[],
  secretAnswer = false,
): Procedure<readonly GetDataResult[]> {
  return yield* readList(session, names.map(accessOf), `read of ${names.length} names`, secretAnswer);
}

function accessOf(item: number | NameToRead): VariableAccess {
  if (typeof item === 'number') return { 'variable-name': item };
  const { name, selective } = item;
  if (selective === undefined || selective === null) return { 'variable-name': name };
  return { 'parameterized-access': { name, selector: selective.selector, parameter: selective.params } };
}

function* readList(
  session: ClientSession,
  list: readonly VariableAccess[],
  what: string,
  secretAnswer: boolean,
): Procedure<readonly GetDataResult[]> {
  session.requireAssociation();
  const request = { kind: 'read-request', list } as const;
  const answer = needsBlocks(session, request, READ_BLOCKS)
    ? yield* sendBlocks(session, request, what, secretAnswer)
    : expectRead(yield* session.request(request, { secretAnswer }), what);
  const first = answer.list[0];
  const results =
    first !== undefined && 'data-block-result' in first
      ? yield* followBlocks(session, first, what, secretAnswer)
      : answer.list;
  if (results.length !== list.length)
    throw new SessionError('unexpected-apdu', `${what}: ${results.length} results where ${list.length} were expected`);
  return results.map((result) => simpleResult(result, what));
}

/** A request longer than the meter takes: its inside in read-data-blocks, each acknowledged by its number (wire.md 11). */
function* sendBlocks(
  session: ClientSession,
  request: ReadRequest,
  what: string,
  secretAnswer: boolean,
): Procedure<ReadResponse> {
  const requests = cutRequest(session, encodeApdu(request).subarray(1), (block) => ({
    kind: 'read-request',
    list: [{ 'read-data-block-access': block }],
  }));
  for (const [index, part] of requests.entries()) {
    const answer = expectRead(yield* session.request(part, { secretAnswer }), what);
    const [acknowledged] = answer.list;
    if (acknowledged === undefined || !('block-number' in acknowledged)) return answer;
    if (acknowledged['block-number'] !== index + 1)
      throw new SessionError(
        'block-sequence',
        `${what}: block ${acknowledged['block-number']} acknowledged, ${index + 1} was sent`,
        { next: 'read again' },
      );
  }
  throw new SessionError('block-sequence', `${what}: the last block was acknowledged like another, without an answer`);
}

function* followBlocks(
  session: ClientSession,
  first: ReadResult,
  what: string,
  secretAnswer: boolean,
): Procedure<readonly ReadResult[]> {
  const collector = new OctetCollector();
  let item = first;
  let expected: number | undefined;
  for (;;) {
    if (!('data-block-result' in item)) {
      if ('result' in item) return [item];
      throw new SessionError('unexpected-apdu', `${what}: ${Object.keys(item)[0]} in the middle of blocks`);
    }
    const block = item['data-block-result'];
    if (expected !== undefined && block.block !== expected)
      throw new SessionError('block-sequence', `${what}: block ${block.block} where ${expected} was expected`, {
        next: 'read again',
      });
    collector.add(block.raw);
    if (block.last) return decodeCollected(collector.take(), what);
    expected = block.block + 1;
    const next = expectRead(
      yield* session.request(
        { kind: 'read-request', list: [{ 'block-number-access': block.block }] },
        { secretAnswer },
      ),
      what,
    );
    const following = next.list[0];
    if (following === undefined)
      throw new SessionError('unexpected-apdu', `${what}: empty answer in the middle of blocks`);
    item = following;
  }
}

/** The blocks carry the list of results by the book; servers that send one bare Data are taken as well. */
function decodeCollected(raw: Uint8Array, what: string): readonly ReadResult[] {
  const asList = decodeApdu(prefixed([READ_RESPONSE], raw));
  if (asList.ok && asList.value.kind === 'read-response') return asList.value.list;
  const asData = decodeApdu(prefixed([READ_RESPONSE, 1, CHOICE_DATA], raw));
  if (asData.ok && asData.value.kind === 'read-response') return asData.value.list;
  if (!asList.ok) throw malformed(`data of ${what}`, asList.error);
  throw new SessionError('unexpected-apdu', `${what}: the collected blocks are no read-response`);
}

function prefixed(header: readonly number[], raw: Uint8Array): Uint8Array {
  const octets = new Uint8Array(header.length + raw.length);
  octets.set(header);
  octets.set(raw, header.length);
  return octets;
}

function expectRead(apdu: Apdu, what: string): ReadResponse {
  if (apdu.kind === 'read-response') return apdu;
  throw new SessionError('unexpected-apdu', `${what} was answered by ${apdu.kind}`);
}

function simpleResult(result: ReadResult, what: string): GetDataResult {
  if ('data' in result) return { data: result.data };
  if ('result' in result) return { result: result.result };
  throw new SessionError('unexpected-apdu', `${what}: ${Object.keys(result)[0]} where a value was expected`);
}

/** Calls a method that returns data: Read with parameterized access, selector 0 (wire.md 11). */
export function* callMethod(session: ClientSession, name: number, parameter: Data): Procedure<GetDataResult> {
  return yield* readName(session, name, { selector: 0, params: parameter });
}
