import { type InterfaceClass, nearestClass } from '../../cosem/classes.ts';
import type { AssociationModel, AttributeModel, Expression, ObjectModel, Referencing } from '../model.ts';
import { attributeOf } from '../semantics/classes.ts';
import { fillPlaceholders } from '../semantics/environment.ts';
import { integerValue, textValue } from '../semantics/literals.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { classSettings } from '../vocabulary/object-blocks.ts';
import { compileAttribute } from './attribute-value.ts';
import { assignBaseNames } from './base-names.ts';
import { compileReactions, compileSetting } from './object-settings.ts';
import { readProperties } from './read.ts';
import { compileObjectAccess, compileRightsSets } from './rights.ts';

/** An object with what is needed to check it against others. */
export interface CompiledObject {
  readonly model: ObjectModel;
  readonly member: ResolvedMember;
  readonly item: InterfaceClass;
}

/** Compiles the objects of a meter, in the order of definition. Objects without known class are left out. */
export function compileObjects(
  scope: MeterScope,
  associations: readonly AssociationModel[],
  referencing: Referencing,
): readonly CompiledObject[] {
  const sets = compileRightsSets(scope, associations);
  const result: CompiledObject[] = [];
  for (const member of scope.meter.members.get('object')?.values() ?? []) {
    const item = scope.classOf(member);
    const access = compileObjectAccess(member, item, sets, associations, scope);
    const model = compileObject(member, item, access, scope);
    if (model !== undefined && item !== undefined) result.push({ model, member, item });
  }
  checkDuplicates(result, scope);
  checkReach(result, associations, scope);
  return referencing === 'LN' ? withoutBaseNames(result, scope) : assignBaseNames(result, scope);
}

function compileObject(
  member: ResolvedMember,
  item: InterfaceClass | undefined,
  access: ObjectModel['access'],
  scope: MeterScope,
): ObjectModel | undefined {
  const spec = blockSpec('object');
  if (spec === undefined) throw new Error('the vocabulary has no object block');
  const place = scope.place(member.base.origin);
  const obis = obisOf(member, place);
  if (item === undefined || obis === undefined) return undefined;
  const read = readProperties(spec, member.properties, scope);
  const title = titleOf(member, scope);
  const attributes = new Map<number, AttributeModel>();
  const settings: Record<string, Expression> = {};
  const known = classSettings[item.id] ?? [];
  for (const [name, sources] of member.properties) {
    const source = sources.at(-1);
    if (source === undefined || spec.properties.some((property) => property.name === name)) continue;
    const where = scope.place(source.origin);
    const setting = known.find((one) => one.name === name);
    if (setting !== undefined) {
      const value = compileSetting(setting, source.node, where);
      if (value !== undefined) settings[name] = value;
      continue;
    }
    const attribute = attributeOf(item, name);
    if (attribute === undefined || attribute.index === 1) {
      reportAttribute(name, attribute !== undefined, member, item, source.node.name, where);
      continue;
    }
    const value = compileAttribute(source, item, attribute, where);
    if (value !== undefined) attributes.set(attribute.index, value);
  }
  Object.assign(settings, compileReactions(member, item, scope));
  const baseName = read.integer('base_name');
  return {
    name: member.name,
    ...(title === undefined ? {} : { title }),
    obis,
    class: item.id,
    version: item.version,
    ...declaredClass(item),
    ...(baseName === undefined ? {} : { baseName }),
    attributes: Object.fromEntries([...attributes].toSorted(([a], [b]) => a - b)),
    access,
    settings: Object.fromEntries(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What only the template knows of a class, so that whoever reads the model knows it too. */
function declaredClass(item: InterfaceClass): Pick<ObjectModel, 'declared'> {
  if (nearestClass(item.id, item.version) !== undefined) return {};
  const attributes = item.attributes.slice(1).map(({ name, type }) => (type === 'choice' ? { name } : { name, type }));
  return { declared: { name: item.identifier, attributes, methods: item.methods.map(({ name }) => name) } };
}

/** Titles may speak of the `for` variables: `"Energy, tariff {T}"`. */
function titleOf(member: ResolvedMember, scope: MeterScope): string | undefined {
  const source = member.properties.get('title')?.at(-1);
  const [part] = source?.node.items[0]?.parts ?? [];
  if (source === undefined || part?.kind !== 'literal' || part.type !== 'text') return undefined;
  const text = textValue(part);
  return source.origin.environment.size === 0
    ? text
    : fillPlaceholders(text, source.origin.environment, part, scope.place(source.origin).report);
}

function reportAttribute(
  name: string,
  isLogicalName: boolean,
  member: ResolvedMember,
  item: InterfaceClass,
  range: { from: number; to: number },
  place: Place,
): void {
  if (isLogicalName) {
    place.report('DLMS-502', range, `The logical name of '${member.name}' stands in its head and is not set again.`);
    return;
  }
  const own = item.attributes.slice(1).map((one) => one.name);
  const settings = (classSettings[item.id] ?? []).map((one) => one.name);
  const suggestions = suggestWords(name, [
    ...own,
    ...settings,
    ...(blockSpec('object')?.properties ?? []).map((one) => one.name),
  ]);
  place.report(
    'DLMS-502',
    range,
    `Class ${item.identifier} (${item.id}, version ${item.version}) has no attribute '${name}'.${didYouMean(suggestions) || ` It has ${own.join(', ')}.`}`,
    {
      suggestions,
    },
  );
}

const GROUPS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;

/** The OBIS code of an object, `A-B:C.D.E.F`; F is 255 if it is left out. */
function obisOf(member: ResolvedMember, place: Place): string | undefined {
  const label = member.base.head.labels[1];
  if (label?.kind !== 'literal' || label.type !== 'obis') return undefined;
  const text = fillPlaceholders(label.text, member.base.origin.environment, label, place.report);
  if (text.includes('{')) return undefined;
  const groups = text.split(/[-:.*]/);
  if (groups.length < 5) return undefined;
  if (groups.length === 5) groups.push('255');
  for (const [index, group] of groups.entries()) {
    const value = Number(group);
    if (Number.isInteger(value) && value <= 255) continue;
    const letter = GROUPS[index] ?? 'F';
    place.report(
      'DLMS-413',
      label,
      group === 'x'
        ? `Group ${letter} of ${label.text} is 'x': an object has one code, 'x' is for patterns.`
        : `Group ${letter} of ${text} is ${group}; value groups are 0 to 255.`,
    );
    return undefined;
  }
  const [a, b, c, d, e, f] = groups.map(Number);
  return `${a}-${b}:${c}.${d}.${e}.${f}`;
}

function checkDuplicates(objects: readonly CompiledObject[], scope: MeterScope): void {
  const seen = new Map<string, CompiledObject>();
  for (const object of objects) {
    const key = `${object.model.class} ${object.model.obis}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, object);
      continue;
    }
    const { base } = object.member;
    scope
      .place(base.origin)
      .report(
        'DLMS-505',
        base.head.labels[1] ?? base.nameNode,
        `'${object.model.name}' and '${first.model.name}' have the same logical name ${object.model.obis} and class; a meter tells objects apart by them.`,
        {
          related: [
            {
              message: `'${first.model.name}'`,
              range: first.member.base.nameNode,
              file: first.member.base.origin.file,
            },
          ],
        },
      );
  }
}

function checkReach(
  objects: readonly CompiledObject[],
  associations: readonly AssociationModel[],
  scope: MeterScope,
): void {
  if (!scope.complete || associations.length === 0) return;
  for (const { model, member } of objects) {
    if (Object.keys(model.access).length > 0) continue;
    const { base } = member;
    scope.place(base.origin).report('DLMS-511', base.nameNode, `No association may do anything with '${model.name}'.`, {
      hint: "Give it 'rights' or 'access'.",
    });
  }
}

/** With logical names only, short names mean nothing. */
function withoutBaseNames(objects: readonly CompiledObject[], scope: MeterScope): readonly CompiledObject[] {
  return objects.map((object) => {
    const source = object.member.properties.get('base_name')?.at(-1);
    if (source === undefined) return object;
    const [part] = source.node.items[0]?.parts ?? [];
    if (part !== undefined && integerValue(part) !== undefined) {
      scope.place(source.origin).report('DLMS-508', source.node, `'base_name' has no meaning with LN referencing.`, {
        hint: "Leave it out, or write 'referencing: SN' in the identity.",
      });
    }
    const { baseName: _, ...model } = object.model;
    return { ...object, model };
  });
}
