import assert from 'node:assert/strict';
import { expandText } from '../../../engine/template/compile/identity-text.ts';
import type { Expression, MeterModel, ObjectModel } from '../../../engine/template/index.ts';
import { analyseText, describeFinding, meterWith, shortNameMeterWith } from './support.ts';

function compiled(text: string, name = 'm', files: Readonly<Record<string, string>> = {}): MeterModel {
  const { model, findings } = analyseText(text, files);
  assert.deepEqual(
    findings.filter((item) => item.severity === 'error').map((item) => describeFinding(item, text)),
    [],
  );
  const meter = model?.meters.find((item) => item.name === name);
  assert.ok(meter);
  return meter;
}

function objectOf(meter: MeterModel, name: string): ObjectModel {
  const object = meter.objects.find((item) => item.name === name);
  assert.ok(object, name);
  return object;
}

/** An expression as text, so that a case is one line. */
function show(expression: Expression | undefined): string {
  if (expression === undefined) return '-';
  switch (expression.k) {
    case 'number':
      return `${expression.value}${expression.unit === undefined ? '' : ` ${expression.unit}`}`;
    case 'text':
      return JSON.stringify(expression.value);
    case 'boolean':
      return String(expression.value);
    case 'octets':
      return `h${expression.hex}`;
    case 'duration':
      return `${expression.ms}ms`;
    case 'date-time':
      return `@${expression.text}`;
    case 'scaler-unit':
      return `10^${expression.scaler} ${expression.unit}`;
    case 'name':
      return expression.value;
    case 'ref':
      return `$${expression.path}`;
    case 'list':
      return `[${expression.items.map(show).join(', ')}]`;
    case 'call':
      return `${expression.name}(${[...expression.args.map(show), ...Object.entries(expression.named).map(([name, value]) => `${name}: ${show(value)}`)].join(', ')})`;
    case 'binary':
      return `(${show(expression.left)} ${expression.op} ${show(expression.right)})`;
    case 'unary':
      return `${expression.op}${show(expression.of)}`;
  }
}

const clock = 'object clock 0-0:1.0.0.255 clock { rights: open }';

describe('expressions', () => {
  const cases: readonly (readonly [text: string, shown: string])[] = [
    ['230 V + noise(1.2)', '(230 V + noise(1.2))'],
    ['5 kW', '5000 W'],
    ['1.4 m³/h', '1.4 m³/h'],
    ['-3', '-3'],
    ['-load', '-$simulate.load'],
    ['load * 2', '($simulate.load * 2)'],
    ['simulate.load', '$simulate.load'],
    ['identity.serial', '$identity.serial'],
    ['serial.last(2) + 16', '(last($identity.serial, 2) + 16)'],
    ['clock.hour >= 6', '($clock.hour >= 6)'],
    ['clock.time', '$clock.time'],
    ['15min', '900000ms'],
    ['2 months', '5184000000ms'],
    ['2%', '0.02'],
    ['yes', 'true'],
    ['"a\\"b"', '"a\\"b"'],
    ['h"00 FF"', 'h00ff'],
    ['@2024-05-01T00:00:00Z', '@2024-05-01T00:00:00Z'],
    ['sine(period: 24h, amplitude: 3)', 'sine(period: 86400000ms, amplitude: 3)'],
    ['maximum(load, over: 15min, since: month)', 'maximum($simulate.load, over: 900000ms, since: month)'],
    ['structure(unsigned(1), long(-5))', 'structure(unsigned(1), long(-5))'],
  ];
  for (const [text, shown] of cases) {
    it(text, () => {
      const meter = compiled(meterWith(`${clock}\nsimulate { load: 5   it: ${text} }`));
      assert.equal(show(meter.simulate.it), shown);
    });
  }
});

describe('attributes', () => {
  const cases: readonly (readonly [kind: string, property: string, index: string, shown: string])[] = [
    ['0-0:96.1.0.255 data', 'value: octet-string = identity.serial', '2', 'octet-string $identity.serial'],
    ['1-0:1.8.0.255 register', 'scaler_unit: 10^-1 V', '3', '10^-1 V'],
    ['1-0:99.1.0.255 profile-generic', 'capture_period: 15min', '4', '900'],
    ['1-0:99.1.0.255 profile-generic', 'sort_method: fifo', '5', '1'],
    ['1-0:99.1.0.255 profile-generic', 'capture_objects: clock.time', '3', '[$clock.time]'],
    [
      '1-0:99.1.0.255 profile-generic',
      'capture_objects: clock.time, clock.status',
      '3',
      '[$clock.time, $clock.status]',
    ],
    ['0-0:96.3.10.255 disconnect-control', 'control_state: connected', '3', '1'],
    ['0-0:96.3.10.255 disconnect-control', 'output_state: boolean = true', '2', 'true'],
    [
      '0-0:10.0.1.255 script-table',
      'scripts: script(1, write(clock.time_zone, long(5)))',
      '2',
      '[structure(long-unsigned(1), array(structure(enum(1), long-unsigned(8), octet-string(logical_name($clock)), integer(3), long(5))))]',
    ],
    [
      '0-0:10.0.1.255 script-table',
      'scripts: script(id: 2, execute(clock.shift_time, long(5)))',
      '2',
      '[structure(long-unsigned(2), array(structure(enum(2), long-unsigned(8), octet-string(logical_name($clock)), integer(6), long(5))))]',
    ],
    [
      '0-0:15.0.0.255 single-action-schedule',
      'execution_time: moment("00:00", "*-*-01")',
      '4',
      '[structure(octet-string(h00000000), octet-string(hffffff01ff))]',
    ],
    [
      '0-0:13.0.0.255 activity-calendar',
      'season_profile_active: season("s", "*-04-01", "w")',
      '3',
      '[structure(octet-string("s"), octet-string(hffff0401ffffffffff8000ff), octet-string("w"))]',
    ],
    [
      '0-0:13.0.0.255 activity-calendar',
      'week_profile_table_active: week("w", 1, 1, 1, 1, 1, 2, 2)',
      '4',
      '[structure(octet-string("w"), unsigned(1), unsigned(1), unsigned(1), unsigned(1), unsigned(1), unsigned(2), unsigned(2))]',
    ],
    [
      '0-0:13.0.0.255 activity-calendar',
      'day_profile_table_active: day(1, slot("06:30", clock, 2))',
      '5',
      '[structure(unsigned(1), array(structure(octet-string(h061e0000), octet-string(logical_name($clock)), long-unsigned(2))))]',
    ],
  ];
  for (const [kind, property, index, shown] of cases) {
    it(property, () => {
      const meter = compiled(meterWith(`${clock}\nobject it ${kind} { rights: open   ${property} }`));
      const attribute = objectOf(meter, 'it').attributes[index];
      assert.equal(`${attribute?.type === undefined ? '' : `${attribute.type} `}${show(attribute?.value)}`, shown);
    });
  }

  it('leave the type out where the class decides', () => {
    const meter = compiled(meterWith('object c 0-0:1.0.0.255 clock { rights: open   time_zone: long = -60 }'));
    assert.deepEqual(objectOf(meter, 'c').attributes['3'], { value: { k: 'number', value: -60 } });
  });

  it('of declared classes are known by name', () => {
    const meter =
      compiled(`class tank 8200 { version: 2   attributes: level unsigned, label visible-string   methods: empty }
${meterWith('object t 0-128:96.50.0.255 tank { rights: open   level: 5   label: "x" }')}`);
    const object = objectOf(meter, 't');
    assert.deepEqual([object.class, object.version], [8200, 2]);
    assert.deepEqual(object.attributes, {
      '2': { value: { k: 'number', value: 5 } },
      '3': { value: { k: 'text', value: 'x' } },
    });
  });
});

describe('for', () => {
  it('writes names, codes, titles and values out for every number', () => {
    const meter = compiled(
      meterWith(
        'for P in 1..3 { object v{P} 1-0:{P*20+12}.7.0.255 register { rights: open   title: "Voltage L{P}"   value: unsigned = P * 10   scaler_unit: 10^0 V } }',
      ),
    );
    const made = meter.objects.filter((item) => item.name.startsWith('v'));
    assert.deepEqual(
      made.map((item) => [item.name, item.obis, item.title, show(item.attributes['2']?.value)]),
      [
        ['v1', '1-0:32.7.0.255', 'Voltage L1', '(1 * 10)'],
        ['v2', '1-0:52.7.0.255', 'Voltage L2', '(2 * 10)'],
        ['v3', '1-0:72.7.0.255', 'Voltage L3', '(3 * 10)'],
      ],
    );
  });

  it('nests', () => {
    const meter = compiled(
      meterWith('for A in 1..2 { for B in 0..1 { object r{A}_{B} 1-0:{A}.8.{B}.255 register { rights: open } } }'),
    );
    assert.deepEqual(
      meter.objects.slice(1).map((item) => item.obis),
      ['1-0:1.8.0.255', '1-0:1.8.1.255', '1-0:2.8.0.255', '1-0:2.8.1.255'],
    );
  });
});

describe('inheritance', () => {
  const base = `abstract meter base {
  identity { firmware: "0"   hardware: "A" }
  rights all { public: get   absent: get }
  association extra { client: 5   authentication: none   conformance: get   max_pdu: 500 }
  object a 1-0:1.8.0.255 register { title: "old"   rights: all   value: unsigned = 1   scaler_unit: 10^0 Wh }
  object b 1-0:2.8.0.255 register { rights: all }
  quirk q { drop: response }
}
`;
  const derive = (body: string): string => base + meterWith(body).replace('meter m', 'meter m extends base');

  it('takes over what the base has, the base first', () => {
    const meter = compiled(derive(''));
    assert.deepEqual(meter.derivedFrom, ['base']);
    assert.deepEqual(
      meter.objects.map((item) => item.name),
      ['a', 'b', 'list'],
    );
    assert.equal(meter.identity.firmware, '1');
    assert.equal(meter.identity.properties.hardware, 'A');
    assert.deepEqual(
      meter.associations.map((item) => item.name),
      ['extra', 'public'],
    );
  });

  it('lets rights of the base name associations the meter does not have', () => {
    assert.deepEqual(objectOf(compiled(derive('')), 'a').access, { public: { get: [] } });
  });

  it('overrides property by property and removes by name', () => {
    const meter = compiled(
      derive('override object a { title: "new" }\noverride association extra { max_pdu: 900 }\nremove: b, q'),
    );
    const a = objectOf(meter, 'a');
    assert.equal(a.title, 'new');
    assert.equal(show(a.attributes['2']?.value), '1');
    assert.equal(
      meter.objects.some((item) => item.name === 'b'),
      false,
    );
    assert.deepEqual(meter.quirks, []);
    assert.equal(meter.associations.find((item) => item.name === 'extra')?.maxPdu, 900);
  });

  it('reaches across files that use each other', () => {
    const files = { 'base.dlmsmeter': `use: "main.dlmsmeter"\n${base}` };
    const meter = compiled(
      `use: "base.dlmsmeter"\n${meterWith('').replace('meter m', 'meter m extends base')}`,
      'm',
      files,
    );
    assert.equal(meter.objects.length, 3);
  });

  it('has the nearest base first', () => {
    const text = `abstract meter one { title: "one" }\nabstract meter two extends one { title: "two" }\n${meterWith('').replace('meter m', 'meter m extends two')}`;
    const meter = compiled(text);
    assert.deepEqual(meter.derivedFrom, ['two', 'one']);
    assert.equal(meter.title, 'two');
  });
});

describe('access', () => {
  const associations = `security keys suite 0 { global_unicast_key: secret("k")   authentication_key: secret("a") }
  association boss { client: 1   authentication: hls-gmac   security: keys   conformance: get, set, action }
  rights both { public: get   boss: get, set(encrypted, authenticated) }`;

  it('is that of the set, then of the object, then of the attribute or method', () => {
    const meter = compiled(
      meterWith(`${associations}
  object a 0-0:1.0.0.255 clock {
    rights: both
    access: boss get(authenticated), set, action
    access time { public: none   boss: get }
    access shift_time { boss: action(signed) }
  }`),
    );
    assert.deepEqual(objectOf(meter, 'a').access, {
      public: { get: [], attributes: { '2': {} } },
      boss: {
        get: ['authenticated'],
        set: [],
        action: [],
        attributes: { '2': { get: [] } },
        methods: { '6': { action: ['signed'] } },
      },
    });
  });

  it('of a set keeps protections in one order', () => {
    const meter = compiled(meterWith(`${associations}\nobject a 1-0:1.8.0.255 register { rights: both }`));
    assert.deepEqual(objectOf(meter, 'a').access.boss, { get: [], set: ['authenticated', 'encrypted'] });
  });
});

describe('associations and security', () => {
  it('know the keys of signatures and key agreement', () => {
    const meter = compiled(
      meterWith(`security keys suite 2 { signing_key: file("sign.pem")   agreement_key: file("agree.pem")   certificate: file("meter.cer")
        client_signing_key: file("client.cer")   client_agreement_key: secret("client-agree")   policy: signed-request }`),
    );
    assert.deepEqual(meter.securities, [
      {
        name: 'keys',
        suite: 2,
        signingKey: { file: 'sign.pem' },
        agreementKey: { file: 'agree.pem' },
        certificate: { file: 'meter.cer' },
        clientSigningKey: { file: 'client.cer' },
        clientAgreementKey: { secret: 'client-agree' },
        policy: ['signed-request'],
      },
    ]);
  });

  it('know mechanism, secret, context and the order of conformance bits', () => {
    const meter = compiled(
      meterWith(`security keys suite 1 { global_unicast_key: secret("k")   authentication_key: env("A")   policy: encrypted-request, authenticated-request }
  association boss { client: 1   server: 2   authentication: hls-gmac   security: keys   conformance: action, get, set   max_pdu: 2048   lock: 3 failures, 15min }
  association sha { client: 3   authentication: hls-sha256, secret file("s.key")   context: LN, no-ciphering   conformance: get }`),
    );
    assert.deepEqual(meter.securities, [
      {
        name: 'keys',
        suite: 1,
        globalUnicastKey: { secret: 'k' },
        authenticationKey: { env: 'A' },
        policy: ['authenticated-request', 'encrypted-request'],
      },
    ]);
    assert.deepEqual(meter.associations.slice(1), [
      {
        name: 'boss',
        clientSap: 1,
        serverSap: 2,
        mechanism: 'hls-gmac',
        context: 'LN',
        ciphering: true,
        security: 'keys',
        conformance: ['get', 'set', 'action'],
        maxPdu: 2048,
        lock: { failures: 3, durationMs: 900_000 },
      },
      {
        name: 'sha',
        clientSap: 3,
        serverSap: 1,
        mechanism: 'hls-sha256',
        secret: { file: 's.key' },
        context: 'LN',
        ciphering: false,
        conformance: ['get'],
        maxPdu: 1224,
      },
    ]);
  });

  it('keep a literal key, with a warning', () => {
    const { model, findings } = analyseText(
      meterWith('association b { client: 2   authentication: lls, password h"0102"   conformance: get }'),
    );
    assert.deepEqual(
      findings.map((item) => [item.code, item.severity]),
      [['DLMS-605', 'warning']],
    );
    assert.deepEqual(model?.meters[0]?.associations[1]?.secret, { literal: '0102', encoding: 'hex' });
  });
});

describe('short names', () => {
  it('are stated, reserved, or the next free ones a class fits into', () => {
    const meter = compiled(
      shortNameMeterWith(`object ldn 0-0:42.0.0.255 data { rights: open }
  object a 1-0:1.8.0.255 register { rights: open }
  object b 1-0:2.8.0.255 register { rights: open   base_name: 0x1038 }
  object c 1-0:3.8.0.255 register { rights: open }
  object d 0-0:96.1.0.255 data { rights: open }`),
    );
    const bases = Object.fromEntries(meter.objects.map((item) => [item.name, item.baseName]));
    // A register takes 0x30: three attributes, and a method at 0x28.
    assert.deepEqual(bases, { list: 0xfa00, ldn: 0xfd00, a: 0x1000, b: 0x1038, c: 0x1068, d: 0x1098 });
  });

  it('are given to meters with both kinds of referencing', () => {
    const text = meterWith(
      'association sn { client: 17   authentication: none   context: SN   conformance: read }\nobject sl 0-0:40.0.0.255 association-sn { rights: open }',
      'referencing: both',
    ).replace('conformance: get ', 'context: LN   conformance: get ');
    const meter = compiled(text);
    assert.equal(meter.referencing, 'both');
    assert.ok(meter.objects.every((item) => item.baseName !== undefined));
  });
});

describe('fleets', () => {
  it('say where their meters are and what varies', () => {
    const { model } =
      analyseText(`${meterWith('')}fleet a of m { count: 3   serial: from(7)   address: one("127.0.0.1"), ports from 40000   transports: lan   seed: 9   vary { firmware: pick("1", "2") } }
fleet b of m { }`);
    assert.deepEqual(model?.fleets, [
      {
        name: 'a',
        meter: 'm',
        count: 3,
        serialFrom: 7,
        address: { one: '127.0.0.1', portsFrom: 40_000 },
        transports: ['lan'],
        seed: 9,
        vary: {
          firmware: {
            k: 'call',
            name: 'pick',
            args: [
              { k: 'text', value: '1' },
              { k: 'text', value: '2' },
            ],
            named: {},
          },
        },
      },
      {
        name: 'b',
        meter: 'm',
        count: 1,
        serialFrom: 1,
        address: { one: '127.0.0.1' },
        transports: [],
        seed: 1,
        vary: {},
      },
    ]);
  });

  it('may put all meters behind one address, and vary how fast they answer', () => {
    const { model, findings } = analyseText(
      `${meterWith('')}fleet a of m { count: 3   address: one("127.0.0.1:4059"), saps from 16   vary { latency: uniform(5ms, 80ms) } }`,
    );
    assert.deepEqual(findings, []);
    const [fleet] = model?.fleets ?? [];
    assert.deepEqual(fleet?.address, { one: '127.0.0.1', port: 4059, sapsFrom: 16 });
    assert.deepEqual(fleet?.vary, {});
    assert.equal(fleet?.latency?.k, 'call');
  });

  it('may give quirks to some of their meters, by names of the template or the catalogue', () => {
    const fleet = (quirks: string) =>
      analyseText(`${meterWith('quirk late { delay: 1s }')}fleet a of m { vary { quirks: ${quirks} } }`);
    const good = fleet('pick("none", "late")');
    assert.deepEqual(good.findings, []);
    assert.equal(good.model?.fleets[0]?.quirks?.k, 'call');
    const [finding] = fleet('pick("none", "latte")').findings;
    assert.equal(finding?.code, 'DLMS-203');
    assert.match(finding?.message ?? '', /late/);
  });

  it('bring their meters along from other files', () => {
    const { model } = analyseText('use: "m.dlmsmeter"\nfleet f of m { count: 2 }', {
      'm.dlmsmeter': `${meterWith('')}${meterWith('').replace('meter m', 'meter unused')}`,
    });
    assert.deepEqual(
      model?.meters.map((item) => item.name),
      ['m'],
    );
  });
});

describe('quirks and faults', () => {
  it('become actions with arguments', () => {
    const meter = compiled(
      meterWith(`object a 1-0:1.8.0.255 register { rights: open   value: unsigned = 0   scaler_unit: 10^0 Wh }
  quirk unit { describes: "d"   object: a   answer: scaler_unit, 10^3 Wh }
  quirk short { limit: block_size, 1024   ignore: snrm, times 1   answer: raw h"d8" }
  fault slow { when: identity.firmware < "2"   probability: 2%   every: 6h   for_time: 90s   delay: uniform(300ms, 4s) }`),
    );
    assert.deepEqual(
      meter.quirks.map((item) => [
        item.name,
        item.object,
        item.actions.map((one) => `${one.action} ${one.args.map(show).join(' ')}`),
      ]),
      [
        ['unit', 'a', ['answer $a.scaler_unit 10^3 Wh']],
        ['short', undefined, ['limit block_size 1024', 'ignore snrm times(1)', 'answer raw(hd8)']],
      ],
    );
    const [slow] = meter.faults;
    assert.deepEqual(
      [slow?.probability, slow?.everyMs, slow?.forMs, show(slow?.when)],
      [0.02, 21_600_000, 90_000, '($identity.firmware < "2")'],
    );
    assert.equal(show(slow?.actions[0]?.args[0]), 'uniform(300ms, 4000ms)');
  });
});

describe('settings', () => {
  it('are what attributes do not say', () => {
    const meter = compiled(
      meterWith(`${clock.replace('}', 'daylight_savings: on, 60 minutes, "b", "e"   deviation: unspecified }')}
  object p 1-0:99.1.0.255 profile-generic { rights: open   capture_objects: clock.time   prefill: 30d   selective_access: by-range, by-entry }
  object v 0-0:40.0.1.255 association-ln { rights: open   of: public }
  object d 0-0:96.3.10.255 disconnect-control { rights: open   on remote_disconnect { set: output_state, false } }`),
    );
    const settings = (name: string): Record<string, string> =>
      Object.fromEntries(Object.entries(objectOf(meter, name).settings).map(([key, value]) => [key, show(value)]));
    assert.deepEqual(settings('clock'), { daylight_savings: '[true, 60 minutes, "b", "e"]', deviation: 'unspecified' });
    assert.deepEqual(settings('p'), { prefill: '2592000000ms', selective_access: '[by-range, by-entry]' });
    assert.deepEqual(settings('v'), { of: 'public' });
    assert.deepEqual(settings('d'), { 'on remote_disconnect': '[set($d.output_state, false)]' });
  });
});

describe('transports and HDLC', () => {
  it('have what is usual where nothing is said', () => {
    const meter = compiled(
      meterWith(
        'transport eye serial { baud: 9600 }\ntransport gw tcp { port: 4060   framing: hdlc   idle_timeout: 1min }\nhdlc { server_lower: serial.last(2) + 16 }',
      ),
    );
    assert.deepEqual(meter.transports, [
      { name: 'lan', kind: 'tcp', framing: 'wrapper', port: 4059, serverWPort: 1, sessions: 0, idleTimeoutMs: 0 },
      { name: 'eye', kind: 'serial', framing: 'hdlc', serverWPort: 1, sessions: 0, idleTimeoutMs: 0, baud: 9600 },
      { name: 'gw', kind: 'tcp', framing: 'hdlc', port: 4060, serverWPort: 1, sessions: 0, idleTimeoutMs: 60_000 },
    ]);
    assert.equal(meter.hdlc.addressBytes, 2);
    assert.equal(show(meter.hdlc.serverLower), '(last($identity.serial, 2) + 16)');
  });

  it('say how a serial line is opened, and what stands before the APDUs of a gateway', () => {
    const meter = compiled(
      meterWith(
        `transport eye serial { baud: 9600   parity: even   mode_e: yes, identification "/ZZA5\\\\2A1000", address "4711" }
         transport head serial { mode_e: yes }
         transport rs485 serial { mode_e: no }
         transport gw tcp { port: 4061   gateway: network 7, address h"00 11" }`,
      ),
    );
    const lines = meter.transports.map(({ name, baud, parity, modeE, gateway }) => ({
      name,
      baud,
      parity,
      modeE,
      gateway,
    }));
    const none = { baud: undefined, parity: undefined, modeE: undefined, gateway: undefined };
    assert.deepEqual(lines.slice(1), [
      { ...none, name: 'eye', baud: 9600, parity: 'even', modeE: { identification: '/ZZA5\\2A1000', address: '4711' } },
      { ...none, name: 'head', modeE: {} },
      { ...none, name: 'rs485' },
      { ...none, name: 'gw', gateway: { networkId: 7, address: '0011' } },
    ]);
  });
});

describe('texts of the identity', () => {
  const identity = {
    vendor: 'V',
    flag: 'ZZV',
    model: 'M',
    firmware: '1',
    serial: '{n:05}',
    logicalDeviceName: '{flag}{serial}',
    cosemVersion: 6,
    properties: { year: 2024, loop: '{loop}' },
  };
  const cases: readonly (readonly [text: string, expanded: string])[] = [
    ['{flag}{serial}', 'ZZV00042'],
    ['{n}', '42'],
    ['{n:03}/{year}', '042/2024'],
    ['{logical_device_name}!', 'ZZV00042!'],
    ['{nothing}', '{nothing}'],
  ];
  for (const [text, expanded] of cases) it(text, () => assert.equal(expandText(text, identity, 42), expanded));

  it('that speak of themselves come to an end', () => assert.equal(expandText('{loop}', identity, 1), '{loop}'));
});
