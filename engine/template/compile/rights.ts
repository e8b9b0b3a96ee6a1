import type { InterfaceClass } from '../../cosem/classes.ts';
import type { AccessModel, AssociationModel, ObjectAccessModel } from '../model.ts';
import { attributeOf, methodOf } from '../semantics/classes.ts';
import type { SourcedProperty } from '../semantics/declarations.ts';
import { refer } from '../semantics/refer.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { NameNode, Span } from '../syntax/tree.ts';
import { accessWords } from '../vocabulary/words.ts';
import { addRight, type WritableAccess } from './access.ts';
import { referTo } from './read.ts';

type RightsOfAssociations = ReadonlyMap<string, AccessModel>;

/** Rights of a named set, by association. */
export function compileRightsSets(
  scope: MeterScope,
  associations: readonly AssociationModel[],
): ReadonlyMap<string, RightsOfAssociations> {
  const result = new Map<string, RightsOfAssociations>();
  for (const member of scope.meter.members.get('rights')?.values() ?? []) {
    result.set(
      member.name,
      rightsOf(
        [...member.properties.values()].flatMap((list) => list.slice(-1)),
        scope,
        associations,
      ),
    );
  }
  return result;
}

/** Reads `association: get, set(authenticated)` lines. */
function rightsOf(
  properties: readonly SourcedProperty[],
  scope: MeterScope,
  associations: readonly AssociationModel[],
): RightsOfAssociations {
  const result = new Map<string, AccessModel>();
  for (const { node, origin } of properties) {
    const place = scope.place(origin);
    if (!knownAssociation(node.name, origin.meter, place)) continue;
    const access: WritableAccess = {};
    const holder = holderOf(node.name.text, origin.meter, associations, scope);
    for (const part of node.items.flatMap((item) => item.parts)) addRight(access, part, place, holder);
    result.set(node.name.text, access);
  }
  return result;
}

/** Whom to ask whether a right can be used; inherited rights are written for several meters and are not judged. */
function holderOf(
  name: string,
  writtenIn: string,
  associations: readonly AssociationModel[],
  scope: MeterScope,
): AssociationModel | undefined {
  if (writtenIn !== scope.meter.declaration.name) return undefined;
  return associations.find((association) => association.name === name);
}

/** A set of rights that is inherited may speak of associations this meter does not have; its own may not. */
function knownAssociation(name: NameNode, writtenIn: string, place: Place): boolean {
  const { scope } = place;
  if (scope.names('association').includes(name.text)) {
    refer(place, 'association', name.text, name);
    return true;
  }
  if (!scope.complete || writtenIn !== scope.meter.declaration.name) return false;
  const suggestions = suggestWords(name.text, scope.names('association'));
  place.report(
    'DLMS-303',
    name,
    `Meter '${scope.meter.declaration.name}' has no association '${name.text}'.${didYouMean(suggestions)}`,
    { suggestions },
  );
  return false;
}

/** Rights of one object: its set, then what `access:` and `access NAME { … }` say. */
export function compileObjectAccess(
  object: ResolvedMember,
  item: InterfaceClass | undefined,
  sets: ReadonlyMap<string, RightsOfAssociations>,
  associations: readonly AssociationModel[],
  scope: MeterScope,
): Readonly<Record<string, ObjectAccessModel>> {
  const merged = new Map<string, AccessModel>(setOf(object, sets, scope));
  const direct = object.properties.get('access')?.at(-1);
  if (direct !== undefined)
    for (const [name, access] of directRights(direct, scope, associations)) merged.set(name, access);

  const parts = new Map<string, { attributes: Record<string, AccessModel>; methods: Record<string, AccessModel> }>();
  for (const [key, block] of object.blocks) {
    if (!key.startsWith('access ') || item === undefined) continue;
    const label = block.head.labels[0];
    const place = scope.place(block.origin);
    if (label?.kind !== 'name') continue;
    const attribute = attributeOf(item, label.text);
    const method = methodOf(item, label.text);
    if (attribute === undefined && method === undefined) {
      reportMemberless(label, label.text, item, place);
      continue;
    }
    const properties = block.node.entries.flatMap((entry) =>
      entry.kind === 'property' ? [{ node: entry, origin: block.origin }] : [],
    );
    for (const [name, access] of rightsOf(properties, scope, associations)) {
      const target = parts.get(name) ?? { attributes: {}, methods: {} };
      parts.set(name, target);
      if (attribute !== undefined) target.attributes[String(attribute.index)] = access;
      else if (method !== undefined) target.methods[String(method.index)] = access;
    }
  }

  const result: Record<string, ObjectAccessModel> = {};
  for (const { name } of associations) {
    const access = merged.get(name) ?? {};
    const part = parts.get(name);
    const model: ObjectAccessModel = {
      ...access,
      ...(part === undefined || Object.keys(part.attributes).length === 0
        ? {}
        : { attributes: sorted(part.attributes) }),
      ...(part === undefined || Object.keys(part.methods).length === 0 ? {} : { methods: sorted(part.methods) }),
    };
    if (Object.keys(model).length > 0) result[name] = model;
  }
  return result;
}

function sorted(record: Record<string, AccessModel>): Record<string, AccessModel> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => Number(a) - Number(b)));
}

function reportMemberless(range: Span, name: string, item: InterfaceClass, place: Place): void {
  const suggestions = suggestWords(
    name,
    [...item.attributes, ...item.methods].map((one) => one.name),
  );
  place.report(
    'DLMS-502',
    range,
    `Class ${item.identifier} has neither attribute nor method '${name}'.${didYouMean(suggestions)}`,
    { suggestions },
  );
}

function setOf(
  object: ResolvedMember,
  sets: ReadonlyMap<string, RightsOfAssociations>,
  scope: MeterScope,
): RightsOfAssociations {
  const source = object.properties.get('rights')?.at(-1);
  const [item, second] = source?.node.items ?? [];
  const [part] = item?.parts ?? [];
  if (source === undefined || part === undefined || part.kind === 'missing') return new Map();
  const place = scope.place(source.origin);
  if (part.kind !== 'name' || second !== undefined || item?.parts.length !== 1) {
    place.report(
      'DLMS-401',
      source.node.items[0] ?? source.node,
      "'rights' takes the name of one set of rights; single rights stand in 'access'.",
    );
    return new Map();
  }
  const [name] = referTo(['rights'], part, place) ?? [];
  return (name === undefined ? undefined : sets.get(name)) ?? new Map();
}

/** Reads `reader get, management get, set`: a name that is no right begins the rights of the next association. */
function directRights(
  source: SourcedProperty,
  scope: MeterScope,
  associations: readonly AssociationModel[],
): RightsOfAssociations {
  const place = scope.place(source.origin);
  const result = new Map<string, AccessModel>();
  let current: string | undefined;
  for (const item of source.node.items) {
    let parts = item.parts;
    const [first] = parts;
    if (first?.kind === 'name' && !accessWords.some((word) => word.word === first.text)) {
      current = knownAssociation(first, source.origin.meter, place) ? first.text : '';
      parts = parts.slice(1);
      if (parts.length === 0)
        place.report(
          'DLMS-401',
          first,
          `Behind '${first.text}' stands what it may do, for example '${first.text} get'.`,
        );
    }
    if (current === undefined) {
      place.report(
        'DLMS-401',
        item,
        "'access' begins with an association, for example 'reader get, management get, set'.",
      );
      return result;
    }
    const access: WritableAccess = { ...result.get(current) };
    const holder = holderOf(current, source.origin.meter, associations, scope);
    for (const part of parts) addRight(access, part, place, holder);
    if (current !== '') result.set(current, access);
  }
  return result;
}
