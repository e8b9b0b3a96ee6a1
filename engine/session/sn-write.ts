import type { Apdu } from '../codec/apdu.ts';
import { encodeApdu } from '../codec/apdu-codec.ts';
import type { Data } from '../codec/axdr/data.ts';
import { encodeData } from '../codec/axdr/encode-data.ts';
import type { SelectiveAccess, VariableAccess, WriteResponse } from '../codec/xdlms/types.ts';
import type { ClientSession, RequestOptions } from './client-session.ts';
import { SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { cutRequest, needsBlocks } from './request-blocks.ts';
import { suffixRange } from './secret-ranges.ts';

const WRITE_BLOCKS = 'block-transfer-with-set-or-write';

/** One short name to write; a method is called by writing its parameter to its name. */
export interface NameToWrite {
  readonly name: number;
  readonly data: Data;
  readonly selective?: SelectiveAccess | null;
}

/** Write of one short name (GB 9.3.15). Returns `success` or the data-access-result. */
export function* writeName(session: ClientSession, name: number, data: Data, secret = false): Procedure<string> {
  return (yield* writeNames(session, [{ name, data }], secret))[0]!;
}

/** Write of several short names at once, in blocks where it is longer than the meter takes: one result each, in order. */
export function* writeNames(
  session: ClientSession,
  items: readonly NameToWrite[],
  secret = false,
): Procedure<readonly string[]> {
  session.requireAssociation();
  const what = `write of ${items.length} names`;
  const list = items.map(accessOf);
  const values = items.map((item) => item.data);
  const request = { kind: 'write-request', list, values } as const;
  const length = values.reduce((sum, value) => sum + encodeData(value).length, 0);
  const answer = needsBlocks(session, request, WRITE_BLOCKS)
    ? yield* sendBlocks(session, encodeApdu(request).subarray(1), what, secret)
    : expectWrite(yield* session.request(request, masked(secret, length - 1)), what);
  if (answer.list.length !== items.length)
    throw new SessionError(
      'unexpected-apdu',
      `${what}: ${answer.list.length} results where ${items.length} were expected`,
    );
  return answer.list.map((result) => {
    if (typeof result === 'string') return result;
    throw new SessionError('unexpected-apdu', `${what}: a block number where a result was expected`);
  });
}

/** UnconfirmedWrite of several short names (GB 9.3.16): nothing tells whether they were written. */
export function* writeNamesUnconfirmed(
  session: ClientSession,
  items: readonly NameToWrite[],
  secret = false,
): Procedure<void> {
  const { conformance } = session.requireAssociation();
  if (!conformance.has('unconfirmed-write'))
    throw new SessionError('not-supported', 'UnconfirmedWrite was not negotiated', {
      next: 'propose the conformance bit unconfirmed-write, or use Write',
    });
  const values = items.map((item) => item.data);
  const length = values.reduce((sum, value) => sum + encodeData(value).length, 0);
  yield* session.tell(
    { kind: 'unconfirmed-write-request', list: items.map(accessOf), values },
    masked(secret, length - 1),
  );
}

/** The blocks are the inside of the WriteRequest, each the octet-string written to a write-data-block (wire.md 11). */
function* sendBlocks(session: ClientSession, raw: Uint8Array, what: string, secret: boolean): Procedure<WriteResponse> {
  const sizes: number[] = [];
  const requests = cutRequest(session, raw, ({ last, block, raw: v }) => {
    sizes[block - 1] = v.length;
    return {
      kind: 'write-request',
      list: [{ 'write-data-block-access': { last, block } }],
      values: [{ t: 'octet-string', v }],
    };
  });
  for (const [index, part] of requests.entries()) {
    const answer = expectWrite(yield* session.request(part, masked(secret, sizes[index] ?? 0)), what);
    const [acknowledged] = answer.list;
    if (acknowledged === undefined || typeof acknowledged === 'string') return answer;
    if (acknowledged['block-number'] !== index + 1)
      throw new SessionError(
        'block-sequence',
        `${what}: block ${acknowledged['block-number']} acknowledged, ${index + 1} was sent`,
        { next: 'write again' },
      );
  }
  throw new SessionError('block-sequence', `${what}: the last block was acknowledged like another, without a result`, {
    next: 'read the attributes to see whether they were written',
  });
}

function accessOf({ name, selective }: NameToWrite): VariableAccess {
  if (selective === undefined || selective === null) return { 'variable-name': name };
  return { 'parameterized-access': { name, selector: selective.selector, parameter: selective.params } };
}

function masked(secret: boolean, length: number): RequestOptions {
  return secret ? { secret: (plain) => suffixRange(plain, length) } : {};
}

function expectWrite(apdu: Apdu, what: string): WriteResponse {
  if (apdu.kind === 'write-response') return apdu;
  throw new SessionError('unexpected-apdu', `${what} was answered by ${apdu.kind}`);
}
