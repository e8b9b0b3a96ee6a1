import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, type Migration, Migrator, SqliteDialect, sql } from 'kysely';
import { StoreError } from './errors.ts';
import { migrations } from './migrations/index.ts';
import type { StoreSchema } from './schema.ts';

/** Node-API version better-sqlite3 13 needs; below it the addon kills the process instead of throwing. */
const minimumNapi = 10;
/** The table in which Kysely's Migrator notes what has run. */
const migrationTable = 'kysely_migration';

/** What a file is for. */
export interface DatabaseKind {
  readonly migrations: Readonly<Record<string, Migration>>;
  /** Only the owner may read the file, since it holds secrets. */
  readonly secret?: true;
  /** Nobody else may have it open at the same time, in this process or another. */
  readonly exclusive?: true;
}

/** How long to wait for somebody else to let go of an exclusive file, ms. */
const exclusiveWait = 500;

/**
 * Opens (and makes, and migrates) the workbench's SQLite file at `path`; `:memory:` for tests.
 * Throws StoreError: `node-too-old`, `open-failed`, `schema-newer`.
 */
export function openSqlite(path: string): Promise<Kysely<StoreSchema>> {
  return openDatabase<StoreSchema>(path, { migrations });
}

/**
 * Opens (and makes, and migrates) an SQLite file of a kind.
 * Throws StoreError: `node-too-old`, `open-failed`, `schema-newer`, `in-use`.
 */
export async function openDatabase<Schema>(path: string, kind: DatabaseKind): Promise<Kysely<Schema>> {
  const napi = Number(process.versions.napi);
  if (napi < minimumNapi) {
    throw new StoreError(
      'node-too-old',
      `SQLite storage needs Node 22.14 or newer (Node-API ${minimumNapi}); this is Node ${process.versions.node} (Node-API ${napi}).`,
      'Run the command through `npx dlms`, which brings its own Node, or install a newer Node.',
    );
  }
  const { default: Database } = await import('better-sqlite3');
  let database: InstanceType<typeof Database> | undefined;
  try {
    if (path !== ':memory:') {
      mkdirSync(dirname(path), { recursive: true });
      if (kind.secret === true) keepSecret(path);
    }
    database = new Database(path, kind.exclusive === true ? { timeout: exclusiveWait } : {});
    if (kind.exclusive === true) database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('foreign_keys = ON');
    // A scan's findings survive a crash of the process; after a power cut the last few may be missing.
    database.pragma('synchronous = NORMAL');
    // The lock is taken by the first write.
    if (kind.exclusive === true) database.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (cause) {
    database?.close();
    throw openError(path, cause);
  }
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
  await migrate(db, path, kind.migrations);
  return db;
}

/** SQLite gives its side files the mode of the file itself. */
function keepSecret(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function openError(path: string, cause: unknown): StoreError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) {
    return new StoreError(
      'in-use',
      `The database ${path} is in use by another program.`,
      'Stop that program, or give another file.',
      cause,
    );
  }
  return new StoreError(
    'open-failed',
    `The database ${path} cannot be opened: ${message(cause)}.`,
    'Check that the folder exists and is writable and that the file is an SQLite database, or give another file.',
    cause,
  );
}

async function migrate<Schema>(db: Kysely<Schema>, path: string, known: DatabaseKind['migrations']): Promise<void> {
  const unknown = await unknownMigrations(db, known);
  if (unknown.length > 0) {
    await db.destroy();
    throw new StoreError(
      'schema-newer',
      `The database ${path} was written by a newer version, or is of another kind (it has ${unknown.join(', ')}).`,
      'Update DLMS Workbench, or give another file.',
    );
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...known }) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  await db.destroy();
  throw new StoreError(
    'open-failed',
    `The database ${path} cannot be brought to this version's schema: ${message(error)}.`,
    'Restore it from a backup, or give another file.',
    error,
  );
}

/** Names of migrations the file has and this version does not know. */
async function unknownMigrations<Schema>(db: Kysely<Schema>, known: DatabaseKind['migrations']): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === migrationTable)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTable)}`.execute(db);
  return rows.map((row) => row.name).filter((name) => !(name in known));
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
