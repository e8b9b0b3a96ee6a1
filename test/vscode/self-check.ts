/**
 * Proves that the launchers fail when they must: runs them on planted suites, stories and extensions, and compares exit codes.
 *
 *   node test/vscode/self-check.ts [--only TEXT]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../scripts/build.ts';
import { vsce } from '../../scripts/package-vsix.ts';
import { conclude } from './outcome.ts';
import { createScratch } from './scratch.ts';
import { repositoryRoot } from './setup.ts';

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const scratch = createScratch();

/** A launcher, what it is given, and how it must end. */
interface Case {
  readonly name: string;
  readonly launcher: 'run-host-tests.ts' | 'run-ui-tests.ts';
  readonly parameters: () => readonly string[];
  readonly exitCode: 0 | 1;
  /** Must be among what it prints. */
  readonly prints: RegExp;
}

const soundMain = `const vscode = require('vscode');
exports.activate = ({ subscriptions }) => subscriptions.push(
  vscode.commands.registerCommand('planted.greet', () => vscode.window.showInformationMessage('planted greeting')));`;
const brokenMain = `throw new Error('broken on purpose');`;

const report = (passes: number, failures: number) =>
  `require('fs').writeFileSync(process.env.DLMS_TEST_REPORT, JSON.stringify(${JSON.stringify({ passes, failures, pending: 0, failed: [], skipped: [] })}));`;
const suites = {
  passing: `exports.run = async () => { ${report(1, 0)} };`,
  failing: `exports.run = async () => { ${report(1, 1)} throw new Error('1 failed'); };`,
  'lying-code': `exports.run = async () => { ${report(1, 1)} };`,
  empty: 'exports.run = async () => {};',
  'no-tests': `exports.run = async () => { ${report(0, 0)} };`,
  throwing: `throw new Error('planted throw');`,
  crashing: `exports.run = async () => { process.kill(process.pid, 'SIGSEGV'); };`,
  endless: 'exports.run = () => new Promise(() => {});',
};

const stories = `exports.stories = [{ name: 'planted', steps: [
  { name: 'greets', act: async ({ palette, notification }) => { await palette('Planted: Greet'); await notification('planted greeting').waitFor(); } },
  { name: 'goes on', act: async () => {} },
] }];`;

function plantExtension(name: string, main: string): string {
  const folder = scratch.path(name);
  mkdirSync(folder);
  const manifest = {
    ...{
      name: 'planted',
      displayName: 'Planted',
      description: 'Planted',
      publisher: 'planted',
      version: '1.0.0',
      license: 'MIT',
    },
    ...{ engines: { vscode: '^1.103.0' }, main: './main.js', activationEvents: [] },
    contributes: { commands: [{ command: 'planted.greet', category: 'Planted', title: 'Greet' }] },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'main.js'), main);
  for (const file of ['README.md', 'LICENSE']) writeFileSync(path.join(folder, file), 'Planted by the self-check.\n');
  return folder;
}

/** Our own extension as it would be packed, but its main module throws. */
function breakOurExtension(): string {
  const folder = scratch.path('ours-broken');
  for (const file of vsce(['ls', '--no-dependencies']).split('\n').filter(Boolean)) {
    cpSync(path.join(repositoryRoot, file), path.join(folder, file));
  }
  writeFileSync(path.join(folder, 'dist/client/extension.cjs'), brokenMain);
  return folder;
}

function pack(folder: string): string {
  const file = `${folder}.vsix`;
  vsce(['package', '--no-dependencies', '--allow-missing-repository', '--out', file], folder);
  return file;
}

function cases(): Case[] {
  const workspace = scratch.path('folder');
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, 'note.txt'), 'planted\n');
  const sound = plantExtension('sound', soundMain);
  const broken = plantExtension('broken', brokenMain);
  const storyFile = scratch.path('stories.cjs');
  writeFileSync(storyFile, stories);
  const common = ['--workspace', workspace, '--artifacts', scratch.path('artifacts')];
  const host = (
    name: string,
    suite: keyof typeof suites,
    exitCode: 0 | 1,
    prints: RegExp,
    ...more: readonly string[]
  ): Case => {
    const file = scratch.path(`${suite}.cjs`);
    writeFileSync(file, suites[suite]);
    const parameters = () => [...common, '--extension', sound, '--suite', file, ...more];
    return { name, launcher: 'run-host-tests.ts', parameters, exitCode, prints };
  };
  const ui = (name: string, extension: string, exitCode: 0 | 1, prints: RegExp): Case => ({
    name,
    launcher: 'run-ui-tests.ts',
    parameters: () => [...common, '--stories', storyFile, '--vsix', pack(extension)],
    exitCode,
    prints,
  });
  return [
    host('host: a passing suite passes', 'passing', 0, /^1 passed, 0 failed$/m),
    host('host: a failing test fails', 'failing', 1, /^1 passed, 1 failed$/m),
    host('host: a failure in the report fails, whatever the code says', 'lying-code', 1, /^1 passed, 1 failed$/m),
    host('host: an empty run() fails', 'empty', 1, /no report was written/),
    host('host: a run of no tests fails', 'no-tests', 1, /no test passed/),
    host('host: fewer tests than expected fail', 'passing', 1, /1 tests ran, .* at least 2/, '--minimum', '2'),
    host('host: a module that throws fails', 'throwing', 1, /no report was written/),
    host('host: a crash of the extension host fails', 'crashing', 1, /no report was written/, '--limit', '30'),
    host('host: a suite that never ends fails', 'endless', 1, /did not end in time/, '--limit', '20'),
    {
      name: 'host: our own suite fails on our extension broken on purpose',
      launcher: 'run-host-tests.ts',
      parameters: () => ['--artifacts', scratch.path('artifacts'), '--extension', breakOurExtension()],
      exitCode: 1,
      prints: /broken on purpose/,
    },
    ui('ui: steps that see what they expect pass', sound, 0, /^2 passed, 0 failed$/m),
    ui('ui: a broken extension fails its step and all after it', broken, 1, /^0 passed, 2 failed$/m),
  ];
}

let passes = 0;
let failures = 0;
try {
  await build({ minify: false });
  for (const { name, launcher, parameters, exitCode, prints } of cases().filter((item) =>
    item.name.includes(options.only),
  )) {
    const found = outcomeOf({ launcher, parameters });
    const right = found.status === exitCode && prints.test(found.output);
    if (right) passes += 1;
    else failures += 1;
    console.log(`  ${right ? 'ok  ' : 'FAIL'}  ${name}`);
    if (!right) console.error(`exit code ${found.status}, expected ${exitCode} and ${prints}\n${found.output}`);
  }
} catch (error) {
  failures += 1;
  console.error(error);
} finally {
  scratch.remove();
  conclude('self-check', { passes, failures }, path.join(repositoryRoot, 'artifacts'));
}

function outcomeOf({ launcher, parameters }: Pick<Case, 'launcher' | 'parameters'>) {
  const command = path.join(import.meta.dirname, launcher);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...parameters()], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
