import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Scratch } from './scratch.ts';
import type { Lane } from './setup.ts';

export interface Browser {
  readonly page: Page;
  /** Addresses outside this machine that the page asked for; must stay empty. */
  readonly strayRequests: readonly string[];
  close(): Promise<void>;
}

/** Files of webviews; the workbench's service worker answers for these names, which no server has. */
const webviewFiles = '.vscode-resource.vscode-cdn.net';

/** Large enough that no panel of the workbench hides parts of itself. */
const viewport = { width: 1440, height: 900 };

export async function startBrowser(lane: Lane, scratch: Scratch): Promise<Browser> {
  const context: BrowserContext = await chromium.launchPersistentContext(scratch.path('browser'), {
    executablePath: lane.chromium,
    headless: true,
    viewport,
    // Chromium's own sandbox refuses to run as root, as CI does.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const strayRequests: string[] = [];
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const outside = hostname !== '127.0.0.1' && !hostname.endsWith(webviewFiles);
    if (/^(http|ws)s?:$/.test(protocol) && outside) strayRequests.push(request.url());
  });
  return { page, strayRequests, close: () => context.close() };
}
