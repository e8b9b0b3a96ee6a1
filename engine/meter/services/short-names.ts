import type { Data } from '../../codec/axdr/data.ts';
import type { ReadResult, SelectiveAccess } from '../../codec/xdlms/types.ts';
import { grantedRights } from '../association/granted-rights.ts';
import { replyToHls } from '../association/hls.ts';
import type { CosemObject } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import { getFromObject, invokeOnObject, setInObject } from './attribute-service.ts';
import { negotiated, type RequestContext } from './request-context.ts';

/** Reserved base name of the current association, and its reply_to_HLS_authentication (wire.md 11). */
const REPLY_TO_HLS = 0xfa58;
const ASSOCIATION_SN = 12;
const REPLY_METHOD = 8;

/** What a short name means to an association; undefined if nothing. */
interface Resolved {
  readonly object: CosemObject;
  readonly attribute?: number;
  readonly method?: number;
}

function resolve(context: RequestContext, name: number): Resolved | undefined {
  const target = context.meter.blueprint.byShortName(name);
  if (target === undefined) return undefined;
  return grantedRights(context.meter, target.object, context.association.definition.index) && target;
}

/** True for the name of reply_to_HLS_authentication, also of an association object at another base. */
export function isHlsReplyName(meter: VirtualMeter, name: number): boolean {
  if (name === REPLY_TO_HLS) return true;
  const target = meter.blueprint.byShortName(name);
  return target?.object.model.class === ASSOCIATION_SN && target.method === REPLY_METHOD;
}

/** Reads one name: an attribute, with or without selection, or a method that returns data. */
export function readName(context: RequestContext, name: number, selection: SelectiveAccess | null): ReadResult {
  if (selection !== null) {
    if (isHlsReplyName(context.meter, name)) return methodResult(replyToHls(context, selection.params));
    if (!negotiated(context, 'parameterized-access')) return { result: 'scope-of-access-violated' };
  }
  const target = resolve(context, name);
  if (target === undefined) return { result: 'object-undefined' };
  if (target.attribute !== undefined) return getFromObject(context, target.object, target.attribute, selection);
  if (target.method === undefined || selection === null) return { result: 'read-write-denied' };
  return methodResult(invokeOnObject(context, target.object, target.method, selection.params));
}

function methodResult(outcome: ReturnType<typeof invokeOnObject>): ReadResult {
  if (outcome.result !== 'success') return { result: outcome.result };
  return outcome.return ?? { data: { t: 'null-data' } };
}

/** Writes one name: an attribute, or a method with its parameter. */
export function writeName(
  context: RequestContext,
  name: number,
  selection: SelectiveAccess | null,
  data: Data,
): string {
  if (isHlsReplyName(context.meter, name)) return replyToHls(context, data).result;
  if (selection !== null && !negotiated(context, 'parameterized-access')) return 'scope-of-access-violated';
  const target = resolve(context, name);
  if (target === undefined) return 'object-undefined';
  if (target.attribute !== undefined) return setInObject(context, target.object, target.attribute, selection, data);
  if (target.method === undefined) return 'object-undefined';
  return invokeOnObject(context, target.object, target.method, data).result;
}
