import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Files that packages read at run time and no bundler follows, put where the bundled code looks for them. */
interface Asset {
  /** A folder of an installed package. */
  readonly from: string;
  /** Relative to the repository root. */
  readonly to: string;
  readonly files: RegExp;
}

const require = createRequire(import.meta.url);

/** The folder of an installed package. */
function packageFolder(name: string): string {
  return path.dirname(require.resolve(`${name}/package.json`));
}

function assets(): readonly Asset[] {
  const prebuilds = path.join(packageFolder('better-sqlite3'), 'prebuilds');
  const serialPrebuilds = path.join(packageFolder('@serialport/bindings-cpp'), 'prebuilds');
  const swaggerUi = path.join(packageFolder('@fastify/swagger-ui'), 'static');
  const codicons = path.join(packageFolder('@vscode/codicons'), 'dist');
  return [
    // lib/binding.js: <__dirname>/../prebuilds/<platform>-<arch>.node
    { from: prebuilds, to: 'dist/prebuilds', files: /\.node$/ },
    // dist/load-bindings.js: node-gyp-build looks in <__dirname>/../prebuilds/<platform>-<arch>/
    // Only the systems SQLite has a binary for: nothing of ours runs on others.
    ...readdirSync(serialPrebuilds)
      .filter((system) => /^(darwin|linux|win32)-.*(x64|arm64)$/.test(system))
      .map((system) => ({
        from: path.join(serialPrebuilds, system),
        to: `dist/prebuilds/${system}`,
        files: /\.node$/,
      })),
    // lib/routes.js: <__dirname>/../static. No page asks for swagger-ui.js, the build without its dependencies.
    { from: swaggerUi, to: 'dist/static', files: /(?<!^swagger-ui)\.js$|\.(css|html|png|svg)$/ },
    // index.js: <__dirname>/static/logo.svg
    { from: swaggerUi, to: 'dist/cli/static', files: /^logo\.svg$/ },
    { from: codicons, to: 'dist/webview', files: /^codicon\.(css|ttf)$/ },
  ];
}

/** Brings every asset up to date and gives their paths, relative to the repository root. */
export function copyAssets(root: string): string[] {
  return assets().flatMap(({ from, to, files }) => {
    const names = readdirSync(from).filter((name) => files.test(name));
    if (names.length === 0)
      throw new Error(`no file of ${from} matches ${files}; the package has changed, see scripts/assets.ts`);
    mkdirSync(path.join(root, to), { recursive: true });
    for (const name of names) copyChanged(path.join(from, name), path.join(root, to, name));
    return names.map((name) => path.join(to, name));
  });
}

function copyChanged(from: string, to: string): void {
  const source = statSync(from);
  if (existsSync(to)) {
    const target = statSync(to);
    if (target.size === source.size && target.mtimeMs === source.mtimeMs) return;
    // Writing into a library that a running process has mapped would crash it; a new file beside it does not.
    rmSync(to);
  }
  cpSync(from, to, { preserveTimestamps: true });
}
