import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import { createApi } from '../../../engine/api/server.ts';
import { openSqlite } from '../../../engine/store/open-sqlite.ts';
import { Store } from '../../../engine/store/store.ts';

describe('REST API', () => {
  let store: Store;
  let app: FastifyInstance;
  beforeEach(async () => {
    store = new Store(await openSqlite(':memory:'));
    let time = 1_000_000;
    app = await createApi({ store, emulators: () => [], version: '1.2.3', now: () => (time += 500) });
    await store.saveScanStart(
      's1',
      { targets: ['127.0.0.1'], exclude: [], ports: [4059], rate: 0, timeoutMs: 1, concurrency: 1, allowPublic: false },
      1,
      1000,
    );
    await store.saveMeter(
      's1',
      {
        host: '127.0.0.1',
        port: 4059,
        outcome: 'identified',
        reason: 'ok',
        durationMs: 1,
        associations: [],
        objects: [],
        errors: [],
        evidence: [],
        classification: { vendor: 'V', model: 'M', confidence: 0.5, because: [], alternatives: [] },
      },
      2000,
    );
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  const get = async (url: string) => {
    const answer = await app.inject({ url });
    return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.body };
  };

  it('/health says that server and store answer', async () => {
    const { status, body } = await get('/health');
    assert.equal(status, 200);
    const { time: _time, node: _node, ...rest } = JSON.parse(body);
    assert.deepEqual(rest, { status: 'ok', store: 'ok', version: '1.2.3', uptime_seconds: 0.5 });
  });

  it('/health is degraded when the store is gone', async () => {
    await store.close();
    assert.equal(JSON.parse((await get('/health')).body).status, 'degraded');
    const { status, type, body } = await get('/summary');
    assert.equal(status, 503);
    assert.match(String(type), /problem\+json/);
    assert.equal(JSON.parse(body).type, 'store-read-failed');
    store = new Store(await openSqlite(':memory:'));
  });

  it('/summary counts meters by vendor and model', async () => {
    const { body } = await get('/summary');
    const summary = JSON.parse(body);
    assert.equal(summary.meters, 1);
    assert.deepEqual(summary.identified, [{ vendor: 'V', model: 'M', count: 1 }]);
    assert.equal(summary.scans[0].id, 's1');
  });

  it('lists meters by page and gives one with its evidence', async () => {
    const list = JSON.parse((await get('/meters?limit=5')).body);
    assert.equal(list.total, 1);
    const one = JSON.parse((await get(`/meters/${encodeURIComponent(list.rows[0].id)}`)).body);
    assert.equal(one.reason, 'ok');
    assert.equal((await get('/meters/none')).status, 404);
  });

  for (const [url, status] of [
    ['/meters?limit=0', 400],
    ['/meters?limit=abc', 400],
    ['/scans?unknown=1', 400],
    ['/nothing', 404],
  ] as const) {
    it(`answers ${url} with ${status} as problem+json`, async () => {
      const answer = await get(url);
      assert.equal(answer.status, status);
      assert.match(String(answer.type), /problem\+json/);
    });
  }

  it('describes itself: every operation has an id, a summary and an answer', async () => {
    const { body } = await get('/docs/json');
    const document = JSON.parse(body);
    assert.equal(document.openapi, '3.1.0');
    const operations = Object.values<Record<string, { operationId?: string; summary?: string }>>(
      document.paths,
    ).flatMap((p) => Object.values(p));
    assert.ok(operations.length >= 6);
    for (const operation of operations)
      assert.ok(operation.operationId && operation.summary, JSON.stringify(operation));
    assert.equal((await get('/docs')).status, 200);
  });
});
