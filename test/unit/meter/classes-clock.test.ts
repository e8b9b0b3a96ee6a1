import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import type { Expression, ObjectModel } from '../../../engine/template/model.ts';
import {
  bytes,
  clientOf,
  duration,
  enumeration,
  int8,
  invoke,
  read,
  restarted,
  struct,
  truth,
  u8,
  u16,
  write,
} from './support/class-client.ts';
import { call, number, object } from './support/models.ts';
import type { TestClient } from './support/test-client.ts';

const CLOCK = '0-0:1.0.0.255';
const clock = (attributes: Record<string, Expression> = {}): ObjectModel =>
  object({
    name: 'clock',
    obis: CLOCK,
    class: 8,
    attributes: Object.fromEntries(
      Object.entries({ 2: call('simulated'), 3: number(-60), ...attributes }).map(([index, value]) => [
        index,
        { value },
      ]),
    ),
  });
const opened = (attributes = {}, others: ObjectModel[] = []): TestClient => clientOf([clock(attributes), ...others]);
/** Date and time to the second, 2026-11-23 as `23 130030`. */
function shown(client: TestClient): string {
  const data = read(client, CLOCK, 8, 2);
  assert.ok(typeof data === 'object' && data !== null && 'v' in data && data.v instanceof Uint8Array);
  const [, , , day = 0, , ...time] = data.v;
  return [day, ...time.slice(0, 3)].map((part) => String(part).padStart(2, '0')).join(':');
}
const at = (hour: number, minute: number, second = 0): Data =>
  bytes(Uint8Array.of(0x07, 0xea, 11, 23, 0xff, hour, minute, second, 0, 0xff, 0xc4, 0));
const act = (client: TestClient, method: number, params: Data = int8(0)): unknown =>
  invoke(client, CLOCK, 8, method, params);

describe('clock methods', () => {
  it('begins where the simulated time is', () => assert.equal(shown(opened()), '23:13:00:30'));

  it('adjusts to the quarter of an hour and to the minute, whichever is nearer', () => {
    const client = opened();
    client.now += 7 * 60_000;
    assert.equal(act(client, 1), 'success');
    assert.equal(shown(client), '23:13:15:00');
    client.now += 29_000;
    assert.equal(act(client, 3), 'success');
    assert.equal(shown(client), '23:13:15:00');
    client.now += 31_000;
    assert.equal(act(client, 3), 'success');
    assert.equal(shown(client), '23:13:16:00');
  });

  it('adjusts to the measuring period of its demand register, else of its profile', () => {
    const demand = object({
      name: 'demand',
      obis: '1-0:1.4.0.255',
      class: 5,
      attributes: { 8: { value: duration(1_800_000) } },
    });
    const profile = object({
      name: 'profile',
      obis: '1-0:99.1.0.255',
      class: 7,
      version: 1,
      attributes: { 4: { value: duration(3_600_000) } },
    });
    for (const [others, expected] of [
      [[demand, profile], '23:13:30:00'],
      [[profile], '23:13:00:00'],
      [[], '23:13:30:00'],
    ] as const) {
      const client = opened({}, [...others]);
      client.now += 25 * 60_000;
      assert.equal(act(client, 2), 'success');
      assert.equal(shown(client), expected);
    }
  });

  it('takes a preset time when it is told to, within the interval only', () => {
    const client = opened();
    assert.equal(act(client, 4), 'temporary-failure');
    assert.equal(act(client, 5, struct(at(14, 0), at(13, 10), at(13, 20))), 'success');
    assert.equal(act(client, 4), 'temporary-failure');
    assert.equal(shown(client), '23:13:00:30');
    const again = restarted(client);
    again.now += 15 * 60_000;
    assert.equal(act(again, 4), 'success');
    assert.equal(shown(again), '23:14:00:00');
    assert.equal(act(again, 5, struct(at(14, 0), at(13, 10))), 'type-unmatched');
    assert.equal(act(again, 5, u8(1)), 'type-unmatched');
    assert.equal(act(again, 7), 'object-undefined');
  });

  it('shifts by up to a quarter of an hour', () => {
    const client = opened();
    assert.equal(act(client, 6, { t: 'long', v: -30 }), 'success');
    assert.equal(shown(client), '23:13:00:00');
    assert.equal(act(client, 6, { t: 'long', v: 900 }), 'success');
    assert.equal(shown(client), '23:13:15:00');
    assert.equal(act(client, 6, { t: 'long', v: 901 }), 'type-unmatched');
    assert.equal(shown(restarted(client)), '23:13:15:00');
  });
});

describe('clock attributes', () => {
  for (const [what, attribute, data, expected] of [
    ['time zone', 3, { t: 'long', v: -120 }, 'success'],
    ['time zone beyond 14 hours', 3, { t: 'long', v: 841 }, 'type-unmatched'],
    ['time zone of another type', 3, u16(60), 'type-unmatched'],
    ['status', 4, u8(0), 'read-write-denied'],
    ['begin of summer time', 5, bytes('ffff03fe0702000000800000'), 'success'],
    ['begin of another length', 5, bytes('ffff03fe'), 'type-unmatched'],
    ['deviation of summer time', 7, int8(30), 'success'],
    ['deviation beyond two hours', 7, int8(121), 'type-unmatched'],
    ['summer time enabled', 8, truth(true), 'success'],
    ['summer time as a number', 8, u8(1), 'type-unmatched'],
    ['base', 9, enumeration(1), 'success'],
    ['base that is none', 9, enumeration(6), 'type-unmatched'],
    ['no such attribute', 10, u8(1), 'object-undefined'],
  ] as const) {
    it(`${what}: ${expected}`, () => {
      const client = opened();
      assert.equal(write(client, CLOCK, 8, attribute, data), expected);
      if (expected === 'success') assert.deepEqual(read(client, CLOCK, 8, attribute), data);
    });
  }

  it('a clock that is doubtful says so in its status and in its time', () => {
    const client = opened({ 4: number(2) });
    assert.deepEqual(read(client, CLOCK, 8, 4), u8(2));
    const time = read(client, CLOCK, 8, 2);
    assert.ok(typeof time === 'object' && time !== null && 'v' in time && time.v instanceof Uint8Array);
    assert.equal(toHex(time.v.subarray(9)), 'ffc402');
  });
});
