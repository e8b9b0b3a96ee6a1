import type { BlockNode, EntryNode, LiteralNode, NameNode, PropertyNode } from '../syntax/tree.ts';
import { type Environment, fillPlaceholders, noVariables } from './environment.ts';
import type { TemplateDocument } from './files.ts';
import { type Head, headOf, overridable } from './heads.ts';
import { rangeValue, textValue } from './literals.ts';
import type { Report } from './report.ts';

/** Most turns of one `for`. */
export const MAX_FOR_TURNS = 10_000;
/** Most definitions one meter may have once its `for` blocks are written out. */
export const MAX_MEMBERS = 50_000;

/** Where something was written: file, meter and the `for` variables around it. */
export interface Origin {
  readonly file: string;
  readonly meter: string;
  readonly environment: Environment;
}

/** A property with its origin. */
export interface SourcedProperty {
  readonly node: PropertyNode;
  readonly origin: Origin;
}

/** A block with its origin. */
export interface SourcedBlock {
  readonly node: BlockNode;
  readonly head: Head;
  readonly origin: Origin;
}

/** A definition inside a meter; one for each turn of the `for` around it. */
export interface Member extends SourcedBlock {
  readonly kind: string;
  /** With placeholders filled in. */
  readonly name: string;
  readonly nameNode: NameNode;
}

export interface MeterDeclaration {
  readonly name: string;
  readonly nameNode: NameNode;
  readonly file: string;
  readonly abstract: boolean;
  readonly base?: NameNode;
  readonly block: BlockNode;
  readonly members: readonly Member[];
  /** `identity`, `hdlc`, `simulate`, `nameplate`. */
  readonly singles: readonly SourcedBlock[];
  /** `title`, `profile`, `remove`. */
  readonly properties: readonly SourcedProperty[];
}

/** A block that speaks of a meter: `fleet NAME of METER`, `check NAME on METER`. */
export interface MeterUser {
  readonly name: string;
  readonly nameNode: NameNode;
  readonly file: string;
  readonly meter?: NameNode;
  readonly block: BlockNode;
}

export interface ClassDeclaration {
  readonly name: string;
  readonly nameNode: NameNode;
  readonly file: string;
  readonly id: number;
  readonly block: BlockNode;
}

export interface Use {
  readonly node: LiteralNode;
  /** As written. */
  readonly target: string;
}

/** What a file defines and which files it uses. */
export interface FileDeclarations {
  readonly path: string;
  readonly uses: readonly Use[];
  readonly meters: readonly MeterDeclaration[];
  readonly fleets: readonly MeterUser[];
  readonly checks: readonly MeterUser[];
  readonly classes: readonly ClassDeclaration[];
}

/** Collects what a document defines. */
export function declarationsOf(document: TemplateDocument, report: Report): FileDeclarations {
  const uses: Use[] = [];
  const meters: MeterDeclaration[] = [];
  const fleets: MeterUser[] = [];
  const checks: MeterUser[] = [];
  const classes: ClassDeclaration[] = [];
  for (const entry of document.tree.entries) {
    if (entry.kind === 'property') {
      if (entry.name.text === 'use') uses.push(...usesOf(entry, report));
      continue;
    }
    if (entry.kind !== 'block') continue;
    const head = headOf(entry);
    if (head.name === undefined) continue;
    const common = { name: head.name.text, nameNode: head.name, file: document.path, block: entry };
    const target = head.labels[2];
    if (head.kind === 'meter') meters.push(meterOf(entry, head, head.name, document.path, report));
    else if (head.kind === 'class') {
      const id = head.labels[1];
      if (id?.kind === 'literal') classes.push({ ...common, id: Number(id.text) });
    } else if (head.kind === 'fleet' || head.kind === 'check') {
      const user = target?.kind === 'name' ? { ...common, meter: target } : common;
      (head.kind === 'fleet' ? fleets : checks).push(user);
    }
  }
  return { path: document.path, uses, meters, fleets, checks, classes };
}

function usesOf(entry: PropertyNode, report: Report): Use[] {
  return entry.items.flatMap((item) => {
    const [part] = item.parts;
    if (item.parts.length === 1 && part?.kind === 'literal' && part.type === 'text') {
      return [{ node: part, target: textValue(part) }];
    }
    report('DLMS-401', item, `'use' takes the path of a file in double quotes, for example use: "base.dlmsmeter".`);
    return [];
  });
}

function meterOf(block: BlockNode, head: Head, nameNode: NameNode, file: string, report: Report): MeterDeclaration {
  const members: Member[] = [];
  const singles: SourcedBlock[] = [];
  const properties: SourcedProperty[] = [];
  const meter = nameNode.text;

  const collect = (entries: readonly EntryNode[], environment: Environment): void => {
    for (const entry of entries) {
      const origin: Origin = { file, meter, environment };
      if (entry.kind === 'property') {
        if (environment.size === 0) properties.push({ node: entry, origin });
        continue;
      }
      if (entry.kind !== 'block') continue;
      const inner = headOf(entry);
      if (inner.kind === 'for') {
        for (const variables of turnsOf(entry, inner, environment, report)) {
          if (members.length >= MAX_MEMBERS) {
            report('DLMS-312', inner.kindNode, `Meter '${meter}' would have more than ${MAX_MEMBERS} definitions.`);
            return;
          }
          collect(entry.entries, variables);
        }
      } else if (inner.spec?.single === true && inner.spec.within.includes('meter')) {
        singles.push({ node: entry, head: inner, origin });
      } else if (overridable.includes(inner.kind) && inner.name !== undefined) {
        const name = fillPlaceholders(inner.name.text, environment, inner.name, report);
        members.push({ kind: inner.kind, name, nameNode: inner.name, node: entry, head: inner, origin });
      }
    }
  };
  collect(block.entries, noVariables);
  const base = head.labels[1]?.text === 'extends' ? head.labels[2] : undefined;
  return {
    name: meter,
    nameNode,
    file,
    abstract: head.modifier === 'abstract',
    ...(base?.kind === 'name' ? { base } : {}),
    block,
    members,
    singles,
    properties,
  };
}

/** The variables of each turn of a `for`. */
function turnsOf(block: BlockNode, head: Head, around: Environment, report: Report): readonly Environment[] {
  const [variable, , range] = head.labels;
  const bounds = range?.kind === 'literal' ? rangeValue(range) : undefined;
  if (variable?.kind !== 'name' || range === undefined || bounds === undefined) return [];
  const [first, last] = bounds;
  if (last < first) {
    report('DLMS-312', range, `The range ${range.text} is empty: its end is below its beginning.`, {
      suggestions: [`${last}..${first}`],
    });
    return [];
  }
  if (last - first >= MAX_FOR_TURNS) {
    report(
      'DLMS-312',
      range,
      `The range ${range.text} has ${last - first + 1} numbers; at most ${MAX_FOR_TURNS} are allowed.`,
    );
    return [];
  }
  if (around.has(variable.text)) {
    report('DLMS-304', variable, `'${variable.text}' is already the variable of a 'for' around this one.`);
  }
  if (block.entries.length === 0) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => new Map([...around, [variable.text, first + index]]));
}
