import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer } from 'node:net';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { asSessionError, type SessionErrorCode } from '../../../engine/session/errors.ts';
import type { TraceEntry } from '../../../engine/session/trace.ts';
import type { MeterModel, TransportModel } from '../../../engine/template/model.ts';
import { meterModel, object, text } from '../meter/support/models.ts';
import { needsSocat, openPtyPair, type PtyPair } from '../serial/pty-pair.ts';

const running: Emulator[] = [];

const LONG_TEXT = 'A meter says what it is asked. '.repeat(100);

/** Takes all a client can, so that the client's own limit decides about blocks. */
function longWindedModel(): MeterModel {
  const model = meterModel();
  const value = { type: 'octet-string', value: text(LONG_TEXT) } as const;
  return {
    ...model,
    associations: model.associations.map((one) => ({ ...one, maxPdu: 0xffff })),
    objects: [...model.objects, object({ name: 'message', obis: '0-0:96.13.0.255', attributes: { 2: value } })],
  };
}

async function start(listen: string, part: Partial<TransportModel>): Promise<Emulator> {
  const model = longWindedModel();
  const transports = model.transports.map((transport) => ({ ...transport, ...part }));
  const meter = createMeter({ ...model, transports }, { number: 1, startedAt: Date.now() });
  const placements = placeMeters([meter], parseListen(listen));
  const emulator = await Emulator.start({ name: 'test', placements, listeners: new ListenerTable() });
  running.push(emulator);
  return emulator;
}

function portOf(emulator: Emulator): number {
  const [endpoint] = emulator.endpoints();
  assert.ok(endpoint);
  return endpoint.port;
}

const publicClient: Connection = {
  host: '127.0.0.1',
  port: 0,
  framing: 'hdlc',
  referencing: 'LN',
  client: 16,
  server: 1,
  authentication: 'none',
  security: 'none',
  suite: 0,
  secrets: {},
  timeoutMs: 2000,
};

/** Logical device name and a long text, read by our own client; gives the trace. */
async function readAll(connection: Connection): Promise<readonly TraceEntry[]> {
  const trace: TraceEntry[] = [];
  const association = await connect(connection, { trace: (entry) => trace.push(entry) });
  try {
    const name = await association.get({ class: 1, obis: '0-0:42.0.0.255', index: 2 });
    assert.ok('data' in name && name.data.t === 'octet-string');
    assert.equal(Buffer.from(name.data.v).toString(), 'ACMA100000001');
    const message = await association.get({ class: 1, obis: '0-0:96.13.0.255', index: 2 });
    assert.ok('data' in message && message.data.t === 'octet-string');
    assert.equal(Buffer.from(message.data.v).toString(), LONG_TEXT);
    return trace;
  } finally {
    await association.release();
  }
}

async function failureOf(connection: Connection): Promise<SessionErrorCode | undefined> {
  try {
    await readAll(connection);
    return undefined;
  } catch (error) {
    return asSessionError(error)?.code;
  }
}

const notes = (trace: readonly TraceEntry[]): string[] =>
  trace.filter(({ direction }) => direction === 'note').map(({ summary }) => summary);

describe('emulator and client', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
  });

  describe('behind a serial server with mode E', () => {
    it('open with parity in software, and again after a release', async () => {
      const emulator = await start('127.0.0.1:0', { framing: 'hdlc', modeE: { identification: '/ACM5\\2A1' } });
      const connection: Connection = { ...publicClient, port: portOf(emulator), modeE: {} };
      const trace = await readAll(connection);
      assert.ok(notes(trace).includes('the meter identifies itself: /ACM5\\2A1'));
      await readAll(connection);
    });

    it('a client without the opening gets no answer to its SNRM (Q02)', async () => {
      const emulator = await start('127.0.0.1:0', { framing: 'hdlc', modeE: {} });
      const connection = { ...publicClient, port: portOf(emulator), timeoutMs: 400 };
      assert.equal(await failureOf(connection), 'no-answer-to-snrm');
    });

    it('a device address is the meter, any other is not (Q05)', async () => {
      const emulator = await start('127.0.0.1:0', { framing: 'hdlc', modeE: { address: '4711' } });
      const port = portOf(emulator);
      await readAll({ ...publicClient, port, modeE: { address: '4711' } });
      const other = { address: '4712', responseTimeout: 50, retries: 0 };
      assert.equal(await failureOf({ ...publicClient, port, modeE: other }), 'no-identification');
    });

    it('the echo of an optical head is told from answers (Q01)', async () => {
      const emulator = await start('127.0.0.1:0', { framing: 'hdlc', modeE: {} });
      const head = await echoingHead(portOf(emulator));
      await readAll({ ...publicClient, port: head.port, modeE: {} });
      await head.close();
    });
  });

  describe('behind a gateway', () => {
    for (const framing of ['wrapper', 'hdlc'] as const) {
      it(`exchange APDUs with the header, over ${framing}`, async () => {
        const gateway = { networkId: 7, address: '0011' };
        const emulator = await start('127.0.0.1:0', { framing, gateway });
        const connection = { ...publicClient, framing, port: portOf(emulator) };
        const trace = await readAll({ ...connection, gateway });
        const sent = trace.filter(({ layer, direction }) => layer === 'link' && direction === 'tx');
        assert.ok(sent.some(({ octets }) => Buffer.from(octets).includes(Buffer.from('e607020011', 'hex'))));
        for (const other of [undefined, { ...gateway, networkId: 8 }, { ...gateway, address: '0012' }]) {
          const asked = { ...connection, timeoutMs: 100, ...(other === undefined ? {} : { gateway: other }) };
          assert.equal(await failureOf(asked), 'no-answer-to-aarq');
        }
      });
    }

    it('keep the password of an AARQ out of the trace', async () => {
      const gateway = { networkId: 7, address: '' };
      for (const framing of ['wrapper', 'hdlc'] as const) {
        const emulator = await start('127.0.0.1:0', { framing, gateway });
        const trace = await readAll({
          ...publicClient,
          framing,
          port: portOf(emulator),
          gateway,
          client: 2,
          authentication: 'lls',
          secrets: { password: 'text:12345678' },
        });
        for (const { octets, plain } of trace) {
          assert.ok(!Buffer.from(octets).includes('12345678'));
          assert.ok(!Buffer.from(plain ?? []).includes('12345678'));
        }
        // Masked is the password alone: the rest of the AARQ stays readable.
        const aarq = trace.find(
          ({ layer, octets }) => layer === 'link' && Buffer.from(octets).includes(Buffer.from('ac0a80', 'hex')),
        );
        assert.ok(aarq, framing);
        assert.equal(aarq.direction, 'tx');
      }
    });

    it('an address that is no hex is refused before anything is sent', async () => {
      assert.equal(
        await failureOf({ ...publicClient, port: 1, gateway: { networkId: 1, address: 'xyz' } }),
        'not-supported',
      );
      assert.equal(
        await failureOf({ ...publicClient, port: 1, gateway: { networkId: 256, address: '' } }),
        'not-supported',
      );
    });
  });

  describe('over UDP', () => {
    it('read a long text in blocks that fit a datagram each', async () => {
      const emulator = await start('127.0.0.1:0', { kind: 'udp' });
      const trace = await readAll({
        ...publicClient,
        framing: 'wrapper',
        transport: 'udp',
        port: portOf(emulator),
      });
      const datagrams = trace.filter(({ layer, direction }) => layer === 'link' && direction !== 'note');
      assert.ok(datagrams.length > 10);
      for (const { octets } of datagrams) assert.ok(octets.length <= 1280 - 40 - 8);
    });

    it('HDLC is refused', async () => {
      assert.equal(await failureOf({ ...publicClient, transport: 'udp', port: 4059 }), 'not-supported');
    });
  });

  describe('over a serial line', () => {
    let pair: PtyPair;
    before(function () {
      needsSocat(this);
    });
    beforeEach(async () => {
      pair = await openPtyPair();
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
      await pair?.close();
    });

    it('open by mode E at 300 bit/s and read at 9600', async () => {
      const emulator = await start(`serial:${pair.a}`, { kind: 'serial', framing: 'hdlc', baud: 9600, modeE: {} });
      assert.deepEqual(
        emulator.endpoints().map(({ host, port, framing }) => ({ host, port, framing })),
        [{ host: pair.a, port: 0, framing: 'hdlc' }],
      );
      const connection: Connection = { ...publicClient, host: pair.b, transport: 'serial', modeE: {} };
      const trace = await readAll(connection);
      const line = notes(trace).filter((note) => /bit\/s|identifies/.test(note));
      assert.deepEqual(line, [
        'the line goes on at 300 bit/s',
        'the meter identifies itself: /ACM5\\2A1',
        'the line goes on at 9600 bit/s',
      ]);
      // The meter is back in its opening, and the port of the client is free.
      await readAll(connection);
    });

    it('read HDLC without opening', async () => {
      await start(`serial:${pair.a}`, { kind: 'serial', framing: 'hdlc', baud: 19_200, parity: 'even' });
      const serial = { speed: 19_200, format: '8E1' };
      await readAll({ ...publicClient, host: pair.b, transport: 'serial', serial });
    });

    it('a silent line is told as what it is', async () => {
      const line: Connection = { ...publicClient, host: pair.b, transport: 'serial', timeoutMs: 200 };
      assert.equal(await failureOf({ ...line, modeE: { responseTimeout: 20, retries: 1 } }), 'no-identification');
      assert.equal(await failureOf(line), 'no-answer-to-snrm');
      assert.equal(await failureOf({ ...line, framing: 'wrapper' }), 'not-supported');
      assert.equal(await failureOf({ ...line, serial: { format: '9X9' } }), 'not-supported');
      assert.equal(await failureOf({ ...line, host: `${pair.b}-not` }), 'port-unknown');
    });

    it('a port that is taken is told as such, on both sides', async () => {
      const serial = { kind: 'serial', framing: 'hdlc' } as const;
      await start(`serial:${pair.a}`, serial);
      assert.equal(await failureOf({ ...publicClient, host: pair.a, transport: 'serial' }), 'port-busy');
      await assert.rejects(start(`serial:${pair.a}`, serial), { code: 'port-in-use' });
      await assert.rejects(start(`serial:${pair.a}-not`, serial), { code: 'serial-port' });
    });

    it('a line that is cut ends the session at once', async () => {
      const emulator = await start(`serial:${pair.a}`, { kind: 'serial', framing: 'hdlc' });
      const association = await connect({ ...publicClient, host: pair.b, transport: 'serial', timeoutMs: 20_000 });
      await pair.close();
      const error: unknown = await association
        .get({ class: 1, obis: '0-0:42.0.0.255', index: 2 })
        .catch((reason: unknown) => reason);
      assert.equal(asSessionError(error)?.code, 'closed');
      await association.release();
      assert.ok(emulator.figures.errors <= 1);
    });
  });

  it('a serial port takes meters that have a serial transport', () => {
    const meter = createMeter(meterModel(), { number: 1, startedAt: Date.now() });
    const spec = parseListen('serial:/dev/ttyUSB0');
    assert.deepEqual(spec, { kind: 'serial', path: '/dev/ttyUSB0' });
    assert.throws(() => placeMeters([meter], spec), { code: 'no-transport' });
    assert.throws(() => parseListen('serial:'), { code: 'bad-listen' });
  });
});

/** An optical head in front of a meter: every octet sent to it comes back before the answer. */
async function echoingHead(meterPort: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((client) => {
    const meter = createConnection({ host: '127.0.0.1', port: meterPort });
    client.on('data', (octets) => {
      client.write(octets);
      meter.write(octets);
    });
    meter.on('data', (octets) => client.write(octets));
    client.on('close', () => meter.destroy());
    meter.on('close', () => client.destroy());
    for (const socket of [client, meter]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
