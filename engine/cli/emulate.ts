import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ApiListenError } from '../api/listen.ts';
import type { Emulator } from '../emulator/emulator.ts';
import { EmulatorError } from '../emulator/errors.ts';
import { EmulatorPool } from '../emulator/pool.ts';
import { openPtyPair, type PtyPair } from '../emulator/pty-pair.ts';
import { secretResolver } from '../emulator/secrets.ts';
import { parseTime } from '../emulator/simulated-clock.ts';
import type { EmulatorInstance, Endpoint, TimeChange } from '../emulator/types.ts';
import { StoreError } from '../store/errors.ts';
import { MeterStates } from '../store/meter-states.ts';
import type { CompiledTemplates } from '../template/index.ts';
import { activityLine } from './activity-line.ts';
import { compileFiles, compileOrThrow } from './compile-all.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { openControl } from './open-control.ts';
import { table } from './table.ts';

export interface EmulateCommand {
  readonly files: readonly string[];
  /** Name of a fleet, several separated by commas, or `all`. */
  readonly fleet?: string;
  readonly meter?: string;
  readonly count?: number;
  readonly listen?: string;
  readonly seed?: number;
  /** JSON file: secret name -> `hex:..`, `text:..` or `env:NAME`. */
  readonly keys?: string;
  /** Simulated time at the start, as `2026-01-01T00:00Z`. */
  readonly time?: string;
  /** Simulated seconds in a second. */
  readonly speed?: number;
  /** Simulated time stands still. */
  readonly freeze?: boolean;
  /** SQLite file in which the state of the meters is kept. */
  readonly state?: string;
  /** HOST:PORT at which other commands can control it; true for the default one. */
  readonly control?: string | boolean;
  readonly json?: boolean;
}

/** Public keys of sample templates, used if `--keys` is left out and the file lies beside a template. */
const DEMO_KEYS = 'demo.keys.json';
/** Endpoints printed as a table; `--json` prints up to a thousand. */
const MAX_ROWS = 24;
const FIGURES_MS = 1000;
/** What `--listen` says for a line within this machine. */
const PTY = 'pty';
/** Codes that mean the command was given wrongly, rather than that it failed. */
const USAGE: ReadonlySet<string> = new Set([
  'bad-listen',
  'bad-count',
  'bad-time',
  'unknown-name',
  'keys-file',
  'not-loopback',
]);

/** A mistake in how the command was given. */
class CommandError extends Error {
  readonly code = 'keys-file';
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

/**
 * `dlms emulate`: puts meters on sockets until the signal of `io` is aborted, or somebody stops them through `--control`.
 * 0 stopped as asked, 1 the templates have errors or the sockets cannot be had, 2 wrong usage.
 */
export async function emulate(command: EmulateCommand, io: CliIo): Promise<ExitCode> {
  const templates = compileAll(command.files, io);
  if (templates === undefined) return exitCodes.failed;
  const pool = new EmulatorPool();
  const closing: (() => void | Promise<void>)[] = [];
  try {
    const line = command.listen?.trim() === PTY ? await openPtyPair() : undefined;
    if (line !== undefined) closing.push(() => line.close());
    const { id } = await start(pool, command, templates, line, io);
    const emulator = pool.get(id);
    if (emulator === undefined) return exitCodes.ok;
    if (command.control !== undefined && command.control !== false) {
      const { url, close } = await openControl(pool, typeof command.control === 'string' ? command.control : undefined);
      closing.push(close);
      io.err(`Control at ${url}: dlms emulator list, in another terminal. API at ${url}/docs\n`);
    }
    if (line !== undefined) io.err(`Clients open serial:${line.client}\n`);
    warnOfDescriptors(emulator, io);
    report(emulator, command.json === true, io);
    await untilStopped(pool, emulator, io);
    await pool.stopAll();
    return exitCodes.ok;
  } catch (error) {
    if (!isExplained(error)) throw error;
    await pool.stopAll().catch(() => undefined);
    io.err(`dlms emulate: ${error.message} [${error.code}]\n${error.next}\n`);
    return USAGE.has(error.code) ? exitCodes.usage : exitCodes.failed;
  } finally {
    for (const close of closing) await close();
  }
}

function isExplained(error: unknown): error is EmulatorError | CommandError | StoreError | ApiListenError {
  return (
    error instanceof EmulatorError ||
    error instanceof CommandError ||
    error instanceof StoreError ||
    error instanceof ApiListenError
  );
}

/** Models and fleets of all files; findings are printed, and errors give undefined. */
function compileAll(paths: readonly string[], io: CliIo): CompiledTemplates | undefined {
  const { templates, unreadable, errors } = compileFiles(paths);
  for (const path of unreadable) {
    io.err(`dlms emulate: ${path} cannot be read. Give the path of a .dlmsmeter file.\n`);
  }
  for (const line of errors) io.err(line);
  if (templates === undefined) io.err('dlms emulate: nothing was started, since the templates have errors.\n');
  return templates;
}

async function start(
  pool: EmulatorPool,
  command: EmulateCommand,
  templates: CompiledTemplates,
  line: PtyPair | undefined,
  io: CliIo,
): Promise<EmulatorInstance> {
  const { fleet, meter, count, seed, files } = command;
  if (fleet !== undefined && meter !== undefined) {
    throw new EmulatorError('unknown-name', '--fleet and --meter were both given', 'Give one of them.');
  }
  const folder = dirname(resolve(files[0] ?? '.'));
  const listen = line === undefined ? command.listen : `serial:${line.meter}`;
  const time = timeOf(command);
  const secrets = secretResolver({
    values: secretsOf(command, io),
    environment: process.env,
    resolveFile: (path) => resolve(folder, path),
  });
  // Last, since it is the emulator that closes it.
  const state = command.state === undefined ? undefined : await MeterStates.open(command.state);
  return pool.start(
    files.join(', '),
    {
      templates,
      secrets,
      ...(fleet === undefined ? {} : { fleets: fleet === 'all' ? 'all' : fleet.split(',') }),
      ...(meter === undefined ? {} : { meter }),
      ...(count === undefined ? {} : { count }),
      ...(listen === undefined ? {} : { listen }),
      ...(seed === undefined ? {} : { seed }),
      ...(time === undefined ? {} : { time }),
      ...(state === undefined ? {} : { state }),
    },
    () => compileOrThrow(files),
  );
}

/** What the options say of simulated time; undefined if nothing. @throws EmulatorError `bad-time` */
function timeOf({ time, speed, freeze }: EmulateCommand): TimeChange | undefined {
  if (time === undefined && speed === undefined && freeze !== true) return undefined;
  return {
    ...(time === undefined ? {} : { to: parseTime(time) }),
    ...(speed === undefined ? {} : { speed }),
    ...(freeze === true ? { frozen: true } : {}),
  };
}

/** Says so if not every meter can have a client at the same time. */
function warnOfDescriptors({ descriptors, meters }: Emulator, io: CliIo): void {
  const { connectionRoom, limit } = descriptors;
  if (connectionRoom >= meters.length) return;
  io.err(
    `This process may open ${limit} files and sockets: ${connectionRoom} clients at a time for ${meters.length} meters.\n` +
      `More are refused and counted. Raise the limit with "ulimit -n ${meters.length * 2}" before the start.\n`,
  );
}

function secretsOf({ keys, files }: EmulateCommand, io: CliIo): Readonly<Record<string, string>> {
  if (keys !== undefined) return readSecrets(keys);
  const beside = files.map((file) => join(dirname(file), DEMO_KEYS)).find((path) => existsSync(path));
  if (beside === undefined) return {};
  io.err(`Keys and passwords from ${beside}, which is public.\n`);
  return readSecrets(beside);
}

function readSecrets(path: string): Readonly<Record<string, string>> {
  const next = 'Give a JSON file such as {"my-meter/guek": "hex:00112233...", "my-meter/reader": "text:12345678"}.';
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // The parser's message would quote the file, and with it a key.
    throw new CommandError(`${path} cannot be read as JSON`, next);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CommandError(`${path} is not a JSON object`, next);
  }
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (typeof value !== 'string') throw new CommandError(`${path}: ${name} is not a text`, next);
    values[name] = value.startsWith('env:') ? (process.env[value.slice(4)] ?? '') : value;
    if (values[name] === '') throw new CommandError(`${path}: the environment has no ${value.slice(4)}`, next);
  }
  return values;
}

function report(emulator: Emulator, json: boolean, io: CliIo): void {
  const { name, meters, endpointCount, startedAt } = emulator;
  if (json) {
    const endpoints = emulator.endpoints();
    io.out(`${JSON.stringify({ name, count: meters.length, startedAt, endpoints, endpointCount })}\n`);
    return;
  }
  const shown = emulator.endpoints(MAX_ROWS);
  io.out(table(['METER', 'SERIAL', 'TRANSPORT', 'FRAMING', 'ADDRESS'], shown.map(row)));
  if (endpointCount > shown.length) io.out(`... and ${endpointCount - shown.length} more\n`);
  io.out(`READY: ${count(meters.length, 'meter')} on ${count(endpointCount, 'endpoint')}. Ctrl-C stops them.\n`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function row({ meter, serial, transport, framing, host, port, address }: Endpoint): string[] {
  const number = address === undefined ? '' : `  ${framing === 'hdlc' ? 'lower address' : 'SAP'} ${address}`;
  return [meter, serial, transport, framing, `${addressOf(host, port)}${number}`];
}

/** As `dlms read` takes it. Only serial ports have no number. */
function addressOf(host: string, port: number): string {
  if (port === 0) return `serial:${host}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Waits for Ctrl-C, or until the last emulator was stopped from outside; shows live figures to a person meanwhile. */
async function untilStopped(pool: EmulatorPool, emulator: Emulator, io: CliIo): Promise<void> {
  if (io.signal.aborted) return;
  let shown = '';
  let failure: string | undefined;
  const show = (): void => {
    const activity = emulator.activity();
    if (activity.stateFailure !== failure && activity.stateFailure !== undefined) {
      io.err(`${shown === '' ? '' : '\n'}dlms emulate: ${activity.stateFailure}. It is tried again every second.\n`);
    }
    failure = activity.stateFailure;
    const line = activityLine(activity);
    if (!io.interactive || line === shown) return;
    shown = line;
    io.err(`\r${line.slice(0, Math.max(1, io.columns - 1)).padEnd(Math.max(1, io.columns - 1))}`);
  };
  // The timer also keeps the process alive; the sockets do that too.
  const timer = setInterval(show, FIGURES_MS);
  await new Promise<void>((done) => {
    io.signal.addEventListener('abort', () => done(), { once: true });
    pool.onChange((instances) => instances.length === 0 && done());
  });
  clearInterval(timer);
  if (shown !== '') io.err('\n');
}
