import { encodeApdu } from '../../codec/apdu-codec.ts';
import type { Data } from '../../codec/axdr/data.ts';
import type { AccessOutcome, AccessRequest, AccessSpecification } from '../../codec/xdlms/types.ts';
import { getAttribute, invokeMethod, setAttribute } from './attribute-service.ts';
import { MALFORMED, NOT_NEGOTIATED, TOO_LONG } from './errors.ts';
import { negotiated, type RequestContext } from './request-context.ts';

/** Bits of long-invoke-id-and-priority (GB 9.5, wire.md 9). */
const SELF_DESCRIPTIVE = 0x1000_0000;
const BREAK_ON_ERROR = 0x2000_0000;
const CONFIRMED = 0x4000_0000;
const NULL_DATA: Data = { t: 'null-data' };

/** Whether the client waits for an answer. */
export function isConfirmedAccess(request: AccessRequest): boolean {
  return (request.longInvokeId & CONFIRMED) !== 0;
}

interface Served {
  readonly data: Data;
  readonly result: AccessOutcome;
  readonly good: boolean;
}

/**
 * ACCESS service (GB 9.3.10, wire.md 13): any mix of GET, SET and ACTION, served in order. With break-on-error the
 * answer ends with the first failure.
 */
export function handleAccess(context: RequestContext, request: AccessRequest): Uint8Array {
  if (!negotiated(context, 'access')) return NOT_NEGOTIATED;
  if (request.spec.length !== request.data.length) return MALFORMED;
  if (request.spec.length > context.maxList) return context.behaviour?.beyondLimit ?? MALFORMED;
  const data: Data[] = [];
  const results: AccessOutcome[] = [];
  for (const [index, spec] of request.spec.entries()) {
    const served = serve(context, spec, request.data[index] ?? NULL_DATA);
    data.push(served.data);
    results.push(served.result);
    if (!served.good && (request.longInvokeId & BREAK_ON_ERROR) !== 0) break;
  }
  const standard = encodeApdu({
    kind: 'access-response',
    longInvokeId: request.longInvokeId,
    dateTime: new Uint8Array(),
    spec: (request.longInvokeId & SELF_DESCRIPTIVE) === 0 ? null : request.spec.slice(0, results.length),
    data,
    results,
  });
  const answer = context.behaviour?.quirks.whole(standard, request) ?? standard;
  // ACCESS has no blocks of its own: without general block transfer the client has to ask for less.
  return answer.length <= context.maxResponse ? answer : TOO_LONG;
}

function serve(context: RequestContext, spec: AccessSpecification, data: Data): Served {
  const selection = spec.selective ?? null;
  if (selection !== null && !negotiated(context, 'selective-access'))
    return refused(spec.op.startsWith('get') ? 'get' : 'set', 'scope-of-access-violated');
  switch (spec.op) {
    case 'get':
    case 'get-with-selection': {
      const read = getAttribute(context, spec, selection);
      if ('result' in read) return refused('get', read.result);
      return { data: read.data, result: { get: 'success' }, good: true };
    }
    case 'set':
    case 'set-with-selection': {
      const result = setAttribute(context, spec, selection, data);
      return { data: NULL_DATA, result: { set: result }, good: result === 'success' };
    }
    case 'action': {
      const { result, return: returned } = invokeMethod(context, spec, data.t === 'null-data' ? null : data);
      const value = returned !== undefined && 'data' in returned ? returned.data : NULL_DATA;
      return { data: value, result: { action: result }, good: result === 'success' };
    }
  }
}

function refused(op: 'get' | 'set', result: string): Served {
  return { data: NULL_DATA, result: op === 'get' ? { get: result } : { set: result }, good: false };
}
