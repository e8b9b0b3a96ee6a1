import type { DataType } from '../codec/axdr/data.ts';
import { classIdentifier, identifierAliases, kebabCase } from './class-identifiers.ts';
import classRows from './data/classes.json' with { type: 'json' };
import { columns } from './rows.ts';

/** Type of an attribute: a Data type, or `choice` where the Blue Book leaves it to the object (value of Data, Register...). */
export type AttributeType = DataType | 'choice';

/** What the octets or the structure of an attribute mean beyond their type. */
export type AttributeForm = 'logical-name' | 'date-time' | 'scaler-unit';

/** One attribute of an interface class version. */
export interface ClassAttribute {
  /** From 1; 1 is always logical_name. */
  readonly index: number;
  /** As in the Blue Book: `capture_objects`, `LLS_secret`, `TCP-UDP_port`. */
  readonly name: string;
  readonly type: AttributeType;
  /** Types a value may have; empty means any (`choice`). */
  readonly alternatives: readonly DataType[];
  readonly form?: AttributeForm;
  /** Static attributes are configuration, dynamic ones change by themselves; undefined where the book does not say. */
  readonly static?: boolean;
  /** Added to the base name in short name referencing: (index - 1) * 8. */
  readonly snOffset: number;
}

/** One method of an interface class version. */
export interface ClassMethod {
  /** From 1. */
  readonly index: number;
  readonly name: string;
  readonly mandatory: boolean;
  /** A slot that only keeps the numbering; it cannot be invoked. */
  readonly reserved: boolean;
  /** Added to the base name in short name referencing. See `snMethodsVerified`. */
  readonly snOffset: number;
}

/** One version of a COSEM interface class (Blue Book 4). */
export interface InterfaceClass {
  readonly id: number;
  readonly version: number;
  /** Blue Book name: `Profile generic`. */
  readonly name: string;
  /** Name in the template language: `profile-generic`. */
  readonly identifier: string;
  readonly attributes: readonly ClassAttribute[];
  readonly methods: readonly ClassMethod[];
  /** The attribute list was confirmed in a public source. */
  readonly verified: boolean;
  /** The attribute list is complete; false where only logical_name is known. */
  readonly complete: boolean;
  /** The short name offsets of the methods were confirmed in a public source. */
  readonly snMethodsVerified: boolean;
}

type ClassRow = (typeof classRows)[number];

const DATE_TIME_FORM = /\(date-time\)$/;

/** `octet-string(date-time)` and its like in the data file: type, allowed types and form. */
function attributeType(text: string, index: number): Pick<ClassAttribute, 'type' | 'alternatives' | 'form'> {
  if (index === 1) return { type: 'octet-string', alternatives: ['octet-string'], form: 'logical-name' };
  if (text === 'choice') return { type: 'choice', alternatives: [] };
  if (text === 'compact-array|array') return { type: 'array', alternatives: ['array', 'compact-array'] };
  if (text === 'structure(scal_unit_type)')
    return { type: 'structure', alternatives: ['structure'], form: 'scaler-unit' };
  if (DATE_TIME_FORM.test(text)) {
    return { type: 'octet-string', alternatives: ['octet-string', 'date-time'], form: 'date-time' };
  }
  // Meters send tag 25 and octet-string alike where the book says date-time.
  if (text === 'date-time')
    return { type: 'date-time', alternatives: ['date-time', 'octet-string'], form: 'date-time' };
  return { type: text as DataType, alternatives: [text as DataType] };
}

function readAttribute(line: string, position: number): ClassAttribute {
  const first = line.indexOf('|');
  const last = line.lastIndexOf('|');
  const flag = line.slice(last + 1);
  const index = position + 1;
  return {
    index,
    name: line.slice(0, first),
    ...attributeType(line.slice(first + 1, last), index),
    ...(flag === '-' ? {} : { static: flag === 's' }),
    snOffset: position * 8,
  };
}

function readClass(row: ClassRow): InterfaceClass {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    identifier: classIdentifier(row.id, row.name),
    attributes: row.attributes.map(readAttribute),
    methods: row.methods.map((line, position) => {
      const [name = '', kind = ''] = columns(line, 2);
      return {
        index: position + 1,
        name,
        mandatory: kind === 'm',
        reserved: kind === 'r',
        snOffset: row.methodsAt + position * 8,
      };
    }),
    verified: row.verified,
    complete: row.complete,
    snMethodsVerified: row.methodsAtVerified,
  };
}

const classes: readonly InterfaceClass[] = classRows.map(readClass);

/** Versions of each class id, lowest first, as in the data file. */
const byId: ReadonlyMap<number, readonly InterfaceClass[]> = Map.groupBy(classes, (item) => item.id);

/** Every known class version, ordered by id and version. */
export function allClasses(): readonly InterfaceClass[] {
  return classes;
}

/** The known versions of a class, lowest first; empty for an unknown id. */
export function classVersions(id: number): readonly InterfaceClass[] {
  return byId.get(id) ?? [];
}

/**
 * A class in the asked version, or without `version` the one to use by default: the highest whose attribute list is
 * verified, else the highest known. Undefined if that id or version is not known.
 */
export function interfaceClass(id: number, version?: number): InterfaceClass | undefined {
  const versions = classVersions(id);
  if (version !== undefined) return versions.find((item) => item.version === version);
  return versions.findLast((item) => item.verified) ?? versions.at(-1);
}

/**
 * For reading what a meter claims: the asked version if it is known, else the nearest lower one, else the lowest.
 * Newer versions of a class mostly append attributes, so the nearest lower version names the first ones correctly.
 */
export function nearestClass(id: number, version: number): InterfaceClass | undefined {
  const versions = classVersions(id);
  return versions.findLast((item) => item.version <= version) ?? versions[0];
}

/** The version number `interfaceClass(id)` picks: the default for emulation. */
export function latestVersion(id: number): number | undefined {
  return interfaceClass(id)?.version;
}

const byIdentifier: ReadonlyMap<string, InterfaceClass> = new Map(
  [...byId.keys()].flatMap((id) => {
    const chosen = interfaceClass(id);
    if (chosen === undefined) return [];
    // Older names (`PSTN auto dial`) lead to their own version; the chosen version's name comes last and wins.
    return [...classVersions(id), chosen].map((item) => [item.identifier, item] as const);
  }),
);

/**
 * A class by its name in the template language (`profile-generic`), case-insensitive, with `_` for `-` and a few
 * aliases (`hdlc-setup`, `mbus-client`). Without `version` the default version, as in `interfaceClass`.
 */
export function classByIdentifier(identifier: string, version?: number): InterfaceClass | undefined {
  const name = kebabCase(identifier);
  const found = byIdentifier.get(identifierAliases[name] ?? name);
  if (found === undefined || version === undefined) return found;
  return interfaceClass(found.id, version);
}

/** Attribute and method names differ in case and in `-` or `_` between books and tools: compared without both. */
function plainName(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** Attribute of a class by its Blue Book name, case-insensitive, `-` and `_` alike. */
export function attributeByName(item: InterfaceClass, name: string): ClassAttribute | undefined {
  const wanted = plainName(name);
  return item.attributes.find((attribute) => plainName(attribute.name) === wanted);
}

/** Method of a class by its Blue Book name, case-insensitive, `-` and `_` alike. Reserved slots are not found. */
export function methodByName(item: InterfaceClass, name: string): ClassMethod | undefined {
  const wanted = plainName(name);
  return item.methods.find((method) => !method.reserved && plainName(method.name) === wanted);
}

/**
 * Size of an object in short name space: octets from the base name to the end of the last attribute or method slot.
 * Base names of neighbours must be at least this far apart.
 */
export function shortNameSpan(item: InterfaceClass): number {
  const methods = item.methods.at(-1);
  return Math.max(item.attributes.length * 8, methods === undefined ? 0 : methods.snOffset + 8);
}

/** Who defines a class id (Blue Book 4.1.1). */
export function classRange(id: number): 'dlms-ua' | 'manufacturer' | 'user-group' {
  if (id < 8192) return 'dlms-ua';
  return id < 32768 ? 'manufacturer' : 'user-group';
}
