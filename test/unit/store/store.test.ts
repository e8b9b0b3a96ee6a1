import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeterFinding, ScanOptions } from '../../../engine/discovery/types.ts';
import { StoreError } from '../../../engine/store/errors.ts';
import { openSqlite } from '../../../engine/store/open-sqlite.ts';
import { Store } from '../../../engine/store/store.ts';

const options: ScanOptions = {
  targets: ['127.0.0.0/30'],
  exclude: [],
  ports: [4059],
  rate: 0,
  timeoutMs: 500,
  concurrency: 8,
  allowPublic: false,
};

function finding(host: string, over: Partial<MeterFinding> = {}): MeterFinding {
  return {
    host,
    port: 4059,
    outcome: 'identified',
    reason: 'association accepted',
    durationMs: 12.5,
    referencing: { value: 'LN', origin: 'negotiated', evidence: [1] },
    associations: [
      { clientSap: 1, serverSap: 1, mechanism: 'hls-gmac', ciphered: true, origin: 'read', established: false },
      { clientSap: 16, serverSap: 1, mechanism: 'lowest', ciphered: false, origin: 'negotiated', established: true },
    ],
    suite: { value: 0, origin: 'read', evidence: [] },
    objects: [{ obis: '0-0:42.0.0.255', class: 1, version: 0, name: 'COSEM logical device name' }],
    classification: { vendor: 'Acme Energy', model: 'A1000', confidence: 0.97, because: ['text'], alternatives: [] },
    fingerprint: 'dlms1:x',
    errors: [],
    evidence: [
      { time: 1.5, kind: 'connect', step: 'port', port: 4059 },
      { time: 2.5, kind: 'rx', step: 'association:client16', port: 4059, hex: '00010001' },
    ],
    ...over,
  };
}

describe('store on SQLite', () => {
  let folder: string;
  let path: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlms-store-'));
    path = join(folder, 'deep', 'workbench.sqlite');
    store = new Store(await openSqlite(path));
    await store.saveScanStart('s1', options, 2, 1000);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives back a finding with its evidence exactly as it was saved', async () => {
    const saved = finding('127.0.0.1');
    await store.saveMeter('s1', saved, 2000);
    const { id, scanId, ...got } = (await store.meter('s1/127.0.0.1:4059')) ?? assert.fail('not stored');
    assert.deepEqual(got, saved);
    assert.deepEqual([id, scanId], ['s1/127.0.0.1:4059', 's1']);
  });

  it('has the columns of the table a person reads', async () => {
    await store.saveMeter('s1', finding('127.0.0.1'), 2000, { format: 1 });
    const [row] = await store.meters({ offset: 0, limit: 10 });
    assert.equal(row?.vendor, 'Acme Energy');
    assert.equal(row?.authentication, 'none@16 hls-gmac@1');
    assert.equal(row?.suite, 0);
    assert.equal(row?.object_count, 1);
    assert.equal((await store.profile(row?.id ?? ''))?.profile, '{"format":1}');
    assert.deepEqual(
      (await store.fingerprints({ offset: 0, limit: 10 })).map((f) => f.fingerprint),
      ['dlms1:x'],
    );
  });

  it('writes a target of a scan once, however often it is saved', async () => {
    await store.saveMeter('s1', finding('127.0.0.1', { outcome: 'open' }), 2000);
    await store.saveMeter('s1', finding('127.0.0.1'), 3000);
    assert.equal(await store.countMeters(), 1);
    assert.equal((await store.meter('s1/127.0.0.1:4059'))?.outcome, 'identified');
    assert.equal((await store.discoveryLogs({ offset: 0, limit: 9 })).length, 2);
  });

  it('keeps findings across reopening and marks a scan that never ended as interrupted', async () => {
    await store.saveMeter('s1', finding('127.0.0.1'), 2000);
    await store.close();
    store = new Store(await openSqlite(path));
    await store.markInterrupted();
    const [scan] = await store.scans({ offset: 0, limit: 1 });
    assert.equal(scan?.state, 'interrupted');
    assert.equal(await store.countMeters({ scanId: 's1' }), 1);
  });

  it('notes the end of a scan with the number found', async () => {
    await store.saveMeter('s1', finding('127.0.0.1'), 2000);
    await store.saveMeter('s1', finding('127.0.0.2'), 2001);
    await store.saveScanFinish('s1', 'finished', 5000);
    const [scan] = await store.scans({ offset: 0, limit: 1 });
    assert.deepEqual([scan?.state, scan?.finished_at, scan?.found], ['finished', 5000, 2]);
    assert.deepEqual(await store.vendorCounts(), [{ vendor: 'Acme Energy', model: 'A1000', count: 2 }]);
  });

  it('fails visibly, and writes nothing of the call, when the scan is unknown', async () => {
    await assert.rejects(
      store.saveMeter('nowhere', finding('127.0.0.1'), 2000),
      (e) => e instanceof StoreError && e.code === 'write-failed' && e.next !== '',
    );
    assert.equal(await store.countMeters(), 0);
  });

  it('refuses a file that is no database', async () => {
    const bad = join(folder, 'bad.sqlite');
    await writeFile(bad, 'this is not a database, but long enough to look at as one '.repeat(40));
    await assert.rejects(openSqlite(bad), (e) => e instanceof StoreError && e.code === 'open-failed');
  });

  it('refuses a file of a newer version and says so', async () => {
    await store.close();
    const { default: Database } = await import('better-sqlite3');
    const raw = new Database(path);
    raw.prepare('insert into kysely_migration (name, timestamp) values (?, ?)').run('999-from-the-future', 'now');
    raw.close();
    await assert.rejects(openSqlite(path), (e) => e instanceof StoreError && e.code === 'schema-newer');
    store = new Store(await openSqlite(join(folder, 'other.sqlite')));
  });
});
