import { type PlacedFinding, placeFindings } from '../template/findings/place.ts';
import { type CompileResult, compileTemplate, diskFiles, openFiles } from '../template/index.ts';
import { checkObisProfile } from '../template/profile/check-profile.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';

export interface LintCommand {
  readonly files: readonly string[];
  readonly json?: boolean;
}
export interface CompileCommand {
  readonly file: string;
}

/** `dlms lint`: findings of templates and OBIS profiles. 0 none, 1 errors or warnings, 2 a file cannot be read. */
export async function lint({ files, json = false }: LintCommand, io: CliIo): Promise<ExitCode> {
  const found: PlacedFinding[] = [];
  for (const file of files) {
    if (!/\.(?:dlmsmeter|obis\.ya?ml)$/.test(file)) {
      io.err(`dlms lint: ${file} is neither a template (.dlmsmeter) nor an OBIS profile (.obis.yaml).\n`);
      return exitCodes.usage;
    }
    const text = diskFiles.readFile(file);
    if (text === undefined) {
      io.err(`dlms lint: ${file} cannot be read. Give paths of .dlmsmeter and .obis.yaml files.\n`);
      return exitCodes.usage;
    }
    found.push(...findingsOf(file, text));
  }
  if (json) io.out(`${JSON.stringify({ files: files.length, findings: found }, null, 2)}\n`);
  else io.out(`${[...found.map(findingLine), summary(files.length, found)].join('\n')}\n`);
  return found.some(({ severity }) => severity === 'error' || severity === 'warning') ? exitCodes.failed : exitCodes.ok;
}

/** `dlms compile`: the canonical model as JSON. 0 compiled, 1 errors (printed to stderr), 2 the file cannot be read. */
export async function compile({ file }: CompileCommand, io: CliIo): Promise<ExitCode> {
  if (diskFiles.readFile(file) === undefined) {
    io.err(`dlms compile: ${file} cannot be read. Give the path of a .dlmsmeter file.\n`);
    return exitCodes.usage;
  }
  const { result, findings } = compileFile(file);
  for (const finding of findings) io.err(`${findingLine(finding)}\n`);
  if (!result.ok) return exitCodes.failed;
  io.out(`${JSON.stringify(result.model, null, 2)}\n`);
  return exitCodes.ok;
}

function findingsOf(file: string, text: string): PlacedFinding[] {
  if (!/\.ya?ml$/.test(file)) return compileFile(file).findings;
  return placeFindings(checkObisProfile(text, { path: file, files: diskFiles }), () => text);
}

function compileFile(file: string): { readonly result: CompileResult; readonly findings: PlacedFinding[] } {
  const files = openFiles(diskFiles);
  const result = compileTemplate(file, files);
  return { result, findings: placeFindings(result.findings, (path) => files.text(path)) };
}

/** `path:line:column: severity code: message`, which editors and CI turn into links. */
export function findingLine({ path, line, column, severity, code, message }: PlacedFinding): string {
  return `${path}:${line}:${column}: ${severity} ${code}: ${message}`;
}

function summary(files: number, found: readonly PlacedFinding[]): string {
  const count = (wanted: string) => found.filter(({ severity }) => severity === wanted).length;
  return `${files} files, ${count('error')} errors, ${count('warning')} warnings`;
}
