import { didYouMean, suggestWords } from '../suggest.ts';
import type { NameNode } from '../syntax/tree.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import type { Member, MeterDeclaration, SourcedBlock, SourcedProperty } from './declarations.ts';
import { headOf } from './heads.ts';
import type { Collector } from './report.ts';

/** A definition of a meter after inheritance. */
export interface ResolvedMember {
  readonly kind: string;
  readonly name: string;
  /** The definition itself, with head and labels. */
  readonly base: Member;
  /** Overrides, oldest first. */
  readonly overrides: readonly Member[];
  /** By name; more than one for repeatable properties. The last definition wins, lists are replaced as a whole. */
  readonly properties: ReadonlyMap<string, readonly SourcedProperty[]>;
  /** Blocks inside, by kind and first label; a later one takes the place of an earlier one. */
  readonly blocks: ReadonlyMap<string, SourcedBlock>;
}

/** A meter after inheritance. */
export interface ResolvedMeter {
  readonly declaration: MeterDeclaration;
  /** Meters it extends, nearest first. */
  readonly lineage: readonly MeterDeclaration[];
  /** Kind -> name -> definition, in the order of definition, those of the base first. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, ResolvedMember>>;
  /** `identity`, `hdlc`, `simulate`, `nameplate`: kind -> property name -> property. */
  readonly singles: ReadonlyMap<string, ReadonlyMap<string, SourcedProperty>>;
  /** `title`, `profile`. */
  readonly properties: ReadonlyMap<string, SourcedProperty>;
}

/** Finds meters by name across files. */
export type FindMeter = (name: string) => MeterDeclaration | undefined;

/** Meters a meter extends, nearest first. Reports unknown bases and cycles. */
export function lineageOf(
  meter: MeterDeclaration,
  find: FindMeter,
  names: () => Iterable<string>,
  collector: Collector,
): readonly MeterDeclaration[] {
  const lineage: MeterDeclaration[] = [];
  let current = meter;
  while (current.base !== undefined) {
    const base = find(current.base.text);
    const report = collector.in(current.file);
    if (base === undefined) {
      const suggestions = suggestWords(current.base.text, names());
      report('DLMS-303', current.base, `There is no meter '${current.base.text}'.${didYouMean(suggestions)}`, {
        suggestions,
        hint: "Define it here, or name its file with 'use'.",
      });
      return lineage;
    }
    if (base === meter || lineage.includes(base)) {
      const round = [meter, ...lineage].map((item) => item.name);
      report('DLMS-305', current.base, `A meter cannot extend itself: ${[...round, base.name].join(' extends ')}.`);
      return lineage;
    }
    lineage.push(base);
    current = base;
  }
  return lineage;
}

interface Draft {
  kind: string;
  name: string;
  base: Member;
  overrides: Member[];
  properties: Map<string, SourcedProperty[]>;
  blocks: Map<string, SourcedBlock>;
}

/** Works out what a meter consists of: what it inherits, adds, overrides and removes. */
export function resolveMeter(
  declaration: MeterDeclaration,
  lineage: readonly MeterDeclaration[],
  collector: Collector,
): ResolvedMeter {
  const members = new Map<string, Map<string, Draft>>();
  const singles = new Map<string, Map<string, SourcedProperty>>();
  const properties = new Map<string, SourcedProperty>();
  for (const layer of [...lineage.toReversed(), declaration]) {
    for (const property of layer.properties) {
      if (property.node.name.text !== 'remove') properties.set(property.node.name.text, property);
    }
    for (const single of layer.singles) addSingle(singles, single);
    removeMembers(members, layer, collector);
    const own = new Set<Draft>();
    for (const member of layer.members) addMember(members, member, own, collector);
  }
  return { declaration, lineage, members, singles, properties };
}

function addSingle(singles: Map<string, Map<string, SourcedProperty>>, block: SourcedBlock): void {
  const found = singles.get(block.head.kind) ?? new Map<string, SourcedProperty>();
  singles.set(block.head.kind, found);
  for (const entry of block.node.entries) {
    if (entry.kind === 'property') found.set(entry.name.text, { node: entry, origin: block.origin });
    else if (entry.kind === 'block') addSingle(singles, { node: entry, head: headOf(entry), origin: block.origin });
  }
}

function removeMembers(members: Map<string, Map<string, Draft>>, layer: MeterDeclaration, collector: Collector): void {
  for (const property of layer.properties) {
    if (property.node.name.text !== 'remove') continue;
    for (const item of property.node.items) {
      const names = item.parts.filter((part): part is NameNode => part.kind === 'name');
      const [first, second] = names;
      if (first === undefined || item.parts.length !== names.length || names.length > 2) continue;
      const node = second ?? first;
      const kinds = second === undefined ? [...members.keys()] : [first.text];
      const found = kinds.filter((kind) => members.get(kind)?.delete(node.text));
      if (found.length > 0) continue;
      const known = kinds.flatMap((kind) => [...(members.get(kind)?.keys() ?? [])]);
      const suggestions = suggestWords(node.text, known);
      collector.in(layer.file)(
        'DLMS-308',
        node,
        `'${layer.name}' inherits no '${node.text}' that could be removed.${didYouMean(suggestions)}`,
        {
          suggestions,
        },
      );
    }
  }
}

function addMember(
  members: Map<string, Map<string, Draft>>,
  member: Member,
  own: Set<Draft>,
  collector: Collector,
): void {
  const report = collector.in(member.origin.file);
  const ofKind = members.get(member.kind) ?? new Map<string, Draft>();
  members.set(member.kind, ofKind);
  const known = ofKind.get(member.name);
  if (member.head.modifier === 'override') {
    if (known === undefined) {
      const suggestions = suggestWords(member.name, ofKind.keys());
      report(
        'DLMS-307',
        member.nameNode,
        `There is no inherited ${member.kind} '${member.name}' to override.${didYouMean(suggestions)}`,
        {
          suggestions,
        },
      );
      return;
    }
    known.overrides.push(member);
    applyEntries(known, member);
    return;
  }
  if (known !== undefined) {
    const related = [{ message: 'first definition', range: known.base.nameNode, file: known.base.origin.file }];
    if (own.has(known)) {
      report('DLMS-304', member.nameNode, `There are two definitions of ${member.kind} '${member.name}'.`, { related });
    } else {
      report(
        'DLMS-306',
        member.nameNode,
        `'${member.name}' is inherited from '${known.base.origin.meter}'. Write 'override ${member.kind} ${member.name}' to change it.`,
        {
          related,
          hint: "Put 'override' before it, or choose another name.",
        },
      );
    }
    return;
  }
  const draft: Draft = {
    kind: member.kind,
    name: member.name,
    base: member,
    overrides: [],
    properties: new Map(),
    blocks: new Map(),
  };
  applyEntries(draft, member);
  ofKind.set(member.name, draft);
  own.add(draft);
}

/** Lets the entries of a definition or override take the place of what was there. */
function applyEntries(draft: Draft, member: Member): void {
  const spec = blockSpec(member.kind);
  const fresh = new Set<string>();
  for (const entry of member.node.entries) {
    if (entry.kind === 'property') {
      const name = entry.name.text;
      const property = { node: entry, origin: member.origin };
      const repeatable = spec?.properties.find((item) => item.name === name)?.repeatable === true;
      const before = repeatable && fresh.has(name) ? (draft.properties.get(name) ?? []) : [];
      draft.properties.set(name, [...before, property]);
      fresh.add(name);
    } else if (entry.kind === 'block') {
      const head = headOf(entry);
      draft.blocks.set(`${head.kind} ${head.labels[0]?.text ?? ''}`.trim(), {
        node: entry,
        head,
        origin: member.origin,
      });
    }
  }
}
