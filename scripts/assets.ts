import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Files that packages read at run time and no bundler follows, put where the bundled code looks for them. */
interface Asset {
  readonly from: string;
  /** Relative to the repository root. */
  readonly to: string;
  readonly only?: RegExp;
}

const require = createRequire(import.meta.url);

/** The folder of an installed package. */
function packageFolder(name: string): string {
  return path.dirname(require.resolve(`${name}/package.json`));
}

function assets(): readonly Asset[] {
  const swaggerUi = packageFolder('@fastify/swagger-ui');
  const codicons = path.join(packageFolder('@vscode/codicons'), 'dist');
  return [
    // lib/binding.js: <__dirname>/../prebuilds/<platform>-<arch>.node
    { from: path.join(packageFolder('better-sqlite3'), 'prebuilds'), to: 'dist/prebuilds', only: /\.node$/ },
    // lib/routes.js: <__dirname>/../static; swagger-ui.js is the build without its dependencies, which no page loads.
    { from: path.join(swaggerUi, 'static'), to: 'dist/static', only: /(?<!swagger-ui\.js|\.map|\.json)$/ },
    // index.js: <__dirname>/static/logo.svg
    { from: path.join(swaggerUi, 'static/logo.svg'), to: 'dist/cli/static/logo.svg' },
    { from: path.join(swaggerUi, 'static/logo.svg'), to: 'dist/engine/static/logo.svg' },
    { from: path.join(codicons, 'codicon.css'), to: 'dist/webview/codicon.css' },
    { from: path.join(codicons, 'codicon.ttf'), to: 'dist/webview/codicon.ttf' },
  ];
}

export function copyAssets(root: string): void {
  for (const { from, to, only } of assets()) {
    const target = path.join(root, to);
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(from, target, {
      recursive: true,
      preserveTimestamps: true,
      filter: (file) => only === undefined || file === from || only.test(file),
    });
    if (!existsSync(target)) throw new Error(`nothing was copied from ${from} to ${to}`);
  }
}
