import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import type { Expression, ObjectModel } from '../../../engine/template/model.ts';
import {
  array,
  arrayOf,
  bytes,
  clientOf,
  duration,
  enumeration,
  int8,
  invoke,
  items,
  list,
  logicalName,
  longUnsigned,
  numberOf,
  read,
  reference,
  restarted,
  struct,
  structure,
  u8,
  u16,
  u32,
  write,
} from './support/class-client.ts';
import { call, meterModel, number, object, ref } from './support/models.ts';
import type { TestClient } from './support/test-client.ts';

const HOUR = 3_600_000;
const octetsOf = (data: unknown): Uint8Array => {
  assert.ok(typeof data === 'object' && data !== null && 'v' in data && data.v instanceof Uint8Array, String(data));
  return data.v;
};

describe('compact data', () => {
  const COMPACT = '0-0:66.0.1.255';
  const compact = (attributes: Record<string, Expression>, version = 0): ObjectModel =>
    object({
      name: 'compact',
      obis: COMPACT,
      class: 62,
      version,
      attributes: Object.fromEntries(Object.entries(attributes).map(([index, value]) => [index, { value }])),
    });
  const opened = (method: number, version = 0): TestClient =>
    clientOf([
      ...meterModel().objects,
      compact(
        {
          3: list(ref('clock.time'), ref('active_import.value'), ref('active_import.scaler_unit')),
          4: number(51),
          6: number(method),
        },
        version,
      ),
    ]);
  const get = (client: TestClient, attribute: number): unknown => read(client, COMPACT, 62, attribute);
  /** Buffer and description put together again, as a client does it. */
  const together = (client: TestClient): readonly Data[] => {
    const buffer = octetsOf(get(client, 2));
    const description = octetsOf(get(client, 5));
    assert.equal(buffer[0], 51);
    const contents = buffer.subarray(1);
    const decoded = decodeData(Uint8Array.of(0x13, ...description, contents.length, ...contents));
    assert.ok(decoded.ok && decoded.value.t === 'compact-array');
    assert.equal(decoded.value.v.elements.length, 1);
    return items(decoded.value.v.elements[0]);
  };

  it('method 1: the buffer is what the values are when it is read', () => {
    const client = opened(1);
    const [clock, energy, unit] = together(client);
    assert.deepEqual(clock, read(client, '0-0:1.0.0.255', 8, 2));
    assert.deepEqual(energy, read(client, '1-0:1.8.0.255', 3, 2));
    assert.deepEqual(unit, struct(int8(0), enumeration(30)));
    assert.deepEqual(octetsOf(get(client, 5)), Uint8Array.of(2, 3, 9, 6, 2, 2, 15, 22));
  });

  it('method 0: the buffer is what was captured by method, until it is reset', () => {
    const client = opened(0);
    assert.deepEqual(get(client, 2), bytes(''));
    assert.equal(invoke(client, COMPACT, 62, 2, int8(0)), 'success');
    const [, energy] = together(client);
    client.now += HOUR;
    assert.deepEqual(together(client)[1], energy);
    assert.deepEqual(together(restarted(client))[1], energy);
    assert.notDeepEqual(read(client, '1-0:1.8.0.255', 3, 2), energy);
    assert.equal(invoke(client, COMPACT, 62, 1, int8(0)), 'success');
    assert.deepEqual(get(client, 2), bytes(''));
  });

  it('other objects, another template or method empty the buffer', () => {
    const column = struct(...reference(3, '1-0:1.7.0.255', 2), u16(0));
    for (const [attribute, data] of [
      [3, arrayOf(column)],
      [4, u8(52)],
      [6, enumeration(0)],
    ] as const) {
      const client = opened(0);
      invoke(client, COMPACT, 62, 2, int8(0));
      assert.equal(write(client, COMPACT, 62, attribute, data), 'success');
      assert.deepEqual(get(client, attribute), data);
      assert.deepEqual(get(client, 2), bytes(''));
    }
  });

  it('version 1 keeps the restrictions of its definitions', () => {
    const client = opened(1, 1);
    const column = struct(
      ...reference(3, '1-0:1.7.0.255', 2),
      u16(0),
      struct(enumeration(0), { t: 'null-data' }),
      arrayOf(),
    );
    assert.equal(write(client, COMPACT, 62, 3, arrayOf(column)), 'success');
    assert.deepEqual(get(client, 3), arrayOf(column));
    assert.equal(together(client).length, 1);
  });

  it('takes definitions written out in a template', () => {
    const definition = structure(
      longUnsigned(3),
      logicalName('active_import'),
      call('integer', [number(2)]),
      longUnsigned(0),
    );
    const client = clientOf([...meterModel().objects, compact({ 3: array(definition), 4: number(51), 6: number(1) })]);
    assert.deepEqual(together(client), [read(client, '1-0:1.8.0.255', 3, 2)]);
  });

  it('refuses what describes nothing', () => {
    const client = opened(1);
    assert.equal(write(client, COMPACT, 62, 3, arrayOf(u8(1))), 'type-unmatched');
    assert.equal(write(client, COMPACT, 62, 6, enumeration(2)), 'type-unmatched');
    assert.equal(write(client, COMPACT, 62, 4, u16(2)), 'type-unmatched');
    assert.equal(write(client, COMPACT, 62, 2, bytes('00')), 'read-write-denied');
    assert.equal(write(client, COMPACT, 62, 5, bytes('00')), 'read-write-denied');
    assert.equal(invoke(client, COMPACT, 62, 3), 'object-undefined');
  });
});

describe('M-Bus client', () => {
  const CLIENT = '0-1:24.1.0.255';
  const VALUE = '0-1:24.2.1.255';
  const opened = (version = 1, period = HOUR): TestClient =>
    clientOf([
      ...meterModel().objects,
      object({
        name: 'mbus',
        obis: CLIENT,
        class: 72,
        version,
        attributes: { 4: { value: duration(period) }, 5: { value: number(0) }, 12: { value: number(3) } },
      }),
      object({
        name: 'gas',
        obis: VALUE,
        class: 4,
        attributes: { 2: { type: 'double-long-unsigned', value: call('integrate', [ref('simulate.load')]) } },
      }),
    ]);
  const get = (client: TestClient, attribute: number): unknown => read(client, CLIENT, 72, attribute);
  const act = (client: TestClient, method: number, params: Data = int8(0)): unknown =>
    invoke(client, CLIENT, 72, method, params);
  const gas = (client: TestClient): number => numberOf(read(client, VALUE, 4, 2));

  it('installs a device and forgets it again', () => {
    const client = opened();
    assert.equal(act(client, 3), 'other-reason');
    assert.equal(act(client, 1, u8(251)), 'type-unmatched');
    assert.equal(act(client, 1, u8(7)), 'success');
    assert.deepEqual(get(client, 5), u8(7));
    assert.equal(act(client, 1, u8(8)), 'other-reason');
    for (const [attribute, data] of [
      [6, u32(12_345_678)],
      [7, u16(0x2c2d)],
      [8, u8(1)],
      [9, u8(3)],
    ] as const)
      assert.equal(write(client, CLIENT, 72, attribute, data), 'success');
    assert.equal(act(client, 2), 'success');
    assert.deepEqual(
      [5, 6, 7, 8, 9].map((index) => numberOf(get(client, index))),
      [0, 0, 0, 0, 0],
    );
    assert.equal(act(client, 2), 'other-reason');
  });

  it('its values are those of the last capture, by period and by method', () => {
    const client = opened();
    act(client, 1, u8(1));
    const captured = gas(client);
    assert.deepEqual(octetsOf(read(client, VALUE, 4, 5)).subarray(5, 8), Uint8Array.of(13, 0, 0));
    client.now += 20 * 60_000;
    assert.equal(gas(client), captured);
    assert.equal(act(client, 3), 'success');
    const later = gas(client);
    assert.ok(later > captured);
    assert.deepEqual(octetsOf(read(client, VALUE, 4, 5)).subarray(5, 8), Uint8Array.of(13, 20, 30));
    client.now += 10 * 60_000;
    assert.equal(gas(client), later);
    assert.equal(gas(restarted(client)), later);
    client.now += HOUR;
    assert.deepEqual(octetsOf(read(client, VALUE, 4, 5)).subarray(5, 8), Uint8Array.of(14, 0, 0));
    assert.deepEqual(get(client, 10), u8(1));
  });

  it('without a period the values are as the device shows them', () => {
    const client = opened(1, 0);
    const before = gas(client);
    client.now += 60_000;
    assert.ok(gas(client) > before);
  });

  it('the key status follows set_encryption_key and transfer_key', () => {
    const client = opened();
    act(client, 1, u8(1));
    const key = bytes('00112233445566778899aabbccddeeff');
    const status = (): unknown => get(client, 14);
    assert.deepEqual(status(), enumeration(0));
    assert.equal(act(client, 7, key), 'success');
    assert.deepEqual(status(), enumeration(1));
    assert.equal(act(client, 8, key), 'success');
    assert.deepEqual(status(), enumeration(3));
    act(client, 3);
    assert.deepEqual(status(), enumeration(4));
    assert.equal(act(client, 7, bytes('')), 'success');
    assert.deepEqual(status(), enumeration(0));
    act(client, 8, key);
    assert.deepEqual(status(), enumeration(2));
    act(client, 7, key);
    assert.deepEqual(status(), enumeration(3));
    assert.equal(act(client, 8, u8(1)), 'type-unmatched');
    assert.equal(write(client, CLIENT, 72, 14, enumeration(4)), 'read-write-denied');
  });

  it('resets its alarm, synchronises, sends data, and has no key status in version 0', () => {
    const client = opened(0);
    act(client, 1, u8(1));
    assert.deepEqual(get(client, 12), u8(3));
    assert.equal(act(client, 4), 'success');
    assert.deepEqual(get(client, 12), u8(0));
    assert.equal(act(client, 5), 'success');
    assert.equal(act(client, 6, arrayOf(struct(bytes('02'), bytes('13'), u16(5)))), 'success');
    assert.equal(act(client, 6, arrayOf(u8(1))), 'type-unmatched');
    assert.deepEqual(get(client, 10), u8(3));
    assert.equal(act(client, 7, bytes('00')), 'success');
    assert.equal(get(client, 14), 'object-undefined');
    assert.equal(act(client, 9), 'object-undefined');
  });
});

describe('parameter monitor', () => {
  const MONITOR = '0-0:16.2.0.255';
  const client = (): TestClient =>
    clientOf([
      ...meterModel().objects,
      object({ name: 'limit', obis: '0-0:96.60.0.255', attributes: { 2: { type: 'unsigned', value: number(5) } } }),
      object({ name: 'monitor', obis: MONITOR, class: 65 }),
    ]);
  const limit = struct(u16(1), bytes(obisToOctets('0-0:96.60.0.255')), int8(2));

  it('tells which of its parameters was changed last, to what, and when', () => {
    const meter = client();
    assert.equal(invoke(meter, MONITOR, 65, 1, limit), 'success');
    assert.deepEqual(read(meter, MONITOR, 65, 4), arrayOf(limit));
    assert.equal(write(meter, '1-0:1.8.0.255', 3, 2, u32(1)), 'success');
    assert.deepEqual(read(meter, MONITOR, 65, 2), struct());
    assert.equal(write(meter, '0-0:96.60.0.255', 1, 2, u8(6)), 'success');
    assert.deepEqual(read(meter, MONITOR, 65, 2), struct(...items(limit), u8(6)));
    assert.deepEqual(octetsOf(read(meter, MONITOR, 65, 3)).subarray(5, 8), Uint8Array.of(13, 0, 30));
    assert.equal(write(meter, '0-0:96.60.0.255', 1, 2, u16(7)), 'type-unmatched');
    assert.deepEqual(read(restarted(meter), MONITOR, 65, 2), struct(...items(limit), u8(6)));
  });

  it('parameters are added and deleted once', () => {
    const meter = client();
    assert.equal(invoke(meter, MONITOR, 65, 2, limit), 'object-unavailable');
    assert.equal(invoke(meter, MONITOR, 65, 1, limit), 'success');
    assert.equal(invoke(meter, MONITOR, 65, 1, limit), 'object-unavailable');
    assert.equal(invoke(meter, MONITOR, 65, 2, limit), 'success');
    assert.deepEqual(read(meter, MONITOR, 65, 4), arrayOf());
    assert.equal(invoke(meter, MONITOR, 65, 1, u8(1)), 'type-unmatched');
    assert.equal(write(meter, MONITOR, 65, 4, arrayOf(u8(1))), 'type-unmatched');
    assert.equal(write(meter, MONITOR, 65, 4, arrayOf(limit)), 'success');
    assert.equal(write(meter, MONITOR, 65, 2, struct()), 'read-write-denied');
  });
});
