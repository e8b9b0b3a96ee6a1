import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Scratch } from './scratch.ts';
import type { ServerLane } from './setup.ts';

/** A running workbench server on loopback, with the extension host below it. */
export interface CodeServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** `127.0.0.1:PORT`, the authority of `vscode-remote:` URIs. */
  readonly authority: string;
  readonly logFile: string;
  /** Ends the server, the extension host and every process they started. */
  stop(): Promise<void>;
}

export interface CodeServerOptions {
  readonly lane: ServerLane;
  readonly scratch: Scratch;
  /** Default: any free one. */
  readonly port?: number;
  /** Added to the environment of the server, and so to that of the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** keybindings.json of the user. */
  readonly keybindings?: readonly { readonly key: string; readonly command: string }[];
  /** Workspaces are not trusted, and nobody asks whether they are: Restricted Mode. */
  readonly restricted?: boolean;
  /** Lets the page's `payload` name an extension under development and its tests. */
  readonly development?: boolean;
}

const startLimitMs = 60_000;
const stopLimitMs = 3_000;
const pollMs = 50;

/** No first-run pages, no updates, no experiments, nothing that fades or asks: a run must look the same every time. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'workbench.colorTheme': 'Default Dark Modern',
  'window.dialogStyle': 'custom',
  'files.simpleDialog.enable': true,
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
};

const restrictedSettings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { lane, scratch, development = false, restricted = false, keybindings } = options;
  const port = options.port ?? (await freePort());
  const logFile = scratch.path('server.log');
  mkdirSync(scratch.path('user-data/User'), { recursive: true });
  writeFileSync(
    scratch.path('user-data/User/settings.json'),
    JSON.stringify({ ...quietSettings, ...(restricted ? restrictedSettings : {}), ...options.settings }, null, 2),
  );
  if (keybindings !== undefined)
    writeFileSync(scratch.path('user-data/User/keybindings.json'), JSON.stringify(keybindings, null, 2));
  const output = openSync(logFile, 'w');
  const parameters = [
    ...commonParameters(scratch),
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
    ...['--disable-telemetry', '--disable-update-check'],
    ...(restricted ? [] : ['--disable-workspace-trust']),
    ...['--disable-getting-started-override', '--disable-proxy'],
    // The built workbench reads `payload` only for the smoke-test driver.
    ...(development ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(lane.node, [entry(lane), ...parameters], {
    stdio: ['ignore', output, output],
    // A process group of its own: the extension host and what it starts outlive a server that is killed alone.
    detached: true,
    env: environment(scratch, options.environment),
  });
  const server = {
    url: `http://127.0.0.1:${port}`,
    authority: `127.0.0.1:${port}`,
    logFile,
    stop: () => stopGroup(child),
  };
  try {
    await untilHealthy(server.url, child);
  } catch (error) {
    await server.stop();
    throw new Error(`code-server did not start: ${String(error)}\n${readFileSync(logFile, 'utf8')}`);
  }
  return server;
}

/** Installs a packed extension for a server that is started with the same scratch folder afterwards. */
export async function installExtension(lane: ServerLane, scratch: Scratch, vsix: string): Promise<void> {
  if (!existsSync(vsix)) throw new Error(`${vsix} does not exist; run  npm run package`);
  const parameters = [...commonParameters(scratch), '--install-extension', vsix, '--force'];
  await promisify(execFile)(lane.node, [entry(lane), ...parameters], { env: environment(scratch) });
}

function entry(lane: ServerLane): string {
  return path.join(lane.codeServer, 'out/node/entry.js');
}

function commonParameters(scratch: Scratch): string[] {
  writeFileSync(scratch.path('config.yaml'), '');
  return [
    ...['--config', scratch.path('config.yaml')],
    ...['--user-data-dir', scratch.path('user-data')],
    ...['--extensions-dir', scratch.path('extensions')],
  ];
}

/** Ours without what a surrounding VS Code left in it, without a gallery to call, and with every temporary file in the scratch. */
function environment(scratch: Scratch, added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|PORT$|PASSWORD$|HASHED_PASSWORD$)/.test(name),
  );
  const own = {
    EXTENSIONS_GALLERY: '{}',
    HOME: scratch.folder,
    TMPDIR: scratch.folder,
    XDG_RUNTIME_DIR: scratch.folder,
  };
  return { ...Object.fromEntries(inherited), ...own, ...added };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const end = performance.now() + startLimitMs;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    if (performance.now() > end) throw new Error(`no answer from ${url} in ${startLimitMs / 1000} s`);
    const healthy = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await sleep(pollMs);
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const signal = (name: NodeJS.Signals | 0) => {
    try {
      return process.kill(-Number(child.pid), name);
    } catch {
      return false; // No process of the group is left.
    }
  };
  signal('SIGTERM');
  for (const end = performance.now() + stopLimitMs; performance.now() < end && signal(0); ) await sleep(pollMs);
  signal('SIGKILL');
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
