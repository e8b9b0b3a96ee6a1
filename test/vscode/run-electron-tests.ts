/**
 * Runs test/vscode/host in a desktop VS Code, which @vscode/test-electron downloads. Needs a network and, on Linux, a display
 * (xvfb-run). The browser lane (run-host-tests.ts) runs the same suite without either.
 *
 *   node test/vscode/run-electron-tests.ts [--version 1.103.0|stable|insiders] [--executable FILE]
 *
 * --executable  a VS Code that is already there, instead of a download
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build } from '../../scripts/build.ts';
import { reportVariable } from '../support/spec-and-report.ts';
import { bundleHostSuite } from './host-suite.ts';
import { conclude, judgeHostRun } from './outcome.ts';
import { createScratch } from './scratch.ts';
import { repositoryRoot } from './setup.ts';

const { values: options } = parseArgs({
  options: { version: { type: 'string', default: 'stable' }, executable: { type: 'string' } },
});

const scratch = createScratch();
const reportFile = scratch.path('report.json');
let exitCode: number | undefined;
let minimumTests = 1;

try {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    throw new Error('A desktop VS Code needs a display.\nWhat to do: run the command under  xvfb-run -a');
  }
  await build({ minify: false });
  const suite = await bundleHostSuite();
  minimumTests = suite.minimumTests;
  const workspace = scratch.workspace(path.join(repositoryRoot, 'samples'));
  exitCode = await runTests({
    extensionDevelopmentPath: repositoryRoot,
    extensionTestsPath: suite.module,
    extensionTestsEnv: { [reportVariable]: reportFile },
    launchArgs: [
      workspace,
      '--disable-extensions',
      '--disable-workspace-trust',
      ...['--user-data-dir', scratch.path('user-data')],
      ...['--extensions-dir', scratch.path('extensions')],
    ],
    ...(options.executable === undefined ? { version: options.version } : { vscodeExecutablePath: options.executable }),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
} finally {
  const { complaints, ...outcome } = judgeHostRun({ exitCode, reportFile, minimumTests });
  scratch.remove();
  for (const complaint of complaints) console.error(`host suite: ${complaint}`);
  conclude('electron', outcome, path.join(repositoryRoot, 'artifacts'));
}
