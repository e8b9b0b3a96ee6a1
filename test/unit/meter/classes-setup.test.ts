import assert from 'node:assert/strict';
import { utf8FromText } from '../../../engine/codec/axdr/text.ts';
import { allClasses } from '../../../engine/cosem/classes.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import {
  arrayOf,
  bytes,
  clientOf,
  clientOfMeter,
  enumeration,
  int8,
  invoke,
  managed,
  numberOf,
  read,
  restarted,
  returned,
  struct,
  u8,
  u16,
  u32,
  write,
} from './support/class-client.ts';
import { number, object } from './support/models.ts';
import { NOW } from './support/test-client.ts';

const OBIS = '0-0:25.1.0.255';
const of = (classId: number, version = 0) => clientOf([object({ name: 'setup', obis: OBIS, class: classId, version })]);

describe('setup classes', () => {
  it('TCP-UDP setup tells the port of the transport, and takes another', () => {
    const client = of(41);
    assert.deepEqual(read(client, OBIS, 41, 2), u16(4059));
    assert.deepEqual(read(client, OBIS, 41, 5), u8(1));
    assert.equal(write(client, OBIS, 41, 2, u16(5000)), 'success');
    assert.deepEqual(read(restarted(client), OBIS, 41, 2), u16(5000));
    assert.equal(write(client, OBIS, 41, 2, u32(5000)), 'type-unmatched');
  });

  it('IEC local port setup tells how the port opens', () => {
    const transports = managed([]).transports;
    const [lan] = transports;
    assert.ok(lan !== undefined);
    const model = {
      ...managed([object({ name: 'port', obis: OBIS, class: 19, version: 1 })]),
      transports: [{ ...lan, kind: 'serial', framing: 'hdlc', baud: 19_200, modeE: {} }] as const,
    };
    const client = clientOfMeter(createMeter(model, { startedAt: NOW }));
    assert.deepEqual(read(client, OBIS, 19, 2), enumeration(0));
    assert.deepEqual(read(client, OBIS, 19, 4), enumeration(6));
    assert.deepEqual(read(client, OBIS, 19, 6), bytes(utf8FromText('00000001')));
  });

  it('every meter has a MAC address of its own', () => {
    const model = managed([object({ name: 'mac', obis: OBIS, class: 43 })]);
    const all = Array.from({ length: 500 }, (_, index) => {
      const client = clientOfMeter(createMeter(model, { startedAt: NOW, number: index + 1 }));
      return JSON.stringify(read(client, OBIS, 43, 2));
    });
    assert.equal(new Set(all).size, 500);
  });

  it('IPv4 setup keeps its multicast addresses', () => {
    const client = of(42);
    const group = u32(0xe0000001);
    assert.equal(invoke(client, OBIS, 42, 1, group), 'success');
    assert.equal(invoke(client, OBIS, 42, 1, group), 'success');
    assert.equal(invoke(client, OBIS, 42, 1, u32(0xe0000002)), 'success');
    assert.deepEqual(returned(client, OBIS, 42, 3, int8(0)), { data: u8(2) });
    assert.equal(invoke(client, OBIS, 42, 2, group), 'success');
    assert.equal(invoke(client, OBIS, 42, 2, group), 'object-unavailable');
    assert.equal(invoke(client, OBIS, 42, 1, u8(1)), 'type-unmatched');
    assert.deepEqual(read(restarted(client), OBIS, 42, 4), arrayOf(u32(0xe0000002)));
  });

  it('IPv6 setup keeps addresses by their kind', () => {
    const client = of(48);
    const address = bytes(`20010db8${'00'.repeat(11)}01`);
    for (const [kind, attribute] of [
      [0, 4],
      [1, 5],
      [2, 6],
    ] as const) {
      assert.equal(invoke(client, OBIS, 48, 1, struct(enumeration(kind), address)), 'success');
      assert.deepEqual(read(client, OBIS, 48, attribute), arrayOf(address));
      assert.equal(invoke(client, OBIS, 48, 2, struct(enumeration(kind), address)), 'success');
      assert.deepEqual(read(client, OBIS, 48, attribute), arrayOf());
    }
    assert.equal(invoke(client, OBIS, 48, 1, struct(enumeration(3), address)), 'type-unmatched');
    assert.equal(invoke(client, OBIS, 48, 1, struct(enumeration(0), bytes('00'))), 'type-unmatched');
  });

  it('auto connect connects from version 2 on', () => {
    assert.equal(invoke(of(29, 2), OBIS, 29, 1, int8(0)), 'success');
    assert.equal(invoke(of(29, 1), OBIS, 29, 1, int8(0)), 'object-undefined');
  });

  it('counters are reset', () => {
    const client = clientOf([
      object({
        name: 'diagnostic',
        obis: OBIS,
        class: 77,
        attributes: { 2: { value: number(90) }, 6: { value: number(1234) }, 8: { value: number(5) } },
      }),
    ]);
    assert.deepEqual(read(client, OBIS, 77, 6), u32(1234));
    assert.equal(invoke(client, OBIS, 77, 1, int8(0)), 'success');
    assert.equal(numberOf(read(client, OBIS, 77, 6)), 0);
    assert.equal(numberOf(read(client, OBIS, 77, 8)), 0);
  });
});

describe('every class of the class table', () => {
  for (const { id, version, name, attributes, methods } of allClasses()) {
    it(`${id} v${version} ${name}: answers every attribute well-typed, and refuses what it does not have`, () => {
      const client = of(id, version);
      for (const { index, type, alternatives } of attributes) {
        const got = read(client, OBIS, id, index);
        if (typeof got === 'string') {
          assert.equal(got, 'read-write-denied', `attribute ${index}`);
          continue;
        }
        assert.ok(typeof got === 'object' && got !== null && 't' in got);
        const allowed: readonly unknown[] = alternatives;
        assert.ok(type === 'choice' || allowed.includes(got.t) || got.t === 'null-data', `${index}: ${String(got.t)}`);
      }
      assert.equal(read(client, OBIS, id, attributes.length + 1), 'object-undefined');
      assert.equal(invoke(client, OBIS, id, methods.length + 1, int8(0)), 'object-undefined');
      for (const { index, alternatives } of attributes.slice(1)) {
        if (alternatives.length === 0) continue;
        const wrong = alternatives.includes('unsigned') ? u16(1) : u8(1);
        const result = write(client, OBIS, id, index, wrong);
        assert.ok(result === 'type-unmatched' || result === 'read-write-denied', `${index}: ${String(result)}`);
      }
    });
  }
});
