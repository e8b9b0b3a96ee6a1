import type { InterfaceClass } from '../../../engine/cosem/classes.ts';
import { classByIdentifier, interfaceClass } from '../../../engine/cosem/classes.ts';
import type { Analysis } from '../../../engine/template/analyse.ts';
import { type Head, headOf } from '../../../engine/template/semantics/heads.ts';
import { integerValue } from '../../../engine/template/semantics/literals.ts';
import type { MeterScope } from '../../../engine/template/semantics/scope.ts';
import type { FolderEntry } from '../../workspace/disk.ts';
import type { Cursor, Surroundings } from '../cursor.ts';

/** What suggestions are made from. */
export interface CompletionContext {
  readonly text: string;
  readonly offset: number;
  readonly cursor: Cursor;
  /** The last analysis of the file; names in it may be a keystroke old. */
  readonly analysis: Analysis;
  /** The meter around the cursor, or the one its block speaks of; undefined outside of meters. */
  readonly scope: MeterScope | undefined;
  /** Direct entries of the folder a path leads to, seen from the file; the path ends with `/` or is empty. */
  readonly list: (path: string) => readonly FolderEntry[];
}

/** The scope a place belongs to: that of the meter around it, or of the meter a `fleet` or `check` is of. */
export function scopeAround(around: Surroundings, analysis: Analysis): MeterScope | undefined {
  const [outer] = around;
  if (outer === undefined) return undefined;
  const head = headOf(outer);
  const name = head.kind === 'meter' ? head.name : head.labels[2];
  return name === undefined ? undefined : analysis.meters.get(name.text)?.scope;
}

/** Interface class of an object block; of an `override object` that of the object it overrides. */
export function classOfHead(
  head: Head,
  scope: MeterScope | undefined,
  around: Surroundings,
): InterfaceClass | undefined {
  const label = head.labels[2];
  if (label === undefined) {
    const member = head.name === undefined ? undefined : scope?.object(head.name.text);
    return member === undefined ? undefined : scope?.classOf(member);
  }
  const version = versionIn(around);
  const id = label.kind === 'literal' ? integerValue(label) : undefined;
  if (id !== undefined) return scope?.classes.byId(id, version) ?? interfaceClass(id, version) ?? interfaceClass(id);
  const name = label.text;
  return scope?.classes.byName(name, version) ?? classByIdentifier(name, version) ?? classByIdentifier(name);
}

/** The `version:` an object block states. */
function versionIn(around: Surroundings): number | undefined {
  const property = around.at(-1)?.entries.find((entry) => entry.kind === 'property' && entry.name.text === 'version');
  const part = property?.kind === 'property' ? property.items[0]?.parts[0] : undefined;
  return part === undefined ? undefined : integerValue(part);
}

/** The object block around a place, and its class. */
export function objectAround(context: Pick<CompletionContext, 'cursor' | 'scope'>): InterfaceClass | undefined {
  const { around } = context.cursor;
  const depth = around.findLastIndex((block) => headOf(block).kind === 'object');
  const block = around[depth];
  return block === undefined ? undefined : classOfHead(headOf(block), context.scope, around.slice(0, depth + 1));
}
