import type { DataType } from '../../codec/axdr/data.ts';
import {
  allClasses,
  attributeByName,
  type ClassAttribute,
  type ClassMethod,
  classByIdentifier,
  classVersions,
  type InterfaceClass,
  interfaceClass,
  methodByName,
} from '../../cosem/classes.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import { dataTypes } from '../vocabulary/words.ts';
import type { ClassDeclaration } from './declarations.ts';
import { integerValue } from './literals.ts';
import type { Report } from './report.ts';
import type { ResolvedMember } from './resolve.ts';

/** Classes a template can name: those of the Blue Book and those declared in its files. */
export interface ClassTable {
  byName(name: string, version?: number): InterfaceClass | undefined;
  byId(id: number, version?: number): InterfaceClass | undefined;
  versions(id: number): readonly number[];
  names(): Iterable<string>;
}

/** Reads the classes declared in files, and joins them with those of the Blue Book. */
export function createClassTable(
  declared: readonly ClassDeclaration[],
  reportIn: (file: string) => Report,
): ClassTable {
  const own = declared.map((item) => readClass(item, reportIn(item.file)));
  const pick = (found: readonly InterfaceClass[], version: number | undefined): InterfaceClass | undefined =>
    version === undefined ? found.at(-1) : found.find((item) => item.version === version);
  return {
    byName(name, version) {
      const found = own.filter((item) => item.identifier === name);
      return found.length > 0 ? pick(found, version) : classByIdentifier(name, version);
    },
    byId(id, version) {
      const found = own.filter((item) => item.id === id);
      return found.length > 0 ? pick(found, version) : interfaceClass(id, version);
    },
    versions: (id) => [...own.filter((item) => item.id === id), ...classVersions(id)].map((item) => item.version),
    names: () => [...own.map((item) => item.identifier), ...allClasses().map((item) => item.identifier)],
  };
}

function readClass(declaration: ClassDeclaration, report: Report): InterfaceClass {
  const attributes: ClassAttribute[] = [
    {
      index: 1,
      name: 'logical_name',
      type: 'octet-string',
      alternatives: ['octet-string'],
      form: 'logical-name',
      snOffset: 0,
    },
  ];
  const methods: ClassMethod[] = [];
  let version = 0;
  for (const entry of declaration.block.entries) {
    if (entry.kind !== 'property') continue;
    if (entry.name.text === 'version') {
      const [part] = entry.items[0]?.parts ?? [];
      version = (part === undefined ? undefined : integerValue(part)) ?? 0;
    }
    for (const item of entry.items) {
      const [name, type] = item.parts;
      if (name?.kind !== 'name') continue;
      if (entry.name.text === 'methods') {
        methods.push({ index: methods.length + 1, name: name.text, mandatory: false, reserved: false, snOffset: 0 });
      } else if (entry.name.text === 'attributes') {
        const known = dataTypes.find((item) => type?.kind === 'name' && item === type.text);
        if (type !== undefined && known === undefined) {
          const written = type.kind === 'name' ? type.text : '';
          const suggestions = suggestWords(written, dataTypes);
          report('DLMS-407', type, `'${written}' is no data type.${didYouMean(suggestions)}`, { suggestions });
        }
        const alternatives: readonly DataType[] = known === undefined ? [] : [known];
        attributes.push({
          index: attributes.length + 1,
          name: name.text,
          type: known ?? 'choice',
          alternatives,
          snOffset: attributes.length * 8,
        });
      }
    }
  }
  const methodsAt = attributes.length * 8;
  return {
    id: declaration.id,
    version,
    name: declaration.name,
    identifier: declaration.name,
    attributes,
    methods: methods.map((method, index) => ({ ...method, snOffset: methodsAt + index * 8 })),
    verified: true,
    complete: true,
    snMethodsVerified: false,
  };
}

/** The interface class of an object, with what is wrong about it. */
export function classOf(object: ResolvedMember, classes: ClassTable, report: Report): InterfaceClass | undefined {
  const label = object.base.head.labels[2];
  if (label === undefined) return undefined;
  const [property] = object.properties.get('version') ?? [];
  const [part] = property?.node.items[0]?.parts ?? [];
  const version = part === undefined ? undefined : integerValue(part);
  const id = label.kind === 'literal' ? integerValue(label) : undefined;
  const newest = id === undefined ? classes.byName(label.text) : classes.byId(id);
  if (newest === undefined) {
    const suggestions = id === undefined ? suggestWords(label.text, classes.names()) : [];
    report('DLMS-501', label, `There is no interface class '${label.text}'.${didYouMean(suggestions)}`, {
      suggestions,
      hint: "Classes of the maker's own are declared with 'class NAME NUMBER { … }'.",
    });
    return undefined;
  }
  if (version === undefined) return newest;
  const found = id === undefined ? classes.byName(label.text, version) : classes.byId(id, version);
  if (found === undefined && part !== undefined) {
    const known = classes.versions(newest.id).join(', ');
    report('DLMS-503', part, `Class ${newest.id} (${newest.name}) has no version ${version}; known are ${known}.`, {
      suggestions: classes.versions(newest.id).map(String),
    });
  }
  return found ?? newest;
}

/** Attribute of a class by name; also `attribute_7` for numbers a class table does not know. */
export function attributeOf(item: InterfaceClass, name: string): ClassAttribute | undefined {
  return attributeByName(item, name);
}

export { methodByName as methodOf };
