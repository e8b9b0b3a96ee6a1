import type { Kysely } from 'kysely';

/** Scans, what they found, and the evidence it rests on. Types are those both SQLite and PostgreSQL know. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('scans')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('started_at', 'bigint', (c) => c.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('options', 'text', (c) => c.notNull())
    .addColumn('target_count', 'integer', (c) => c.notNull())
    .addColumn('found', 'integer', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('meters')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scans.id').onDelete('cascade'))
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('port', 'integer', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('found_at', 'bigint', (c) => c.notNull())
    .addColumn('duration_ms', 'double precision', (c) => c.notNull())
    .addColumn('vendor', 'text')
    .addColumn('model', 'text')
    .addColumn('confidence', 'double precision')
    .addColumn('framing', 'text')
    .addColumn('referencing', 'text')
    .addColumn('authentication', 'text', (c) => c.notNull())
    .addColumn('suite', 'integer')
    .addColumn('logical_device_name', 'text')
    .addColumn('serial', 'text')
    .addColumn('firmware', 'text')
    .addColumn('system_title', 'text')
    .addColumn('object_count', 'integer', (c) => c.notNull())
    .addColumn('finding', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('meters_scan').on('meters').column('scan_id').execute();

  await db.schema
    .createTable('evidence')
    .addColumn('meter_id', 'text', (c) => c.notNull().references('meters.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('time', 'double precision', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('step', 'text', (c) => c.notNull())
    .addColumn('port', 'integer', (c) => c.notNull())
    .addColumn('octets', 'text')
    .addColumn('text', 'text')
    .addPrimaryKeyConstraint('evidence_key', ['meter_id', 'seq'])
    .execute();

  await db.schema
    .createTable('fingerprints')
    .addColumn('meter_id', 'text', (c) => c.primaryKey().references('meters.id').onDelete('cascade'))
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('vendor', 'text')
    .addColumn('model', 'text')
    .addColumn('confidence', 'double precision')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('meter_profiles')
    .addColumn('meter_id', 'text', (c) => c.primaryKey().references('meters.id').onDelete('cascade'))
    .addColumn('profile', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('discovery_logs')
    .addColumn('scan_id', 'text', (c) => c.notNull().references('scans.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('time', 'bigint', (c) => c.notNull())
    .addColumn('host', 'text')
    .addColumn('port', 'integer')
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('message', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('discovery_logs_key', ['scan_id', 'seq'])
    .execute();
}
