import { examineCheck } from './compile/checks.ts';
import { compileFleet } from './compile/fleets.ts';
import { type CompiledMeter, compileMeter } from './compile/meter.ts';
import { type Finding, isClean, tidyFindings } from './findings/finding.ts';
import type { CompiledTemplates, FleetModel } from './model.ts';
import { checkStructure } from './semantics/check-structure.ts';
import { createClassTable } from './semantics/classes.ts';
import {
  declarationsOf,
  type FileDeclarations,
  type MeterDeclaration,
  type MeterUser,
} from './semantics/declarations.ts';
import { type FileProvider, openFiles, type TemplateDocument, type TemplateFiles } from './semantics/files.ts';
import { type Collector, createCollector } from './semantics/report.ts';
import { lineageOf, resolveMeter } from './semantics/resolve.ts';
import { createScope, type MeterScope } from './semantics/scope.ts';
import { createSymbolRecorder, type SymbolRecorder, type SymbolTable } from './semantics/symbols.ts';
import { didYouMean, suggestWords } from './suggest.ts';

/** Everything that is known about a template and the files it uses. */
export interface Analysis {
  readonly path: string;
  /** The template and the templates it uses, itself first. */
  readonly documents: ReadonlyMap<string, TemplateDocument>;
  /** OBIS profiles it uses. */
  readonly profiles: readonly string[];
  readonly declarations: ReadonlyMap<string, FileDeclarations>;
  /** Meters by name, abstract ones too, as far as they could be compiled. */
  readonly meters: ReadonlyMap<string, CompiledMeter>;
  readonly symbols: SymbolTable;
  /** Of all files, sorted by file and place. */
  readonly findings: readonly Finding[];
  /** Present if there are no errors. Meters of the file itself and those its fleets are of, in the order of the text. */
  readonly model?: CompiledTemplates;
}

/** Reads a template and all it uses, checks it and compiles it. Never throws for any text. */
export function analyse(path: string, files: TemplateFiles | FileProvider): Analysis {
  const opened = 'document' in files ? files : openFiles(files);
  const collector = createCollector();
  const symbols = createSymbolRecorder();
  const loaded = loadFiles(path, opened, collector);
  const declarations = new Map<string, FileDeclarations>();
  for (const document of loaded.documents.values()) {
    collector.findings.push(...document.findings);
    checkStructure(document.tree, collector.in(document.path));
    declarations.set(document.path, declarationsOf(document, collector.in(document.path)));
  }
  const known = collectMeters(declarations, collector);
  defineTopLevel(declarations, symbols);
  const classes = createClassTable(
    [...declarations.values()].flatMap((item) => item.classes),
    (file) => collector.in(file),
  );
  const meters = new Map<string, CompiledMeter>();
  for (const declaration of known.values()) {
    const lineage = lineageOf(
      declaration,
      (name) => known.get(name),
      () => known.keys(),
      collector,
    );
    referToBase(declaration, known, symbols);
    const resolved = resolveMeter(declaration, lineage, collector);
    const scope = createScope(resolved, classes, symbols, collector);
    defineMembers(scope, symbols);
    meters.set(declaration.name, compileMeter(scope));
  }
  const own = declarations.get(path);
  const fleets = (own?.fleets ?? []).flatMap((fleet) => fleetOf(fleet, meters, symbols, collector));
  for (const check of own?.checks ?? []) {
    const meter = meterOf(check, meters, symbols, collector);
    if (meter !== undefined) examineCheck(check, meter.scope);
  }
  checkProfileReferences(known, loaded.profileNames, collector);
  const findings = tidyFindings(collector.findings);
  const model = isClean(findings) && own !== undefined ? modelOf(own, meters, fleets) : undefined;
  return {
    path,
    documents: loaded.documents,
    profiles: loaded.profiles,
    declarations,
    meters,
    symbols,
    findings,
    ...(model === undefined ? {} : { model }),
  };
}

interface LoadedFiles {
  readonly documents: ReadonlyMap<string, TemplateDocument>;
  readonly profiles: readonly string[];
  readonly profileNames: readonly string[];
}

/** Reads a file and, from `use` to `use`, all that it needs. Files that use each other are fine. */
function loadFiles(path: string, files: TemplateFiles, collector: Collector): LoadedFiles {
  const documents = new Map<string, TemplateDocument>();
  const profiles = new Set<string>();
  const profileNames: string[] = [];
  const visit = (file: string): boolean => {
    if (documents.has(file)) return true;
    const document = files.document(file);
    if (document === undefined) return false;
    documents.set(file, document);
    const report = collector.in(file);
    // Reported when the declarations are collected; here only the paths matter.
    for (const use of declarationsOf(document, () => undefined).uses) {
      const target = files.resolve(file, use.target);
      if (/\.obis\.ya?ml$/.test(target)) {
        const text = files.text(target);
        if (text === undefined) report('DLMS-301', use.node, `There is no file '${use.target}'.`);
        else {
          profiles.add(target);
          const name = /^profile:\s*["']?([A-Za-z_]\w*)/m.exec(text)?.[1];
          if (name !== undefined) profileNames.push(name);
        }
      } else if (!visit(target)) {
        report('DLMS-301', use.node, `There is no file '${use.target}'.`, {
          hint: 'Paths start from the folder of this file.',
        });
      }
    }
    return true;
  };
  if (!visit(path))
    collector.in(path)('DLMS-301', { from: 0, to: 0 }, `There is no file '${path}', or it cannot be read.`);
  return { documents, profiles: [...profiles], profileNames };
}

function collectMeters(
  declarations: ReadonlyMap<string, FileDeclarations>,
  collector: Collector,
): ReadonlyMap<string, MeterDeclaration> {
  const known = new Map<string, MeterDeclaration>();
  for (const file of declarations.values()) {
    const names = new Map<string, MeterUser | MeterDeclaration>();
    for (const meter of file.meters) {
      const first = known.get(meter.name);
      if (first === undefined) known.set(meter.name, meter);
      else reportTwice('meter', meter, first, collector);
    }
    for (const [kind, users] of [
      ['fleet', file.fleets],
      ['check', file.checks],
    ] as const) {
      for (const user of users) {
        const key = `${kind} ${user.name}`;
        const first = names.get(key);
        if (first === undefined) names.set(key, user);
        else reportTwice(kind, user, first, collector);
      }
    }
  }
  return known;
}

type Named = Pick<MeterUser, 'name' | 'nameNode' | 'file'>;

function reportTwice(kind: string, second: Named, first: Named, collector: Collector): void {
  collector.in(second.file)('DLMS-304', second.nameNode, `There are two definitions of ${kind} '${second.name}'.`, {
    related: [{ message: 'first definition', range: first.nameNode, file: first.file }],
  });
}

function fleetOf(
  fleet: MeterUser,
  meters: ReadonlyMap<string, CompiledMeter>,
  symbols: SymbolRecorder,
  collector: Collector,
): readonly FleetModel[] {
  const meter = meterOf(fleet, meters, symbols, collector);
  if (meter === undefined || fleet.meter === undefined) return [];
  if (meter.scope.meter.declaration.abstract) {
    collector.in(fleet.file)(
      'DLMS-801',
      fleet.meter,
      `Meter '${fleet.meter.text}' is abstract and cannot be started: it only serves others as a base.`,
      {
        suggestions: [...meters.values()]
          .filter((item) => item.model.derivedFrom.includes(meter.model.name) && !item.scope.meter.declaration.abstract)
          .map((item) => item.model.name),
      },
    );
    return [];
  }
  return [compileFleet(fleet, meter.model, meter.scope)];
}

function meterOf(
  user: MeterUser,
  meters: ReadonlyMap<string, CompiledMeter>,
  symbols: SymbolRecorder,
  collector: Collector,
): CompiledMeter | undefined {
  if (user.meter === undefined) return undefined;
  const name = user.meter.text;
  const found = meters.get(name);
  if (found !== undefined) {
    const { file, nameNode, block } = found.scope.meter.declaration;
    const definition = { kind: 'meter', name, meter: '', file, range: nameNode, full: block } as const;
    symbols.refer({ kind: 'meter', name, meter: '', file: user.file, range: user.meter, definition });
    return found;
  }
  const suggestions = suggestWords(name, meters.keys());
  collector.in(user.file)('DLMS-303', user.meter, `There is no meter '${name}'.${didYouMean(suggestions)}`, {
    suggestions,
    hint: "Define it here, or name its file with 'use'.",
  });
  return undefined;
}

function referToBase(
  declaration: MeterDeclaration,
  known: ReadonlyMap<string, MeterDeclaration>,
  symbols: SymbolRecorder,
): void {
  if (declaration.base === undefined) return;
  const base = known.get(declaration.base.text);
  if (base === undefined) return;
  const definition = {
    kind: 'meter',
    name: base.name,
    meter: '',
    file: base.file,
    range: base.nameNode,
    full: base.block,
  } as const;
  symbols.refer({
    kind: 'meter',
    name: base.name,
    meter: '',
    file: declaration.file,
    range: declaration.base,
    definition,
  });
}

function defineTopLevel(declarations: ReadonlyMap<string, FileDeclarations>, symbols: SymbolRecorder): void {
  for (const file of declarations.values()) {
    for (const [kind, list] of [
      ['meter', file.meters],
      ['fleet', file.fleets],
      ['check', file.checks],
      ['class', file.classes],
    ] as const) {
      for (const item of list) {
        symbols.define({ kind, name: item.name, meter: '', file: item.file, range: item.nameNode, full: item.block });
      }
    }
  }
}

function defineMembers(scope: MeterScope, symbols: SymbolRecorder): void {
  const own = scope.meter.declaration;
  for (const member of own.members) {
    if (member.head.modifier === 'override') {
      const inherited = scope.meter.members.get(member.kind)?.get(member.name)?.base;
      if (inherited === undefined) continue;
      const definition = {
        kind: member.kind as 'object',
        name: member.name,
        meter: inherited.origin.meter,
        file: inherited.origin.file,
        range: inherited.nameNode,
        full: inherited.node,
      };
      symbols.refer({
        kind: definition.kind,
        name: member.name,
        meter: own.name,
        file: member.origin.file,
        range: member.nameNode,
        definition,
      });
      continue;
    }
    symbols.define({
      kind: member.kind as 'object',
      name: member.name,
      meter: own.name,
      file: member.origin.file,
      range: member.nameNode,
      full: member.node,
    });
  }
  for (const single of own.singles) {
    if (single.head.kind !== 'simulate') continue;
    for (const entry of single.node.entries) {
      if (entry.kind === 'property') {
        symbols.define({
          kind: 'simulation',
          name: entry.name.text,
          meter: own.name,
          file: single.origin.file,
          range: entry.name,
          full: entry,
        });
      }
    }
  }
}

function checkProfileReferences(
  known: ReadonlyMap<string, MeterDeclaration>,
  names: readonly string[],
  collector: Collector,
): void {
  for (const meter of known.values()) {
    for (const { node } of meter.properties) {
      const [part] = node.items[0]?.parts ?? [];
      if (node.name.text !== 'profile' || part?.kind !== 'name' || names.includes(part.text)) continue;
      const suggestions = suggestWords(part.text, names);
      collector.in(meter.file)(
        'DLMS-303',
        part,
        `No OBIS profile '${part.text}' is in use.${didYouMean(suggestions)}`,
        {
          suggestions,
          hint: `Name its file with 'use: "….obis.yaml"'.`,
        },
      );
    }
  }
}

function modelOf(
  own: FileDeclarations,
  meters: ReadonlyMap<string, CompiledMeter>,
  fleets: readonly FleetModel[],
): CompiledTemplates {
  const names = new Set([
    ...own.meters.filter((item) => !item.abstract).map((item) => item.name),
    ...fleets.map((item) => item.meter),
  ]);
  return {
    format: 1,
    meters: [...names].flatMap((name) => meters.get(name)?.model ?? []),
    fleets,
  };
}
