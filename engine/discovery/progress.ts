import type { ScanEvent } from './types.ts';

/** Progress is told at most this often, milliseconds. */
const INTERVAL_MS = 200;
/** Share of the work below which an estimate would only be noise. */
const LEAST_SHARE = 0.02;

/** Counts both stages of a scan and tells about them, not too often, with the time that is left. */
export class Progress {
  readonly #scanId: string;
  readonly #total: number;
  readonly #monotonic: () => number;
  readonly #tell: (event: ScanEvent) => void;
  readonly #started: number;
  #told = Number.NEGATIVE_INFINITY;
  #ports = 0;
  #open = 0;
  #meters = 0;

  constructor(scanId: string, total: number, monotonic: () => number, tell: (event: ScanEvent) => void) {
    this.#scanId = scanId;
    this.#total = total;
    this.#monotonic = monotonic;
    this.#tell = tell;
    this.#started = monotonic();
  }

  portDone(open: boolean): void {
    this.#ports++;
    if (open) this.#open++;
    this.report(false);
  }

  meterDone(): void {
    this.#meters++;
    this.report(false);
  }

  /** `force`: whatever the interval. */
  report(force: boolean): void {
    const now = this.#monotonic();
    if (!force && now - this.#told < INTERVAL_MS) return;
    this.#told = now;
    const elapsed = now - this.#started;
    this.#tell(this.#event('ports', this.#ports, this.#total, elapsed));
    this.#tell(this.#event('dlms', this.#meters, this.#open, elapsed));
  }

  #event(stage: 'ports' | 'dlms', done: number, total: number, elapsed: number): ScanEvent {
    const share = total === 0 ? 0 : done / total;
    const etaMs = share >= LEAST_SHARE && share < 1 ? Math.round((elapsed / share) * (1 - share)) : undefined;
    return {
      type: 'progress',
      scanId: this.#scanId,
      stage,
      done,
      total,
      found: this.#meters,
      ...(etaMs === undefined ? {} : { etaMs }),
    };
  }
}
