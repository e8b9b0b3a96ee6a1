import type { ClassAttribute, InterfaceClass } from '../../engine/cosem/classes.ts';
import { code, paragraphs, table } from './table.ts';

/** An interface class with its attributes and methods. */
export function classMarkdown(item: InterfaceClass): string {
  const methods = item.methods.filter((method) => !method.reserved);
  return paragraphs(
    `**${item.name}** (class ${item.id}, version ${item.version})`,
    table(
      ['', 'Attribute', 'Type', ''],
      item.attributes.map((attribute) => [
        String(attribute.index),
        code(attribute.name),
        typeText(attribute),
        attribute.static === undefined ? '' : attribute.static ? 'static' : 'dynamic',
      ]),
    ),
    methods.length === 0
      ? undefined
      : table(
          ['', 'Method', ''],
          methods.map((method) => [
            String(method.index),
            code(method.name),
            method.mandatory ? 'mandatory' : 'optional',
          ]),
        ),
    item.complete ? undefined : 'Its further attributes are not known.',
  );
}

/** One attribute of a class. */
export function attributeMarkdown(item: InterfaceClass, attribute: ClassAttribute): string {
  return paragraphs(
    `**${attribute.name}**, attribute ${attribute.index} of ${item.name} (class ${item.id})`,
    `Type: ${typeText(attribute)}`,
    attribute.static === undefined ? undefined : attribute.static ? 'Static.' : 'Dynamic.',
    `Short name: base name + ${attribute.snOffset}`,
  );
}

/** `octet-string (date-time)`; `any type` where the class leaves it to the object. */
export function typeText(attribute: ClassAttribute): string {
  const types = attribute.alternatives.length === 0 ? 'any type' : attribute.alternatives.join(' or ');
  return attribute.form === undefined ? types : `${types} (${attribute.form})`;
}
