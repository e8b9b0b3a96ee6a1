/**
 * Fails when a source file imports what its room may not (scripts/import-rules.ts).
 *
 *   node scripts/check-imports.ts [ROOT]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkImports, type Finding } from './import-check.ts';
import { exceptions, rooms } from './import-rules.ts';

const sourceFile = /\.[cm]?[jt]sx?$/;
const topFolders = ['client', 'server', 'webview', 'engine', 'scripts', 'test', 'bench'];
const notOurs = new Set(['node_modules', 'dist', 'golden']);

/** Every source file under the rooms' top folders: path from `root` with forward slashes -> text. */
export function readSources(root: string): Map<string, string> {
  const sources = new Map<string, string>();
  const read = (folder: string) => {
    for (const item of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = `${folder}/${item.name}`;
      if (item.isDirectory() && !notOurs.has(item.name)) read(file);
      else if (item.isFile() && sourceFile.test(item.name))
        sources.set(file, readFileSync(path.join(root, file), 'utf8'));
    }
  };
  for (const folder of topFolders) if (existsSync(path.join(root, folder))) read(folder);
  return sources;
}

/** `file:line:column` first, so that terminals and editors make it a link. */
export function format({ file, line, column, code, message }: Finding): string {
  return `${file}:${line}:${column} ${code}  ${message}`;
}

if (import.meta.main) {
  const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
  const sources = readSources(root);
  const findings = checkImports(sources, { rooms, exceptions });
  for (const finding of findings) console.error(format(finding));
  console.log(`imports: ${sources.size} files, ${findings.length} wrong`);
  if (findings.length > 0 || sources.size === 0) process.exitCode = 1;
}
