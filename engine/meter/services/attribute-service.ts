import type { Data } from '../../codec/axdr/data.ts';
import type {
  ActionOutcome,
  AttributeDescriptor,
  DataAccessResult,
  GetDataResult,
  MethodDescriptor,
  SelectiveAccess,
} from '../../codec/xdlms/types.ts';
import { grantedRights } from '../association/granted-rights.ts';
import { readAttribute, writeAttribute } from '../attribute-access.ts';
import type { CosemObject } from '../blueprint.ts';
import { react } from '../classes/reactions.ts';
import type { ObjectRights } from '../rights.ts';
import { mayAccess, negotiated, type RequestContext, targetOf } from './request-context.ts';

/** The object a descriptor names, or the result that refuses it. */
function lookUp(context: RequestContext, descriptor: AttributeDescriptor): CosemObject | { result: string } {
  const found = context.meter.blueprint.find(descriptor.class, descriptor.obis);
  if (found === 'class-inconsistent') return { result: 'object-class-inconsistent' };
  // Objects an association has no right to at all do not exist for it.
  if (found === undefined || rightsFor(context, found) === undefined) return { result: 'object-undefined' };
  return found;
}

function rightsFor(context: RequestContext, object: CosemObject): ObjectRights | undefined {
  return grantedRights(context.meter, object, context.association.definition.index);
}

/** GET of one attribute with all checks. Attribute 0 is all attributes as a structure, where that was negotiated. */
export function getAttribute(
  context: RequestContext,
  descriptor: AttributeDescriptor,
  selection: SelectiveAccess | null,
): GetDataResult {
  const object = lookUp(context, descriptor);
  if ('result' in object) return object;
  if (descriptor.index === 0) return getAll(context, object);
  return getFromObject(context, object, descriptor.index, selection);
}

/** GET of an attribute of an object already found; also the way of SN reads. */
export function getFromObject(
  context: RequestContext,
  object: CosemObject,
  attribute: number,
  selection: SelectiveAccess | null,
): GetDataResult {
  if (!mayAccess(context, rightsFor(context, object)?.get(attribute))) return { result: 'read-write-denied' };
  const target = targetOf(context, object);
  const { behaviour } = context;
  if (behaviour === undefined) return readAttribute(target, attribute, selection);
  const refusal = behaviour.refusal(object) ?? behaviour.quirks.refusesRead(target, attribute, selection);
  if (refusal !== undefined) return { result: refusal };
  const heard = selection && {
    ...selection,
    params: behaviour.quirks.heard(selection.params, target, attribute, selection),
  };
  return behaviour.read(readAttribute(target, attribute, heard), target, attribute, heard);
}

function getAll(context: RequestContext, object: CosemObject): GetDataResult {
  if (!negotiated(context, 'attribute0-supported-with-get')) return { result: 'scope-of-access-violated' };
  const values: Data[] = [];
  for (let attribute = 1; attribute <= object.attributeCount; attribute += 1) {
    const read = getFromObject(context, object, attribute, null);
    values.push('data' in read ? read.data : { t: 'null-data' });
  }
  return { data: { t: 'structure', v: values } };
}

/** SET of one attribute with all checks. */
export function setAttribute(
  context: RequestContext,
  descriptor: AttributeDescriptor,
  selection: SelectiveAccess | null,
  data: Data,
): DataAccessResult {
  const object = lookUp(context, descriptor);
  if ('result' in object) return object.result;
  return setInObject(context, object, descriptor.index, selection, data);
}

/** SET of an attribute of an object already found; also the way of SN writes. */
export function setInObject(
  context: RequestContext,
  object: CosemObject,
  attribute: number,
  selection: SelectiveAccess | null,
  data: Data,
): DataAccessResult {
  if (!mayAccess(context, rightsFor(context, object)?.set(attribute))) return 'read-write-denied';
  const target = targetOf(context, object);
  const { behaviour } = context;
  if (behaviour === undefined) return writeAttribute(target, attribute, selection, data);
  const refusal = behaviour.refusal(object) ?? behaviour.quirks.refusesWrite(data, target, attribute);
  return (
    refusal ?? writeAttribute(target, attribute, selection, behaviour.quirks.heard(data, target, attribute, selection))
  );
}

/** ACTION with all checks. */
export function invokeMethod(
  context: RequestContext,
  descriptor: MethodDescriptor,
  params: Data | null,
): ActionOutcome {
  const object = lookUp(context, descriptor);
  if ('result' in object) return object;
  return invokeOnObject(context, object, descriptor.index, params);
}

/** ACTION on an object already found; also the way of SN method calls. */
export function invokeOnObject(
  context: RequestContext,
  object: CosemObject,
  method: number,
  params: Data | null,
): ActionOutcome {
  if (!mayAccess(context, rightsFor(context, object)?.action(method))) return { result: 'read-write-denied' };
  const refusal = context.behaviour?.refusal(object);
  if (refusal !== undefined) return { result: refusal };
  const target = targetOf(context, object);
  const outcome = object.logic.invoke?.(target, method, params) ?? { result: 'object-undefined' };
  if (outcome.result === 'success') react(target, method);
  return outcome;
}
