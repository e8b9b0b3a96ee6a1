import { randomBytes, randomUUID } from 'node:crypto';
import { type PortState, type PortTarget, scanPorts } from './port-scan.ts';
import type { ConnectedSocket } from './probe-line.ts';
import { probeMeter } from './probe-meter.ts';
import { Progress } from './progress.ts';
import type { ScanStore } from './store.ts';
import { checkPorts, resolveTargets, type TargetSet } from './targets.ts';
import type { MeterFinding, Outcome, ScanEvent, ScanOptions } from './types.ts';

export interface ScanEnvironment {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: ScanEvent) => void;
  readonly store?: ScanStore;
  /**
   * Completes a finding before it is reported and stored: fingerprint, classification, profile. The rooms that know how
   * stand above this one.
   */
  readonly complete?: (finding: MeterFinding) => { readonly finding: MeterFinding; readonly profile?: object };
  /** Resolves host names. Default: the system. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  readonly scanId?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Monotonic milliseconds. */
  readonly monotonic?: () => number;
  readonly random?: (length: number) => Uint8Array;
}

/**
 * What came out of a scan. Findings of targets where nothing is open are there only for targets named singly. With a
 * store the findings come without their evidence, which the store has: thousands of meters would not fit into memory.
 */
export interface ScanResult {
  readonly scanId: string;
  readonly findings: readonly MeterFinding[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly cancelled: boolean;
  readonly durationMs: number;
}

/** Connections of the port stage at once, for each one of the DLMS stage: silence is cheap. */
const PORT_CONCURRENCY_FACTOR = 8;
const MAX_PORT_CONCURRENCY = 1024;
/** Open connections that may wait for the DLMS stage, for each one it works on. */
const WAITING_FACTOR = 2;

/** Values of options that are not given. */
export const SCAN_DEFAULTS = { rate: 0, timeoutMs: 2000, concurrency: 64 } as const;

/**
 * Scans targets: finds open ports, then looks at each as a meter. Rejects with TargetError for targets it must not
 * scan and with the store's error; everything that happens on the network becomes a finding.
 */
export async function scan(options: ScanOptions, environment: ScanEnvironment = {}): Promise<ScanResult> {
  const ports = checkPorts(options.ports);
  const targets = await resolveTargets({
    ...options,
    ...(environment.resolve === undefined ? {} : { resolve: environment.resolve }),
  });
  return new Scan(options, environment, targets, ports).run();
}

interface OpenPort extends PortTarget {
  readonly socket: ConnectedSocket;
}

class Scan {
  readonly #options: ScanOptions;
  readonly #environment: ScanEnvironment;
  readonly #targets: TargetSet;
  readonly #ports: readonly number[];
  readonly #scanId: string;
  readonly #now: () => number;
  readonly #monotonic: () => number;
  readonly #random: (length: number) => Uint8Array;
  /** Aborted by the caller, or by a failed store. */
  readonly #abort = new AbortController();
  readonly #progress: Progress;
  readonly #findings: MeterFinding[] = [];
  readonly #outcomes: Record<string, number> = {};
  readonly #open: OpenPort[] = [];
  readonly #workers = new Set<Promise<void>>();
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ScanOptions, environment: ScanEnvironment, targets: TargetSet, ports: readonly number[]) {
    this.#options = options;
    this.#environment = environment;
    this.#targets = targets;
    this.#ports = ports;
    this.#scanId = environment.scanId ?? randomUUID();
    this.#now = environment.now ?? Date.now;
    this.#monotonic = environment.monotonic ?? (() => performance.now());
    this.#random = environment.random ?? randomBytes;
    this.#progress = new Progress(this.#scanId, targets.count * ports.length, this.#monotonic, (event) =>
      environment.onEvent?.(event),
    );
  }

  async run(): Promise<ScanResult> {
    const { signal, store } = this.#environment;
    const started = this.#monotonic();
    const total = this.#targets.count * this.#ports.length;
    const stop = (): void => this.#abort.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    try {
      await store?.saveScanStart(this.#scanId, this.#options, total, this.#now());
      this.#environment.onEvent?.({ type: 'started', scanId: this.#scanId, targets: total, time: this.#now() });
      await this.#bothStages();
      if (this.#failure !== undefined) throw this.#failure.error;
      const cancelled = signal?.aborted === true;
      await store?.saveScanFinish(this.#scanId, cancelled ? 'cancelled' : 'finished', this.#now());
      const durationMs = Math.round(this.#monotonic() - started);
      this.#environment.onEvent?.({
        type: 'finished',
        scanId: this.#scanId,
        cancelled,
        durationMs,
        outcomes: this.#outcomes,
      });
      return { scanId: this.#scanId, findings: this.#findings, outcomes: this.#outcomes, cancelled, durationMs };
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #bothStages(): Promise<void> {
    const { concurrency, rate, timeoutMs } = this.#options;
    await scanPorts(this.#portTargets(), {
      concurrency: Math.min(MAX_PORT_CONCURRENCY, Math.max(1, concurrency) * PORT_CONCURRENCY_FACTOR),
      rate,
      timeoutMs,
      signal: this.#abort.signal,
      monotonic: this.#monotonic,
      mayContinue: () => this.#open.length < Math.max(1, concurrency) * WAITING_FACTOR,
      onState: (target, state) => this.#portState(target, state),
    });
    while (this.#workers.size > 0) await Promise.race(this.#workers);
    await this.#writing;
    this.#progress.report(true);
  }

  *#portTargets(): Generator<PortTarget> {
    for (const target of this.#targets) for (const port of this.#ports) yield { target, port };
  }

  #portState(target: PortTarget, state: PortState): void {
    this.#progress.portDone(state.state === 'open');
    if (state.state === 'open') {
      this.#open.push({ ...target, socket: state.socket });
      this.#work();
      return;
    }
    const outcome: Outcome = state.state === 'closed' ? 'closed' : 'unreachable';
    if (target.target.single) this.#report(nothingThere(target, outcome, state.reason, this.#now()));
    else this.#count(outcome);
  }

  /** Starts as many looks at open ports as may run at once. */
  #work(): void {
    while (this.#workers.size < Math.max(1, this.#options.concurrency)) {
      const next = this.#open.shift();
      if (next === undefined) return;
      const work: Promise<void> = this.#probe(next)
        .catch((error: unknown) => this.#fail(error))
        .finally(() => {
          this.#workers.delete(work);
          this.#work();
        });
      this.#workers.add(work);
    }
  }

  async #probe({ target, port, socket }: OpenPort): Promise<void> {
    const finding = await probeMeter({
      host: target.host,
      address: target.address,
      port,
      timeoutMs: this.#options.timeoutMs,
      signal: this.#abort.signal,
      now: this.#now,
      monotonic: this.#monotonic,
      random: this.#random,
      connected: socket,
    });
    socket.discard();
    if (finding.outcome === 'closed' && !target.single) this.#count('closed');
    else this.#report(finding);
    this.#progress.meterDone();
  }

  #report(found: MeterFinding): void {
    const { complete, store, onEvent } = this.#environment;
    try {
      const { finding, profile } = complete?.(found) ?? { finding: found, profile: undefined };
      this.#count(finding.outcome);
      this.#findings.push(store === undefined ? finding : { ...finding, evidence: [] });
      onEvent?.({ type: 'meter', scanId: this.#scanId, meter: finding });
      if (store === undefined || this.#failure !== undefined) return;
      this.#writing = this.#writing
        .then(() => store.saveMeter(this.#scanId, finding, this.#now(), profile))
        .catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #count(outcome: Outcome): void {
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#abort.abort();
  }
}

function nothingThere({ target, port }: PortTarget, outcome: Outcome, reason: string, time: number): MeterFinding {
  return {
    host: target.host,
    port,
    outcome,
    reason,
    durationMs: 0,
    associations: [],
    objects: [],
    errors: [],
    evidence: [{ time, kind: outcome === 'closed' ? 'closed' : 'timeout', step: 'connect', port, text: reason }],
  };
}
