/**
 * Packs the extension for every platform into one .vsix, with small bundles and without source maps.
 *
 *   node scripts/package-vsix.ts [--out FILE]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';

const root = path.resolve(import.meta.dirname, '..');

/** The binaries of SQLite and of the serial driver for eight platforms are most of it. */
const sizeLimit = 11 * 1024 * 1024;

/** Never wanted in a package, whatever .vscodeignore lets through. */
const unwanted = /(^|\/)(node_modules|test|\.env)(\/|$)|\.(ts|map|sqlite|vsix|pem|key)$/;

/** Builds and packs; gives the path of the .vsix. Throws with what is wrong when the package is not as it must be. */
export async function packageVsix(out = path.join(root, 'artifacts/dlms-workbench.vsix')): Promise<string> {
  await build({ minify: true });
  const files = vsce(['ls', '--no-dependencies']).split('\n').filter(Boolean);
  checkFiles(files);
  mkdirSync(path.dirname(out), { recursive: true });
  vsce(['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', out]);
  const { size } = statSync(out);
  const sizeText = `${(size / 1024 / 1024).toFixed(2)} MB`;
  if (size > sizeLimit) throw new Error(`${out} has ${sizeText}, the limit is ${sizeLimit / 1024 / 1024} MB`);
  console.log(`packed ${path.relative(root, out)}: ${files.length} files, ${sizeText}`);
  return out;
}

/** Runs `vsce` in a folder that holds an extension and gives what it prints. */
export function vsce(parameters: readonly string[], cwd = root): string {
  const command = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`vsce ${parameters.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Everything the manifest names must be packed, and nothing that has no place in a package. */
function checkFiles(files: readonly string[]): void {
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const packed = new Set(files.map((file) => path.posix.normalize(file)));
  const { main, icon, contributes } = manifest;
  const missing = [...namedFiles([main, icon, contributes]), 'README.md', 'LICENSE'].filter(
    (file) => !packed.has(file),
  );
  if (missing.length > 0)
    throw new Error(`package.json names files that .vscodeignore leaves out: ${missing.join(', ')}`);
  const extra = [...packed].filter((file) => unwanted.test(file));
  if (extra.length > 0) throw new Error(`.vscodeignore lets through what must not be packed: ${extra.join(', ')}`);
}

/** Every string below `value` that is a path to one file, as in `contributes.grammars[].path`. */
function namedFiles(value: unknown): string[] {
  if (typeof value === 'string') {
    return /^(\.\/|media\/|dist\/)[^*]*\.\w+$/.test(value) ? [path.posix.normalize(value)] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namedFiles);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  try {
    await packageVsix(values.out === undefined ? undefined : path.resolve(values.out));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
