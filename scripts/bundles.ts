import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** One program of the house: its source entry and the file esbuild writes, both relative to the repository root. */
export interface Bundle {
  readonly entry: string;
  /** Without extension: `.cjs` is added for programs run by Node, `.js` for webview pages. */
  readonly out: string;
}

/**
 * What Node runs. Each is CommonJS: the extension host requires it, and better-sqlite3 finds its binary by `__dirname`.
 * Every one lies one folder below dist/, because the packages that load files at run time look in `__dirname/..`
 * (see assets.ts).
 */
export const nodeBundles: readonly Bundle[] = [
  { entry: 'client/extension.ts', out: 'dist/client/extension' },
  { entry: 'server/main.ts', out: 'dist/server/server' },
  { entry: 'engine/rpc/main.ts', out: 'dist/engine/engine' },
  { entry: 'engine/cli/main.ts', out: 'dist/cli/dlms' },
];

/** The folder whose sub-folders are the webview pages: webview/pages/scan/main.ts becomes dist/webview/scan.js and .css. */
const pagesFolder = 'webview/pages';

export function webviewBundles(root: string): readonly Bundle[] {
  const folder = path.join(root, pagesFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map((item) => ({ entry: `${pagesFolder}/${item.name}/main.ts`, out: `dist/webview/${item.name}` }));
}
