import { randomUUID } from 'node:crypto';
import { TargetError } from '../../discovery/errors.ts';
import { scan } from '../../discovery/scan.ts';
import type { MeterFinding, ScanEvent, ScanOptions } from '../../discovery/types.ts';
import { completeFinding } from '../../profile/complete-finding.ts';
import { StoreError } from '../../store/errors.ts';
import type { MeterTableRow, ScanRow } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { engineError } from '../errors.ts';
import type { MeterRow, ScanFailure, ScanSummary } from '../protocol.ts';

/** Scans of this engine: they run side by side, each until it is done, cancelled, or the store fails. */
export class ScanService {
  readonly #running = new Map<string, AbortController>();
  readonly #store: () => Store;
  readonly #onEvent: (event: ScanEvent) => void;
  readonly #onFailure: (failure: ScanFailure) => void;

  constructor(store: () => Store, onEvent: (event: ScanEvent) => void, onFailure: (failure: ScanFailure) => void) {
    this.#store = store;
    this.#onEvent = onEvent;
    this.#onFailure = onFailure;
  }

  /**
   * Starts a scan and returns once it is under way. Throws `targetsRefused` or `storage`; what fails later is told by
   * `scan/failed`.
   */
  async start(options: ScanOptions): Promise<{ readonly scanId: string }> {
    const scanId = randomUUID();
    const controller = new AbortController();
    const store = this.#store();
    this.#running.set(scanId, controller);
    const begun = Promise.withResolvers<void>();
    scan(options, {
      scanId,
      store,
      complete: completeFinding,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'started') begun.resolve();
        this.#onEvent(event.type === 'meter' ? { ...event, meter: withoutEvidence(event.meter) } : event);
      },
    })
      .catch((error: unknown) => {
        begun.reject(error);
        const { message, next } = explain(error);
        this.#onFailure({ scanId, message, next });
      })
      .finally(() => this.#running.delete(scanId));
    try {
      await begun.promise;
    } catch (error) {
      const { code, message, next } = explain(error);
      throw engineError(code, message, { next });
    }
    return { scanId };
  }

  /** False when there is no such scan running. */
  cancel(scanId: string): boolean {
    const controller = this.#running.get(scanId);
    controller?.abort();
    return controller !== undefined;
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  async list(): Promise<ScanSummary[]> {
    return (await this.#store().scans({ offset: 0, limit: 100 })).map(summaryOf);
  }
}

/** The code, message and next step a client shows for a failed scan. */
function explain(error: unknown) {
  if (error instanceof TargetError) {
    return { code: 'targetsRefused', message: error.message, next: 'Correct the targets.' } as const;
  }
  if (error instanceof StoreError) return { code: 'storage', message: error.message, next: error.next } as const;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'scanFailed', message: `The scan stopped: ${message}`, next: 'See the log of the engine.' } as const;
}

function withoutEvidence(meter: MeterFinding): MeterFinding {
  return { ...meter, evidence: [] };
}

function summaryOf(row: ScanRow): ScanSummary {
  const options = JSON.parse(row.options) as ScanOptions;
  return {
    scanId: row.id,
    startedAt: row.started_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    targets: options.targets,
    ports: options.ports,
    state: row.state,
    found: row.found,
  };
}

/** A stored finding as lists show it. */
export function meterRowOf(row: MeterTableRow): MeterRow {
  const { objects: _objects, ...finding } = JSON.parse(row.finding) as Omit<MeterFinding, 'evidence'>;
  return { ...finding, id: row.id, scanId: row.scan_id, objectCount: row.object_count };
}
