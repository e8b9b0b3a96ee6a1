import { builtinModules } from 'node:module';
import path from 'node:path';
import { scanAmbient } from './ambient-scan.ts';
import { type Exception, editorOnlyPackages, type Room } from './import-rules.ts';
import { type ImportSite, scanImports } from './import-scan.ts';

/** The rule table a check runs by. */
export interface RuleTable {
  readonly rooms: readonly Room[];
  readonly exceptions: readonly Exception[];
}

/** One broken rule, at one place. */
export interface Finding {
  /** Relative to the repository root, with forward slashes. */
  readonly file: string;
  /** Both count from 1; the column in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly code: 'wrong-arrow' | 'wrong-package' | 'wrong-node-module' | 'unreadable' | 'no-room' | 'cycle' | 'ambient';
  /** What was found, what is allowed, why. */
  readonly message: string;
}

/** Judges sources (path from the root -> text) by the table. Findings come in the order of files and lines. */
export function checkImports(sources: ReadonlyMap<string, string>, table: RuleTable): Finding[] {
  const findings: Finding[] = [];
  const edges = new Map<string, Edge[]>();

  for (const [file, source] of sources) {
    const report = (code: Finding['code'], offset: number, message: string) =>
      findings.push({ file, ...position(source, offset), code, message });
    const room = roomOf(file, table);
    if (room === undefined) {
      report(
        'no-room',
        0,
        `${file} is in no room; add its folder to scripts/import-rules.ts and say what it may import`,
      );
      continue;
    }
    const { imports, errors } = scanImports(file, source);
    for (const { message, offset } of errors) report('unreadable', offset, `syntax error: ${message}`);
    for (const site of imports) {
      const verdict = judge(file, room, site, table);
      if (verdict.problem)
        report(verdict.problem.code, site.offset, `${verdict.problem.found}\n${explain(file, room, table)}`);
      if (verdict.target !== undefined) pushTo(edges, file, { to: verdict.target, site });
    }
    for (const { what, offset } of room.pure ? scanAmbient(file, source) : []) {
      report('ambient', offset, `${what}: ${room.folder} is pure, take the value as an argument\n    why: ${room.why}`);
    }
  }

  for (const cycle of cyclesAcrossRooms(edges, table)) {
    const [first] = cycle;
    const site = edges.get(first)?.find(({ to }) => to === (cycle[1] ?? first))?.site;
    findings.push({
      file: first,
      ...position(sources.get(first) ?? '', site?.offset ?? 0),
      code: 'cycle',
      message: `these files of different rooms import each other in a circle: ${[...cycle, first].join(' -> ')}`,
    });
  }
  return findings;
}

interface Edge {
  readonly to: string;
  readonly site: ImportSite;
}

interface Verdict {
  /** The imported file of ours, when there is one. */
  readonly target?: string;
  readonly problem?: { readonly code: Finding['code']; readonly found: string };
}

function judge(file: string, room: Room, { specifier, typeOnly }: ImportSite, table: RuleTable): Verdict {
  const exception = table.exceptions.find((item) => item.file === file);
  if (specifier === undefined) {
    if (exception?.computedImports) return {};
    return problem(
      'unreadable',
      'the imported module is computed, so its arrow cannot be checked: write it as a string',
    );
  }
  const types = typeOnly ? ' (types only)' : '';
  if (specifier.startsWith('./') || specifier.startsWith('../')) {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const other = roomOf(target, table);
    if (other === undefined) return problem('no-room', `imports ${specifier}, which is in no room`);
    if (other === room || room.imports.includes(other.folder)) return { target };
    const typesAllowed =
      room.importsTypesOf?.some((allowed) => allowed === other.folder || allowed === target) ?? false;
    if (typesAllowed && typeOnly) return { target };
    const how = typesAllowed ? ` as values; only \`import type\` is allowed here` : `${types}: no such arrow`;
    return { target, ...problem('wrong-arrow', `${room.folder} -> ${other.folder}: imports ${specifier}${how}`) };
  }
  if (specifier.startsWith('/') || specifier.startsWith('file:')) {
    return problem('unreadable', `imports ${specifier} by absolute path; use a relative one`);
  }
  const builtin = builtinName(specifier);
  if (builtin !== undefined) {
    if (room.node === 'any' || room.node.includes(builtin) || exception?.node?.includes(builtin)) return {};
    return problem('wrong-node-module', `${room.folder} -> node:${builtin}${types}: no such arrow`);
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const allowed = room.packages === 'any' ? !editorOnlyPackages.includes(name) : room.packages.includes(name);
  return allowed ? {} : problem('wrong-package', `${room.folder} -> package ${name}${types}: no such arrow`);
}

function problem(code: Finding['code'], found: string): Pick<Required<Verdict>, 'problem'> {
  return { problem: { code, found } };
}

/** What the room may import, and why no more. */
function explain(file: string, room: Room, table: RuleTable): string {
  const exception = table.exceptions.find((item) => item.file === file);
  const node = room.node === 'any' ? ['any'] : [...room.node, ...(exception?.node ?? [])];
  const allowed = [
    `rooms: ${list(room.imports)}`,
    ...(room.importsTypesOf === undefined ? [] : [`types of: ${list(room.importsTypesOf)}`]),
    `packages: ${room.packages === 'any' ? `any but ${editorOnlyPackages.join(', ')}` : list(room.packages)}`,
    `node modules: ${list(node)}`,
  ];
  return `    ${room.folder} may import  ${allowed.join('; ')}\n    why: ${room.why}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

function roomOf(file: string, { rooms }: RuleTable): Room | undefined {
  let best: Room | undefined;
  for (const room of rooms) {
    const inside = file === room.folder || file.startsWith(`${room.folder}/`);
    if (inside && room.folder.length > (best?.folder.length ?? 0)) best = room;
  }
  return best;
}

const builtins = new Set(builtinModules.map((name) => name.replace(/^node:/, '')));

/** `fs/promises` for both `fs/promises` and `node:fs/promises`. */
function builtinName(specifier: string): string | undefined {
  const name = specifier.replace(/^node:/, '');
  return specifier.startsWith('node:') || builtins.has(name) ? name : undefined;
}

/**
 * For each group of files that reach each other by imports and lie in more than one room, one shortest circle through it.
 * The groups are Tarjan's strongly connected components.
 */
function cyclesAcrossRooms(edges: ReadonlyMap<string, readonly Edge[]>, table: RuleTable): [string, ...string[]][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const cycles: [string, ...string[]][] = [];

  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    let lowest = own;
    stack.push(file);
    for (const { to } of edges.get(file) ?? []) {
      if (!order.has(to)) lowest = Math.min(lowest, visit(to));
      else if (stack.includes(to)) lowest = Math.min(lowest, order.get(to) ?? lowest);
    }
    if (lowest === own) {
      const group = stack.splice(stack.indexOf(file));
      if (new Set(group.map((member) => roomOf(member, table))).size > 1) cycles.push(circle(file, group, edges));
    }
    return lowest;
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return cycles;
}

/** The shortest way from `start` back to itself inside `group`. */
function circle(
  start: string,
  group: readonly string[],
  edges: ReadonlyMap<string, readonly Edge[]>,
): [string, ...string[]] {
  const paths: [string, ...string[]][] = [[start]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const { to } of edges.get(path[path.length - 1] ?? start) ?? []) {
      if (to === start) return path;
      if (!group.includes(to) || seen.has(to)) continue;
      seen.add(to);
      paths.push([...path, to]);
    }
  }
  return [start];
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function position(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}
