import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { utf8FromText } from '../../../engine/codec/axdr/text.ts';
import type { VariableAccess } from '../../../engine/codec/xdlms/types.ts';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { MeterModel, ObjectModel } from '../../../engine/template/model.ts';
import {
  array,
  arrayOf,
  bytes,
  clientOf,
  clientOfMeter,
  enumeration,
  int8,
  invoke,
  items,
  name,
  read,
  restarted,
  struct,
  structure,
  truth,
  u8,
  u16,
  write,
} from './support/class-client.ts';
import { association, call, meterModel, number, object, text } from './support/models.ts';
import { ALL_LN, ALL_SN, NOW, TestClient } from './support/test-client.ts';

const OWN = '0-0:40.0.0.255';
const VALUE = '0-0:96.1.5.255';
const user = (id: number, called: string): Data => struct(u8(id), { t: 'visible-string', v: called });
const value = object({ name: 'value', obis: VALUE, attributes: { 2: { type: 'unsigned', value: number(9) } } });
const own = (version: number, part: Partial<ObjectModel> = {}): ObjectModel =>
  object({ name: 'own', obis: OWN, class: 15, version, ...part });
const opened = (version: number): TestClient => clientOf([own(version), value]);
const element = (rights: readonly [number, number][], methods: Data[] = []): Data =>
  struct(
    u16(1),
    u8(0),
    bytes(obisToOctets(VALUE)),
    struct(
      arrayOf(...rights.map(([index, mode]) => struct(int8(index), enumeration(mode), { t: 'null-data' }))),
      arrayOf(...methods),
    ),
  );

describe('association LN, version by version', () => {
  for (const [version, attributes, methods] of [
    [0, 8, 4],
    [1, 9, 4],
    [2, 11, 6],
    [3, 11, 6],
  ] as const) {
    it(`version ${version} has ${attributes} attributes and ${methods} methods`, () => {
      const client = opened(version);
      for (let index = 1; index <= 12; index += 1) {
        const got = read(client, OWN, 15, index);
        if (index > attributes) assert.equal(got, 'object-undefined', `attribute ${index}`);
        else if (index === 7) assert.equal(got, 'read-write-denied');
        else assert.ok(typeof got === 'object', `attribute ${index}: ${String(got)}`);
      }
      for (let index = 3; index <= 7; index += 1) {
        assert.equal(
          invoke(client, OWN, 15, index, u8(0)),
          index > methods ? 'object-undefined' : 'type-unmatched',
          `method ${index}`,
        );
      }
    });

    it(`version ${version} takes an object out of the association and puts it back with other rights`, () => {
      const client = opened(version);
      const before = items(read(client, OWN, 15, 2)).length;
      const [, , , rights] = items(items(read(client, OWN, 15, 2))[1]);
      assert.ok(rights !== undefined);
      assert.equal(invoke(client, OWN, 15, 4, element([])), 'success');
      assert.equal(items(read(client, OWN, 15, 2)).length, before - 1);
      assert.equal(read(client, VALUE, 1, 2), 'object-undefined');
      assert.equal(invoke(client, OWN, 15, 4, element([])), 'object-unavailable');
      // The public client has a list of its own.
      assert.deepEqual(read(clientOfMeter(client.meter, 16), VALUE, 1, 2), u8(9));
      const readOnly = element([
        [1, 1],
        [2, 1],
      ]);
      assert.equal(invoke(client, OWN, 15, 3, readOnly), 'success');
      assert.deepEqual(read(client, VALUE, 1, 2), u8(9));
      assert.equal(write(client, VALUE, 1, 2, u8(1)), 'read-write-denied');
      const again = restarted(client);
      assert.deepEqual(items(read(again, OWN, 15, 2)).length, before);
      assert.equal(write(again, VALUE, 1, 2, u8(1)), 'read-write-denied');
    });
  }

  it('access modes that ask for protection are kept: authenticated in version 2, a mask in version 3', () => {
    for (const [version, mode] of [
      [2, 6],
      [3, 0x03 | 0x04],
    ] as const) {
      const client = opened(version);
      assert.equal(invoke(client, OWN, 15, 3, element([[2, mode]])), 'success');
      assert.equal(read(client, VALUE, 1, 2), 'read-write-denied');
      const [, , , rights] = items(items(read(client, OWN, 15, 2))[1]);
      const [, second] = items(items(rights)[0]);
      assert.deepEqual(items(second)[1], enumeration(version === 2 ? 6 : 0x27));
    }
  });

  it('does not take itself out, nor objects nobody has, nor what is no object', () => {
    const client = opened(1);
    const other = struct(u16(15), u8(1), bytes(obisToOctets(OWN)), struct(arrayOf(), arrayOf()));
    assert.equal(invoke(client, OWN, 15, 4, other), 'object-unavailable');
    const nobody = struct(u16(3), u8(0), bytes('010203040506'), struct(arrayOf(), arrayOf()));
    assert.equal(invoke(client, OWN, 15, 3, nobody), 'object-unavailable');
    assert.equal(invoke(client, OWN, 15, 3, struct(u16(1), u8(0))), 'type-unmatched');
  });

  it('methods of version 0 are true or false', () => {
    const client = opened(0);
    assert.equal(invoke(client, OWN, 15, 3, element([[2, 1]], [struct(int8(1), truth(true))])), 'success');
    assert.deepEqual(read(client, VALUE, 1, 2), u8(9));
  });
});

describe('users of an association', () => {
  it('are added, replaced and removed, and kept', () => {
    const client = opened(2);
    assert.deepEqual(read(client, OWN, 15, 10), arrayOf());
    for (const entry of [user(1, 'a'), user(2, 'b'), user(1, 'c')])
      assert.equal(invoke(client, OWN, 15, 5, entry), 'success');
    assert.deepEqual(read(client, OWN, 15, 10), arrayOf(user(2, 'b'), user(1, 'c')));
    assert.equal(invoke(client, OWN, 15, 6, user(2, '')), 'success');
    assert.equal(invoke(client, OWN, 15, 6, user(2, '')), 'object-unavailable');
    assert.equal(write(client, OWN, 15, 10, arrayOf(u8(1))), 'type-unmatched');
    assert.equal(write(client, OWN, 15, 11, user(1, 'x')), 'read-write-denied');
    assert.equal(write(client, OWN, 15, 10, arrayOf(user(5, 'e'))), 'success');
    assert.deepEqual(items(client.meter.written(0, 10)), [user(5, 'e')]);
  });

  it('are asked for when the association opens, once there are any', () => {
    const meter = opened(3).meter;
    const open = (id?: number): string => {
      const client = new TestClient(meter, 1);
      const answer = client.open({ aarq: id === undefined ? {} : { callingAeInvocationId: id } });
      if (answer.result === 'accepted')
        assert.deepEqual(read(client, OWN, 15, 11), id === 7 ? user(7, 'seven') : user(0, ''));
      return answer.result === 'accepted' ? 'accepted' : answer.diagnostic.value;
    };
    assert.equal(open(), 'accepted');
    assert.equal(invoke(clientOfMeter(meter), OWN, 15, 5, user(7, 'seven')), 'success');
    assert.equal(open(), 'calling-AE-invocation-identifier-not-recognized');
    assert.equal(open(8), 'calling-AE-invocation-identifier-not-recognized');
    assert.equal(open(7), 'accepted');
  });

  it('come from the template, for the association the object is of', () => {
    const list = array(structure(call('unsigned', [number(4)]), call('visible-string', [text('four')])));
    const of = (who: string): Partial<ObjectModel> => ({
      settings: { of: name(who) },
      attributes: { 10: { value: list } },
    });
    const client = (who: string) => new TestClient(clientOf([own(2, of('public'))]).meter, who === 'public' ? 16 : 1);
    assert.equal(client('management').open().result, 'accepted');
    assert.equal(client('public').open().result, 'rejected-permanent');
    assert.equal(client('public').open({ aarq: { callingAeInvocationId: 4 } }).result, 'accepted');
  });
});

describe('secrets of associations', () => {
  const lls = (): MeterModel =>
    meterModel({
      associations: [
        association({
          name: 'management',
          clientSap: 1,
          mechanism: 'lls',
          secret: { literal: '12345678', encoding: 'text' },
          conformance: ALL_LN,
        }),
      ],
      objects: [own(1)],
    });
  const open = (meter: ReturnType<typeof createMeter>, password: string) => {
    const client = new TestClient(meter, 1);
    return { client, result: client.open({ mechanism: 'lls', authValue: utf8FromText(password) }).result };
  };

  it('a password that was written opens the association from then on, the old one does not', () => {
    const meter = createMeter(lls(), { startedAt: NOW });
    const { client } = open(meter, '12345678');
    assert.equal(write(client, OWN, 15, 7, bytes(utf8FromText('87654321'))), 'success');
    assert.equal(open(meter, '12345678').result, 'rejected-permanent');
    assert.equal(open(meter, '87654321').result, 'accepted');
    assert.equal(write(client, OWN, 15, 7, u8(1)), 'type-unmatched');
    assert.equal(write(client, OWN, 15, 7, bytes(new Uint8Array(65))), 'type-unmatched');
    assert.equal(invoke(client, OWN, 15, 2, bytes('00')), 'object-unavailable');
  });
});

describe('association SN, version by version', () => {
  const BASE = 0xfa00;
  const all = { management: { get: [], set: [], action: [] } };
  const client = (version: number): TestClient => {
    const model = meterModel({
      referencing: 'SN',
      associations: [
        association({ name: 'management', clientSap: 1, context: 'SN', conformance: ALL_SN, maxPdu: 0xffff }),
      ],
      objects: [
        object({ name: 'own', obis: OWN, class: 12, version, baseName: BASE, access: all }),
        object({
          name: 'value',
          obis: VALUE,
          baseName: 0x1000,
          attributes: { 2: { type: 'unsigned', value: number(9) } },
          access: { management: { get: ['authenticated'], set: [] } },
        }),
      ],
    });
    const made = new TestClient(createMeter(model, { startedAt: NOW }), 1);
    assert.equal(made.open({ context: 'sn' }).result, 'accepted');
    return made;
  };
  const get = (from: TestClient, short: number, selector?: number, parameter: Data = { t: 'null-data' }): unknown => {
    const access: VariableAccess =
      selector === undefined
        ? { 'variable-name': short }
        : { 'parameterized-access': { name: short, selector, parameter } };
    const answer = from.plain({ kind: 'read-request', list: [access] });
    assert.ok(answer.kind === 'read-response');
    const [one] = answer.list;
    return one !== undefined && 'data' in one ? one.data : one !== undefined && 'result' in one ? one.result : one;
  };
  const put = (from: TestClient, short: number, data: Data): unknown => {
    const answer = from.plain({ kind: 'write-request', list: [{ 'variable-name': short }], values: [data] });
    assert.ok(answer.kind === 'write-response');
    return answer.list[0];
  };

  for (const [version, attributes] of [
    [0, 2],
    [1, 2],
    [2, 4],
    [3, 6],
    [4, 6],
  ] as const) {
    it(`version ${version}: ${attributes} attributes, access rights in its own coding`, () => {
      const sn = client(version);
      for (let index = 1; index <= attributes; index += 1) {
        const got = get(sn, BASE + (index - 1) * 8);
        assert.ok(typeof got === 'object', `attribute ${index}: ${String(got)}`);
      }
      assert.equal(items(get(sn, BASE + 8)).length, 2);
      if (version < 2) return;
      const [, rights] = items(get(sn, BASE + 16));
      const [, second] = items(items(rights)[1]);
      assert.deepEqual(items(second).slice(0, 2), [int8(2), enumeration(version === 4 ? 0x27 : 6)]);
    });

    it(`version ${version} changes its secret`, () => {
      const sn = client(version);
      assert.equal(put(sn, BASE + 0x20 + 4 * 8, bytes('313233')), 'success');
      assert.deepEqual(sn.meter.associationSecret(0), Uint8Array.of(0x31, 0x32, 0x33));
      assert.equal(put(sn, BASE + 0x20 + 5 * 8, bytes('00')), version === 0 ? 'success' : 'object-undefined');
    });
  }

  it('version 3 knows users', () => {
    const sn = client(3);
    assert.equal(put(sn, BASE + 4 * 8, arrayOf(user(1, 'one'))), 'success');
    assert.deepEqual(get(sn, BASE + 4 * 8), arrayOf(user(1, 'one')));
    assert.deepEqual(get(sn, BASE + 5 * 8), user(0, ''));
    assert.equal(put(sn, BASE + 5 * 8, user(1, '')), 'read-write-denied');
  });
});

describe('several logical devices in one meter', () => {
  const SHARED = '0-0:96.1.6.255';
  const model = meterModel({
    associations: [
      association({ name: 'management', clientSap: 1, serverSap: 1, conformance: ALL_LN }),
      association({ name: 'prepayment', clientSap: 1, serverSap: 17, conformance: ALL_LN }),
      association({ name: 'reader', clientSap: 2, serverSap: 17, conformance: ALL_LN }),
    ],
    objects: [
      own(1, { access: { management: { get: [] }, prepayment: { get: [] }, reader: { get: [] } } }),
      object({ name: 'first', obis: VALUE, access: { management: { get: [], set: [] } } }),
      object({
        name: 'shared',
        obis: SHARED,
        attributes: { 2: { type: 'unsigned', value: number(3) } },
        access: { management: { get: [] }, prepayment: { get: [], set: [] }, reader: { get: ['authenticated'] } },
      }),
    ],
  });
  const meter = createMeter(model, { startedAt: NOW });
  const open = (clientSap: number, serverSap: number): TestClient => {
    const client = new TestClient(meter, clientSap, serverSap);
    assert.equal(client.open().result, 'accepted');
    return client;
  };

  it('each has the objects and rights of its own associations, and one state', () => {
    const [management, prepayment, reader] = [open(1, 1), open(1, 17), open(2, 17)];
    assert.deepEqual(
      [management, prepayment, reader].map((client) => items(read(client, OWN, 15, 2)).length),
      [3, 2, 2],
    );
    assert.equal(read(prepayment, VALUE, 1, 2), 'object-undefined');
    assert.equal(write(management, SHARED, 1, 2, u8(4)), 'read-write-denied');
    assert.equal(write(prepayment, SHARED, 1, 2, u8(4)), 'success');
    assert.deepEqual(read(management, SHARED, 1, 2), u8(4));
    assert.equal(read(reader, SHARED, 1, 2), 'read-write-denied');
    assert.deepEqual(read(prepayment, OWN, 15, 3), struct(int8(1), u16(17)));
  });

  it('has no association for a client another logical device knows', () => {
    assert.deepEqual(meter.blueprint.associationsOf(2, 1), []);
    assert.equal(meter.blueprint.associationsOf(1, 17).length, 1);
  });
});
