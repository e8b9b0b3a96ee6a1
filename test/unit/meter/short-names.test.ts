import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { ReadRequest, VariableAccess } from '../../../engine/codec/xdlms/types.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { association, meterModel, number, object, ref, text } from './support/models.ts';
import { CLIENT_TITLE, NOW, TestClient } from './support/test-client.ts';

const OPEN = { public: { get: [] }, manager: { get: [], set: [], action: [] } };
const CHALLENGE = fromHex('0001020304050607');
const SECRET = fromHex('736e2d736563726574');
const SN_SERVICES = [
  'read',
  'write',
  'unconfirmed-write',
  'multiple-references',
  'parameterized-access',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
];

const model = meterModel({
  referencing: 'SN',
  associations: [
    association({ name: 'public', context: 'SN', conformance: ['read'] }),
    association({
      name: 'manager',
      clientSap: 1,
      context: 'SN',
      mechanism: 'hls-md5',
      secret: { literal: toHex(SECRET), encoding: 'hex' },
      conformance: SN_SERVICES,
      maxPdu: 300,
    }),
    association({ name: 'reader', clientSap: 2, context: 'SN', conformance: SN_SERVICES }),
  ],
  objects: [
    object({
      name: 'association',
      obis: '0-0:40.0.0.255',
      class: 12,
      version: 2,
      baseName: 0xfa00,
      access: { ...OPEN, reader: { get: [] } },
    }),
    object({
      name: 'ldn',
      obis: '0-0:42.0.0.255',
      baseName: 0xfd00,
      attributes: { 2: { type: 'octet-string', value: ref('identity.logical_device_name') } },
      access: OPEN,
    }),
    object({
      name: 'counter',
      obis: '1-0:1.8.0.255',
      class: 3,
      baseName: 0x1000,
      attributes: {
        2: { type: 'double-long-unsigned', value: number(1234) },
        3: { value: { k: 'scaler-unit', scaler: 3, unit: 'Wh' } },
      },
      access: { ...OPEN, reader: { get: [], set: [], action: [] } },
    }),
    object({
      name: 'long',
      obis: '0-0:96.51.0.255',
      baseName: 0x1100,
      attributes: { 2: { type: 'octet-string', value: text('y'.repeat(600)) } },
      access: { ...OPEN, reader: { get: [], set: [] } },
    }),
    object({
      name: 'hidden',
      obis: '0-0:96.52.0.255',
      baseName: 0x1200,
      attributes: { 2: { type: 'unsigned', value: number(1) } },
      access: { manager: { get: [] } },
    }),
  ],
});

function opened(sap = 2, maxPdu = 0xffff): TestClient {
  const client = new TestClient(createMeter(model, { startedAt: NOW }), sap);
  assert.equal(client.open({ context: 'sn', initiate: { maxPdu } }).result, 'accepted');
  return client;
}

function read(client: TestClient, ...list: VariableAccess[]) {
  const answer = client.plain({ kind: 'read-request', list } satisfies ReadRequest);
  assert.ok(answer.kind === 'read-response');
  return answer.list;
}
const name = (short: number): VariableAccess => ({ 'variable-name': short });

describe('short names', () => {
  it('tells FA00 as the name of the association', () => {
    assert.equal(
      new TestClient(createMeter(model, { startedAt: NOW }), 16).hex(
        '601da109060760857405080102be10040e01000000065f1f04001c0320ffff',
      ),
      '6129a109060760857405080102a203020100a305a103020100be10040e0800065f1f0400100000 0400fa00'.replace(' ', ''),
    );
  });

  it('reads attributes at eight octets each, several at once', () => {
    assert.deepEqual(read(opened(), name(0x1000), name(0x1008), name(0x1010), name(0x1018)), [
      { data: { t: 'octet-string', v: fromHex('0100010800ff') } },
      { data: { t: 'double-long-unsigned', v: 1234 } },
      {
        data: {
          t: 'structure',
          v: [
            { t: 'integer', v: 3 },
            { t: 'enum', v: 30 },
          ],
        },
      },
      { result: 'object-undefined' },
    ]);
  });

  it('gives the object list at FA08 with signed base names, without what is not visible', () => {
    const [list] = read(opened(), name(0xfa08));
    assert.ok(list !== undefined && 'data' in list && list.data.t === 'array');
    const bases = list.data.v.map((item) => (item.t === 'structure' ? item.v[0] : item));
    assert.deepEqual(bases, [
      { t: 'long', v: 0xfa00 - 0x10000 },
      { t: 'long', v: 0x1000 },
      { t: 'long', v: 0x1100 },
    ]);
  });

  it('selects from the object list by class, and by class and logical name', () => {
    const client = opened();
    const select = (selector: number, parameter: Data): VariableAccess => ({
      'parameterized-access': { name: 0xfa08, selector, parameter },
    });
    const byClass = read(client, select(1, { t: 'long-unsigned', v: 3 }))[0];
    assert.ok(byClass !== undefined && 'data' in byClass && byClass.data.t === 'array');
    assert.equal(byClass.data.v.length, 1);
    const key: Data = {
      t: 'structure',
      v: [
        { t: 'long-unsigned', v: 3 },
        { t: 'octet-string', v: fromHex('0100010800ff') },
      ],
    };
    const one = read(client, select(2, key))[0];
    assert.ok(one !== undefined && 'data' in one && one.data.t === 'structure');
    assert.deepEqual(one.data.v[0], { t: 'long', v: 0x1000 });
    assert.deepEqual(read(client, select(9, key)), [{ result: 'scope-of-access-violated' }]);
  });

  it('refuses parameterized access and lists where they were not negotiated', () => {
    const client = new TestClient(createMeter(model, { startedAt: NOW }), 16);
    client.open({ context: 'sn' });
    const one: VariableAccess = {
      'parameterized-access': { name: 0xfd08, selector: 1, parameter: { t: 'null-data' } },
    };
    assert.deepEqual(read(client, one), [{ result: 'scope-of-access-violated' }]);
    assert.equal(client.hex('050202fd0002fd08'), '0e050302');
    assert.equal(client.hex('060102fd08010900'), '0e060302');
  });

  it('sends long values in blocks that carry the data alone', () => {
    const client = opened(2, 100);
    const pieces: number[] = [];
    let list = read(client, name(0x1108));
    for (let expected = 1; ; expected += 1) {
      const [first] = list;
      assert.ok(first !== undefined && 'data-block-result' in first);
      const block = first['data-block-result'];
      assert.equal(block.block, expected);
      assert.ok((client.last?.length ?? 0) <= 100);
      pieces.push(...block.raw);
      if (block.last) break;
      list = read(client, { 'block-number-access': block.block });
    }
    assert.deepEqual(pieces.slice(0, 4), [0x09, 0x82, 0x02, 0x58]);
    assert.equal(pieces.length, 604);
    assert.deepEqual(read(client, { 'block-number-access': 3 }), [{ result: 'no-long-get-in-progress' }]);
  });

  it('takes a read request in blocks', () => {
    const client = opened();
    const body = fromHex('01021008');
    const block = (last: boolean, number_: number, raw: Uint8Array): VariableAccess => ({
      'read-data-block-access': { last, block: number_, raw },
    });
    assert.deepEqual(read(client, block(false, 1, body.subarray(0, 2))), [{ 'block-number': 1 }]);
    assert.deepEqual(read(client, block(true, 2, body.subarray(2))), [
      { data: { t: 'double-long-unsigned', v: 1234 } },
    ]);
  });

  it('writes attributes and invokes methods', () => {
    const client = opened();
    assert.equal(client.hex('0601021008 01 0600000007'.replaceAll(' ', '')), '0d0100');
    assert.deepEqual(read(client, name(0x1008)), [{ data: { t: 'double-long-unsigned', v: 7 } }]);
    assert.equal(client.hex('0601021028 01 0f00'.replaceAll(' ', '')), '0d0100');
    assert.equal(client.hex('060102fa08010900'), '0d010103');
    assert.equal(client.hex('0601027777010900'), '0d010104');
  });

  it('does not answer an unconfirmed write', () => {
    const client = opened();
    assert.equal(client.hex('160102100801060000002a'), undefined);
    assert.deepEqual(read(client, name(0x1008)), [{ data: { t: 'double-long-unsigned', v: 42 } }]);
  });

  it('takes a long write in blocks', () => {
    const client = opened();
    const body = fromHex('010211080109033131 31'.replace(' ', ''));
    const block = (last: string, number_: string, raw: Uint8Array) =>
      `060107${last}${number_}0109${raw.length.toString(16).padStart(2, '0')}${toHex(raw)}`;
    assert.equal(client.hex(block('00', '0001', body.subarray(0, 4))), '0d01020001');
    assert.equal(client.hex(block('01', '0002', body.subarray(4))), '0d0100');
    assert.deepEqual(read(client, name(0x1108)), [{ data: { t: 'octet-string', v: fromHex('313131') } }]);
  });

  for (const by of ['parameterized read', 'write'] as const) {
    it(`completes HLS by ${by} of FA58`, () => {
      const client = new TestClient(createMeter(model, { startedAt: NOW }), 1);
      const aare = client.open({ context: 'sn', mechanism: 'hls-md5', authValue: CHALLENGE, title: CLIENT_TITLE });
      assert.equal(aare.diagnostic.value, 'authentication-required');
      assert.equal(client.hex('050102fd00'), 'd80101');
      const reply = client.hlsReply('hls-md5', aare, CHALLENGE, SECRET);
      const octets = `0910${toHex(reply)}`;
      if (by === 'write') assert.equal(client.hex(`060102fa5801${octets}`), '0d0100');
      else assert.equal(client.hex(`050104fa5800${octets}`)?.slice(0, 10), '0c01000910');
      assert.equal(client.server.state?.status, 'associated');
      assert.deepEqual(read(client, name(0x1208)), [{ data: { t: 'unsigned', v: 1 } }]);
    });
  }

  it('ends the association after a wrong HLS reply', () => {
    const client = new TestClient(createMeter(model, { startedAt: NOW }), 1);
    client.open({ context: 'sn', mechanism: 'hls-md5', authValue: CHALLENGE });
    assert.equal(client.hex('050104fa5800090400010203'), '0c010103');
    assert.equal(client.server.state, undefined);
  });

  it('answers LN services with an exception', () => {
    assert.equal(opened().hex('c001c1000100002a0000ff0200'), 'd80102');
  });
});
