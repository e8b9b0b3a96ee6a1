import type { Data } from '../codec/axdr/data.ts';
import type { AccessOutcome, AccessSpecification, AttributeDescriptor, SelectiveAccess } from '../codec/xdlms/types.ts';
import type { ClientSession } from './client-session.ts';
import { encodeDataList } from './data-list.ts';
import { SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { holdsSecret } from './secret-attributes.ts';
import { suffixRange } from './secret-ranges.ts';

/** Bits of long-invoke-id-and-priority (GB 9.5, wire.md 9). */
const HIGH_PRIORITY = 0x8000_0000;
const CONFIRMED = 0x4000_0000;
const BREAK_ON_ERROR = 0x2000_0000;
const ID = 0x00ff_ffff;
const NULL_DATA: Data = { t: 'null-data' };

/** One thing asked for in an ACCESS request. */
export type AccessItem = AttributeDescriptor &
  (
    | { readonly op: 'get'; readonly selective?: SelectiveAccess }
    | { readonly op: 'set'; readonly data: Data; readonly selective?: SelectiveAccess }
    | { readonly op: 'action'; readonly params?: Data }
  );

/** What became of one item; `not-processed` behind the failure that broke the request off. */
export interface AccessResult {
  /** `success`, a data-access-result or action-result, or `not-processed`. */
  readonly result: string;
  /** What was read or returned; absent when there is nothing. */
  readonly data?: Data;
}

export interface AccessOptions {
  /** The meter stops at the first failure (bit 29). */
  readonly breakOnError?: boolean;
}

/**
 * ACCESS (GB 9.3.10): any mix of GET, SET and ACTION in one request, one result per item in order. With ciphering it
 * needs the general form, since ACCESS has no other. Throws SessionError `not-supported` without it.
 */
export function* access(
  session: ClientSession,
  items: readonly AccessItem[],
  options: AccessOptions = {},
): Procedure<readonly AccessResult[]> {
  const { conformance } = session.requireAssociation();
  const { contentKey, signed } = session.params;
  const general = conformance.has('general-protection') || contentKey !== undefined || signed === true;
  if (session.ciphering.active && !general)
    throw new SessionError('not-supported', 'ACCESS cannot be ciphered without general protection', {
      next: 'propose general-protection, or use GET, SET and ACTION',
    });
  const id = session.nextInvoke().id & ID;
  const flags = HIGH_PRIORITY + CONFIRMED + (options.breakOnError === true ? BREAK_ON_ERROR : 0);
  const data = items.map(dataOf);
  const secretRead = items.some((item) => item.op === 'get' && holdsSecret(item));
  const secretWritten = items.some((item) => item.op === 'set' && holdsSecret(item));
  const answer = yield* session.request(
    {
      kind: 'access-request',
      longInvokeId: flags + id,
      dateTime: new Uint8Array(),
      spec: items.map(specificationOf),
      data,
    },
    {
      secretAnswer: secretRead,
      ...(secretWritten ? { secret: (plain: Uint8Array) => suffixRange(plain, encodeDataList(data).length - 1) } : {}),
    },
  );
  if (answer.kind !== 'access-response')
    throw new SessionError('unexpected-apdu', `access of ${items.length} items was answered by ${answer.kind}`);
  if (answer.results.length > items.length || (answer.results.length < items.length && options.breakOnError !== true))
    throw new SessionError(
      'unexpected-apdu',
      `access: ${answer.results.length} results where ${items.length} were expected`,
    );
  return items.map((item, index) => resultOf(item, answer.results[index], answer.data[index]));
}

function specificationOf(item: AccessItem): AccessSpecification {
  const { class: classId, obis, index } = item;
  const descriptor = { class: classId, obis, index };
  if (item.op === 'action' || item.selective === undefined) return { op: item.op, ...descriptor };
  return { op: `${item.op}-with-selection`, ...descriptor, selective: item.selective };
}

function dataOf(item: AccessItem): Data {
  if (item.op === 'get') return NULL_DATA;
  return (item.op === 'set' ? item.data : item.params) ?? NULL_DATA;
}

function resultOf(item: AccessItem, outcome: AccessOutcome | undefined, data: Data | undefined): AccessResult {
  if (outcome === undefined) return { result: 'not-processed' };
  const [result = ''] = Object.values(outcome) as readonly string[];
  const empty = data === undefined || (data.t === 'null-data' && item.op !== 'get');
  return result === 'success' && !empty ? { result, data } : { result };
}
