import type { AttributeAccess, MethodAccess, RequiredProtection } from '../cosem/access-rights.ts';
import { noProtection } from '../cosem/access-rights.ts';
import type { AccessModel, ObjectAccessModel, Protection } from '../template/model.ts';

/** What one association may do with one object. */
export interface ObjectRights {
  /** Protections `get` of an attribute needs; undefined = not allowed. */
  get(attribute: number): readonly Protection[] | undefined;
  set(attribute: number): readonly Protection[] | undefined;
  action(method: number): readonly Protection[] | undefined;
}

/** No right to anything. */
export const NO_RIGHTS: ObjectRights = { get: () => undefined, set: () => undefined, action: () => undefined };
const OPEN: readonly Protection[] = [];

/** Rights of an object for an association, attribute level over object level. */
export function rightsOf(access: ObjectAccessModel | undefined): ObjectRights {
  if (access === undefined) return NO_RIGHTS;
  const attribute = (index: number): AccessModel => access.attributes?.[String(index)] ?? access;
  return {
    // Who may see anything of an object may see its name.
    get: (index) => attribute(index).get ?? (index === 1 && grantsAnything(access) ? OPEN : undefined),
    set: (index) => (index === 1 ? undefined : attribute(index).set),
    action: (index) => (access.methods?.[String(index)] ?? access).action,
  };
}

/** True if the association has any right to the object, i.e. sees it in its object list. */
export function grantsAnything(access: ObjectAccessModel | undefined): boolean {
  if (access === undefined) return false;
  const grants = (level: AccessModel): boolean =>
    level.get !== undefined || level.set !== undefined || level.action !== undefined;
  return (
    grants(access) ||
    Object.values(access.attributes ?? {}).some(grants) ||
    Object.values(access.methods ?? {}).some(grants)
  );
}

function required(...lists: (readonly Protection[] | undefined)[]): RequiredProtection {
  const all = lists.flatMap((list) => list ?? []);
  if (all.length === 0) return noProtection;
  return {
    authenticated: all.includes('authenticated'),
    encrypted: all.includes('encrypted'),
    signed: all.includes('signed'),
  };
}

/** Rights to an attribute as the object list tells them. */
export function attributeAccessOf(rights: ObjectRights, attribute: number): AttributeAccess {
  const get = rights.get(attribute);
  const set = rights.set(attribute);
  const protection = required(get, set);
  return { read: get !== undefined, write: set !== undefined, request: protection, response: protection };
}

/** Right to a method as the object list tells it. */
export function methodAccessOf(rights: ObjectRights, method: number): MethodAccess {
  const action = rights.action(method);
  const protection = required(action);
  return { invoke: action !== undefined, request: protection, response: protection };
}
