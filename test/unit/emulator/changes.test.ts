import assert from 'node:assert/strict';
import { DescriptorBudget } from '../../../engine/emulator/descriptors.ts';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { Expression } from '../../../engine/template/model.ts';
import { text } from '../meter/support/models.ts';
import {
  associated,
  endpoint,
  fleetOf,
  GET_TARIFF,
  SET_TARIFF,
  startManaged,
  stopAllManaged,
  TARIFF_IS_7,
  templates,
  writableModel,
} from './support/managed.ts';
import { GET_LDN, WrapperClient } from './support/wrapper-client.ts';

describe('a running emulator', () => {
  afterEach(stopAllManaged);

  it('takes more meters, and fewer, without dropping the connections of those that stay', async () => {
    const managed = await startManaged();
    const { emulator } = managed;
    const stays = await associated(endpoint(managed, 0));
    const goes = await associated(endpoint(managed, 2));
    await managed.scale(5);
    assert.deepEqual([emulator.meters.length, emulator.endpointCount], [5, 5]);
    const added = await associated(endpoint(managed, 4));
    assert.equal(endpoint(managed, 4).port, endpoint(managed, 0).port);
    await managed.scale(2);
    assert.ok(await goes.ended());
    assert.ok(await added.ended());
    assert.equal((await stays.ask(GET_LDN))?.slice(0, 6), 'c401c1');
    assert.equal(emulator.meters.length, 2);
    // What was counted before is not forgotten with the meters.
    assert.equal(emulator.figures.requests, 4);
    assert.equal(emulator.figures.sessions, 1);
    stays.close();
  });

  it('gives a meter that comes back another connection, at the same address', async () => {
    const managed = await startManaged();
    const place = endpoint(managed, 2);
    await managed.scale(1);
    await managed.scale(3);
    assert.deepEqual(endpoint(managed, 2), place);
    (await associated(place)).close();
  });

  it('stays as it was when a change is not possible', async () => {
    const model = writableModel();
    const managed = await startManaged({
      listen: '127.0.81.1:0',
      templates: templates([fleetOf({ meter: model.name, count: 1 })], [model]),
    });
    const client = await associated(endpoint(managed));
    await assert.rejects(managed.scale(0), { code: 'bad-count' });
    await assert.rejects(managed.scale(2, 'road'), { code: 'unknown-name' });
    const block = await startManaged({ listen: '127.0.82.0/30:0' });
    await assert.rejects(block.scale(9), { code: 'bad-listen' });
    assert.equal(block.emulator.meters.length, 3);
    assert.equal(await client.ask(SET_TARIFF), 'c501c100');
    client.close();
  });

  it('takes changed templates: meters that stay the same keep their connections, others their memory', async () => {
    const [plain, other] = [writableModel(), { ...writableModel(), name: 'other' }];
    const fleets = [
      fleetOf({ meter: plain.name, count: 2 }),
      fleetOf({ name: 'road', meter: 'other', count: 2, serialFrom: 50 }),
    ];
    const options = { templates: templates(fleets, [plain, other]), listen: '127.0.84.0/24:0' };
    const street = await startManaged({ ...options, fleets: ['street'] });
    const road = await startManaged({ ...options, fleets: ['road'] });
    const [same, changed] = [await associated(endpoint(street)), await associated(endpoint(road))];
    assert.equal(await changed.ask(SET_TARIFF), 'c501c100');
    const renamed = { ...other, identity: { ...other.identity, firmware: '9.9' } };
    for (const managed of [street, road]) await managed.reload(templates(fleets, [structuredClone(plain), renamed]));
    assert.equal((await same.ask(GET_LDN))?.slice(0, 6), 'c401c1');
    assert.ok(await changed.ended());
    const back = await associated(endpoint(road));
    assert.equal(await back.ask(GET_TARIFF), TARIFF_IS_7);
    same.close();
    back.close();
  });

  it('makes a meter anew when its fleet varies it otherwise', async () => {
    const model = writableModel();
    const managed = await startManaged({ templates: templates([fleetOf({ meter: model.name })], [model]) });
    const [before] = managed.emulator.meters;
    await managed.reload(templates([fleetOf({ meter: model.name, vary: { firmware: text('7.7') } })], [model]));
    const [after] = managed.emulator.meters;
    assert.notEqual(after, before);
    assert.equal(after?.identity('firmware'), '7.7');
  });

  it('gives quirks to the meters its fleet picks', async () => {
    const model = writableModel({ quirks: [{ name: 'late', actions: [] }] });
    const quirks: Expression = { k: 'call', name: 'pick', args: [text('none'), text('late')], named: {} };
    const fleet = fleetOf({ meter: model.name, count: 20, quirks });
    const { emulator } = await startManaged({ templates: templates([fleet], [model]) });
    const late = emulator.meters.filter((meter) => meter.behaviours !== undefined).length;
    assert.ok(late > 3 && late < 17, `${late} of 20`);
  });

  it('delays every answer by the latency of its meter', async () => {
    const model = writableModel();
    const fleet = fleetOf({ meter: model.name, count: 1, latency: { k: 'duration', ms: 80 } });
    const managed = await startManaged({ templates: templates([fleet], [model]) });
    const began = performance.now();
    const client = await associated(endpoint(managed));
    assert.ok(performance.now() - began >= 79);
    client.close();
  });
});

describe('meters behind one address', () => {
  afterEach(stopAllManaged);

  it('are told apart by their SAPs, and the first one lists them', async () => {
    const managed = await startManaged({ listen: 'shared:127.0.0.1:0' });
    const place = endpoint(managed);
    assert.deepEqual(
      managed.emulator.endpoints().map(({ port, address }) => [port, address]),
      [1, 2, 3].map((address) => [place.port, address]),
    );
    const client = await WrapperClient.open(place.host, place.port);
    const names: (string | undefined)[] = [];
    for (const sap of [1, 2, 3]) {
      assert.match(
        (await client.ask('601da109060760857405080101be10040e01000000065f1f0400007e1f04b0', 16, sap)) ?? '',
        /a203020100/,
      );
      client.send(GET_LDN, 16, sap);
      names.push(await client.receive());
    }
    assert.equal(new Set(names).size, 3);
    client.send('c001c100110000290000ff0200', 16, 1);
    const list = await client.receive();
    assert.match(list ?? '', /^c401c10001030202120001090d.*0202120002090d.*0202120003090d/);
    client.close();
  });

  it('come and go without dropping the connection they share', async () => {
    const managed = await startManaged({ listen: 'shared:127.0.0.1:0@16' });
    const client = await associated(endpoint(managed), 16);
    await managed.scale(4);
    const last = await associated(endpoint(managed, 3), 19);
    await managed.scale(1);
    client.send(GET_LDN, 16, 16);
    assert.equal((await client.receive())?.slice(0, 6), 'c401c1');
    // Nobody is there any more; the connection itself belongs to all of them.
    last.send(GET_LDN, 16, 19);
    assert.equal(await last.receive(100), undefined);
    assert.equal(last.closed, false);
    const serial = managed.emulator.meters[0]?.serial ?? '';
    assert.equal(managed.emulator.details(serial)?.figures.requests, 2);
    client.close();
    last.close();
  });

  it('need a number each', async () => {
    const meters = Array.from({ length: 3 }, (_, i) => createMeter(writableModel(), { number: i + 1, startedAt: 0 }));
    assert.throws(() => placeMeters(meters, parseListen('shared:127.0.0.1:4059@65534')), { code: 'bad-listen' });
    for (const bad of [
      'shared:',
      'shared:127.0.0.1:1-2',
      'shared:127.0.0.0/24:1',
      'shared:127.0.0.1:1@0',
      'shared:127.0.0.1:1@x',
    ])
      assert.throws(() => parseListen(bad), { code: 'bad-listen' }, bad);
  });
});

describe('figures', () => {
  afterEach(stopAllManaged);

  it('tell who is connected, as whom and since when', async () => {
    const began = Date.now();
    const managed = await startManaged();
    const silent = await WrapperClient.open(endpoint(managed).host, endpoint(managed).port);
    const client = await associated(endpoint(managed));
    const serial = managed.emulator.meters[0]?.serial ?? '';
    await client.ask(GET_LDN);
    assert.equal(managed.emulator.details(serial)?.changed, false);
    await client.ask(SET_TARIFF);
    const details = managed.emulator.details(managed.emulator.meters[0]?.serial ?? '');
    assert.deepEqual(
      details?.clients.map(({ clientSap, serverSap, association, pending }) => [
        clientSap,
        serverSap,
        association,
        pending,
      ]),
      [
        [undefined, undefined, undefined, undefined],
        [16, 1, 'public', false],
      ],
    );
    for (const { since, from } of details?.clients ?? []) {
      assert.ok(since >= began && since <= Date.now());
      assert.match(from, /^127\.\d+\.\d+\.\d+:\d+$/);
    }
    assert.equal(details?.changed, true);
    assert.equal(managed.emulator.details('nobody'), undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(details)), details);
    silent.close();
    client.close();
  });

  it('name the busiest meters and rates', async () => {
    const managed = await startManaged();
    managed.emulator.activity();
    const [busy, calm] = [await associated(endpoint(managed, 1)), await associated(endpoint(managed, 0))];
    for (let i = 0; i < 5; i += 1) await busy.ask(GET_LDN);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { top, requestsPerSecond, octetsPerSecond, figures } = managed.emulator.activity();
    assert.deepEqual(
      top.map(({ serial, requests }) => [serial, requests]),
      [
        [managed.emulator.meters[1]?.serial, 6],
        [managed.emulator.meters[0]?.serial, 1],
      ],
    );
    assert.ok(requestsPerSecond > 0 && octetsPerSecond > 0);
    assert.equal(figures.requests, 7);
    busy.close();
    calm.close();
  });
});

describe('more connections than descriptors', () => {
  it('are refused and counted, and taken again when others have ended', async () => {
    const meter = createMeter(writableModel(), { startedAt: Date.now() });
    const emulator = await Emulator.start({
      name: 'test',
      placements: placeMeters([meter], parseListen('127.0.0.1:0')),
      listeners: new ListenerTable(),
      descriptors: new DescriptorBudget(128 + 3, 0),
    });
    try {
      const [place] = emulator.endpoints();
      assert.ok(place !== undefined);
      const first = await associated(place);
      const second = await associated(place);
      const third = await WrapperClient.open(place.host, place.port);
      assert.ok(await third.ended());
      assert.equal(emulator.figures.refused, 1);
      assert.equal((await first.ask(GET_LDN))?.slice(0, 6), 'c401c1');
      second.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      (await associated(place)).close();
      first.close();
    } finally {
      await emulator.stop();
    }
  });
});
