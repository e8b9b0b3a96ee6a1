import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ApiListenError } from '../api/listen.ts';
import { type ScanResult, scan } from '../discovery/scan.ts';
import { EmulatorError } from '../emulator/errors.ts';
import { EmulatorPool } from '../emulator/pool.ts';
import { secretResolver } from '../emulator/secrets.ts';
import { completeFinding } from '../profile/complete-finding.ts';
import { StoreError } from '../store/errors.ts';
import { openSqlite } from '../store/open-sqlite.ts';
import { Store } from '../store/store.ts';
import { compileTemplate, diskFiles } from '../template/index.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { meterTable } from './meter-table.ts';
import { ScanProgressLine } from './scan-progress-line.ts';
import { aborted, startApi } from './serve.ts';

export interface DemoCommand {
  readonly once?: boolean;
  readonly db: string;
  readonly port: number;
}

/** What the demo scans: the addresses and ports of the fleets in samples/demo.dlmsmeter. */
const demoTargets = { targets: ['127.0.0.0/24'], ports: [4059, 4060] } as const;

/**
 * `dlms demo`, which `npm start` runs: meters, scan, table, store, REST. 0 when it ended as asked, 1 when a port or the
 * store cannot be had or a meter was not identified.
 */
export async function demo(command: DemoCommand, io: CliIo): Promise<ExitCode> {
  const pool = new EmulatorPool();
  let store: Store | undefined;
  try {
    store = new Store(await openSqlite(command.db));
    const meters = await startFleets(pool);
    io.err(`${meters} virtual meters listen on 127.0.0.0/24, ports ${demoTargets.ports.join(' and ')}.\n`);
    const result = await scanDemo(store, io);
    if (result.cancelled) return exitCodes.failed;
    const identified = result.findings.filter(({ outcome }) => outcome === 'identified');
    io.out(meterTable(result.findings.filter(({ framing }) => framing !== undefined)));
    io.out(`\n${identified.length} meters identified in ${(result.durationMs / 1000).toFixed(1)} s, `);
    io.out(`stored with their evidence in ${command.db} (scan ${result.scanId}).\n`);
    if (identified.length < meters) io.err(`${meters - identified.length} of ${meters} meters were not identified.\n`);
    if (command.once !== true) await serveUntilStopped(command.port, store, pool, io);
    return identified.length >= meters ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    if (!isExplained(error)) throw error;
    io.err(`dlms demo: ${error.message}\nWhat to do: ${error.next}\n`);
    return exitCodes.failed;
  } finally {
    await pool.stopAll();
    await store?.close();
  }
}

function isExplained(error: unknown): error is StoreError | EmulatorError | ApiListenError {
  return error instanceof StoreError || error instanceof EmulatorError || error instanceof ApiListenError;
}

/** Starts every fleet of the demo template; returns the number of meters. */
async function startFleets(pool: EmulatorPool): Promise<number> {
  const folder = samplesFolder();
  const path = join(folder, 'demo.dlmsmeter');
  const { ok, model, findings } = compileTemplate(path, diskFiles);
  if (!ok || model === undefined) {
    throw new EmulatorError(
      'unknown-name',
      `${path} has errors: ${findings[0]?.message ?? 'nothing to start'}`,
      'Run dlms lint on it.',
    );
  }
  const values = JSON.parse(await readFile(join(folder, 'demo.keys.json'), 'utf8')) as Record<string, string>;
  const secrets = secretResolver({ values });
  const instance = await pool.start(path, { templates: model, fleets: 'all', secrets });
  return instance.count;
}

async function scanDemo(store: Store, io: CliIo): Promise<ScanResult> {
  const line = new ScanProgressLine(io);
  try {
    return await scan(
      { ...demoTargets, exclude: [], rate: 0, timeoutMs: 2000, concurrency: 64, allowPublic: false },
      { store, complete: completeFinding, signal: io.signal, onEvent: (event) => line.show(event) },
    );
  } finally {
    line.clear();
  }
}

async function serveUntilStopped(port: number, store: Store, pool: EmulatorPool, io: CliIo): Promise<void> {
  const api = await startApi(store, () => pool.list(), '127.0.0.1', port);
  io.out(`\nREST at ${api.url}/summary, its description at ${api.url}/docs\n`);
  io.out('The meters keep running: try  npx dlms read 127.0.0.65:4059 --all  in another terminal. Ctrl-C stops.\n');
  await aborted(io.signal);
  await api.close();
}

/** samples/ beside dist/ in the installed package, or in the working tree. */
function samplesFolder(): string {
  const candidates = [resolve(import.meta.dirname, '../../samples'), resolve('samples')];
  return candidates.find((folder) => existsSync(folder)) ?? 'samples';
}
