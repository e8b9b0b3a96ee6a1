import type { Kysely } from 'kysely';
import type { EvidenceRecord, MeterFinding, ScanOptions } from '../discovery/types.ts';
import { StoreError } from './errors.ts';
import { evidenceRow, findingFromRow, meterRow } from './rows.ts';
import type {
  DiscoveryLogRow,
  FingerprintRow,
  MeterProfileRow,
  MeterTableRow,
  ScanRow,
  StoreSchema,
} from './schema.ts';

export interface Page {
  readonly offset: number;
  readonly limit: number;
}
export interface MeterFilter {
  readonly scanId?: string;
}
export type StoredMeter = MeterFinding & { readonly id: string; readonly scanId: string };

/** SQLite binds at most 32,766 values a statement; an evidence row has 8. */
const evidenceRowsPerInsert = 2_000;

/**
 * Everything the workbench keeps. Each method is one transaction; a failure is a StoreError and nothing of the call
 * is written.
 */
export class Store {
  readonly #db: Kysely<StoreSchema>;

  constructor(db: Kysely<StoreSchema>) {
    this.#db = db;
  }

  async saveScanStart(scanId: string, options: ScanOptions, targetCount: number, time: number): Promise<void> {
    await this.#write('the start of the scan', () =>
      this.#db
        .insertInto('scans')
        .values({
          id: scanId,
          started_at: time,
          finished_at: null,
          state: 'running',
          options: JSON.stringify(options),
          target_count: targetCount,
          found: 0,
        })
        .onConflict((c) => c.column('id').doUpdateSet({ state: 'running', finished_at: null }))
        .execute(),
    );
  }

  /** Writes a finding with its evidence, fingerprint, profile and log line. Writing it again replaces it. */
  async saveMeter(scanId: string, finding: MeterFinding, time: number, profile?: object): Promise<void> {
    const row = meterRow(scanId, finding, time);
    await this.#write(`the finding for ${finding.host}:${finding.port}`, () =>
      this.#db.transaction().execute(async (tx) => {
        await tx.deleteFrom('meters').where('id', '=', row.id).execute();
        await tx.insertInto('meters').values(row).execute();
        const evidence = finding.evidence.map((record, seq) => evidenceRow(row.id, seq, record));
        for (let at = 0; at < evidence.length; at += evidenceRowsPerInsert) {
          await tx
            .insertInto('evidence')
            .values(evidence.slice(at, at + evidenceRowsPerInsert))
            .execute();
        }
        if (finding.fingerprint !== undefined) {
          const { id: meter_id, vendor, model, confidence } = row;
          await tx
            .insertInto('fingerprints')
            .values({ meter_id, fingerprint: finding.fingerprint, vendor, model, confidence, created_at: time })
            .execute();
        }
        if (profile !== undefined) {
          await tx
            .insertInto('meter_profiles')
            .values({ meter_id: row.id, profile: JSON.stringify(profile), created_at: time })
            .execute();
        }
        const last = await tx
          .selectFrom('discovery_logs')
          .select((e) => e.fn.max('seq').as('seq'))
          .where('scan_id', '=', scanId)
          .executeTakeFirst();
        await tx
          .insertInto('discovery_logs')
          .values({
            scan_id: scanId,
            seq: Number(last?.seq ?? -1) + 1,
            time,
            host: finding.host,
            port: finding.port,
            outcome: finding.outcome,
            message: finding.reason,
          })
          .execute();
      }),
    );
  }

  async saveScanFinish(scanId: string, state: 'finished' | 'cancelled', time: number): Promise<void> {
    await this.#write('the end of the scan', async () => {
      const found = await this.countMeters({ scanId });
      await this.#db.updateTable('scans').set({ state, finished_at: time, found }).where('id', '=', scanId).execute();
    });
  }

  /** Scans a crash left `running` become `interrupted`. Called once when a process opens the store for scanning. */
  async markInterrupted(): Promise<void> {
    await this.#write('interrupted scans', () =>
      this.#db.updateTable('scans').set({ state: 'interrupted' }).where('state', '=', 'running').execute(),
    );
  }

  /** Newest first. */
  scans(page: Page): Promise<ScanRow[]> {
    return this.#read('scans', () =>
      this.#db
        .selectFrom('scans')
        .selectAll()
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .offset(page.offset)
        .limit(page.limit)
        .execute(),
    );
  }

  async countMeters(filter: MeterFilter = {}): Promise<number> {
    const row = await this.#read('meters', () =>
      this.#db
        .selectFrom('meters')
        .select((e) => e.fn.countAll().as('n'))
        .$if(filter.scanId !== undefined, (q) => q.where('scan_id', '=', filter.scanId ?? ''))
        .executeTakeFirstOrThrow(),
    );
    return Number(row.n);
  }

  /** In the order of host and port as text; page through with `offset`. */
  meters(page: Page, filter: MeterFilter = {}): Promise<MeterTableRow[]> {
    return this.#read('meters', () =>
      this.#db
        .selectFrom('meters')
        .selectAll()
        .$if(filter.scanId !== undefined, (q) => q.where('scan_id', '=', filter.scanId ?? ''))
        .orderBy('found_at')
        .orderBy('id')
        .offset(page.offset)
        .limit(page.limit)
        .execute(),
    );
  }

  /** A finding with its evidence; undefined when there is none of that id. */
  async meter(id: string): Promise<StoredMeter | undefined> {
    return this.#read(`meter ${id}`, async () => {
      const row = await this.#db.selectFrom('meters').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) return undefined;
      const rows = await this.#db
        .selectFrom('evidence')
        .selectAll()
        .where('meter_id', '=', id)
        .orderBy('seq')
        .execute();
      const evidence: EvidenceRecord[] = rows.map(({ time, kind, step, port, octets, text }) => ({
        time,
        kind: kind as EvidenceRecord['kind'],
        step,
        port,
        ...(octets === null ? {} : { hex: octets }),
        ...(text === null ? {} : { text }),
      }));
      return { ...findingFromRow(row, evidence), id: row.id, scanId: row.scan_id };
    });
  }

  discoveryLogs(page: Page): Promise<DiscoveryLogRow[]> {
    return this.#read('discovery logs', () =>
      this.#db
        .selectFrom('discovery_logs')
        .selectAll()
        .orderBy('time', 'desc')
        .orderBy('seq', 'desc')
        .offset(page.offset)
        .limit(page.limit)
        .execute(),
    );
  }

  fingerprints(page: Page): Promise<FingerprintRow[]> {
    return this.#read('fingerprints', () =>
      this.#db
        .selectFrom('fingerprints')
        .selectAll()
        .orderBy('meter_id')
        .offset(page.offset)
        .limit(page.limit)
        .execute(),
    );
  }

  profile(meterId: string): Promise<MeterProfileRow | undefined> {
    return this.#read('profile', () =>
      this.#db.selectFrom('meter_profiles').selectAll().where('meter_id', '=', meterId).executeTakeFirst(),
    );
  }

  /** Number of rows by vendor and model, for the summary. */
  async vendorCounts(): Promise<{ vendor: string; model: string; count: number }[]> {
    const rows = await this.#read('meters', () =>
      this.#db
        .selectFrom('meters')
        .select((e) => ['vendor', 'model', e.fn.countAll().as('n')])
        .where('outcome', '=', 'identified')
        .groupBy(['vendor', 'model'])
        .orderBy('vendor')
        .orderBy('model')
        .execute(),
    );
    return rows.map(({ vendor, model, n }) => ({
      vendor: vendor ?? 'unknown',
      model: model ?? 'unknown',
      count: Number(n),
    }));
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }

  async #write<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError(
        'write-failed',
        `Storing ${what} failed: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Check free space and permissions of the database file; the scan has stopped so that nothing is lost silently.',
        cause,
      );
    }
  }

  async #read<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (cause) {
      throw new StoreError(
        'read-failed',
        `Reading ${what} from the store failed: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Check that the database file is readable and not damaged.',
        cause,
      );
    }
  }
}
