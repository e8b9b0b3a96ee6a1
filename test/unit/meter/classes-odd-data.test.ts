import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { allClasses } from '../../../engine/cosem/classes.ts';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import {
  arrayOf,
  bytes,
  clientOf,
  enumeration,
  int8,
  invoke,
  read,
  reference,
  restarted,
  struct,
  truth,
  u8,
  u16,
  u32,
  write,
} from './support/class-client.ts';
import { meterModel, object } from './support/models.ts';

const OBIS = '0-0:96.90.0.255';
const ASSOCIATION_LN = 15;
const OWN = bytes(obisToOctets(OBIS));

/** Values nobody should send, and values that lead back to the object they are sent to. */
function oddities(classId: number): readonly Data[] {
  const self = struct(...reference(classId, OBIS, 2));
  return [
    { t: 'null-data' },
    { t: 'dont-care' },
    arrayOf(),
    struct(),
    arrayOf({ t: 'null-data' }, struct()),
    struct(struct(struct(arrayOf(u8(1))))),
    u8(0),
    u8(255),
    u16(0xffff),
    u32(0xffffffff),
    int8(-128),
    { t: 'long', v: -32_768 },
    { t: 'long64', v: -(2n ** 63n) },
    { t: 'long64-unsigned', v: 2n ** 64n - 1n },
    { t: 'float32', v: Number.NaN },
    { t: 'float64', v: Number.POSITIVE_INFINITY },
    { t: 'bit-string', v: '' },
    { t: 'visible-string', v: 'x'.repeat(300) },
    enumeration(255),
    truth(true),
    bytes(''),
    bytes('ff'.repeat(12)),
    bytes('00'.repeat(12)),
    OWN,
    struct(u16(classId), OWN),
    self,
    arrayOf(self),
    struct(...reference(classId, OBIS, 2), u16(0)),
    arrayOf(struct(...reference(classId, OBIS, 0), u16(0))),
    arrayOf(struct(...reference(classId, OBIS, 2), u16(0xffff))),
    struct(OWN, u16(1)),
    arrayOf(struct(OWN, u16(1)), struct(struct(OWN, u16(1)), struct(OWN, u16(1)))),
    struct(bytes('41'), u32(0xffffffff)),
    struct(u32(0xffffffff), bytes('00')),
    struct(u16(1), bytes('07ea0b17ff0d000000ffc400'), u32(0xffffffff)),
    struct(bytes('01'), arrayOf(u8(0), u8(255))),
    struct(u8(1), bytes('61')),
    { t: 'compact-array', v: { of: { t: 'unsigned' }, elements: [u8(1)] } },
  ];
}

describe('odd data', () => {
  for (const { id, version, name, attributes, methods } of allClasses()) {
    it(`${id} v${version} ${name}: every method and attribute survives it, and a restart after it`, () => {
      const objects = [...meterModel().objects, object({ name: 'odd', obis: OBIS, class: id, version })];
      const client = clientOf(objects);
      for (const data of oddities(id)) {
        // A wrong reply_to_HLS_authentication ends the association; security.test.ts sees to that.
        for (let method = id === ASSOCIATION_LN ? 2 : 0; method <= methods.length + 1; method += 1) {
          assert.equal(typeof invoke(client, OBIS, id, method, data), 'string');
        }
        for (const { index } of attributes) assert.equal(typeof write(client, OBIS, id, index, data), 'string');
        client.now += 61_000;
        for (const { index } of attributes) read(client, OBIS, id, index);
      }
      const again = restarted(client);
      again.now += 86_400_000;
      for (const { index } of attributes) {
        const got = read(again, OBIS, id, index);
        assert.ok(got !== undefined);
      }
    });
  }
});
