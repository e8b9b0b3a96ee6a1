import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Emulator } from '../emulator/emulator.ts';
import { EmulatorError } from '../emulator/errors.ts';
import { secretResolver } from '../emulator/secrets.ts';
import { startEmulator } from '../emulator/start.ts';
import type { Endpoint } from '../emulator/types.ts';
import { placeFindings } from '../template/findings/place.ts';
import { type CompiledTemplates, compileTemplate, diskFiles, openFiles } from '../template/index.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
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
  readonly json?: boolean;
}

/** Public keys of sample templates, used if `--keys` is left out and the file lies beside a template. */
const DEMO_KEYS = 'demo.keys.json';
/** Endpoints printed as a table; `--json` prints up to a thousand. */
const MAX_ROWS = 24;
const FIGURES_MS = 1000;
/** Codes that mean the command was given wrongly, rather than that it failed. */
const USAGE: ReadonlySet<string> = new Set(['bad-listen', 'unknown-name', 'keys-file']);

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
 * `dlms emulate`: puts meters on sockets until the signal of `io` is aborted. 0 stopped as asked, 1 the templates have
 * errors or the sockets cannot be had, 2 wrong usage.
 */
export async function emulate(command: EmulateCommand, io: CliIo): Promise<ExitCode> {
  const templates = compileAll(command.files, io);
  if (templates === undefined) return exitCodes.failed;
  let emulator: Emulator;
  try {
    emulator = await start(command, templates, io);
  } catch (error) {
    if (!(error instanceof EmulatorError) && !(error instanceof CommandError)) throw error;
    io.err(`dlms emulate: ${error.message} [${error.code}]\n${error.next}\n`);
    return USAGE.has(error.code) ? exitCodes.usage : exitCodes.failed;
  }
  report(emulator, command.json === true, io);
  await untilAborted(emulator, io);
  await emulator.stop();
  return exitCodes.ok;
}

/** Models and fleets of all files; findings are printed, and errors give undefined. */
function compileAll(paths: readonly string[], io: CliIo): CompiledTemplates | undefined {
  const meters = new Map<string, CompiledTemplates['meters'][number]>();
  const fleets = new Map<string, CompiledTemplates['fleets'][number]>();
  const told = new Set<string>();
  let ok = true;
  for (const path of paths) {
    const files = openFiles(diskFiles);
    if (diskFiles.readFile(path) === undefined) {
      io.err(`dlms emulate: ${path} cannot be read. Give the path of a .dlmsmeter file.\n`);
      ok = false;
      continue;
    }
    const result = compileTemplate(path, files);
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    for (const { path: file, line, column, code, message } of placeFindings(errors, (name) => files.text(name))) {
      const text = `${file}:${line}:${column}: error ${code}: ${message}\n`;
      // Files used by several templates are compiled with each of them.
      if (!told.has(text)) io.err(text);
      told.add(text);
    }
    if (!result.ok || result.model === undefined) {
      ok = false;
      continue;
    }
    for (const meter of result.model.meters) meters.set(meter.name, meter);
    for (const fleet of result.model.fleets) fleets.set(fleet.name, fleet);
  }
  if (!ok) {
    io.err('dlms emulate: nothing was started, since the templates have errors.\n');
    return undefined;
  }
  return { format: 1, meters: [...meters.values()], fleets: [...fleets.values()] };
}

function start(command: EmulateCommand, templates: CompiledTemplates, io: CliIo): Promise<Emulator> {
  const { fleet, meter, count, listen, seed } = command;
  if (fleet !== undefined && meter !== undefined) {
    throw new EmulatorError('unknown-name', '--fleet and --meter were both given', 'Give one of them.');
  }
  const folder = dirname(resolve(command.files[0] ?? '.'));
  return startEmulator({
    templates,
    secrets: secretResolver({
      values: secretsOf(command, io),
      environment: process.env,
      resolveFile: (path) => resolve(folder, path),
    }),
    ...(fleet === undefined ? {} : { fleets: fleet === 'all' ? 'all' : fleet.split(',') }),
    ...(meter === undefined ? {} : { meter }),
    ...(count === undefined ? {} : { count }),
    ...(listen === undefined ? {} : { listen }),
    ...(seed === undefined ? {} : { seed }),
  });
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

function row({ meter, serial, transport, framing, host, port }: Endpoint): string[] {
  return [meter, serial, transport, framing, addressOf(host, port)];
}

/** As `dlms read` takes it. Only serial ports have no number. */
function addressOf(host: string, port: number): string {
  if (port === 0) return `serial:${host}`;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Waits for Ctrl-C and shows live figures to a person meanwhile. */
async function untilAborted(emulator: Emulator, io: CliIo): Promise<void> {
  if (io.signal.aborted) return;
  let shown = '';
  const show = (): void => {
    const { sessions, requests, octetsIn, octetsOut, errors } = emulator.figures;
    const line = `sessions ${sessions}  requests ${requests}  octets in ${octetsIn} out ${octetsOut}  errors ${errors}`;
    if (line === shown) return;
    shown = line;
    io.err(`\r${line.slice(0, Math.max(1, io.columns - 1)).padEnd(Math.max(1, io.columns - 1))}`);
  };
  // The timer also keeps the process alive; the sockets do that too.
  const timer = setInterval(() => io.interactive && show(), FIGURES_MS);
  await new Promise<void>((done) => {
    io.signal.addEventListener('abort', () => done(), { once: true });
  });
  clearInterval(timer);
  if (shown !== '') io.err('\n');
}
