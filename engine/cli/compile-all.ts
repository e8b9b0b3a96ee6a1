import { EmulatorError } from '../emulator/errors.ts';
import { type PlacedFinding, placeFindings } from '../template/findings/place.ts';
import { type CompiledTemplates, compileTemplate, diskFiles, openFiles } from '../template/index.ts';

/** What several template files come to together. */
export interface CompiledFiles {
  /** Undefined if there are errors. */
  readonly templates: CompiledTemplates | undefined;
  readonly unreadable: readonly string[];
  /** `path:line:column: error CODE: message`, each once. */
  readonly errors: readonly string[];
}

/** Models and fleets of all files. Names in later files replace those in earlier ones. */
export function compileFiles(paths: readonly string[]): CompiledFiles {
  const meters = new Map<string, CompiledTemplates['meters'][number]>();
  const fleets = new Map<string, CompiledTemplates['fleets'][number]>();
  // Files used by several templates are compiled with each of them.
  const errors = new Set<string>();
  const unreadable: string[] = [];
  let ok = true;
  for (const path of paths) {
    const files = openFiles(diskFiles);
    if (diskFiles.readFile(path) === undefined) {
      unreadable.push(path);
      continue;
    }
    const { ok: compiled, model, findings } = compileTemplate(path, files);
    const found = findings.filter(({ severity }) => severity === 'error');
    for (const finding of placeFindings(found, (name) => files.text(name))) errors.add(lineOf(finding));
    if (!compiled || model === undefined) {
      ok = false;
      continue;
    }
    for (const meter of model.meters) meters.set(meter.name, meter);
    for (const fleet of model.fleets) fleets.set(fleet.name, fleet);
  }
  const templates: CompiledTemplates = { format: 1, meters: [...meters.values()], fleets: [...fleets.values()] };
  return { templates: ok && unreadable.length === 0 ? templates : undefined, unreadable, errors: [...errors] };
}

/** As `compileFiles`, for callers who cannot go on without. @throws EmulatorError `template-invalid` */
export function compileOrThrow(paths: readonly string[]): CompiledTemplates {
  const { templates, unreadable, errors } = compileFiles(paths);
  if (templates !== undefined) return templates;
  const [first] = [...unreadable.map((path) => `${path} cannot be read`), ...errors];
  throw new EmulatorError(
    'template-invalid',
    `the templates have errors: ${first ?? 'nothing came out'}`,
    'Mend them (dlms lint lists all), then try again.',
  );
}

function lineOf({ path, line, column, code, message }: PlacedFinding): string {
  return `${path}:${line}:${column}: error ${code}: ${message}\n`;
}
