/**
 * Installs the packed extension into a real VS Code and uses it as a person would, step by step.
 *
 *   node test/vscode/run-ui-tests.ts [--vsix FILE] [--workspace DIR] [--stories MODULE] [--only TEXT]
 *       [--artifacts DIR] [--keep]
 *
 * --vsix     default: this repository, packed first
 * --stories  a module that exports `stories`, and perhaps `restrictedWindow`, instead of test/vscode/ui/index.ts
 * --only     plays the stories whose name contains the text; a run cut short this way never passes
 * --keep     leaves the scratch folder (settings, logs) and prints its path
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { packageVsix } from '../../scripts/package-vsix.ts';
import { type Browser, startBrowser } from './browser.ts';
import { conclude } from './outcome.ts';
import { createScratch } from './scratch.ts';
import { type CodeServer, type CodeServerOptions, installExtension, startCodeServer } from './server.ts';
import { type Lane, prepareLane, repositoryRoot, SetupError } from './setup.ts';
import { createStage, type Stage } from './ui/stage.ts';
import type { Story } from './ui/step.ts';

/** How long a step waits for one thing to show. */
const waitLimitMs = 20_000;
/** The first step waits for the workbench and for its extension host. */
const openLimitMs = 60_000;

const { values: options } = parseArgs({
  options: {
    vsix: { type: 'string' },
    workspace: { type: 'string', default: path.join(repositoryRoot, 'samples') },
    stories: { type: 'string', default: path.join(import.meta.dirname, 'ui/index.ts') },
    only: { type: 'string', default: '' },
    artifacts: { type: 'string', default: path.join(repositoryRoot, 'artifacts') },
    keep: { type: 'boolean', default: false },
  },
});
interface StoryModule {
  readonly stories: readonly Story[];
  readonly restrictedWindow?: Required<Pick<CodeServerOptions, 'keybindings'>> & { readonly stories: readonly Story[] };
}

const artifacts = path.resolve(options.artifacts);
const screenshots = path.join(artifacts, 'screenshots');

const scratch = createScratch();
let server: CodeServer | undefined;
let browser: Browser | undefined;
let passes = 0;
let failures = 0;

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
  const { stories, restrictedWindow }: StoryModule = await import(pathToFileURL(path.resolve(options.stories)).href);
  const vsix = options.vsix ?? (await packageVsix());
  rmSync(screenshots, { recursive: true, force: true });
  await installExtension(lane, scratch, path.resolve(vsix));
  const workspace = scratch.workspace(path.resolve(options.workspace));
  await playAll(lane, workspace, stories, {});
  if (restrictedWindow !== undefined) {
    const { keybindings } = restrictedWindow;
    await playAll(lane, workspace, restrictedWindow.stories, { restricted: true, keybindings });
  }
  if (options.only !== '') {
    failures += 1;
    console.error('FAIL  only a part was played (--only)');
  }
} catch (error) {
  failures += 1;
  console.error(error instanceof SetupError ? error.message : error);
  await browser?.page.screenshot({ path: path.join(screenshots, 'FAIL-start.png') }).catch(() => {});
} finally {
  await clean();
  conclude('ui', { passes, failures }, artifacts);
}

/** Plays the stories that are wanted, in one window of a server of its own. */
async function playAll(
  lane: Lane,
  workspace: string,
  all: readonly Story[],
  how: Pick<CodeServerOptions, 'restricted' | 'keybindings'>,
): Promise<void> {
  const wanted = all.filter(({ name }) => name.includes(options.only));
  if (wanted.length === 0) return;
  server = await startCodeServer({ lane, scratch, ...how });
  browser = await startBrowser(lane, scratch);
  const { page, strayRequests } = browser;
  page.setDefaultTimeout(waitLimitMs);
  const stage = createStage(page, workspace, screenshots, waitLimitMs);

  await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}`, { waitUntil: 'domcontentloaded' });
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: openLimitMs });

  for (const story of wanted) await play(story, stage);
  if (strayRequests.length > 0) {
    failures += 1;
    console.error(`FAIL  the workbench asked for addresses outside this machine:\n  ${strayRequests.join('\n  ')}`);
  }
  await browser.close();
  await server.stop();
}

async function play({ name, steps }: Story, stage: Stage): Promise<void> {
  console.log(`\n  ${name}`);
  const waiting = [...steps];
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const started = performance.now();
    try {
      await step.act(stage);
      passes += 1;
      console.log(`    ok    ${step.name} (${Math.round(performance.now() - started)} ms)`);
    } catch (error) {
      failures += 1 + waiting.length;
      console.error(
        `    FAIL  ${step.name}\n${indent(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
      );
      for (const { name } of waiting) console.error(`    FAIL  ${name} (not reached)`);
      await stage.shot(`FAIL-${step.name.replace(/\W+/g, '-')}`).catch(() => {});
      await leaveDialogs(stage);
      return;
    }
  }
}

/** Gives the next story a window without open inputs or menus. */
async function leaveDialogs({ page }: Stage): Promise<void> {
  for (let i = 0; i < 3; i++) await page.keyboard.press('Escape').catch(() => {});
}

function indent(text: string): string {
  return text.replace(/^/gm, '          ');
}
