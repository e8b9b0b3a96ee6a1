import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, Migrator, SqliteDialect, sql } from 'kysely';
import { StoreError } from './errors.ts';
import { migrations } from './migrations/index.ts';
import type { StoreSchema } from './schema.ts';

/** Node-API version better-sqlite3 13 needs; below it the addon kills the process instead of throwing. */
const minimumNapi = 10;
/** The table in which Kysely's Migrator notes what has run. */
const migrationTable = 'kysely_migration';

/**
 * Opens (and makes, and migrates) the SQLite file at `path`; `:memory:` for tests.
 * Throws StoreError: `node-too-old`, `open-failed`, `schema-newer`.
 */
export async function openSqlite(path: string): Promise<Kysely<StoreSchema>> {
  const napi = Number(process.versions.napi);
  if (napi < minimumNapi) {
    throw new StoreError(
      'node-too-old',
      `SQLite storage needs Node 22.14 or newer (Node-API ${minimumNapi}); this is Node ${process.versions.node} (Node-API ${napi}).`,
      'Run the command through `npx dlms`, which brings its own Node, or install a newer Node.',
    );
  }
  const { default: Database } = await import('better-sqlite3');
  let database: InstanceType<typeof Database>;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
    database = new Database(path);
    database.pragma('journal_mode = WAL');
    database.pragma('foreign_keys = ON');
    // A scan's findings survive a crash of the process; after a power cut the last few may be missing.
    database.pragma('synchronous = NORMAL');
  } catch (cause) {
    throw new StoreError(
      'open-failed',
      `The database ${path} cannot be opened: ${message(cause)}.`,
      'Check that the folder exists and is writable and that the file is an SQLite database, or give another file.',
      cause,
    );
  }
  const db = new Kysely<StoreSchema>({ dialect: new SqliteDialect({ database }) });
  await migrate(db, path);
  return db;
}

async function migrate(db: Kysely<StoreSchema>, path: string): Promise<void> {
  const unknown = await unknownMigrations(db);
  if (unknown.length > 0) {
    await db.destroy();
    throw new StoreError(
      'schema-newer',
      `The database ${path} was written by a newer version (it has ${unknown.join(', ')}).`,
      'Update DLMS Workbench, or give another file.',
    );
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
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
async function unknownMigrations(db: Kysely<StoreSchema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === migrationTable)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(migrationTable)}`.execute(db);
  return rows.map((row) => row.name).filter((name) => !(name in migrations));
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
