import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import { obisToOctets } from '../../../engine/cosem/obis/obis.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { Expression, MeterModel, ObjectModel } from '../../../engine/template/model.ts';
import { bytes, invoke, items, u16 as lu, name, read, u8 as unsigned, write } from './support/class-client.ts';
import { association, call, meterModel, number, object, ref } from './support/models.ts';
import { ALL_LN, NOW, TestClient } from './support/test-client.ts';

function modelWith(objects: readonly ObjectModel[]): MeterModel {
  return meterModel({
    securities: [
      { name: 'guard', suite: 1, policy: ['authenticated-request', 'encrypted-request', 'authenticated-response'] },
      { name: 'other', suite: 0, policy: ['encrypted-request'] },
    ],
    associations: [
      association({ name: 'public', clientSap: 16, conformance: ALL_LN }),
      association({ name: 'management', clientSap: 1, conformance: ALL_LN, security: 'guard', maxPdu: 2000 }),
    ],
    objects,
  });
}

function opened(objects: readonly ObjectModel[], sap = 1): TestClient {
  const client = new TestClient(createMeter(modelWith(objects), { startedAt: NOW }), sap);
  client.open({ initiate: { maxPdu: 800 } });
  return client;
}

const octets = bytes;

const ASSOCIATION = '0-0:40.0.0.255';

describe('association LN', () => {
  const objects = (version: number): ObjectModel[] => [
    object({ name: 'current', obis: ASSOCIATION, class: 15, version }),
    object({ name: 'public_view', obis: '0-0:40.0.1.255', class: 15, version, settings: { of: name('public') } }),
    object({
      name: 'energy',
      obis: '1-0:1.8.0.255',
      class: 3,
      access: { public: { get: [] }, management: { get: ['authenticated'], set: ['authenticated'] } },
    }),
    object({
      name: 'relay',
      obis: '0-0:96.3.10.255',
      class: 70,
      access: { management: { get: [], action: ['authenticated', 'encrypted'] } },
    }),
    object({ name: 'profile', obis: '1-0:99.1.0.255', class: 7, version: 1, access: { management: { get: [] } } }),
    object({ name: 'security_setup', obis: '0-0:43.0.1.255', class: 64, version: 1, settings: { of: name('guard') } }),
  ];
  const modes = (data: unknown, obis: string): readonly [readonly unknown[], readonly unknown[]] | undefined => {
    for (const element of items(data)) {
      const [, , logicalName, rights] = items(element);
      if (logicalName?.t !== 'octet-string' || toHex(logicalName.v) !== toHex(obisToOctets(obis))) continue;
      const [attributes, methods] = items(rights);
      const mode = (item: Data) => items(item).flatMap((part, index) => (index === 1 && 'v' in part ? [part.v] : []));
      return [items(attributes).flatMap(mode), items(methods).flatMap(mode)];
    }
    return undefined;
  };

  for (const [version, energy, relay] of [
    [
      0,
      [[3, 3, 3].map((_, i) => (i === 0 ? 1 : 3)), [false]],
      [
        [1, 1, 1, 1],
        [true, true],
      ],
    ],
    [
      1,
      [[4, 6, 6], [0]],
      [
        [1, 1, 1, 1],
        [2, 2],
      ],
    ],
    [
      2,
      [[4, 6, 6], [0]],
      [
        [1, 1, 1, 1],
        [2, 2],
      ],
    ],
    [
      3,
      [[0x25, 0x27, 0x27], [0]],
      [
        [1, 1, 1, 1],
        [0x6d, 0x6d],
      ],
    ],
  ] as const) {
    it(`version ${version}: access rights as that version codes them`, () => {
      const list = read(opened(objects(version)), ASSOCIATION, 15, 2);
      assert.equal(items(list).length, 6);
      assert.deepEqual(modes(list, '1-0:1.8.0.255'), energy);
      assert.deepEqual(modes(list, '0-0:96.3.10.255'), relay);
    });
  }

  it('lists for a client what that client sees, and the selectors of the buffer', () => {
    const list = read(opened(objects(2), 16), ASSOCIATION, 15, 2);
    assert.equal(items(list).length, 4);
    assert.equal(modes(list, '0-0:96.3.10.255'), undefined);
    const whole = read(opened(objects(2)), ASSOCIATION, 15, 2);
    const element = items(whole).find(
      (item) =>
        items(item)[0]?.t === 'long-unsigned' && JSON.stringify(items(item)[0]) === '{"t":"long-unsigned","v":7}',
    );
    assert.ok(element !== undefined);
    const [attributes] = items(items(element)[3]);
    assert.ok(attributes !== undefined);
    const buffer = items(attributes)[1];
    assert.ok(buffer !== undefined);
    assert.deepEqual(items(buffer)[2], {
      t: 'array',
      v: [
        { t: 'integer', v: 1 },
        { t: 'integer', v: 2 },
      ],
    });
  });

  it('selects: without rights, by class, by name, one object', () => {
    const client = opened(objects(2));
    const key: Data = { t: 'structure', v: [lu(70), { t: 'octet-string', v: obisToOctets('0-0:96.3.10.255') }] };
    const select = (selector: number, params: Data) => read(client, ASSOCIATION, 15, 2, { selector, params });
    const bare = items(select(1, { t: 'null-data' }));
    assert.equal(bare.length, 6);
    assert.ok(bare.every((element) => items(element).length === 3));
    assert.equal(items(select(2, { t: 'array', v: [lu(15), lu(7)] })).length, 3);
    assert.equal(items(select(3, { t: 'array', v: [key] })).length, 1);
    assert.equal(items(select(4, key)).length, 4);
    assert.equal(select(4, lu(1)), 'scope-of-access-violated');
    assert.equal(select(7, key), 'scope-of-access-violated');
  });

  it('tells partners, context, mechanism, status and security setup of the association in use', () => {
    const client = opened(objects(2));
    assert.deepEqual(read(client, ASSOCIATION, 15, 3), { t: 'structure', v: [{ t: 'integer', v: 1 }, lu(1)] });
    const context = items(read(client, ASSOCIATION, 15, 4)).map((part) => ('v' in part ? part.v : ''));
    assert.deepEqual(context, [2, 16, 756, 5, 8, 1, 1]);
    const mechanism = items(read(client, ASSOCIATION, 15, 6)).map((part) => ('v' in part ? part.v : ''));
    assert.deepEqual(mechanism, [2, 16, 756, 5, 8, 2, 0]);
    const info = items(read(client, ASSOCIATION, 15, 5));
    assert.deepEqual(info.slice(1, 4), [lu(2000), lu(800), unsigned(6)]);
    assert.deepEqual(info[0], { t: 'bit-string', v: '010000000011111000011101' });
    assert.equal(read(client, ASSOCIATION, 15, 7), 'read-write-denied');
    assert.deepEqual(read(client, ASSOCIATION, 15, 8), { t: 'enum', v: 2 });
    assert.deepEqual(read(client, ASSOCIATION, 15, 9), { t: 'octet-string', v: obisToOctets('0-0:43.0.1.255') });
    assert.deepEqual(read(client, '0-0:40.0.1.255', 15, 8), { t: 'enum', v: 0 });
    assert.equal(items(read(client, '0-0:40.0.1.255', 15, 2)).length, 4);
  });
});

describe('passwords', () => {
  it('can be changed, not read, and hold from then on', () => {
    const model = meterModel({
      associations: [
        association({
          name: 'reader',
          clientSap: 1,
          mechanism: 'lls',
          secret: { literal: 'old', encoding: 'text' },
          conformance: ALL_LN,
        }),
      ],
      objects: [
        object({ name: 'current', obis: ASSOCIATION, class: 15, version: 1, access: { reader: { get: [], set: [] } } }),
      ],
    });
    const client = new TestClient(createMeter(model, { startedAt: NOW }), 1);
    const open = (text: string) => client.open({ mechanism: 'lls', authValue: new TextEncoder().encode(text) }).result;
    assert.equal(open('old'), 'accepted');
    assert.equal(write(client, ASSOCIATION, 15, 7, octets('6e6577')), 'success');
    assert.equal(read(client, ASSOCIATION, 15, 7), 'read-write-denied');
    assert.equal(open('old'), 'rejected-permanent');
    assert.equal(open('new'), 'accepted');
  });
});

describe('clock', () => {
  const CLOCK = '0-0:1.0.0.255';
  const saving: Expression = {
    k: 'list',
    items: [
      { k: 'boolean', value: true },
      { k: 'number', value: 60, unit: 'minutes' },
      { k: 'text', value: 'last sunday march 02:00' },
      { k: 'text', value: 'last sunday october 03:00' },
    ],
  };
  const clock = (settings: Record<string, Expression> = {}, attributes: ObjectModel['attributes'] = {}) =>
    object({
      name: 'clock',
      obis: CLOCK,
      class: 8,
      attributes: { 3: { value: number(-60) }, ...attributes },
      settings,
    });
  const shown = (client: TestClient): string => {
    const data = read(client, CLOCK, 8, 2);
    return typeof data === 'object' && data !== null && 'v' in data && data.v instanceof Uint8Array
      ? toHex(data.v)
      : String(data);
  };
  const turns: readonly (readonly [number, string, number])[] = [
    [Date.UTC(2026, 2, 29, 0, 59, 59), '07ea031d07013b3b00ffc400', 0],
    [Date.UTC(2026, 2, 29, 1, 0, 0), '07ea031d0703000000ff8880', 0x80],
    [Date.UTC(2026, 9, 25, 0, 59, 59), '07ea0a1907023b3b00ff8880', 0x80],
    [Date.UTC(2026, 9, 25, 1, 0, 0), '07ea0a1907020000 00ffc400'.replace(' ', ''), 0],
  ];
  for (const [time, expected, status] of turns) {
    it(`${new Date(time).toISOString()} is ${expected}`, () => {
      const client = opened([clock({ daylight_savings: saving })]);
      client.now = time;
      assert.equal(shown(client), expected);
      assert.deepEqual(read(client, CLOCK, 8, 4), unsigned(status));
    });
  }

  it('tells its rules, and follows what a client makes of them', () => {
    const client = opened([clock({ daylight_savings: saving })]);
    client.now = Date.UTC(2026, 6, 1, 12);
    assert.deepEqual(read(client, CLOCK, 8, 8), { t: 'boolean', v: true });
    assert.deepEqual(read(client, CLOCK, 8, 5), octets('ffff03fe070200000080 00ff'.replace(' ', '')));
    assert.equal(write(client, CLOCK, 8, 8, { t: 'boolean', v: false }), 'success');
    assert.equal(shown(client), '07ea070103 0d000000ffc400'.replace(' ', ''));
    assert.equal(write(client, CLOCK, 8, 3, { t: 'long', v: 0 }), 'success');
    assert.equal(shown(client), '07ea0701030c000000000000');
  });

  it('goes wrong by its drift, and can be set and shifted', () => {
    const client = opened([
      clock(
        {},
        {
          2: { value: call('simulated', [], { drift: number(10), per: { k: 'duration', ms: 86_400_000 } }) },
          3: { value: number(0) },
        },
      ),
    ]);
    client.now = Date.UTC(2026, 10, 3);
    assert.equal(shown(client), '07ea0b0302000014 00000000'.replace(' ', ''));
    assert.equal(write(client, CLOCK, 8, 2, octets('07ea0b03ff0000000 0800000'.replace(' ', ''))), 'success');
    assert.equal(shown(client), '07ea0b03020000000000 0000'.replace(' ', ''));
    assert.equal(invoke(client, CLOCK, 8, 6, { t: 'long', v: 90 }), 'success');
    assert.equal(shown(client), '07ea0b03020001 1e00000000'.replace(' ', ''));
    assert.equal(invoke(client, CLOCK, 8, 3, { t: 'integer', v: 0 }), 'success');
    assert.equal(shown(client).slice(10, 16), '000200');
    assert.equal(invoke(client, CLOCK, 8, 6, { t: 'long', v: 901 }), 'type-unmatched');
    assert.equal(write(client, CLOCK, 8, 2, octets('0102')), 'type-unmatched');
  });

  it('leaves out the deviation where the template says so', () => {
    const client = opened([clock({ deviation: name('unspecified') })]);
    assert.equal(shown(client).slice(18, 22), '8000');
  });
});

describe('registers', () => {
  const OBIS = '1-0:1.8.0.255';

  it('reset to zero and count on from there', () => {
    const client = opened([
      object({
        name: 'energy',
        obis: OBIS,
        class: 3,
        attributes: { 2: { type: 'double-long-unsigned', value: call('integrate', [ref('simulate.load')]) } },
      }),
    ]);
    assert.equal(invoke(client, OBIS, 3, 1, { t: 'integer', v: 0 }), 'success');
    assert.deepEqual(read(client, OBIS, 3, 2), { t: 'double-long-unsigned', v: 0 });
    client.now += 3_600_000;
    const later = read(client, OBIS, 3, 2);
    assert.ok(typeof later === 'object' && later !== null && 'v' in later && typeof later.v === 'number');
    assert.ok(later.v >= 200 && later.v <= 5000);
  });

  it('have a well-typed default for everything the template leaves out', () => {
    const client = opened([object({ name: 'demand', obis: OBIS, class: 5 })]);
    const types = Array.from({ length: 9 }, (_, index) => {
      const data = read(client, OBIS, 5, index + 1);
      return typeof data === 'object' && data !== null && 't' in data ? data.t : data;
    });
    assert.deepEqual(types, [
      'octet-string',
      'null-data',
      'null-data',
      'structure',
      'null-data',
      'octet-string',
      'octet-string',
      'double-long-unsigned',
      'long-unsigned',
    ]);
  });
});

describe('further classes', () => {
  it('SAP assignment lists the logical devices', () => {
    const client = opened([object({ name: 'sap', obis: '0-0:41.0.0.255', class: 17 })]);
    const [entry] = items(read(client, '0-0:41.0.0.255', 17, 2));
    assert.ok(entry !== undefined);
    assert.deepEqual(items(entry)[0], lu(1));
  });

  it('HDLC setup tells what the link really uses', () => {
    const client = opened([object({ name: 'hdlc', obis: '0-0:22.0.0.255', class: 23, version: 1 })]);
    assert.deepEqual(read(client, '0-0:22.0.0.255', 23, 5), lu(128));
    assert.deepEqual(read(client, '0-0:22.0.0.255', 23, 9), lu(17));
  });

  it('security setup tells policy, suite and titles, in the form of its version', () => {
    const setup = (version: number, of?: string) =>
      object({
        name: 'setup',
        obis: '0-0:43.0.0.255',
        class: 64,
        version,
        settings: of === undefined ? {} : { of: name(of) },
      });
    assert.deepEqual(read(opened([setup(1)]), '0-0:43.0.0.255', 64, 2), { t: 'enum', v: 0x2c });
    assert.deepEqual(read(opened([setup(0)]), '0-0:43.0.0.255', 64, 2), { t: 'enum', v: 3 });
    assert.deepEqual(read(opened([setup(0, 'other')]), '0-0:43.0.0.255', 64, 2), { t: 'enum', v: 2 });
    assert.deepEqual(read(opened([setup(1)]), '0-0:43.0.0.255', 64, 3), { t: 'enum', v: 1 });
    assert.deepEqual(read(opened([setup(1)]), '0-0:43.0.0.255', 64, 5), octets('41434d0000000001'));
  });

  for (const [mode, off, on] of [
    [0, 'read-write-denied', 1],
    [1, 'success', 2],
    [2, 'success', 1],
    [4, 'success', 1],
    [5, 'success', 2],
  ] as const) {
    it(`disconnect control in mode ${mode}: off ${off}, then state ${on}`, () => {
      const client = opened([
        object({ name: 'relay', obis: '0-0:96.3.10.255', class: 70, attributes: { 4: { value: number(mode) } } }),
      ]);
      assert.deepEqual(read(client, '0-0:96.3.10.255', 70, 2), { t: 'boolean', v: true });
      assert.equal(invoke(client, '0-0:96.3.10.255', 70, 1, { t: 'integer', v: 0 }), off);
      assert.equal(invoke(client, '0-0:96.3.10.255', 70, 2, { t: 'integer', v: 0 }), 'success');
      assert.deepEqual(read(client, '0-0:96.3.10.255', 70, 3), { t: 'enum', v: on });
    });
  }

  it('what a template says a method does besides: the load is gone while the relay is off', () => {
    const RELAY = '0-0:96.3.10.255';
    const off = call('set', [ref('simulate.load'), number(0)]);
    const flag = call('set', [ref('flag.value'), number(7)]);
    const client = opened([
      ...meterModel().objects,
      object({ name: 'flag', obis: '0-0:96.60.0.255', attributes: { 2: { type: 'unsigned', value: number(1) } } }),
      object({
        name: 'relay',
        obis: RELAY,
        class: 70,
        attributes: { 4: { value: number(4) } },
        settings: { 'on remote_disconnect': { k: 'list', items: [off, flag] } },
      }),
    ]);
    const value = (obis: string): number => {
      const data = read(client, obis, 3, 2);
      assert.ok(typeof data === 'object' && data !== null && 'v' in data && typeof data.v === 'number');
      return data.v;
    };
    const HOUR = 3_600_000;
    const before = value('1-0:1.8.0.255');
    assert.ok(value('1-0:1.7.0.255') > 0);
    assert.equal(invoke(client, RELAY, 70, 1, { t: 'integer', v: 0 }), 'success');
    client.now += 5 * HOUR;
    assert.equal(value('1-0:1.7.0.255'), 0);
    assert.equal(value('1-0:1.8.0.255'), before);
    assert.deepEqual(read(client, '0-0:96.60.0.255', 1, 2), unsigned(7));
    assert.equal(invoke(client, RELAY, 70, 2, { t: 'integer', v: 0 }), 'success');
    client.now += 2 * HOUR;
    assert.ok(value('1-0:1.7.0.255') > 0);
    const used = value('1-0:1.8.0.255') - before;
    assert.ok(used >= 400 && used <= 10_000, `${used} Wh in two hours`);
    // History before the relay was switched stays what it was.
    client.now = NOW;
    assert.equal(value('1-0:1.8.0.255'), before);
  });

  it('script table executes what it has', () => {
    const scripts = call('array', [call('structure', [call('long-unsigned', [number(3)]), call('array')])]);
    const client = opened([
      object({ name: 'scripts', obis: '0-0:10.0.0.255', class: 9, attributes: { 2: { value: scripts } } }),
    ]);
    assert.equal(invoke(client, '0-0:10.0.0.255', 9, 1, lu(3)), 'success');
    assert.equal(invoke(client, '0-0:10.0.0.255', 9, 1, lu(4)), 'object-unavailable');
    assert.equal(invoke(client, '0-0:10.0.0.255', 9, 1, { t: 'null-data' }), 'type-unmatched');
  });

  it('vendor classes and negative attributes answer from the template', () => {
    const client = opened([
      object({
        name: 'own',
        obis: '0-128:96.1.0.255',
        class: 9000,
        attributes: { 2: { type: 'unsigned', value: number(5) }, '-1': { type: 'unsigned', value: number(6) } },
      }),
    ]);
    assert.deepEqual(read(client, '0-128:96.1.0.255', 9000, 2), unsigned(5));
    assert.deepEqual(read(client, '0-128:96.1.0.255', 9000, -1), unsigned(6));
    assert.equal(read(client, '0-128:96.1.0.255', 9000, 3), 'object-undefined');
  });
});

describe('identity', () => {
  it('makes the system title of FLAG letters and serial, or of the template', () => {
    const title = (number_: number, systemTitle?: string) =>
      toHex(
        createMeter(
          meterModel({ identity: { ...meterModel().identity, ...(systemTitle === undefined ? {} : { systemTitle }) } }),
          { number: number_, startedAt: NOW },
        ).systemTitle,
      );
    assert.equal(title(1), '41434d0000000001');
    assert.equal(title(305_419_896), '41434d0012345678');
    assert.equal(title(5, '4b414d{n:010}'), '4b414d0000000005');
    assert.equal(title(5, 'no hex'), '41434d0000000005');
  });

  it('is cheap: ten thousand meters of one model share its blueprint', () => {
    const model = meterModel();
    const meters = Array.from({ length: 10_000 }, (_, index) => createMeter(model, { number: index, startedAt: NOW }));
    assert.equal(new Set(meters.map(({ blueprint }) => blueprint)).size, 1);
  });
});
