import assert from 'node:assert/strict';
import { toHex } from '../../../engine/codec/hex.ts';
import type { Expression, ObjectModel } from '../../../engine/template/model.ts';
import {
  bytes,
  clientOf,
  duration,
  int8,
  invoke,
  numberOf,
  read,
  restarted,
  u8,
  u16,
  u32,
  write,
} from './support/class-client.ts';
import { call, meterModel, number, object, ref } from './support/models.ts';
import type { TestClient } from './support/test-client.ts';

const DEMAND = '1-0:1.4.0.255';
const ENERGY = '1-0:1.8.0.255';
const HOUR = 3_600_000;
const MINUTE = 60_000;

const demand = (attributes: Record<string, Expression> = {}): ObjectModel =>
  object({
    name: 'demand',
    obis: DEMAND,
    class: 5,
    attributes: {
      2: { type: 'double-long-unsigned', value: ref('simulate.load') },
      3: { type: 'double-long-unsigned', value: ref('simulate.load') },
      ...Object.fromEntries(Object.entries(attributes).map(([index, value]) => [index, { value }])),
    },
  });
const opened = (attributes: Record<string, Expression> = { 8: duration(15 * MINUTE), 9: number(1) }): TestClient =>
  clientOf([...meterModel().objects, demand(attributes)]);
const value = (client: TestClient, attribute: number): number => numberOf(read(client, DEMAND, 5, attribute));
const energyAt = (client: TestClient, time: number): number => Number(client.meter.attribute(4, 2, time));
function moment(client: TestClient, attribute: number): string {
  const data = read(client, DEMAND, 5, attribute);
  assert.ok(typeof data === 'object' && data !== null && 'v' in data && data.v instanceof Uint8Array);
  return toHex(data.v.subarray(5, 8));
}

describe('demand register', () => {
  it('shows the average of the last period, and that of the current one as it grows', () => {
    const client = opened();
    const start = Math.floor(client.now / (15 * MINUTE)) * 15 * MINUTE;
    client.now = start + 10 * MINUTE;
    const last = (energyAt(client, start) - energyAt(client, start - 15 * MINUTE)) * 4;
    const current = (energyAt(client, client.now) - energyAt(client, start)) * 4;
    assert.ok(Math.abs(value(client, 3) - last) <= 4, `${value(client, 3)} W instead of ${last} W`);
    assert.ok(Math.abs(value(client, 2) - current) <= 4, `${value(client, 2)} W instead of ${current} W`);
    assert.equal(moment(client, 6), '0d0000');
    assert.equal(moment(client, 7), '0d0000');
    client.now = start;
    assert.equal(value(client, 2), 0);
  });

  it('averages over several periods, which slide', () => {
    const client = opened({ 8: duration(5 * MINUTE), 9: number(3) });
    const start = Math.floor(client.now / (5 * MINUTE)) * 5 * MINUTE;
    client.now = start + MINUTE;
    const last = (energyAt(client, start) - energyAt(client, start - 15 * MINUTE)) * 4;
    const current = (energyAt(client, client.now) - energyAt(client, start - 10 * MINUTE)) * 4;
    assert.ok(Math.abs(value(client, 3) - last) <= 4);
    assert.ok(Math.abs(value(client, 2) - current) <= 4);
    assert.equal(moment(client, 6), '0d0000');
    assert.equal(moment(client, 7), '0c3200');
  });

  it('takes another period', () => {
    const client = opened();
    assert.equal(write(client, DEMAND, 5, 8, u32(3600)), 'success');
    assert.equal(write(client, DEMAND, 5, 8, u16(3600)), 'type-unmatched');
    client.now += 29 * MINUTE;
    assert.equal(moment(client, 7), '0d0000');
    assert.ok(value(client, 2) > 0);
  });

  it('next_period ends the period at once', () => {
    const client = opened();
    client.now += 7 * MINUTE;
    const current = value(client, 2);
    assert.equal(invoke(client, DEMAND, 5, 2, int8(0)), 'success');
    assert.equal(value(client, 3), current);
    assert.equal(value(client, 2), 0);
    assert.equal(moment(client, 6), '0d071e');
    assert.equal(value(restarted(client), 3), current);
    client.now += 30 * MINUTE;
    assert.equal(moment(client, 6), '0d1e00');
  });

  it('reset forgets what was before', () => {
    const client = opened();
    client.now += 7 * MINUTE;
    assert.equal(invoke(client, DEMAND, 5, 1, int8(0)), 'success');
    assert.equal(value(client, 2), 0);
    assert.equal(value(client, 3), 0);
    client.now += 5 * MINUTE;
    assert.ok(value(client, 2) > 0);
    assert.equal(value(client, 3), 0);
    client.now += 5 * MINUTE;
    assert.ok(value(client, 3) > 0);
    assert.equal(invoke(client, DEMAND, 5, 3, int8(0)), 'object-undefined');
  });

  it('samples what has no closed integral, and leaves numbers alone', () => {
    const wave = call('max', [number(0), call('sine', [duration(24 * HOUR), number(1000)])]);
    const client = clientOf([
      object({ name: 'demand', obis: DEMAND, class: 5, attributes: { 3: { type: 'long-unsigned', value: wave } } }),
    ]);
    client.now = Date.UTC(2026, 10, 23, 6, 5);
    assert.ok(Math.abs(value(client, 3) - 1000) <= 1, `${value(client, 3)}`);
    const fixed = clientOf([
      object({ name: 'demand', obis: DEMAND, class: 5, attributes: { 2: { type: 'unsigned', value: number(7) } } }),
    ]);
    assert.deepEqual(read(fixed, DEMAND, 5, 2), u8(7));
  });
});

describe('register and extended register', () => {
  const extended = object({
    name: 'extended',
    obis: '1-0:1.6.0.255',
    class: 4,
    attributes: {
      2: { type: 'double-long-unsigned', value: ref('active_power.value') },
      3: { value: { k: 'scaler-unit', scaler: 0, unit: 'W' } },
      4: { type: 'unsigned', value: number(4) },
    },
  });

  it('an extended register has status and capture time, and is reset', () => {
    const client = clientOf([...meterModel().objects, extended]);
    assert.deepEqual(read(client, '1-0:1.6.0.255', 4, 4), u8(4));
    assert.deepEqual(read(client, '1-0:1.6.0.255', 4, 5), bytes('07ea0b17010d001e00ffc400'));
    assert.ok(numberOf(read(client, '1-0:1.6.0.255', 4, 2)) > 0);
    assert.equal(invoke(client, '1-0:1.6.0.255', 4, 1, int8(0)), 'success');
    assert.equal(numberOf(read(client, '1-0:1.6.0.255', 4, 2)), 0);
    assert.equal(numberOf(read(restarted(client), '1-0:1.6.0.255', 4, 2)), 0);
  });

  it('a value can be written in its own type only', () => {
    const client = clientOf(meterModel().objects);
    assert.equal(write(client, ENERGY, 3, 2, u16(5)), 'type-unmatched');
    assert.equal(write(client, ENERGY, 3, 2, u32(5)), 'success');
    assert.equal(numberOf(read(client, ENERGY, 3, 2)), 5);
    assert.equal(write(client, ENERGY, 3, 1, bytes('0100010800ff')), 'read-write-denied');
    assert.equal(write(client, ENERGY, 3, 4, u32(5)), 'object-undefined');
    assert.equal(write(client, '1-0:99.99.99.255', 3, 2, u32(5)), 'object-undefined');
    assert.equal(write(client, ENERGY, 4, 2, u32(5)), 'object-class-inconsistent');
  });
});
