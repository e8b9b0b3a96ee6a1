import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectionOf, itemOf, type ReadOptions, read } from '../../../engine/cli/read.ts';
import { portsOf, runScan } from '../../../engine/cli/scan.ts';
import { openSqlite } from '../../../engine/store/open-sqlite.ts';
import { Store } from '../../../engine/store/store.ts';
import { demoSecrets, type Fleet, sampleModels, startMeters } from './emulated.ts';
import { fakeIo } from './fake-io.ts';

describe('dlms read and dlms scan', () => {
  let fleet: Fleet;
  let folder: string;
  let lls: string;
  let gmac: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dlms-read-'));
    const secrets = demoSecrets();
    lls = path.join(folder, 'lls.json');
    gmac = path.join(folder, 'gmac.json');
    await writeFile(lls, JSON.stringify({ password: secrets['acme-demo/reader'] }));
    await writeFile(gmac, JSON.stringify({ guek: secrets['zenith-demo/guek'], gak: secrets['zenith-demo/gak'] }));
    fleet = await startMeters(sampleModels());
  });
  after(async () => {
    await fleet.emulator.stop();
    await rm(folder, { recursive: true });
  });

  function at(name: string): string {
    const endpoint = fleet.endpoints.find((item) => item.meter === name);
    return `${endpoint?.host}:${endpoint?.port}`;
  }

  it('read prints names, scaled values and units', async () => {
    const io = fakeIo();
    const code = await read(
      {
        meter: at('acme_a1000'),
        items: ['1-0:1.8.0.255', '1-0:32.7.0.255', '1-0:32.7.0.255:3'],
        client: '2',
        auth: 'lls',
        keys: lls,
      },
      io,
    );
    assert.equal(code, 0, io.errors());
    assert.match(io.output(), /1-0:1\.8\.0\.255 +Active energy import \(\+A\).* [\d.]+ kWh/);
    assert.match(io.output(), /1-0:32\.7\.0\.255 +Voltage L1.* 2[23]\d\.\d V/);
    assert.match(io.output(), /3 scaler_unit +10\^-1 V/);
  });

  it('read goes through GMAC and ciphering in suite 1 over HDLC, twice', async () => {
    for (let run = 0; run < 2; run++) {
      const io = fakeIo();
      const options: ReadOptions = {
        meter: at('zenith_z900'),
        items: ['1-0:1.8.0.255'],
        framing: 'hdlc',
        client: '1',
        auth: 'gmac',
        security: 'authenc',
        suite: '1',
        keys: gmac,
      };
      assert.equal(await read(options, io), 0, io.errors());
      assert.match(io.output(), /kWh/);
    }
  });

  it('read with short names reads everything', async () => {
    const io = fakeIo();
    assert.equal(
      await read({ meter: at('quillon_q50'), items: [], all: true, referencing: 'sn', json: true }, io),
      0,
      io.errors(),
    );
    const { values } = JSON.parse(io.output());
    assert.ok(values.length > 20);
    assert.ok(values.every((value: { text: string }) => value.text !== ''));
  });

  it('read without items lists the objects', async () => {
    const io = fakeIo();
    assert.equal(await read({ meter: at('acme_a1000'), items: [] }, io), 0);
    assert.match(io.output(), /0-0:42\.0\.0\.255 +1 v0 Data +COSEM logical device name +.*2 read/);
  });

  it('read shows a refusal and fails', async () => {
    const io = fakeIo();
    assert.equal(await read({ meter: at('acme_a1000'), items: ['0-0:42.0.0.255', '1-0:1.8.0.255'] }, io), 1);
    assert.match(io.output(), /ACM/);
    assert.match(io.output(), /refused: object-undefined/);
  });

  it('read says why an association is not possible', async () => {
    const io = fakeIo();
    assert.equal(await read({ meter: at('acme_a1000'), items: ['0-0:42.0.0.255'], client: '2' }, io), 1);
    assert.match(io.errors(), /authentication-required/);
    assert.match(io.errors(), /lls/);
  });

  it('read never shows the password it was given', async () => {
    const io = fakeIo();
    await writeFile(lls, JSON.stringify({ password: 'wrong-secret-value' }));
    assert.equal(
      await read({ meter: at('acme_a1000'), items: ['0-0:42.0.0.255'], client: '2', auth: 'lls', keys: lls }, io),
      1,
    );
    assert.match(io.errors(), /authentication-fail/);
    assert.ok(!`${io.output()}${io.errors()}`.includes('wrong-secret-value'));
  });

  const usage: readonly (readonly [string, Partial<ReadOptions>, RegExp])[] = [
    ['ecdsa without a signing key', { auth: 'ecdsa' }, /key/],
    ['no port', { meter: 'localhost' }, /HOST:PORT/],
    ['a bad OBIS code', { items: ['1.8.0'] }, /OBIS/],
    ['an unknown framing', { framing: 'serial' }, /wrapper, hdlc/],
    ['an unknown suite', { suite: '3' }, /0, 1, 2/],
    ['a missing key file', { keys: 'no-such-file.json' }, /cannot be read/],
    ['lls without a password', { auth: 'lls' }, /password/],
  ];
  for (const [name, options, message] of usage) {
    it(`read refuses ${name} with exit code 2`, async () => {
      const io = fakeIo();
      assert.equal(await read({ meter: at('acme_a1000'), items: [], ...options }, io), 2);
      assert.match(io.errors(), message);
    });
  }

  it('read understands addresses, servers and attributes', async () => {
    const connection = await connectionOf({
      meter: '[::1]:4059',
      items: [],
      framing: 'hdlc',
      server: '1/17',
      addressBytes: '4',
      auth: 'hls',
    });
    assert.equal(connection.host, '::1');
    assert.deepEqual(connection.hdlc, { addressBytes: 4, lower: 17 });
    assert.equal(connection.authentication, 'gmac');
    assert.equal(connection.client, 1);
    assert.deepEqual(itemOf('1-0:1.8.0.255:3'), { obis: '1-0:1.8.0.255', attribute: 3 });
    assert.deepEqual(itemOf('1.0.1.8.0.255#2'), { obis: '1-0:1.8.0.255', attribute: 2 });
  });

  it('scan prints a table, keeps findings with evidence, and shows progress only to people', async () => {
    const db = path.join(folder, 'scan.sqlite');
    const ports = fleet.endpoints.map((endpoint) => endpoint.port).join(',');
    const io = fakeIo({ interactive: true });
    assert.equal(await runScan({ targets: ['127.0.0.1'], ports, db }, io), 0);
    for (const endpoint of fleet.endpoints)
      assert.match(
        io.output(),
        new RegExp(`127.0.0.1:${endpoint.port} .*${endpoint.model.identity.vendor} +${endpoint.model.identity.model} `),
      );
    assert.match(io.output(), /none@16 lls@2 hls-gmac@1/);
    assert.match(io.errors(), /ports \d+\/\d+/);
    const store = new Store(await openSqlite(db));
    const meters = await store.meters({ offset: 0, limit: 100 });
    assert.equal(meters.length, fleet.endpoints.length);
    const stored = await store.meter(meters[0]?.id ?? '');
    assert.ok((stored?.evidence.length ?? 0) > 5);
    await store.close();
    const quiet = fakeIo();
    await runScan({ targets: ['127.0.0.1'], ports, json: true }, quiet);
    assert.equal(JSON.parse(quiet.output()).meters.length, fleet.endpoints.length);
    assert.ok(!quiet.errors().includes('ports'));
  });

  it('scan tells each event as a line of JSON', async () => {
    const io = fakeIo();
    await runScan({ targets: ['127.0.0.1'], ports: String(fleet.endpoints[0]?.port), jsonl: true }, io);
    const events = io
      .output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(events[0].type, 'started');
    assert.equal(events.at(-1).type, 'finished');
    assert.ok(events.some((event) => event.type === 'meter' && event.meter.evidence === undefined));
  });

  it('scan ends on Ctrl-C, says so, and prints what it has', async () => {
    const controller = new AbortController();
    const io = fakeIo({ signal: controller.signal });
    const db = path.join(folder, 'cancelled.sqlite');
    setTimeout(() => controller.abort(), 150);
    const started = performance.now();
    const code = await runScan(
      { targets: ['127.0.0.1', '127.9.0.0/16'], ports: String(fleet.endpoints[0]?.port), rate: 100, db },
      io,
    );
    assert.equal(code, 1);
    assert.ok(performance.now() - started < 3000);
    assert.match(io.errors(), /cancelled/);
    assert.match(io.output(), /Acme Energy/);
    const store = new Store(await openSqlite(db));
    assert.equal((await store.scans({ offset: 0, limit: 1 }))[0]?.state, 'cancelled');
    await store.close();
  });

  it('scan refuses public targets with exit code 2 and says how to confirm', async () => {
    const io = fakeIo();
    assert.equal(await runScan({ targets: ['198.51.100.1'], ports: '4059' }, io), 2);
    assert.match(io.errors(), /--yes-public/);
  });

  it('scan fails with exit code 1 when nothing is there', async () => {
    const io = fakeIo();
    assert.equal(await runScan({ targets: ['127.0.0.1'], ports: '9' }, io), 1);
    assert.match(io.output(), /127\.0\.0\.1:9 +closed/);
  });

  it('scan stops when its database cannot be written', async () => {
    const io = fakeIo();
    assert.equal(
      await runScan({ targets: ['127.0.0.1'], ports: '9', db: path.join(folder, 'lls.json', 'x.sqlite') }, io),
      1,
    );
    assert.match(io.errors(), /What to do/);
  });

  it('ports are numbers and ranges', () => {
    assert.deepEqual(portsOf('4059, 4061-4063'), [4059, 4061, 4062, 4063]);
    for (const text of ['x', '5-4', '70000', '1-70000']) assert.throws(() => portsOf(text), { code: 'bad-port' });
  });
});
