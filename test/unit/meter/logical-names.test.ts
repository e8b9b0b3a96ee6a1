import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import type { ActionRequest, GetRequest, SetRequest } from '../../../engine/codec/xdlms/types.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { MeterModel } from '../../../engine/template/model.ts';
import { association, meterModel, number, object, text } from './support/models.ts';
import { ALL_LN, get, INVOKE, NOW, result, TestClient } from './support/test-client.ts';

const LONG_TEXT = 'x'.repeat(700);
const WRITABLE = '0-0:96.50.0.255';
const LONG = '0-0:96.51.0.255';
const ACCESS = { management: { get: [], set: [], action: [] } };

const model: MeterModel = meterModel({
  associations: [
    association({ name: 'public', conformance: ['get'] }),
    association({ name: 'management', clientSap: 1, conformance: ALL_LN, maxPdu: 4000 }),
  ],
  objects: [
    ...meterModel().objects,
    object({
      name: 'writable',
      obis: WRITABLE,
      attributes: { 2: { type: 'long-unsigned', value: number(7) } },
      access: ACCESS,
    }),
    object({
      name: 'long',
      obis: LONG,
      attributes: { 2: { type: 'octet-string', value: text(LONG_TEXT) } },
      access: { ...ACCESS, public: { get: [] } },
    }),
    object({
      name: 'relay',
      obis: '0-0:96.3.10.255',
      class: 70,
      attributes: { 4: { value: number(4) } },
      access: ACCESS,
    }),
    object({
      name: 'part',
      obis: '0-0:96.52.0.255',
      class: 3,
      attributes: { 2: { type: 'unsigned', value: number(1) } },
      access: { management: { get: [], attributes: { 2: {}, 3: { get: [] } } } },
    }),
  ],
});

function opened(maxPdu = 0xffff, sap = 1): TestClient {
  const client = new TestClient(createMeter(model, { startedAt: NOW }), sap);
  assert.equal(client.open({ initiate: { maxPdu } }).result, 'accepted');
  return client;
}

type Part<T> = T extends unknown ? Omit<T, 'kind' | 'invoke'> : never;
const getRequest = (part: Part<GetRequest>) => ({ kind: 'get-request', invoke: INVOKE, ...part }) as GetRequest;
const setRequest = (part: Part<SetRequest>) => ({ kind: 'set-request', invoke: INVOKE, ...part }) as SetRequest;
const actionRequest = (part: Part<ActionRequest>) =>
  ({ kind: 'action-request', invoke: INVOKE, ...part }) as ActionRequest;
const attr = (obis: string, classId = 1, index = 2) => ({ class: classId, obis, index });
const set = (obis: string, data: Data, classId = 1, index = 2) =>
  setRequest({ type: 'normal', attr: attr(obis, classId, index), selective: null, data });
const long = (v: number): Data => ({ t: 'long-unsigned', v });

/** Fetches all blocks and yields their raw data together. */
function fetch(client: TestClient, first: GetRequest, size: number): Uint8Array {
  const pieces: number[] = [];
  let answer = client.plain(first);
  for (let expected = 1; ; expected += 1) {
    assert.ok(answer.kind === 'get-response' && answer.type === 'with-datablock' && 'raw' in answer);
    assert.equal(answer.block, expected);
    assert.ok((client.last?.length ?? 0) <= size, `${client.last?.length} octets, the client takes ${size}`);
    pieces.push(...answer.raw);
    if (answer.last) return Uint8Array.from(pieces);
    answer = client.plain(getRequest({ type: 'next', block: answer.block }));
  }
}

describe('GET', () => {
  const refusals: readonly (readonly [string, number, string, number, string])[] = [
    ['an object that is not there', 1, '9-9:9.9.9.9', 2, 'object-undefined'],
    ['a class the object is not of', 3, '0-0:42.0.0.255', 2, 'object-class-inconsistent'],
    ['an attribute that is not there', 1, '0-0:42.0.0.255', 3, 'object-undefined'],
    ['an attribute without the right', 3, '0-0:96.52.0.255', 2, 'read-write-denied'],
    ['all attributes, not negotiated', 1, '0-0:42.0.0.255', 0, 'scope-of-access-violated'],
  ];
  for (const [name, classId, obis, index, expected] of refusals) {
    it(`${name}: ${expected}`, () => {
      const client = new TestClient(createMeter(model, { startedAt: NOW }), 1);
      client.open({ initiate: { conformance: ['get'] } });
      assert.equal(result(client.plain(get(obis, classId, index))), expected);
    });
  }

  it('hides objects an association has no right to', () => {
    assert.equal(result(opened(0xffff, 16).plain(get(WRITABLE))), 'object-undefined');
  });

  it('echoes invoke id and priority', () => {
    const client = opened();
    for (const raw of ['c1', '81', '4f', '00']) {
      assert.equal(client.hex(`c001${raw}000100002a0000ff0200`)?.slice(4, 6), raw);
    }
  });

  it('reads all attributes as a structure where that was negotiated', () => {
    const data = result(opened().plain(get('1-0:1.7.0.255', 3, 0)));
    assert.ok(typeof data === 'object' && data !== null && 'v' in data && Array.isArray(data.v));
    assert.equal(data.v.length, 3);
  });

  for (const size of [64, 128, 700]) {
    it(`sends long values in blocks that fit a PDU of ${size}`, () => {
      const raw = fetch(opened(size), getRequest({ type: 'normal', attr: attr(LONG), selective: null }), size);
      const decoded = decodeData(raw);
      assert.ok(decoded.ok && decoded.value.t === 'octet-string');
      assert.equal(String.fromCharCode(...decoded.value.v), LONG_TEXT);
    });
  }

  it('makes the smallest PDU do', () => {
    const raw = fetch(opened(13), getRequest({ type: 'normal', attr: attr('0-0:96.1.0.255'), selective: null }), 13);
    assert.deepEqual([...raw], [9, 8, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x31]);
  });

  it('says other-reason where the answer does not fit and blocks were not negotiated', () => {
    const client = new TestClient(createMeter(model, { startedAt: NOW }), 16);
    client.open({ initiate: { maxPdu: 100 } });
    assert.equal(result(client.plain(get(LONG))), 'other-reason');
  });

  it('reads lists, and lists in blocks', () => {
    const list = [attr('0-0:96.1.0.255'), attr('0-0:96.99.9.255'), attr(LONG)].map((item) => ({
      ...item,
      selective: null,
    }));
    const whole = opened().plain(getRequest({ type: 'with-list', list }));
    assert.ok(whole.kind === 'get-response' && whole.type === 'with-list');
    assert.deepEqual(whole.list[1], { result: 'object-undefined' });
    const raw = fetch(opened(100), getRequest({ type: 'with-list', list }), 100);
    assert.equal(raw[0], 3);
    assert.deepEqual([...raw.subarray(1, 4)], [0, 9, 8]);
  });

  it('refuses a wrong block number and forgets the transfer', () => {
    const client = opened(64);
    client.plain(get(LONG));
    assert.equal(client.hex('c002c100000007'), 'c402c101000000070113');
    assert.equal(client.hex('c002c100000001'), 'c402c101000000010110');
  });

  it('a new request ends the transfer of the old one', () => {
    const client = opened(64);
    client.plain(get(LONG));
    client.plain(get('0-0:96.1.0.255'));
    assert.equal(client.hex('c002c100000001'), 'c402c101000000010110');
  });

  it('answers services that were not negotiated with an exception', () => {
    const client = opened(0xffff, 16);
    assert.equal(client.hex('c003c101000100002a0000ff0200'), 'd80102');
    assert.equal(client.hex('c101c1000100002a0000ff02001100'), 'd80102');
    assert.equal(client.hex('c301c1000f0000280000ff0200'), 'd80102');
    assert.equal(client.hex('050102fa00'), 'd80102');
    assert.equal(client.hex('c001c1000100002a0000ff02010102000000'), 'd80103');
  });
});

describe('requests out of place', () => {
  const client = () => new TestClient(createMeter(model, { startedAt: NOW }), 1);
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['GET without an association', 'c001c1000100002a0000ff0200', 'd80101'],
    ['read without an association', '050102fa00', 'd80101'],
    [
      'ciphered GET without an association',
      'c81e3000000001aabbccddaabbccddaabbccddaabbccddaabbccddaabbccdd00',
      'd80101',
    ],
    ['unknown tag', '99010203', 'd80202'],
    ['nothing', '', 'd80101'],
    ['half a GET', 'c001c10001', 'd80101'],
    ['a response', 'c401c100090100', undefined],
    ['a broken AARQ', '6005a109', undefined],
  ];
  for (const [name, octets, expected] of cases) {
    it(`${name}: ${expected ?? 'silence'}`, () => assert.equal(client().hex(octets), expected));
  }

  it('too long for the PDU of this server: pdu-too-long', () => {
    const long = opened();
    const request = `c101c1${'0001'}0000600001ff0200098210 00${'00'.repeat(4096)}`.replace(' ', '');
    assert.equal(long.hex(request), 'd80104');
  });

  it('half a GET within an association: other-reason', () => {
    assert.equal(opened().hex('c001c10001'), 'd80103');
  });
});

describe('SET', () => {
  it('writes, and the next GET and other associations read it', () => {
    const client = opened();
    assert.equal(result(client.plain(set(WRITABLE, long(4711)))), 'success');
    assert.deepEqual(result(client.plain(get(WRITABLE))), long(4711));
    const other = new TestClient(client.meter, 1);
    other.open();
    assert.deepEqual(result(other.plain(get(WRITABLE))), long(4711));
    const sister = opened();
    assert.deepEqual(result(sister.plain(get(WRITABLE))), long(7));
  });

  it('keeps octets of its own, not views of the request', () => {
    const client = opened();
    const request = Uint8Array.from([0xc1, 1, 0xc1, 0, 1, 0, 0, 96, 51, 0, 255, 2, 0, 9, 3, 1, 2, 3]);
    client.raw(request);
    request.fill(0xee);
    assert.deepEqual(result(client.plain(get(LONG))), { t: 'octet-string', v: Uint8Array.of(1, 2, 3) });
  });

  const refusals: readonly (readonly [string, SetRequest, string])[] = [
    ['another type', set(WRITABLE, { t: 'octet-string', v: new Uint8Array(2) }), 'type-unmatched'],
    ['the logical name', set(WRITABLE, { t: 'octet-string', v: new Uint8Array(6) }, 1, 1), 'read-write-denied'],
    ['without the right', set('0-0:96.52.0.255', { t: 'unsigned', v: 1 }, 3), 'read-write-denied'],
    ['what is not there', set('9-9:9.9.9.9', long(1)), 'object-undefined'],
  ];
  for (const [name, request, expected] of refusals) {
    it(`${name}: ${expected}`, () => assert.equal(result(opened().plain(request)), expected));
  }

  it('writes lists', () => {
    const client = opened();
    const list = [attr(WRITABLE), attr('9-9:9.9.9.9')].map((item) => ({ ...item, selective: null }));
    const answer = client.plain(setRequest({ type: 'with-list', list, values: [long(1), long(2)] }));
    assert.ok(answer.kind === 'set-response' && answer.type === 'with-list');
    assert.deepEqual(answer.results, ['success', 'object-undefined']);
  });

  it('takes long values in blocks and acknowledges each', () => {
    const client = opened();
    const data = encodeData({ t: 'octet-string', v: new Uint8Array(500).fill(0x61) });
    const first = client.plain(
      setRequest({
        type: 'with-first-datablock',
        attr: attr(LONG),
        selective: null,
        last: false,
        block: 1,
        raw: data.subarray(0, 200),
      }),
    );
    assert.deepEqual([first.kind, 'type' in first && first.type], ['set-response', 'datablock']);
    client.plain(setRequest({ type: 'with-datablock', last: false, block: 2, raw: data.subarray(200, 400) }));
    const last = client.plain(setRequest({ type: 'with-datablock', last: true, block: 3, raw: data.subarray(400) }));
    assert.ok(last.kind === 'set-response' && last.type === 'last-datablock');
    assert.equal(last.result, 'success');
    const read = result(client.plain(get(LONG)));
    assert.ok(typeof read === 'object' && read !== null && 'v' in read && read.v instanceof Uint8Array);
    assert.equal(read.v.length, 500);
  });

  it('takes lists in blocks', () => {
    const client = opened();
    const values = Uint8Array.from([
      2,
      ...encodeData(long(5)),
      ...encodeData({ t: 'octet-string', v: Uint8Array.of(9) }),
    ]);
    const list = [attr(WRITABLE), attr(LONG)].map((item) => ({ ...item, selective: null }));
    client.plain(
      setRequest({ type: 'with-list-and-first-datablock', list, last: false, block: 1, raw: values.subarray(0, 3) }),
    );
    const last = client.plain(setRequest({ type: 'with-datablock', last: true, block: 2, raw: values.subarray(3) }));
    assert.ok(last.kind === 'set-response' && last.type === 'last-datablock-with-list');
    assert.deepEqual(last.results, ['success', 'success']);
  });

  it('refuses blocks out of order and blocks nobody began', () => {
    const client = opened();
    assert.equal(client.hex('c103c1010000000101 00'.replace(' ', '')), 'c503c11200000001');
    client.plain(
      setRequest({
        type: 'with-first-datablock',
        attr: attr(LONG),
        selective: null,
        last: false,
        block: 1,
        raw: new Uint8Array(1),
      }),
    );
    assert.equal(client.hex('c103c100000000050100'), 'c503c11300000005');
  });

  it('does not answer an unconfirmed request, but does what it says', () => {
    const client = opened();
    assert.equal(client.hex('c10181000100006032 00ff0200120009'.replace(' ', '')), undefined);
    assert.deepEqual(result(client.plain(get(WRITABLE))), long(9));
  });
});

describe('ACTION', () => {
  const method = (obis: string, classId: number, index: number) => ({ class: classId, obis, index });
  const RELAY = '0-0:96.3.10.255';

  it('switches the relay and remembers it', () => {
    const client = opened();
    const off = actionRequest({ type: 'normal', method: method(RELAY, 70, 1), params: { t: 'integer', v: 0 } });
    assert.equal(result(client.plain(off)), 'success');
    assert.deepEqual(result(client.plain(get(RELAY, 70, 2))), { t: 'boolean', v: false });
    assert.deepEqual(result(client.plain(get(RELAY, 70, 3))), { t: 'enum', v: 0 });
    const on = actionRequest({ type: 'normal', method: method(RELAY, 70, 2), params: { t: 'integer', v: 0 } });
    assert.equal(result(client.plain(on)), 'success');
    assert.deepEqual(result(client.plain(get(RELAY, 70, 2))), { t: 'boolean', v: true });
  });

  it('refuses methods that are not there, and objects that are not there', () => {
    const client = opened();
    const call = (obis: string, classId: number, index: number) =>
      result(client.plain(actionRequest({ type: 'normal', method: method(obis, classId, index), params: null })));
    assert.equal(call(RELAY, 70, 9), 'object-undefined');
    assert.equal(call(RELAY, 3, 1), 'object-class-inconsistent');
    assert.equal(call('9-9:9.9.9.9', 70, 1), 'object-undefined');
    assert.equal(call('0-0:96.52.0.255', 3, 1), 'read-write-denied');
  });

  it('takes parameters in blocks', () => {
    const client = opened();
    const params = encodeData({ t: 'integer', v: 0 });
    const first = client.plain(
      actionRequest({
        type: 'with-first-pblock',
        method: method(RELAY, 70, 1),
        last: false,
        block: 1,
        raw: params.subarray(0, 1),
      }),
    );
    assert.ok(first.kind === 'action-response' && first.type === 'next-pblock');
    const last = client.plain(actionRequest({ type: 'with-pblock', last: true, block: 2, raw: params.subarray(1) }));
    assert.equal(result(last), 'success');
    assert.deepEqual(result(client.plain(get(RELAY, 70, 2))), { t: 'boolean', v: false });
  });

  it('answers lists', () => {
    const client = opened();
    const answer = client.plain(
      actionRequest({
        type: 'with-list',
        list: [method(RELAY, 70, 1), method(RELAY, 70, 8)],
        params: [{ t: 'integer', v: 0 }, { t: 'null-data' }],
      }),
    );
    assert.ok(answer.kind === 'action-response' && answer.type === 'with-list');
    assert.deepEqual(
      answer.list.map((item) => item.result),
      ['success', 'object-undefined'],
    );
  });
});
