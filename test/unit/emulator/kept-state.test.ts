import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmulatorError } from '../../../engine/emulator/errors.ts';
import type { StateStorage } from '../../../engine/emulator/state-storage.ts';
import { StoreError } from '../../../engine/store/errors.ts';
import { MeterStates } from '../../../engine/store/meter-states.ts';
import { openSqlite } from '../../../engine/store/open-sqlite.ts';
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

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps in memory, so that a test can look at it and break it. */
function memoryStorage(kept: { run?: unknown; meters: Map<string, string> }) {
  const storage: StateStorage & { fails: boolean; saves: number } = {
    name: 'memory',
    fails: false,
    saves: 0,
    load: async () => ({ run: kept.run as never, meters: new Map(kept.meters) }),
    async save(run, meters) {
      if (storage.fails) throw new Error('disk full');
      storage.saves += 1;
      kept.run = JSON.parse(JSON.stringify(run));
      for (const { meter, state } of meters) {
        if (state === undefined) kept.meters.delete(meter);
        else kept.meters.set(meter, state);
      }
    },
    close: async () => {},
  };
  return storage;
}

describe('state kept over a restart', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'dlms-state-'));
    file = path.join(folder, 'meters.sqlite');
  });
  afterEach(async () => {
    await stopAllManaged();
    rmSync(folder, { recursive: true });
  });

  it('brings back what was written, in a file only its owner may read', async () => {
    const first = await startManaged({ state: await MeterStates.open(file) });
    const client = await associated(endpoint(first, 1));
    assert.equal(await client.ask(SET_TARIFF), 'c501c100');
    const { startedAt } = first.emulator.meters[0] ?? {};
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(`${file}-wal`).mode & 0o777, 0o600);
    await first.emulator.stop();
    const second = await startManaged({ state: await MeterStates.open(file) });
    const again = await associated(endpoint(second, 1));
    assert.equal(await again.ask(GET_TARIFF), TARIFF_IS_7);
    const untouched = await associated(endpoint(second, 0));
    assert.equal(await untouched.ask(GET_TARIFF), 'c401c1001101');
    // Profiles begin where they began.
    assert.equal(second.emulator.meters[0]?.startedAt, startedAt);
    again.close();
    untouched.close();
  });

  it('is there after a crash, as it was a second before', async () => {
    const first = await startManaged({ state: await MeterStates.open(file) });
    const client = await associated(endpoint(first));
    await client.ask(SET_TARIFF);
    first.emulator.meters[0]?.nextSent('main/guek', Date.now());
    const sent = first.emulator.meters[0]?.state.sent?.get('main/guek') ?? 0;
    await later(1300);
    const crashed = path.join(folder, 'crashed.sqlite');
    for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${crashed}${suffix}`);
    const second = await startManaged({ state: await MeterStates.open(crashed) });
    const again = await associated(endpoint(second));
    assert.equal(await again.ask(GET_TARIFF), TARIFF_IS_7);
    // Counters of the last second are not known: none may be used twice.
    assert.equal(second.emulator.meters[0]?.state.sent?.get('main/guek'), sent + 1_000_000);
    client.close();
    again.close();
  });

  it('belongs to one emulator at a time', async () => {
    await startManaged({ state: await MeterStates.open(file) });
    await assert.rejects(MeterStates.open(file), (error) => error instanceof StoreError && error.code === 'in-use');
  });

  it('is not taken from a database of another kind, nor from a file that is none', async () => {
    await (await openSqlite(file)).destroy();
    await assert.rejects(
      MeterStates.open(file),
      (error) => error instanceof StoreError && error.code === 'schema-newer',
    );
    const junk = path.join(folder, 'junk');
    writeFileSync(junk, 'this is no database, and long enough to be sure of it'.repeat(20));
    await assert.rejects(
      MeterStates.open(junk),
      (error) => error instanceof StoreError && error.code === 'open-failed',
    );
    assert.match(readFileSync(junk, 'utf8'), /^this is no database/);
  });

  const hostile: readonly [string, { run?: unknown; meters: Map<string, string> }][] = [
    ['a state that is no JSON', { meters: new Map([['street/ACME-A1000/1', '{']]) }],
    ['a state of the future', { meters: new Map([['street/ACME-A1000/1', '{"format":9}']]) }],
    ['a clock that is none', { run: { startedAt: 0, time: { now: 'x' }, finished: true }, meters: new Map() }],
    ['a start that is none', { run: { startedAt: -1, time: null, finished: true }, meters: new Map() }],
  ];
  for (const [name, kept] of hostile) {
    it(`refuses ${name}, and leaves it as it is`, async () => {
      const model = (await startManaged()).emulator.meters[0]?.model.name ?? '';
      const meters = new Map([...kept.meters].map(([key, value]) => [key.replace('ACME-A1000', model), value]));
      const storage = memoryStorage({ ...kept, meters });
      await assert.rejects(
        startManaged({ state: storage }),
        (error) => error instanceof EmulatorError && error.code === 'state-unusable' && error.next.length > 20,
      );
      assert.equal(storage.saves, 0);
    });
  }

  it('goes on with simulated time where it stood, unless another is asked for', async () => {
    const kept = { meters: new Map<string, string>() };
    const noon = Date.UTC(2030, 5, 1, 12);
    const first = await startManaged({ state: memoryStorage(kept), time: { to: noon, speed: 60, frozen: true } });
    assert.deepEqual(first.emulator.time, { now: noon, speed: 60, frozen: true, real: false });
    await first.emulator.stop();
    const second = await startManaged({ state: memoryStorage(kept) });
    assert.deepEqual(second.emulator.time, { now: noon, speed: 60, frozen: true, real: false });
    await second.emulator.stop();
    const third = await startManaged({ state: memoryStorage(kept), time: { frozen: true, to: noon + 1000 } });
    assert.equal(third.emulator.time.now, noon + 1000);
  });

  it('keeps meters that are scaled away, and those of other fleets in the file', async () => {
    const kept = { meters: new Map([['elsewhere/m/1', '{"format":1,"clockShift":5}']]) };
    const managed = await startManaged({ state: memoryStorage(kept) });
    const client = await associated(endpoint(managed, 2));
    await client.ask(SET_TARIFF);
    await managed.scale(1);
    await managed.scale(3);
    const back = await associated(endpoint(managed, 2));
    assert.equal(await back.ask(GET_TARIFF), TARIFF_IS_7);
    back.close();
    await managed.scale(1);
    await managed.emulator.stop();
    assert.equal(kept.meters.size, 2);
    assert.equal(kept.meters.get('elsewhere/m/1'), '{"format":1,"clockShift":5}');
  });

  it('goes with a meter whose template was changed', async () => {
    const kept = { meters: new Map<string, string>() };
    const model = writableModel();
    const fleets = [fleetOf({ meter: model.name, count: 1 })];
    const managed = await startManaged({ state: memoryStorage(kept), templates: templates(fleets, [model]) });
    const client = await associated(endpoint(managed));
    await client.ask(SET_TARIFF);
    const newer = { ...model, identity: { ...model.identity, firmware: '9.9' } };
    await managed.reload(templates(fleets, [newer]));
    await later(1200);
    assert.match([...kept.meters.values()].join(), /0-0:96\.14\.0\.255#2/);
    const back = await associated(endpoint(managed));
    assert.equal(await back.ask(GET_TARIFF), TARIFF_IS_7);
    back.close();
  });

  it('says when it cannot be saved, and saves it when it can', async () => {
    const kept = { meters: new Map<string, string>() };
    const storage = memoryStorage(kept);
    const managed = await startManaged({ state: storage });
    const client = await associated(endpoint(managed));
    storage.fails = true;
    await client.ask(SET_TARIFF);
    await later(1200);
    assert.match(managed.emulator.activity().stateFailure ?? '', /disk full/);
    storage.fails = false;
    await later(1200);
    assert.equal(managed.emulator.activity().stateFailure, undefined);
    assert.equal(kept.meters.size, 1);
    client.close();
  });
});
