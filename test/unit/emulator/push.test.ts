import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { MAX_WAITING_PUSHES } from '../../../engine/emulator/push-queue.ts';
import { SimulatedClock } from '../../../engine/emulator/simulated-clock.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { type Push, PushListener } from '../../../engine/session/push-listener.ts';
import type { MeterModel, ObjectModel } from '../../../engine/template/model.ts';
import { association, call, number, object, text } from '../meter/support/models.ts';
import {
  GAK,
  GUEK,
  type PushOptions,
  pushed,
  pushingModel,
  pushSchedule,
  pushScripts,
  pushSetup,
  SERVICES,
} from '../meter/support/pushes.ts';
import { AARQ, WrapperClient } from './support/wrapper-client.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
/** ACTION of method 1 of 0-0:25.9.0.255. */
const ACTION_PUSH = 'c301c100280000190900ff01010f00';
const HDLC = { name: 'line', kind: 'tcp', framing: 'hdlc', serverWPort: 1, sessions: 0, idleTimeoutMs: 0 } as const;

const emulators: Emulator[] = [];
const listeners: PushListener[] = [];

/** One meter, frozen at noon, that pushes by these setups. */
async function start(objects: readonly ObjectModel[], part: Partial<MeterModel> = {}, more = {}): Promise<Emulator> {
  const time = new SimulatedClock();
  time.change({ to: NOON, frozen: true });
  const model = pushingModel(objects, {
    associations: [association({ name: 'management', clientSap: 16, conformance: ['get', 'action'] })],
    ...part,
  });
  const meter = createMeter(model, { startedAt: NOON });
  const [transport] = model.transports;
  assert.ok(transport);
  const emulator = await Emulator.start({
    name: 'pushing',
    placements: [{ meter, transport, host: '127.0.0.1', port: 0, spread: false }],
    listeners: new ListenerTable(),
    time,
    ...more,
  });
  emulators.push(emulator);
  return emulator;
}

async function listen(
  kind: 'tcp' | 'udp' = 'tcp',
  confirm?: boolean,
): Promise<{ port: number; next(): Promise<Push> }> {
  const listener = await PushListener.open({
    source: { kind, host: '127.0.0.1', port: 0 },
    keys: [{ guek: fromHex(GUEK), gak: fromHex(GAK) }],
    ...(confirm === undefined ? {} : { confirm }),
  });
  listeners.push(listener);
  const pushes = listener[Symbol.asyncIterator]();
  return {
    port: listener.port ?? 0,
    async next() {
      const timeout = pause(4000, undefined, { ref: false }).then(() => assert.fail('no push came'));
      const { value } = await Promise.race([pushes.next(), timeout]);
      assert.ok(value !== undefined && 'octets' in value);
      return value;
    },
  };
}

const to = (port: number, options: PushOptions = {}): ObjectModel =>
  pushSetup({ destination: `127.0.0.1:${port}`, ...options });

const valuesOf = ({ apdu }: Push): readonly unknown[] => {
  assert.ok(apdu?.kind === 'data-notification' && apdu.data.t === 'structure', JSON.stringify(apdu));
  return apdu.data.v.map((data) => (data.t === 'octet-string' ? toHex(data.v) : data));
};

const NOON_LOCAL = '07ea0601010d000000ffc400';
const SERIAL = toHex(new TextEncoder().encode('00000001'));

async function settled(emulator: Emulator, done: (figures: NonNullable<ReturnType<typeof figuresOf>>) => boolean) {
  for (let tries = 0; tries < 400; tries += 1) {
    const figures = figuresOf(emulator);
    if (figures !== undefined && done(figures)) return figures;
    await pause(10);
  }
  assert.fail(JSON.stringify(figuresOf(emulator)));
}

const figuresOf = (emulator: Emulator) => emulator.activity().pushes;

describe('pushes of emulated meters', () => {
  afterEach(async () => {
    for (const emulator of emulators.splice(0)) await emulator.stop();
    for (const listener of listeners.splice(0)) await listener.close();
  });

  const ways: readonly (readonly [name: string, kind: 'tcp' | 'udp', options: PushOptions, framing: string])[] = [
    ['TCP, plain', 'tcp', {}, 'wrapper'],
    ['TCP, ciphered', 'tcp', { settings: { security: text('guard') } }, 'wrapper'],
    ['TCP, in general blocks', 'tcp', { settings: { max_pdu: number(24) } }, 'wrapper'],
    [
      'TCP, ciphered and in general blocks',
      'tcp',
      { settings: { security: text('guard'), max_pdu: number(24) } },
      'wrapper',
    ],
    ['UDP, plain', 'udp', { service: SERVICES.udp }, 'wrapper'],
    [
      'UDP, ciphered and in general blocks',
      'udp',
      { service: SERVICES.udp, settings: { security: text('guard'), max_pdu: number(40) } },
      'wrapper',
    ],
    ['HDLC', 'tcp', { service: SERVICES.hdlc }, 'hdlc'],
    ['HDLC, ciphered', 'tcp', { service: SERVICES.hdlc, settings: { security: text('guard') } }, 'hdlc'],
  ];
  for (const [name, kind, options, framing] of ways) {
    it(`arrive over ${name}`, async () => {
      const receiver = await listen(kind);
      const emulator = await start([to(receiver.port, options)]);
      assert.equal(emulator.push('00000001'), undefined);
      const push = await receiver.next();
      assert.deepEqual(valuesOf(push), [NOON_LOCAL, SERIAL]);
      assert.equal(push.framing, framing);
      assert.deepEqual([push.peer?.client, push.peer?.server], [103, 1]);
      assert.equal(push.protection?.verified ?? false, options.settings?.security !== undefined);
      assert.deepEqual(push.deviations, []);
      const { sent, failed, waiting } = await settled(emulator, ({ waiting }) => waiting === 0);
      assert.deepEqual({ sent, failed, waiting }, { sent: 1, failed: 0, waiting: 0 });
    });
  }

  it('in HDLC are segmented above the frames of the meter', async () => {
    const receiver = await listen();
    const list = Array.from({ length: 40 }, () => pushed(8, '0-0:1.0.0.255'));
    const emulator = await start([to(receiver.port, { service: SERVICES.hdlc, list })]);
    emulator.push('00000001');
    assert.equal(valuesOf(await receiver.next()).length, 40);
  });

  it('go over the line a client has open', async () => {
    for (const [transport, service] of [
      [HDLC, SERVICES.hdlc],
      [{ ...HDLC, framing: 'wrapper' }, SERVICES.tcp],
    ] as const) {
      const emulator = await start([pushSetup({ service, destination: '', retries: 1 })], { transports: [transport] });
      emulator.push('00000001');
      await settled(emulator, ({ failedTries }) => failedTries > 0);
      const [endpoint] = emulator.endpoints();
      const line = await PushListener.open({
        source: { kind: 'connect', host: '127.0.0.1', port: endpoint?.port ?? 0 },
        confirm: false,
      });
      listeners.push(line);
      await pause(50);
      emulator.push('00000001');
      for await (const push of line) {
        assert.deepEqual([push.framing, ...valuesOf(push)], [transport.framing, NOON_LOCAL, SERIAL]);
        break;
      }
    }
  });

  it('are asked for by clients, with the push method', async () => {
    const receiver = await listen();
    const setup = { ...to(receiver.port), access: { management: { get: [], action: [] } } };
    const emulator = await start([setup]);
    const client = await WrapperClient.open('127.0.0.1', emulator.endpoints()[0]?.port ?? 0);
    await client.ask(AARQ);
    assert.equal(await client.ask(ACTION_PUSH), 'c701c10000');
    assert.equal(valuesOf(await receiver.next()).length, 2);
    client.close();
  });

  it('events are told to clients that have negotiated it', async () => {
    const relay = object({
      name: 'relay',
      obis: '0-0:96.3.10.255',
      class: 70,
      attributes: { 4: { type: 'enum', value: number(4) } },
      access: { management: { get: [], action: [] } },
      settings: {
        'on remote_disconnect': { k: 'list', items: [call('notify', [{ k: 'ref', path: 'relay.control_state' }])] },
      },
    });
    const associations = [
      association({ name: 'management', clientSap: 16, conformance: ['get', 'action', 'event-notification'] }),
    ];
    const emulator = await start([relay], { associations });
    const port = emulator.endpoints()[0]?.port ?? 0;
    const told = await WrapperClient.open('127.0.0.1', port);
    // Proposes get, action and event-notification.
    await told.ask('601da109060760857405080101be10040e01000000065f1f040000001304b0');
    const other = await WrapperClient.open('127.0.0.1', port);
    // Proposes get and action.
    await other.ask('601da109060760857405080101be10040e01000000065f1f040000001104b0');
    const done = told.receive();
    assert.equal(await other.ask('c301c10046000060030aff01010f00'), 'c701c10000');
    assert.equal(await done, `c2010c${NOON_LOCAL}0046000060030aff031600`);
    told.close();
    other.close();
  });

  it('come by schedule while nobody asks, and follow the clock of the emulator', async () => {
    const receiver = await listen();
    const setup = to(receiver.port);
    const emulator = await start([setup, pushScripts(setup), pushSchedule(['ffff0000', 'ffffffffff'])]);
    await pause(50);
    assert.equal(figuresOf(emulator)?.sent, 0);
    emulator.changeTime({ by: 60_000 });
    assert.deepEqual(valuesOf(await receiver.next()), ['07ea0601010d010000ffc400', SERIAL]);
    emulator.changeTime({ by: 86_400_000 });
    assert.deepEqual(
      valuesOf(await receiver.next()),
      ['07ea0602020d010000ffc400', SERIAL],
      'of what was missed the last one',
    );
    const { skipped } = await settled(emulator, ({ sent, waiting }) => sent === 2 && waiting === 0);
    assert.ok(skipped > 100);
    emulator.changeTime({ to: NOON - 3_600_000 - 500, frozen: false });
    assert.deepEqual(valuesOf(await receiver.next()), ['07ea0601010c000000ffc400', SERIAL], 'an hour back');
    emulator.changeTime({ speed: 600 });
    assert.deepEqual(valuesOf(await receiver.next()), ['07ea0601010c010000ffc400', SERIAL]);
    assert.deepEqual(valuesOf(await receiver.next()), ['07ea0601010c020000ffc400', SERIAL]);
  });

  it('are sent again after their delay, and given up after their last retry', async () => {
    const setup = pushSetup({ destination: '127.0.0.1:9', retries: 2, delay: number(30) });
    const emulator = await start([setup]);
    emulator.push('00000001');
    await settled(emulator, ({ failedTries }) => failedTries === 1);
    await pause(50);
    assert.equal(figuresOf(emulator)?.failedTries, 1, 'time stands still');
    emulator.changeTime({ by: 30_000 });
    await settled(emulator, ({ failedTries }) => failedTries === 2);
    emulator.changeTime({ by: 30_000 });
    const { failed, sent, waiting, lastFailure } = await settled(emulator, (figures) => figures.failed === 1);
    assert.deepEqual({ failed, sent, waiting }, { failed: 1, sent: 0, waiting: 0 });
    assert.match(lastFailure ?? '', /00000001, push: the push to 127\.0\.0\.1:9 did not arrive \(ECONNREFUSED\)/);
  });

  it('wait for their window and their random start', async () => {
    const receiver = await listen();
    // From 13:15 to 13:30 local time, every day.
    const windows = [['ffffffffff0d0f00008000ff', 'ffffffffff0d1e00008000ff']] as const;
    const emulator = await start([to(receiver.port, { windows, startInterval: 60 })]);
    emulator.push('00000001');
    await pause(30);
    assert.deepEqual([figuresOf(emulator)?.waiting, figuresOf(emulator)?.sent], [1, 0]);
    emulator.changeTime({ by: 15 * 60_000 });
    await pause(30);
    assert.equal(figuresOf(emulator)?.sent, 0);
    emulator.changeTime({ by: 60_000 });
    assert.equal(valuesOf(await receiver.next())[0], NOON_LOCAL, 'the values are those of when it was asked for');
  });

  for (const kind of ['tcp', 'udp'] as const) {
    it(`are confirmed over ${kind}, where the setup wants it`, async () => {
      const receiver = await listen(kind);
      const emulator = await start([to(receiver.port, { service: SERVICES[kind], version: 2, confirmed: true })]);
      emulator.push('00000001');
      const push = await receiver.next();
      assert.ok(push.apdu?.kind === 'data-notification' && push.apdu.longInvokeId === 0x40000001);
      assert.equal(push.confirmation, 'sent');
      await settled(emulator, ({ sent }) => sent === 1);
      const [meter] = emulator.meters;
      const setup = meter?.blueprint.byName('push');
      assert.deepEqual(meter?.written(setup?.index ?? -1, 13), { t: 'date-time', v: fromHex(NOON_LOCAL) });
    });
  }

  it('fail without the confirmation they want', async () => {
    const receiver = await listen('tcp', false);
    const emulator = await start([to(receiver.port, { version: 2, confirmed: true })]);
    emulator.push('00000001');
    await receiver.next();
    for (const listener of listeners.splice(0)) await listener.close();
    const { lastFailure } = await settled(emulator, ({ failed }) => failed === 1);
    assert.match(lastFailure ?? '', /was not confirmed|ECONNRESET/);
  });

  it('are refused where they cannot go, and say so', async () => {
    const cases = [
      [{ destination: '192.0.2.1:4059' }, 'not-permitted', /192\.0\.2\.1 is outside of loopback/],
      [{ destination: 'head-end.example:4059' }, 'not-permitted', /outside of loopback/],
      [{ service: 4, destination: '+49' }, 'unsupported', /found SMS, expected TCP, UDP or HDLC/],
      [{}, 'no-destination', /push does not say where to push/],
    ] as const;
    for (const [options, code, message] of cases) {
      const emulator = await start([pushSetup(options)]);
      const refusal = emulator.push('00000001');
      assert.equal(refusal?.code, code);
      assert.match(refusal?.message ?? '', message);
      assert.equal(figuresOf(emulator)?.failed, 1);
    }
    const none = await start([]);
    assert.equal(none.push('00000001')?.code, 'no-destination');
    assert.equal(none.push('77')?.code, 'no-destination');
    assert.equal(figuresOf(none), undefined);
  });

  it('wait in a queue that has an end', async () => {
    const emulator = await start([pushSetup({ destination: '127.0.0.1:9', startInterval: 3600 })]);
    let refused: string | undefined;
    for (let count = 0; count <= MAX_WAITING_PUSHES && refused === undefined; count += 1) {
      refused = emulator.push('00000001')?.code;
    }
    assert.equal(refused, 'queue-full');
    assert.equal(figuresOf(emulator)?.waiting, MAX_WAITING_PUSHES);
  });

  it('to a receiver that never reads do not hold up the others', async () => {
    const deaf = createServer(() => {});
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const address = deaf.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const receiver = await listen();
    const emulator = await start([
      pushSetup({
        name: 'deaf',
        obis: '0-1:25.9.0.255',
        destination: `127.0.0.1:${port}`,
        version: 2,
        confirmed: true,
      }),
      to(receiver.port),
    ]);
    emulator.push('00000001', 'deaf');
    emulator.push('00000001', '0-0:25.9.0.255');
    assert.equal(valuesOf(await receiver.next()).length, 2);
    deaf.close();
  });
});
