import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DescriptorBudget, descriptorLimit } from '../../../engine/emulator/descriptors.ts';
import { EmulatorError, type EmulatorErrorCode } from '../../../engine/emulator/errors.ts';
import { describeListen, parseListen } from '../../../engine/emulator/listen.ts';
import { planEmulator, type StartEmulatorOptions } from '../../../engine/emulator/plan.ts';
import { EmulatorPool } from '../../../engine/emulator/pool.ts';
import { checkSecrets, parseSecret, secretResolver } from '../../../engine/emulator/secrets.ts';
import type { FleetModel, MeterModel } from '../../../engine/template/model.ts';
import { association, call, meterModel, text } from '../meter/support/models.ts';

function failureOf(act: () => unknown): EmulatorError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof EmulatorError, String(error));
    return error;
  }
  assert.fail('nothing was thrown');
}

const fleet = (part: Partial<FleetModel> = {}): FleetModel => ({
  name: 'street',
  meter: 'test_meter',
  count: 5,
  serialFrom: 100,
  address: { spread: '127.5.0.0/24' },
  transports: [],
  seed: 3,
  vary: {},
  ...part,
});

function plan(
  part: Partial<StartEmulatorOptions>,
  meters: readonly MeterModel[] = [meterModel()],
  fleets: readonly FleetModel[] = [fleet()],
) {
  return planEmulator({ templates: { format: 1, meters, fleets }, secrets: () => undefined, clock: () => 0, ...part });
}

describe('listen texts', () => {
  const good: readonly (readonly [string, string])[] = [
    ['127.0.0.1:4059', '127.0.0.1:4059'],
    ['127.0.0.1:4059-4070', '127.0.0.1:4059-4070'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost:0', 'localhost:0'],
    ['[::1]:4059', '::1:4059'],
    ['127.1.0.0/16:4059', '127.1.0.1-127.1.255.254:4059'],
    ['127.0.1.0/24', '127.0.1.1-127.0.1.254'],
    ['127.0.1.9/24:1', '127.0.1.9-127.0.1.254:1'],
    ['127.0.1.64/26', '127.0.1.64-127.0.1.127'],
    ['127.0.1.7/32:5', '127.0.1.7-127.0.1.7:5'],
  ];
  for (const [listen, expected] of good)
    it(`${listen} is ${expected}`, () => assert.equal(describeListen(parseListen(listen)), expected));

  for (const bad of [
    '',
    ':4059',
    '127.0.0.1:',
    '127.0.0.1:x',
    '127.0.0.1:70000',
    '127.0.0.1:9-8',
    '300.0.0.1:1',
    '127.0.0.1/33',
    '127.0.0.1/x:1',
    '127.0.0.0/24:1-2',
    'a b:1',
    '127.0.0.0/4',
  ]) {
    it(`"${bad}" is refused with what would be right`, () => {
      const failure = failureOf(() => parseListen(bad));
      assert.equal(failure.code, 'bad-listen');
      assert.match(failure.next, /HOST:PORT/);
    });
  }
});

describe('plans', () => {
  it('deals meters of several templates out evenly, with serials of their own', () => {
    const models = ['a', 'b', 'c'].map((name) => meterModel({ name }));
    const { placements } = plan({ count: 7, listen: '127.9.0.0/24:4059' }, models);
    assert.deepEqual(
      placements.map(({ meter, host }) => `${meter.model.name} ${meter.serial} ${host}`),
      ['a', 'b', 'c', 'a', 'b', 'c', 'a'].map((name, index) => `${name} 0000000${index + 1} 127.9.0.${index + 1}`),
    );
  });

  it('puts one meter at 127.0.0.1, and many where a scan of 127.0.0.0/24 finds them', () => {
    assert.deepEqual(
      plan({}).placements.map(({ host, port }) => `${host}:${port}`),
      ['127.0.0.1:4059'],
    );
    assert.equal(plan({ count: 100 }).placements.at(-1)?.host, '127.0.0.100');
    assert.equal(plan({ count: 300 }).placements.at(-1)?.host, '127.1.1.44');
  });

  it('takes count, serials, seed and address from a fleet, unless told otherwise', () => {
    const own = plan({ fleets: ['street'] });
    assert.deepEqual(
      own.placements.map(({ meter }) => meter.serial),
      ['00000100', '00000101', '00000102', '00000103', '00000104'],
    );
    assert.equal(own.placements[0]?.host, '127.5.0.1');
    assert.equal(own.placements[0]?.meter.seed, 3);
    const other = plan({ fleets: 'all', count: 2, seed: 9, listen: '127.0.0.1:5000-5001' });
    assert.deepEqual(
      other.placements.map(({ host, port }) => `${host}:${port}`),
      ['127.0.0.1:5000', '127.0.0.1:5001'],
    );
    assert.equal(other.placements[0]?.meter.seed, 9);
  });

  it('varies the identity from meter to meter, the same way each time', () => {
    const vary = {
      firmware: call('pick', [text('1.0'), text('2.0')]),
      year: call('pick', [text('2020'), text('2021')]),
    };
    const run = () =>
      plan({ fleets: ['street'] }, [meterModel()], [fleet({ count: 40, vary })]).placements.map(({ meter }) =>
        [meter.identity('firmware'), meter.identity('year')].join(),
      );
    assert.deepEqual(run(), run());
    assert.deepEqual([...new Set(run())].sort(), ['1.0,2020', '1.0,2021', '2.0,2020', '2.0,2021']);
  });

  it('places fleets on one address with ports', () => {
    const ported = plan(
      { fleets: ['street'] },
      [meterModel()],
      [fleet({ address: { one: '127.0.0.9', portsFrom: 40_000 } })],
    );
    assert.deepEqual(
      ported.placements.map(({ port }) => port),
      [40_000, 40_001, 40_002, 40_003, 40_004],
    );
  });

  it('puts a transport only on a port that is its own, or the first one', () => {
    const [lan] = meterModel().transports;
    assert.ok(lan !== undefined);
    const both = meterModel({ transports: [lan, { ...lan, name: 'gateway', framing: 'hdlc', port: 4060 }] });
    const frames = (listen: string) =>
      plan({ listen }, [both]).placements.map(({ port, transport }) => `${port} ${transport.framing}`);
    assert.deepEqual(frames('127.0.0.1'), ['4059 wrapper', '4060 hdlc']);
    assert.deepEqual(frames('127.0.0.1:4060'), ['4060 hdlc']);
    assert.deepEqual(frames('127.0.0.1:9000'), ['9000 wrapper']);
    assert.deepEqual(frames('127.0.0.1:9000-9005'), ['9000 wrapper', '9001 hdlc']);
    assert.deepEqual(frames('127.3.0.0/24'), ['4059 wrapper', '4060 hdlc']);
  });

  const secretive = meterModel({
    securities: [
      {
        name: 's',
        suite: 0,
        policy: [],
        globalUnicastKey: { secret: 'k/guek' },
        authenticationKey: { env: 'AK' },
        masterKey: { secret: 'k/kek' },
      },
    ],
    associations: [
      association({ name: 'reader', mechanism: 'lls', secret: { secret: 'k/reader' } }),
      association({ name: 'manager', clientSap: 1, ciphering: true, mechanism: 'hls-gmac', security: 's' }),
    ],
  });
  const failures: readonly (readonly [string, EmulatorErrorCode, () => unknown])[] = [
    ['an unknown fleet', 'unknown-name', () => plan({ fleets: ['none'] })],
    ['no fleet at all', 'unknown-name', () => plan({ fleets: 'all' }, [meterModel()], [])],
    ['an unknown meter', 'unknown-name', () => plan({ meter: 'none' })],
    ['no meter', 'unknown-name', () => plan({}, [])],
    ['no meters', 'bad-count', () => plan({ count: 0 })],
    ['more meters than addresses', 'bad-listen', () => plan({ count: 5, listen: '127.0.0.0/30:1' })],
    ['more meters than ports', 'bad-listen', () => plan({ count: 3, listen: '127.0.0.1:1-2' })],
    ['no transport', 'no-transport', () => plan({}, [meterModel({ transports: [] })])],
    ['missing secrets', 'secret-missing', () => plan({}, [secretive])],
  ];
  for (const [name, code, act] of failures) it(`${name}: ${code}`, () => assert.equal(failureOf(act).code, code));

  it('names every secret that is needed, and only those', () => {
    assert.deepEqual(failureOf(() => plan({}, [secretive])).names, ['env AK', 'k/guek', 'k/reader']);
    const secrets = secretResolver({
      values: { 'k/guek': 'hex:00', 'k/reader': 'text:x' },
      environment: { AK: '0'.repeat(32) },
    });
    assert.equal(plan({ secrets }, [secretive]).placements.length, 1);
  });
});

describe('secrets', () => {
  const cases: readonly (readonly [string, readonly number[] | undefined])[] = [
    ['hex:00ff', [0, 255]],
    ['text:00ff', [0x30, 0x30, 0x66, 0x66]],
    ['00ff', [0x30, 0x30, 0x66, 0x66]],
    ['00112233445566778899aabbccddeeff', Array.from({ length: 16 }, (_, i) => i * 17)],
    ['hex:0', undefined],
    ['hex:zz', undefined],
  ];
  for (const [value, expected] of cases) {
    it(value, () => assert.deepEqual(parseSecret(value), expected && Uint8Array.from(expected)));
  }

  it('come from environment and files only where that was allowed', () => {
    const shut = secretResolver({ values: {} });
    assert.equal(shut({ env: 'PATH' }), undefined);
    assert.equal(shut({ file: 'keys/a.pem' }), undefined);
    const open = secretResolver({
      values: {},
      environment: { K: 'text:a' },
      resolveFile: (path) => `missing/${path}`,
    });
    assert.deepEqual(open({ env: 'K' }), Uint8Array.of(0x61));
    assert.equal(open({ file: 'k' }), undefined);
  });

  it('in files are text as people write it, or octets such as a certificate', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dlms-secrets-'));
    try {
      writeFileSync(path.join(folder, 'key'), 'hex:00ff\n');
      writeFileSync(path.join(folder, 'key.pem'), '-----BEGIN X-----\nAA==\n-----END X-----\n');
      writeFileSync(path.join(folder, 'meter.cer'), Uint8Array.of(0x30, 0x81, 0xff, 0x0a));
      const read = secretResolver({ values: {}, resolveFile: (name) => path.join(folder, name) });
      assert.deepEqual(read({ file: 'key' }), Uint8Array.of(0x00, 0xff));
      assert.match(new TextDecoder().decode(read({ file: 'key.pem' })), /^-----BEGIN X-----\nAA==/);
      assert.deepEqual(read({ file: 'meter.cer' }), Uint8Array.of(0x30, 0x81, 0xff, 0x0a));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of signatures must be at hand where clients authenticate by them', () => {
    const signing: MeterModel = meterModel({
      securities: [
        { name: 's', suite: 1, signingKey: { file: 'a.pem' }, clientSigningKey: { secret: 'client' }, policy: [] },
      ],
      associations: [association({ name: 'm', mechanism: 'hls-ecdsa', security: 's' })],
    });
    const failure = failureOf(() => checkSecrets([signing], secretResolver({ values: {} })));
    assert.deepEqual([failure.code, failure.names], ['secret-missing', ['client', 'file a.pem']]);
    checkSecrets([signing], secretResolver({ values: { client: 'hex:00', 'file a.pem': 'hex:01' } }));
  });
});

describe('descriptors', () => {
  it('are read from the system', () => {
    const limit = descriptorLimit();
    assert.ok(limit === undefined || limit > 0);
  });

  it('must suffice for the listeners, and bound the connections', () => {
    const budget = new DescriptorBudget(1024, 24);
    budget.addListeners(100);
    const failure = failureOf(() => budget.addListeners(900));
    assert.equal(failure.code, 'too-few-descriptors');
    assert.match(failure.next, /ulimit -n/);
    assert.equal(budget.connectionRoom, 772);
    assert.equal(new DescriptorBudget(Number.POSITIVE_INFINITY).connectionRoom, Number.POSITIVE_INFINITY);
  });

  it('are given out one by one, and again when they came back', () => {
    const budget = new DescriptorBudget(131, 0);
    budget.addListeners(1);
    assert.deepEqual([budget.addConnection(), budget.addConnection(), budget.addConnection()], [true, true, false]);
    budget.removeConnection();
    assert.equal(budget.addConnection(), true);
  });
});

describe('pool', () => {
  it('starts, lists and stops emulators and tells of each change', async () => {
    const pool = new EmulatorPool();
    const seen: number[] = [];
    const off = pool.onChange((instances) => seen.push(instances.length));
    const options: StartEmulatorOptions = {
      templates: { format: 1, meters: [meterModel()], fleets: [] },
      secrets: () => undefined,
      listen: '127.0.0.1:0',
    };
    const instance = await pool.start('a.dlmsmeter', options);
    assert.equal(instance.count, 1);
    assert.equal(instance.endpoints[0]?.framing, 'wrapper');
    // It goes to clients as it is: plain JSON.
    assert.deepEqual(JSON.parse(JSON.stringify(instance)), instance);
    const other = await pool.start('b.dlmsmeter', options);
    assert.notEqual(other.id, instance.id);
    assert.equal(await pool.stop('nobody'), false);
    assert.equal(await pool.stop(instance.id), true);
    await pool.stopAll();
    assert.deepEqual(seen, [1, 2, 1, 0]);
    off();
    assert.deepEqual(pool.list(), []);
  });
});
