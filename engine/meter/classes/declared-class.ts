import type { ClassAttribute, InterfaceClass } from '../../cosem/classes.ts';
import type { DeclaredClassModel, ObjectModel } from '../../template/model.ts';
import { type ClassLogic, SUCCESS } from './class-logic.ts';

const SHORT_NAME_STEP = 8;
const LOGICAL_NAME: ClassAttribute = {
  index: 1,
  name: 'logical_name',
  type: 'octet-string',
  alternatives: ['octet-string'],
  form: 'logical-name',
  snOffset: 0,
};

/** The class of an object as its template declares it; undefined for classes of the Blue Book, and unknown ones. */
export function declaredClass({ class: id, version, declared }: ObjectModel): InterfaceClass | undefined {
  if (declared === undefined) return undefined;
  const attributes = [LOGICAL_NAME, ...declared.attributes.map(attributeOf)];
  const methodsAt = attributes.length * SHORT_NAME_STEP;
  return {
    id,
    version,
    name: declared.name,
    identifier: declared.name,
    attributes,
    methods: declared.methods.map((name, index) => ({
      index: index + 1,
      name,
      mandatory: false,
      reserved: false,
      snOffset: methodsAt + index * SHORT_NAME_STEP,
    })),
    verified: true,
    complete: true,
    snMethodsVerified: false,
  };
}

function attributeOf({ name, type }: DeclaredClassModel['attributes'][number], index: number): ClassAttribute {
  return {
    index: index + 2,
    name,
    type: type ?? 'choice',
    alternatives: type === undefined ? [] : [type],
    snOffset: (index + 1) * SHORT_NAME_STEP,
  };
}

/** What a declared class does: its methods succeed, and what they do the template says in its `on` blocks. */
export const declaredLogic: ClassLogic = {
  invoke: ({ object }, method) => (method >= 1 && method <= object.methodCount ? SUCCESS : undefined),
};
