/**
 * Bundles every program of the house into dist/.
 *
 *   node scripts/build.ts [--watch] [--minify]
 *
 * --minify is what goes into the .vsix: smaller, and without source maps.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { copyAssets } from './assets.ts';
import { type Bundle, nodeBundles, webviewBundles } from './bundles.ts';

const root = path.resolve(import.meta.dirname, '..');

/** VS Code 1.101, just below what engines.vscode asks for, is Electron 35: Node 22.15 and Chromium 134. */
const oldestNode = 'node22.14';
const oldestBrowser = 'chrome134';

export interface Choices {
  readonly minify: boolean;
}

function common({ minify }: Choices): esbuild.BuildOptions {
  return {
    absWorkingDir: root,
    outdir: '.',
    bundle: true,
    minify,
    sourcemap: minify ? false : 'linked',
    // Function names appear in stack traces and in the log.
    keepNames: minify,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // As the compiler: `import { type T }` keeps the module for its side effects.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  };
}

function entryPoints(bundles: readonly Bundle[]): Record<string, string> {
  return Object.fromEntries(bundles.map(({ entry, out }) => [out, entry]));
}

function nodeOptions(bundle: Bundle, choices: Choices): esbuild.BuildOptions {
  return {
    ...common(choices),
    entryPoints: entryPoints([bundle]),
    platform: 'node',
    format: 'cjs',
    target: oldestNode,
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    // The UMD builds some packages name as `main` hide their requires from the bundler.
    mainFields: ['module', 'main'],
    define: {
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      'import.meta.url': '__bundleUrl',
    },
    banner: { js: `const __bundleUrl = require('node:url').pathToFileURL(__filename).href;` },
  };
}

function webviewOptions(bundles: readonly Bundle[], choices: Choices): esbuild.BuildOptions {
  return {
    ...common(choices),
    entryPoints: entryPoints(bundles),
    platform: 'browser',
    format: 'iife',
    target: oldestBrowser,
    assetNames: 'dist/webview/[name]',
    loader: { '.ttf': 'file', '.svg': 'text' },
  };
}

/**
 * Every esbuild run that is needed: one for each program, so that a mistake in one leaves the others built, and one for the
 * pages, which share most of their modules.
 */
function runs(choices: Choices): esbuild.BuildOptions[] {
  return [...nodeBundles.map((bundle) => nodeOptions(bundle, choices)), webviewOptions(webviewBundles(root), choices)];
}

function printSizes({ outputs }: esbuild.Metafile): void {
  for (const [file, { bytes, entryPoint }] of Object.entries(outputs)) {
    if (entryPoint !== undefined || file.endsWith('.css')) {
      console.log(`  ${path.normalize(file).padEnd(32)} ${(bytes / 1024).toFixed(0).padStart(6)} KB`);
    }
  }
}

/** Removes what earlier builds left in dist/, so that a package never carries it. The bundled tests are not ours to remove. */
function removeStale(kept: ReadonlySet<string>): void {
  if (!existsSync(path.join(root, 'dist'))) return;
  for (const item of readdirSync(path.join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const file = path.relative(root, path.join(item.parentPath, item.name));
    if (item.isFile() && !kept.has(file) && !file.startsWith(path.join('dist', 'test'))) rmSync(path.join(root, file));
  }
}

/** Writes dist/. Rejects with esbuild's own error, already printed with its place in the source. */
export async function build(choices: Choices): Promise<void> {
  const started = performance.now();
  const assets = copyAssets(root);
  const settled = await Promise.allSettled(runs(choices).map((options) => esbuild.build(options)));
  const outputs = settled.flatMap((result) => {
    if (result.status === 'rejected' || result.value.metafile === undefined) return [];
    printSizes(result.value.metafile);
    return Object.keys(result.value.metafile.outputs);
  });
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  removeStale(new Set([...assets, ...outputs].map((file) => path.normalize(file))));
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Rebuilds at every change until the process is stopped. */
async function watch(choices: Choices): Promise<void> {
  copyAssets(root);
  const report: esbuild.Plugin = {
    name: 'report',
    setup: ({ onEnd }) => {
      onEnd(({ metafile, errors }) => {
        if (errors.length === 0 && metafile !== undefined) printSizes(metafile);
      });
    },
  };
  for (const options of runs(choices)) {
    const context = await esbuild.context({ ...options, plugins: [report] });
    await context.watch();
  }
  console.log('watching for changes');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { watch: { type: 'boolean', default: false }, minify: { type: 'boolean', default: false } },
  });
  try {
    await (values.watch ? watch(values) : build(values));
  } catch (error) {
    // esbuild prints its own messages; anything else (a missing package) has not been shown yet.
    if (!(error instanceof Error && 'errors' in error)) console.error(error);
    process.exitCode = 1;
  }
}
