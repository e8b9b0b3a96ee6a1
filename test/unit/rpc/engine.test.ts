import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { MeterFinding, ScanEvent } from '../../../engine/discovery/types.ts';
import type { Engine } from '../../../engine/rpc/engine.ts';
import * as protocol from '../../../engine/rpc/protocol.ts';
import { rpcPair } from './rpc-pair.ts';

const root = resolve(import.meta.dirname, '../../..');
const acme = join(root, 'samples/acme-a1000.dlmsmeter');

describe('engine over rpc', () => {
  let folder: string;
  let client: MessageConnection;
  let engine: Engine;
  let secrets: Record<string, string>;

  before(async () => {
    secrets = JSON.parse(await readFile(join(root, 'samples/demo.keys.json'), 'utf8'));
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dlms-rpc-'));
    ({ client, engine } = rpcPair());
    await client.sendRequest(protocol.Initialize, { databasePath: join(folder, 'db.sqlite') });
  });
  afterEach(async () => {
    await engine.close();
    client.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const startOne = () =>
    client.sendRequest(protocol.StartEmulator, { path: acme, secrets, count: 1, listen: '127.0.0.1:0' });
  const connectionTo = (instance: protocol.EmulatorInstance): protocol.ConnectionParams => ({
    host: '127.0.0.1',
    port: instance.endpoints[0]?.port ?? 0,
    framing: 'wrapper',
    referencing: 'LN',
    client: 16,
    server: 1,
    authentication: 'none',
    security: 'none',
    suite: 0,
    secrets: {},
  });

  it('starts a meter, reads it over its socket, and shows every octet with fields', async () => {
    const instance = await startOne();
    const result = await client.sendRequest(protocol.ReadMeter, {
      connection: connectionTo(instance),
      items: ['0-0:42.0.0.255', '0-0:96.1.1.255#2'],
    });
    assert.deepEqual(
      result.values.map(({ text }) => text),
      ['"ACM00000001"', '"Acme Energy"'],
    );
    const { rows } = await client.sendRequest(protocol.GetTrace, { traceId: result.traceId });
    const aarq = rows.find((row) => row.layer === 'apdu' && row.octets.startsWith('60'));
    assert.ok(aarq, 'no AARQ in the trace');
    const decoded = await client.sendRequest(protocol.DecodeTraceRow, { traceId: result.traceId, index: aarq.index });
    assert.equal(decoded.kind, 'aarq');
    assert.equal(decoded.fields[0]?.to, aarq.octets.length / 2);
    assert.match(decoded.fields[0]?.explanation ?? '', /^A-ASSOCIATE request/);
    assert.equal((await client.sendRequest(protocol.ListTraces))[0]?.entries, rows.length);
  });

  it('scans what it emulates, and keeps finding and evidence', async () => {
    const instance = await startOne();
    const finished = Promise.withResolvers<Extract<ScanEvent, { type: 'finished' }>>();
    const seen: MeterFinding[] = [];
    client.onNotification(protocol.ScanProgress, (event) => {
      if (event.type === 'meter') seen.push(event.meter);
      if (event.type === 'finished') finished.resolve(event);
    });
    const { scanId } = await client.sendRequest(protocol.StartScan, {
      targets: ['127.0.0.1'],
      exclude: [],
      ports: [instance.endpoints[0]?.port ?? 0],
      rate: 0,
      timeoutMs: 1000,
      concurrency: 4,
      allowPublic: false,
    });
    assert.equal((await finished.promise).cancelled, false);
    assert.deepEqual(
      seen.map((m) => [m.outcome, m.classification?.vendor, m.classification?.model, m.evidence.length]),
      [['identified', 'Acme Energy', 'A1000', 0]],
    );
    const { total, rows } = await client.sendRequest(protocol.ListMeters, { scanId, offset: 0, limit: 10 });
    assert.equal(total, 1);
    const meter = await client.sendRequest(protocol.GetMeter, { id: rows[0]?.id ?? '' });
    assert.ok(meter.evidence.some(({ kind, hex }) => kind === 'rx' && hex !== undefined));
    assert.equal((await client.sendRequest(protocol.ListScans))[0]?.state, 'finished');
  });

  it('stops a meter: its port is free again', async () => {
    const instance = await startOne();
    await client.sendRequest(protocol.StopEmulator, { id: instance.id });
    const { failure } = await client.sendRequest(protocol.ReadMeter, { connection: connectionTo(instance), items: [] });
    assert.equal(failure?.code, 'connect-refused');
    assert.deepEqual(await client.sendRequest(protocol.ListEmulators), []);
  });

  it('names the secrets of a template without their values', async () => {
    const { names, meters } = await client.sendRequest(protocol.TemplateSecrets, { path: acme });
    assert.ok(names.includes('acme-demo/guek'));
    assert.deepEqual(meters, ['acme_a1000']);
  });

  it('translates pasted hex', async () => {
    const { kind, layer } = await client.sendRequest(protocol.Translate, { text: 'RX: 63 00 # release' });
    assert.deepEqual([kind, layer], ['rlre', 'apdu']);
  });

  const refusals: readonly [string, () => Promise<unknown>, keyof typeof protocol.engineErrors, RegExp][] = [
    [
      'a template with an error',
      () =>
        client.sendRequest(protocol.StartEmulator, {
          path: acme,
          text: 'meter x { objekt y {} }',
          secrets: {},
          count: 1,
        }),
      'templateInvalid',
      /objekt|errors/,
    ],
    [
      'a file that is not there',
      () => client.sendRequest(protocol.StartEmulator, { path: join(root, 'samples/none.dlmsmeter'), secrets: {} }),
      'notFound',
      /cannot be read/,
    ],
    [
      'missing secrets',
      () => client.sendRequest(protocol.StartEmulator, { path: acme, secrets: {} }),
      'secretMissing',
      /acme-demo/,
    ],
    [
      'public targets',
      () =>
        client.sendRequest(protocol.StartScan, {
          targets: ['192.0.2.0/24'],
          exclude: [],
          ports: [4059],
          rate: 0,
          timeoutMs: 100,
          concurrency: 1,
          allowPublic: false,
        }),
      'targetsRefused',
      /192\.0\.2/,
    ],
    ['text without hex', () => client.sendRequest(protocol.Translate, { text: 'hello' }), 'badInput', /Line 1/],
    ['an unknown trace', () => client.sendRequest(protocol.GetTrace, { traceId: 'none' }), 'notFound', /none/],
  ];
  for (const [what, ask, code, message] of refusals) {
    it(`refuses ${what} with ${code} and a next step or reason`, async () => {
      await assert.rejects(ask(), (error) => {
        assert.ok(error instanceof ResponseError, String(error));
        assert.equal(error.code, protocol.engineErrors[code]);
        assert.equal((error.data as protocol.EngineErrorData).code, code);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('refuses a port that is in use', async () => {
    const first = await startOne();
    const port = first.endpoints[0]?.port ?? 0;
    await assert.rejects(
      client.sendRequest(protocol.StartEmulator, { path: acme, secrets, listen: `127.0.0.1:${port}` }),
      (error) => error instanceof ResponseError && error.code === protocol.engineErrors.portInUse,
    );
  });
});
