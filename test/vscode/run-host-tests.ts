/**
 * Runs test/vscode/host inside the extension host of a real VS Code.
 *
 *   node test/vscode/run-host-tests.ts [--extension DIR] [--workspace DIR] [--suite FILE] [--minimum N] [--limit SECONDS]
 *       [--artifacts DIR] [--keep]
 *
 * --extension  folder of the extension under test; default: this repository, built first
 * --suite      a built module with run(), instead of the bundled test/vscode/host; --minimum says how many tests it must run
 * --keep       leaves the scratch folder (settings, logs) and prints its path
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { build } from '../../scripts/build.ts';
import { reportVariable } from '../support/spec-and-report.ts';
import { type Browser, startBrowser } from './browser.ts';
import { bundleHostSuite } from './host-suite.ts';
import { conclude, judgeHostRun } from './outcome.ts';
import { createScratch } from './scratch.ts';
import { type CodeServer, startCodeServer } from './server.ts';
import { prepareLane, repositoryRoot, SetupError } from './setup.ts';

const { values: options } = parseArgs({
  options: {
    extension: { type: 'string', default: repositoryRoot },
    workspace: { type: 'string', default: path.join(repositoryRoot, 'samples') },
    suite: { type: 'string' },
    minimum: { type: 'string', default: '1' },
    limit: { type: 'string', default: '240' },
    artifacts: { type: 'string', default: path.join(repositoryRoot, 'artifacts') },
    keep: { type: 'boolean', default: false },
  },
});
const artifacts = path.resolve(options.artifacts);

/** How the workbench's own notes begin; mocha's lines begin with none of these. */
const workbenchChatter = [
  '%c',
  ...['Resolving connection token', 'Resolved connection token', 'Creating a socket', '[reconnection-grace'],
  ...['[Service Worker]', 'Found unexpected service worker', 'Updating additional', 'Ignoring fetching'],
  ...['[AgentHost', '[AccountPolicy', 'ChatSessionStore', 'Timed out waiting for authentication provider'],
];

const scratch = createScratch();
const reportFile = scratch.path('report.json');
let server: CodeServer | undefined;
let browser: Browser | undefined;
let exitCode: number | undefined;
let minimumTests = 1;

const clean = async () => {
  await browser?.close().catch(() => {});
  await server?.stop();
  if (options.keep) console.log(`kept ${scratch.folder}`);
  else scratch.remove();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void clean().finally(() => process.exit(1)));
}

try {
  const lane = prepareLane();
  if (options.extension === repositoryRoot) await build({ minify: false });
  const suite =
    options.suite === undefined
      ? await bundleHostSuite()
      : { module: path.resolve(options.suite), minimumTests: Number(options.minimum) };
  minimumTests = suite.minimumTests;
  server = await startCodeServer({ lane, scratch, development: true, environment: { [reportVariable]: reportFile } });
  browser = await startBrowser(lane, scratch);
  const ended = suiteEnd(browser.page);
  const workspace = scratch.workspace(path.resolve(options.workspace));
  await browser.page.goto(testAddress(server, workspace, path.resolve(options.extension), suite.module), {
    waitUntil: 'domcontentloaded',
  });
  exitCode = await Promise.race([ended, limit(Number(options.limit))]);
  if (exitCode === undefined) await keepEvidence(browser.page);
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
} finally {
  const { complaints, ...outcome } = judgeHostRun({ exitCode, reportFile, minimumTests });
  await clean();
  for (const complaint of complaints) console.error(`host suite: ${complaint}`);
  conclude('host', outcome, artifacts);
}

/** The page that makes the workbench start the suite as an extension development host. */
function testAddress(
  { url, authority }: CodeServer,
  workspace: string,
  extension: string,
  suiteModule: string,
): string {
  const remote = (file: string) => `vscode-remote://${authority}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(suiteModule)],
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  return `${url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** Resolves with the code of the suite; what the extension host prints goes to the terminal meanwhile. */
function suiteEnd(page: Page): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let running = true;
  // The names the workbench looks for in its window when it runs under automation.
  void page.exposeFunction('codeAutomationLog', (_type: string, parameters: readonly unknown[]) => {
    if (running && !isWorkbenchChatter(parameters[0])) console.log(...parameters.map(withoutWorkbenchFrames));
  });
  void page.exposeFunction('codeAutomationExit', (code: number) => {
    running = false;
    resolve(code);
  });
  return promise;
}

function isWorkbenchChatter(text: unknown): boolean {
  return typeof text !== 'string' || workbenchChatter.some((beginning) => text.startsWith(beginning));
}

function withoutWorkbenchFrames(value: unknown): unknown {
  const text = value instanceof Error ? value.stack : value;
  if (typeof text !== 'string') return text;
  const lines = text.split('\n');
  return lines.filter((line) => !/^\s+at .*\/static\/(out|node_modules)\//.test(line)).join('\n');
}

function limit(seconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000, undefined).unref());
}

/** What the window showed and the server said when the suite did not come to an end. */
async function keepEvidence(page: Page): Promise<void> {
  mkdirSync(path.join(artifacts, 'screenshots'), { recursive: true });
  await page.screenshot({ path: path.join(artifacts, 'screenshots/host-time-limit.png') });
  if (server !== undefined && existsSync(server.logFile))
    copyFileSync(server.logFile, path.join(artifacts, 'host-server.log'));
  console.error(
    'the suite did not end in time; see artifacts/screenshots/host-time-limit.png and artifacts/host-server.log',
  );
}
