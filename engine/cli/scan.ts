import { TargetError } from '../discovery/errors.ts';
import { SCAN_DEFAULTS, scan } from '../discovery/scan.ts';
import type { ScanStore } from '../discovery/store.ts';
import type { MeterFinding, ScanEvent, ScanOptions } from '../discovery/types.ts';
import { completeFinding } from '../profile/complete-finding.ts';
import { StoreError } from '../store/errors.ts';
import { openSqlite } from '../store/open-sqlite.ts';
import { Store } from '../store/store.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { meterTable } from './meter-table.ts';
import { ScanProgressLine } from './scan-progress-line.ts';
import { printable } from './table.ts';

/** Options of `dlms scan`. */
export interface ScanCommand {
  readonly targets: readonly string[];
  /** Comma-separated, `4059,4060-4063`. */
  readonly ports: string;
  readonly exclude?: readonly string[];
  /** Connection attempts a second; default unlimited. */
  readonly rate?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly concurrency?: number;
  /** One document at the end. */
  readonly json?: boolean;
  /** One event a line while it runs. */
  readonly jsonl?: boolean;
  /** SQLite file to keep findings and evidence in; nothing is kept without. */
  readonly db?: string;
  readonly yesPublic?: boolean;
}

/** Ports without a meter that are listed under the table; a block may have thousands. */
const MAX_OTHERS_LISTED = 20;

/**
 * `dlms scan`: finds meters, prints them, keeps them. Exit code 0 when something that speaks DLMS was found, 1 when
 * nothing was, when it was cancelled (what was found is printed) or the store failed, 2 for targets it does not take.
 */
export async function runScan(command: ScanCommand, io: CliIo): Promise<ExitCode> {
  let store: Store | undefined;
  try {
    store = command.db === undefined ? undefined : new Store(await openSqlite(command.db));
    return await scanAndPrint(command, io, store);
  } catch (error) {
    if (error instanceof TargetError) {
      const hint = error.code === 'public-refused' ? ' (--yes-public confirms it)' : '';
      io.err(`dlms scan: ${printable(error.message)}${hint}\n`);
      return exitCodes.usage;
    }
    if (!(error instanceof StoreError)) throw error;
    io.err(`dlms scan: ${error.message}\nWhat to do: ${error.next}\n`);
    return exitCodes.failed;
  } finally {
    await store?.close();
  }
}

async function scanAndPrint(command: ScanCommand, io: CliIo, store: ScanStore | undefined): Promise<ExitCode> {
  const quiet = command.json === true || command.jsonl === true;
  const line = new ScanProgressLine(io);
  const findings: MeterFinding[] = [];
  const onEvent = (event: ScanEvent): void => {
    if (event.type === 'meter') findings.push({ ...event.meter, evidence: [] });
    if (command.jsonl === true) io.out(`${JSON.stringify(withoutEvidence(event))}\n`);
    line.show(event);
  };
  try {
    const result = await scan(scanOptions(command), {
      signal: io.signal,
      onEvent,
      complete: completeFinding,
      ...(store === undefined ? {} : { store }),
    });
    line.clear();
    if (command.json === true) {
      const { findings: _listed, ...summary } = result;
      io.out(`${JSON.stringify({ ...summary, meters: findings.map(listed) })}\n`);
    }
    if (!quiet) print(findings, result.outcomes, result.durationMs, io);
    if (result.cancelled) {
      io.err('dlms scan: cancelled; what was found until then is complete\n');
      return exitCodes.failed;
    }
    return findings.some((finding) => finding.framing !== undefined) ? exitCodes.ok : exitCodes.failed;
  } finally {
    line.clear();
  }
}

function scanOptions(command: ScanCommand): ScanOptions {
  return {
    targets: command.targets,
    exclude: command.exclude ?? [],
    ports: portsOf(command.ports),
    rate: command.rate ?? SCAN_DEFAULTS.rate,
    timeoutMs: command.timeout ?? SCAN_DEFAULTS.timeoutMs,
    concurrency: command.concurrency ?? SCAN_DEFAULTS.concurrency,
    allowPublic: command.yesPublic === true,
  };
}

/** `4059,4060-4063` as a list. Throws TargetError `bad-port`. */
export function portsOf(text: string): number[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap((part) => {
      const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
      const first = Number(match?.[1]);
      const last = Number(match?.[2] ?? match?.[1]);
      if (match === null || last < first || last > 65_535)
        throw new TargetError(
          'bad-port',
          `ports '${part}' are not understood: give numbers and ranges, e.g. 4059,4060-4063`,
        );
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

function print(
  findings: readonly MeterFinding[],
  outcomes: Readonly<Record<string, number>>,
  durationMs: number,
  io: CliIo,
): void {
  const meters = findings.filter((finding) => finding.framing !== undefined);
  const others = findings.filter((finding) => finding.framing === undefined);
  if (meters.length > 0) io.out(meterTable(meters));
  for (const finding of others.slice(0, MAX_OTHERS_LISTED))
    io.out(`${finding.host}:${finding.port}  ${finding.outcome}: ${printable(finding.reason)}\n`);
  if (others.length > MAX_OTHERS_LISTED)
    io.out(`... and ${others.length - MAX_OTHERS_LISTED} more without a meter (--json lists them)\n`);
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  io.err(`${counts.join(', ') || 'nothing'} in ${(durationMs / 1000).toFixed(1)} s\n`);
}

function withoutEvidence(event: ScanEvent): object {
  return event.type === 'meter' ? { ...event, meter: listed(event.meter) } : event;
}

function listed(finding: MeterFinding): object {
  const { evidence: _kept, ...rest } = finding;
  return rest;
}
