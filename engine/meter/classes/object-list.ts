import type { Data } from '../../codec/axdr/data.ts';
import { encodeAttributeAccess, encodeMethodAccess } from '../../cosem/access-rights.ts';
import { grantedRights } from '../association/granted-rights.ts';
import type { CosemObject } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import { attributeAccessOf, methodAccessOf, type ObjectRights } from '../rights.ts';

/** Objects an association sees, in the order of the template. */
export function visibleObjects(meter: VirtualMeter, association: number): readonly CosemObject[] {
  return meter.blueprint.objects.filter((object) => grantedRights(meter, object, association) !== undefined);
}

function selectorsOf(object: CosemObject, attribute: number): Data {
  const selectors = object.logic.selectors?.[attribute];
  if (selectors === undefined) return { t: 'null-data' };
  return { t: 'array', v: selectors.map((selector) => ({ t: 'integer', v: selector })) };
}

function attributeIndexes(object: CosemObject): number[] {
  const known = Array.from({ length: object.attributeCount }, (_, index) => index + 1);
  // Attributes of the vendor have negative indices.
  return [...known, ...[...object.attributes.keys()].filter((index) => index < 1)];
}

/** access_right of an object for an association, coded as `version` of its association object wants it. */
export function accessRights(meter: VirtualMeter, object: CosemObject, association: number, version: number): Data {
  const rights = grantedRights(meter, object, association);
  if (rights === undefined)
    return {
      t: 'structure',
      v: [
        { t: 'array', v: [] },
        { t: 'array', v: [] },
      ],
    };
  return {
    t: 'structure',
    v: [
      { t: 'array', v: attributeIndexes(object).map((index) => attributeItem(object, rights, index, version)) },
      {
        t: 'array',
        v: Array.from({ length: object.methodCount }, (_, index) => {
          const mode = encodeMethodAccess(methodAccessOf(rights, index + 1), version);
          return {
            t: 'structure',
            v: [
              { t: 'integer', v: index + 1 },
              typeof mode === 'boolean' ? { t: 'boolean', v: mode } : { t: 'enum', v: mode },
            ],
          };
        }),
      },
    ],
  };
}

function attributeItem(object: CosemObject, rights: ObjectRights, index: number, version: number): Data {
  const mode = encodeAttributeAccess(attributeAccessOf(rights, index), version);
  return {
    t: 'structure',
    v: [{ t: 'integer', v: index }, { t: 'enum', v: mode }, selectorsOf(object, index)],
  };
}

/** object_list_element of Association LN: class, version, logical name, and the access rights if wanted. */
export function listElementLn(
  meter: VirtualMeter,
  object: CosemObject,
  association: number,
  version: number,
  withRights = true,
): Data {
  return {
    t: 'structure',
    v: [
      { t: 'long-unsigned', v: object.model.class },
      { t: 'unsigned', v: object.model.version },
      { t: 'octet-string', v: object.logicalName },
      ...(withRights ? [accessRights(meter, object, association, version)] : []),
    ],
  };
}

/** A short name as Association SN writes it: signed. */
export function signedShortName(name: number): Data {
  return { t: 'long', v: name > 0x7fff ? name - 0x10000 : name };
}

/** object_list_element of Association SN: base name, class, version, logical name. */
export function listElementSn(object: CosemObject): Data {
  return {
    t: 'structure',
    v: [
      signedShortName(object.model.baseName ?? 0),
      { t: 'long-unsigned', v: object.model.class },
      { t: 'unsigned', v: object.model.version },
      { t: 'octet-string', v: object.logicalName },
    ],
  };
}

/** A list that is the same for every meter of a model, made once; of one whose lists were changed, made each time. */
export function sharedList({ blueprint, state }: VirtualMeter, name: string, make: () => Data): Data {
  if (state.access !== undefined) return make();
  const known = blueprint.lists.get(name);
  if (known !== undefined) return known;
  const made = make();
  blueprint.lists.set(name, made);
  return made;
}
