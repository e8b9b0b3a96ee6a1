import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { parseSync, Visitor } from 'oxc-parser';
import { repositoryRoot } from './setup.ts';

/** A host suite ready for VS Code. */
export interface HostSuite {
  /** The module whose `run()` VS Code calls. */
  readonly module: string;
  /** The number of `it(…)` in its sources. A run with fewer tests than this has lost some. */
  readonly minimumTests: number;
}

const sources = path.join(repositoryRoot, 'test/vscode/host');
const output = path.join(repositoryRoot, 'dist/test/host');

/** Bundles test/vscode/host into dist/test/host, one file per test file. */
export async function bundleHostSuite(): Promise<HostSuite> {
  const tests = readdirSync(sources).filter((name) => name.endsWith('.test.ts'));
  rmSync(output, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: ['index.ts', ...tests].map((name) => path.join(sources, name)),
    outdir: output,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22.14',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    define: { 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
  const minimumTests = tests.reduce((sum, name) => sum + countTests(path.join(sources, name)), 0);
  return { module: path.join(output, 'index.cjs'), minimumTests };
}

/** The `it(…)` written in a file; one in a loop counts once. */
function countTests(file: string): number {
  let count = 0;
  new Visitor({
    CallExpression: ({ callee }) => {
      if (callee.type === 'Identifier' && callee.name === 'it') count++;
    },
  }).visit(parseSync(file, readFileSync(file, 'utf8')).program);
  return count;
}
