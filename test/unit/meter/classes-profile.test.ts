import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { exportState } from '../../../engine/meter/meter-state.ts';
import type { ObjectModel } from '../../../engine/template/model.ts';
import {
  array,
  arrayOf,
  bytes,
  clientOf,
  duration,
  enumeration,
  invoke,
  items,
  list,
  name,
  numberOf,
  read,
  reference,
  restarted,
  returned,
  struct,
  structure,
  u16,
  u32,
  write,
} from './support/class-client.ts';
import { call, meterModel, number, object, ref } from './support/models.ts';
import type { TestClient } from './support/test-client.ts';

const PROFILE = '1-0:99.1.0.255';
const POWER = '1-0:1.7.0.255';
const QUARTER = 900_000;
const DAY = 86_400_000;

const profile = (part: Partial<ObjectModel> = {}): ObjectModel =>
  object({
    name: 'profile',
    obis: PROFILE,
    class: 7,
    version: 1,
    attributes: {
      3: { value: list(ref('clock.time'), ref('active_power.value')) },
      4: { value: duration(QUARTER) },
      8: { value: number(96) },
    },
    settings: { prefill: duration(2 * DAY) },
    ...part,
  });
const column = (classId: number, obis: string, attribute = 2): Data =>
  struct(...reference(classId, obis, attribute), u16(0));
const opened = (part: Partial<ObjectModel> = {}): TestClient => clientOf([...meterModel().objects, profile(part)]);
const rows = (client: TestClient): readonly Data[] => items(read(client, PROFILE, 7, 2));
const entriesInUse = (client: TestClient): number => numberOf(read(client, PROFILE, 7, 7));

describe('profile generic through the services', () => {
  for (const [what, attribute, data] of [
    ['capture_objects', 3, arrayOf(column(3, POWER))],
    ['capture_period', 4, u32(1800)],
    ['sort_method', 5, enumeration(2)],
    ['sort_object', 6, column(3, POWER)],
    ['profile_entries', 8, u32(50)],
  ] as const) {
    it(`${what} written empties the buffer, which fills again`, () => {
      const client = opened();
      assert.equal(entriesInUse(client), 96);
      assert.equal(write(client, PROFILE, 7, attribute, data), 'success');
      assert.deepEqual(read(client, PROFILE, 7, attribute), data);
      assert.equal(entriesInUse(client), 0);
      client.now += 3_600_000;
      assert.equal(entriesInUse(client), what === 'capture_period' ? 2 : 4);
      assert.equal(entriesInUse(restarted(client)), what === 'capture_period' ? 2 : 4);
    });
  }

  for (const [what, attribute, data, expected] of [
    ['a period of another type', 4, u16(900), 'type-unmatched'],
    ['a sort method that is none', 5, enumeration(7), 'type-unmatched'],
    ['no room', 8, u32(0), 'type-unmatched'],
    ['more room than there is', 8, u32(100_001), 'type-unmatched'],
    ['columns that are none', 3, arrayOf(u16(1)), 'type-unmatched'],
    ['rows', 2, arrayOf(), 'read-write-denied'],
    ['entries in use', 7, u32(1), 'read-write-denied'],
  ] as const) {
    it(`refuses ${what}, and keeps its rows`, () => {
      const client = opened();
      assert.equal(write(client, PROFILE, 7, attribute, data), expected);
      assert.equal(entriesInUse(client), 96);
    });
  }

  for (const [method, word, order] of [
    [3, 'largest', (a: number, b: number) => a >= b],
    [4, 'smallest', (a: number, b: number) => a <= b],
    [5, 'nearest-to-zero', (a: number, b: number) => Math.abs(a) <= Math.abs(b)],
    [6, 'farthest-from-zero', (a: number, b: number) => Math.abs(a) >= Math.abs(b)],
  ] as const) {
    it(`sorts by ${word}, all rows and those of a stretch of time`, () => {
      const wave = object({
        name: 'wave',
        obis: '1-0:16.7.0.255',
        class: 3,
        attributes: { 2: { type: 'long', value: call('sine', [duration(DAY), number(1000)]) } },
      });
      const client = clientOf([
        ...meterModel().objects,
        wave,
        profile({
          attributes: {
            3: { value: list(ref('clock.time'), ref('wave.value')) },
            4: { value: duration(QUARTER) },
            5: { value: name(word) },
            6: { value: ref('wave.value') },
            8: { value: number(96) },
          },
        }),
      ]);
      assert.deepEqual(read(client, PROFILE, 7, 5), enumeration(method));
      const ordered = (got: readonly Data[]): void => {
        const values = got.map((row) => numberOf(items(row)[1]));
        for (let at = 1; at < values.length; at += 1) {
          assert.ok(order(values[at - 1] ?? 0, values[at] ?? 0), `${word}: ${values.join(' ')}`);
        }
      };
      assert.equal(rows(client).length, 96);
      ordered(rows(client));
      const [clock] = items(rows(client)[0]);
      assert.ok(clock?.t === 'octet-string');
      const from = bytes('07ea0b17ff000000 00ffc400'.replace(' ', ''));
      const to = bytes('07ea0b17ff060000 00ffc400'.replace(' ', ''));
      const params = struct(column(8, '0-0:1.0.0.255'), from, to, arrayOf());
      const morning = items(read(client, PROFILE, 7, 2, { selector: 1, params }));
      assert.equal(morning.length, 25);
      ordered(morning);
    });
  }

  it('version 0 selects by method as well', () => {
    const client = opened({ version: 0 });
    const params = struct(u32(1), u32(3), u16(2), u16(2));
    const answer = returned(client, PROFILE, 7, 4, params);
    assert.ok(answer !== undefined && 'data' in answer);
    assert.equal(items(answer.data).length, 3);
    assert.equal(items(items(answer.data)[0]).length, 1);
    assert.equal(invoke(client, PROFILE, 7, 4), 'type-unmatched');
    assert.equal(invoke(client, PROFILE, 7, 4, struct(u32(1))), 'scope-of-access-violated');
    assert.equal(invoke(opened(), PROFILE, 7, 4, params), 'object-undefined');
  });

  it('a column of attribute 0 is the whole object', () => {
    const client = opened();
    assert.equal(write(client, PROFILE, 7, 3, arrayOf(column(3, POWER, 0))), 'success');
    assert.equal(invoke(client, PROFILE, 7, 2), 'success');
    const [whole] = items(rows(client)[0]);
    assert.deepEqual(items(whole)[0], bytes('0100010700ff'));
    assert.equal(items(whole).length, 3);
  });

  it('rows captured before a register was reset stay what they were', () => {
    const client = opened();
    const before = rows(client).at(-1);
    assert.equal(invoke(client, POWER, 3, 1), 'success');
    assert.deepEqual(rows(client).at(-1), before);
  });

  it('captures of a profile without a period outlive a restart', () => {
    const client = opened({
      attributes: { 3: { value: list(ref('clock.time')) }, 4: { value: number(0) }, 8: { value: number(3) } },
      settings: {},
    });
    for (let at = 0; at < 5; at += 1) {
      client.now += 60_000;
      assert.equal(invoke(client, PROFILE, 7, 2), 'success');
    }
    assert.equal(entriesInUse(client), 3);
    assert.deepEqual(rows(restarted(client)), rows(client));
  });

  it('reading leaves nothing behind', () => {
    const client = opened();
    rows(client);
    assert.equal(exportState(client.meter), undefined);
  });

  it('takes columns that are structures by their data index', () => {
    const client = clientOf([
      ...meterModel().objects,
      object({
        name: 'pair',
        obis: '0-0:96.50.0.255',
        attributes: { 2: { value: structure(call('unsigned', [number(7)]), array(call('unsigned', [number(9)]))) } },
      }),
      profile(),
    ]);
    const second = struct(...reference(1, '0-0:96.50.0.255', 2), u16(2));
    assert.equal(write(client, PROFILE, 7, 3, arrayOf(second)), 'success');
    assert.equal(invoke(client, PROFILE, 7, 2), 'success');
    assert.deepEqual(items(rows(client)[0]), [arrayOf({ t: 'unsigned', v: 9 })]);
  });
});
