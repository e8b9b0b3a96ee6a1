import type { Data } from '../../codec/axdr/data.ts';
import type { RequiredProtection } from '../../cosem/access-rights.ts';
import { readObjectList } from '../../cosem/object-list.ts';
import type { Protection } from '../../template/model.ts';
import type { CosemObject } from '../blueprint.ts';
import { copyData } from '../copy-data.ts';
import type { VirtualMeter } from '../meter.ts';
import { NO_RIGHTS, type ObjectRights } from '../rights.ts';

/**
 * Rights a client gave to an association by add_object, or took by remove_object. They are kept as the Data of the
 * client, under the version of the association object that says how the access modes are coded.
 */
const readRights = new WeakMap<Data, ObjectRights>();

function keyOf(meter: VirtualMeter, object: CosemObject, association: number): string {
  return `${meter.model.associations[association]?.name}|${object.model.class}/${object.obis}`;
}

function protectionsOf(required: RequiredProtection): readonly Protection[] {
  const all: readonly Protection[] = ['authenticated', 'encrypted', 'signed'];
  return all.filter((protection) => required[protection]);
}

/** Rights as an object_list_element states them; undefined if it cannot be read. */
function rightsIn(element: Data, version: number): ObjectRights | undefined {
  const entry = readObjectList({ t: 'array', v: [element] }, version)?.entries[0];
  if (entry === undefined) return undefined;
  const attributes = new Map(entry.attributes?.map(({ index, access }) => [index, access]));
  const methods = new Map(entry.methods?.map(({ index, access }) => [index, access]));
  const protections = (granted: boolean | undefined, access: { request: RequiredProtection } | undefined) =>
    granted === true && access !== undefined ? protectionsOf(access.request) : undefined;
  return {
    get: (index) => protections(attributes.get(index)?.read, attributes.get(index)),
    set: (index) => (index === 1 ? undefined : protections(attributes.get(index)?.write, attributes.get(index))),
    action: (index) => protections(methods.get(index)?.invoke, methods.get(index)),
  };
}

/** What an association may do with an object; undefined if it does not see it. */
export function grantedRights(meter: VirtualMeter, object: CosemObject, association: number): ObjectRights | undefined {
  const changed = meter.state.access?.get(keyOf(meter, object, association));
  if (changed === undefined) return object.visible[association] === true ? object.rights[association] : undefined;
  if (changed.t !== 'structure') return undefined;
  const known = readRights.get(changed);
  if (known !== undefined) return known;
  const [version, element] = changed.v;
  const read = version?.t === 'unsigned' && element !== undefined ? rightsIn(element, version.v) : undefined;
  readRights.set(changed, read ?? NO_RIGHTS);
  return read ?? NO_RIGHTS;
}

/** Lets an association see an object with the rights of an object_list_element. False if that cannot be read. */
export function grant(
  meter: VirtualMeter,
  object: CosemObject,
  association: number,
  version: number,
  element: Data,
): boolean {
  if (rightsIn(element, version) === undefined) return false;
  meter.state.access ??= new Map();
  const v: readonly Data[] = [{ t: 'unsigned', v: version }, copyData(element)];
  meter.state.access.set(keyOf(meter, object, association), { t: 'structure', v });
  return true;
}

/** Hides an object from an association. */
export function withdraw(meter: VirtualMeter, object: CosemObject, association: number): void {
  meter.state.access ??= new Map();
  meter.state.access.set(keyOf(meter, object, association), { t: 'null-data' });
}
