import { type Kysely, type Migration, sql } from 'kysely';
import { StoreError } from './errors.ts';
import { openDatabase } from './open-sqlite.ts';

/** SQLite binds at most 32,766 values a statement. */
const rowsPerStatement = 1000;

/** Rows of a file that keeps the meters of an emulator. */
interface MeterStateSchema {
  readonly meter_states: MeterStateRow;
  readonly runs: RunRow;
}

interface MeterStateRow {
  /** `FLEET/MODEL/NUMBER`. */
  meter: string;
  /** JSON. Keys are among it. */
  state: string;
}

interface RunRow {
  /** Always 1: the file belongs to one emulator. */
  id: number;
  /** Milliseconds since the epoch. */
  started_at: number;
  /** Simulated time, as JSON. */
  time: string;
  /** 1 after a stop in order. */
  finished: number;
}

const firstMigration: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('meter_states')
      .addColumn('meter', 'text', (c) => c.primaryKey())
      .addColumn('state', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('runs')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('started_at', 'bigint', (c) => c.notNull())
      .addColumn('time', 'text', (c) => c.notNull())
      .addColumn('finished', 'integer', (c) => c.notNull())
      .execute();
  },
};

/** How an emulator was last seen, as far as the file can tell. */
export interface StoredRun {
  readonly startedAt: number;
  readonly time: unknown;
  readonly finished: boolean;
}

/** What is saved of a meter; undefined takes it out. */
export interface StoredMeter {
  readonly meter: string;
  readonly state: string | undefined;
}

/**
 * The meters of one emulator in an SQLite file that only its owner may read: secrets clients have put into meters are
 * in it. One process at a time has it open. Every save is one transaction, so that a crash leaves the one before.
 */
export class MeterStates {
  readonly name: string;
  readonly #db: Kysely<MeterStateSchema>;

  private constructor(name: string, db: Kysely<MeterStateSchema>) {
    this.name = name;
    this.#db = db;
  }

  /** Throws StoreError: as `openDatabase`. */
  static async open(path: string): Promise<MeterStates> {
    const migrations = { 'meter-states-001': firstMigration };
    return new MeterStates(path, await openDatabase(path, { migrations, secret: true, exclusive: true }));
  }

  /** Throws StoreError `read-failed`. */
  async load(): Promise<{ run: StoredRun | undefined; meters: Map<string, string> }> {
    try {
      const run = await this.#db.selectFrom('runs').selectAll().where('id', '=', 1).executeTakeFirst();
      const rows = await this.#db.selectFrom('meter_states').selectAll().execute();
      return {
        run: run && { startedAt: run.started_at, time: parsed(run.time), finished: run.finished === 1 },
        meters: new Map(rows.map(({ meter, state }) => [meter, state])),
      };
    } catch (cause) {
      throw failure('read-failed', `The meters kept in ${this.name} cannot be read`, cause);
    }
  }

  /** Throws StoreError `write-failed`; what was kept before is still there then. */
  async save(run: StoredRun, meters: readonly StoredMeter[]): Promise<void> {
    const changed = meters.flatMap(({ meter, state }) => (state === undefined ? [] : [{ meter, state }]));
    const gone = meters.filter(({ state }) => state === undefined).map(({ meter }) => meter);
    const row = {
      id: 1,
      started_at: run.startedAt,
      time: JSON.stringify(run.time),
      finished: run.finished ? 1 : 0,
    };
    try {
      await this.#db.transaction().execute(async (tx) => {
        await tx
          .insertInto('runs')
          .values(row)
          .onConflict((c) => c.column('id').doUpdateSet(row))
          .execute();
        for (const rows of slices(changed)) {
          await tx
            .insertInto('meter_states')
            .values(rows)
            .onConflict((c) => c.column('meter').doUpdateSet({ state: sql`excluded.state` }))
            .execute();
        }
        for (const names of slices(gone)) {
          await tx.deleteFrom('meter_states').where('meter', 'in', names).execute();
        }
      });
    } catch (cause) {
      throw failure('write-failed', `The meters cannot be saved to ${this.name}`, cause);
    }
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}

function slices<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / rowsPerStatement);
  return Array.from({ length: count }, (_, i) => all.slice(i * rowsPerStatement, (i + 1) * rowsPerStatement));
}

/** A run whose time is no JSON has none; whoever loads it judges. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function failure(code: 'read-failed' | 'write-failed', what: string, cause: unknown): StoreError {
  return new StoreError(
    code,
    `${what}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Check that the disk has room and the file is writable; what was kept before is still there.',
    cause,
  );
}
