import { ApiListenError } from '../api/listen.ts';
import type { Emulator } from '../emulator/emulator.ts';
import { EmulatorError } from '../emulator/errors.ts';
import { EmulatorPool } from '../emulator/pool.ts';
import { openPtyPair } from '../emulator/pty-pair.ts';
import type { Endpoint } from '../emulator/types.ts';
import { StoreError } from '../store/errors.ts';
import type { CompiledTemplates } from '../template/index.ts';
import { activityLine } from './activity-line.ts';
import { compileFiles } from './compile-all.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { KeysFileError } from './keys-of-templates.ts';
import { openControl } from './open-control.ts';
import { type StartMeters, startMeters } from './start-meters.ts';
import { table } from './table.ts';

export interface EmulateCommand extends StartMeters {
  /** HOST:PORT at which other commands can control it; true for the default one. */
  readonly control?: string | boolean;
  readonly json?: boolean;
}

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
    const { id } = await startMeters(
      pool,
      { ...command, ...(line === undefined ? {} : { listen: `serial:${line.meter}` }) },
      templates,
      io,
    );
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

function isExplained(error: unknown): error is EmulatorError | KeysFileError | StoreError | ApiListenError {
  return (
    error instanceof EmulatorError ||
    error instanceof KeysFileError ||
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

/** Says so if not every meter can have a client at the same time. */
function warnOfDescriptors({ descriptors, meters }: Emulator, io: CliIo): void {
  const { connectionRoom, limit } = descriptors;
  if (connectionRoom >= meters.length) return;
  io.err(
    `This process may open ${limit} files and sockets: ${connectionRoom} clients at a time for ${meters.length} meters.\n` +
      `More are refused and counted. Raise the limit with "ulimit -n ${meters.length * 2}" before the start.\n`,
  );
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
