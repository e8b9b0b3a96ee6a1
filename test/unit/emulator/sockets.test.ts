import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { decodeWrapper, encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { Emulator } from '../../../engine/emulator/emulator.ts';
import { EmulatorError, type EmulatorErrorCode } from '../../../engine/emulator/errors.ts';
import { parseListen } from '../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { placeMeters } from '../../../engine/emulator/placement.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import type { MeterModel, TransportModel } from '../../../engine/template/model.ts';
import { meterModel } from '../meter/support/models.ts';
import { AARQ, GET_LDN, WrapperClient } from './support/wrapper-client.ts';

const AARE = '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000101004000007';
const running: Emulator[] = [];

function metersOf(count: number, model: MeterModel = meterModel()) {
  return Array.from({ length: count }, (_, index) => createMeter(model, { number: index + 1, startedAt: Date.now() }));
}

function withTransport(part: Partial<TransportModel>): MeterModel {
  const model = meterModel();
  return { ...model, transports: model.transports.map((transport) => ({ ...transport, ...part })) };
}

async function start(
  listen: string,
  count = 1,
  model = meterModel(),
  listeners = new ListenerTable(),
): Promise<Emulator> {
  const placements = placeMeters(metersOf(count, model), parseListen(listen));
  const emulator = await Emulator.start({ name: 'test', placements, listeners });
  running.push(emulator);
  return emulator;
}

/** First endpoint of an emulator. */
function place(emulator: Emulator): { host: string; port: number } {
  const [endpoint] = emulator.endpoints();
  assert.ok(endpoint !== undefined);
  return endpoint;
}

async function rejectedWith(code: EmulatorErrorCode, promise: Promise<unknown>): Promise<EmulatorError> {
  let failure: unknown;
  await promise.catch((error: unknown) => {
    failure = error;
  });
  assert.ok(failure instanceof EmulatorError, `expected ${code}`);
  assert.equal(failure.code, code);
  assert.ok(failure.next.length > 10, 'the error names no next step');
  return failure;
}

describe('emulator on sockets', () => {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
  });

  it('gives every meter its own address of one wildcard listener', async () => {
    const emulator = await start('127.0.77.0/24:0', 3);
    assert.equal(emulator.endpointCount, 3);
    assert.equal(new Set(emulator.endpoints().map(({ port }) => port)).size, 1);
    for (const [index, { host, port }] of emulator.endpoints().entries()) {
      assert.equal(host, `127.0.77.${index + 1}`);
      const client = await WrapperClient.open(host, port);
      assert.equal(await client.ask(AARQ), AARE);
      const name = Buffer.from(`ACMA10000000${index + 1}`).toString('hex');
      assert.equal(await client.ask(GET_LDN), `c401c10009${(name.length / 2).toString(16).padStart(2, '0')}${name}`);
      client.close();
    }
    assert.equal(emulator.figures.requests, 6);
  });

  it('resets connections to addresses of the block that have no meter', async () => {
    const emulator = await start('127.0.77.0/24:0', 1);
    const socket = connect({ host: '127.0.77.200', port: place(emulator).port });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
  });

  it('refuses to listen outside of loopback', async () => {
    await rejectedWith('not-permitted', start('192.0.2.1:4059'));
    await rejectedWith('not-permitted', start('10.0.0.0/24:4059'));
  });

  it('gives each meter a port of a range', async () => {
    const emulator = await start('127.0.0.1:0', 1);
    const { port } = place(emulator);
    assert.ok(port > 0);
    const many = await start(`127.0.78.1:${port}-${port + 2}`, 3);
    assert.deepEqual(
      many.endpoints().map((endpoint) => endpoint.port),
      [port, port + 1, port + 2],
    );
    const failure = await rejectedWith('bad-listen', start(`127.0.78.2:${port}-${port + 1}`, 3));
    assert.match(failure.message, /2 ports, 3 meters/);
  });

  it('says when a port is in use, and leaves nothing open', async () => {
    const other = createServer().listen(0, '127.0.79.1');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    await rejectedWith('port-in-use', start(`127.0.79.1:${address.port}`));
    await rejectedWith('port-in-use', start(`127.0.79.0/30:${address.port}`, 2));
    other.close();
    await once(other, 'close');
    await start(`127.0.79.1:${address.port}`);
  });

  it('uses single sockets where another program has the wildcard one', async () => {
    const other = createServer().listen(0, '127.0.80.200');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    const emulator = await start(`127.0.80.0/24:${address.port}`, 3);
    const client = await WrapperClient.open('127.0.80.3', address.port);
    assert.equal(await client.ask(AARQ), AARE);
    client.close();
    assert.equal(emulator.endpointCount, 3);
    other.close();
  });

  it('shares the wildcard socket of a port between fleets, and frees addresses and port', async () => {
    const listeners = new ListenerTable();
    const first = await start('127.0.81.0/24:0', 2, meterModel(), listeners);
    const { port } = place(first);
    const second = await start(`127.0.82.0/24:${port}`, 2, meterModel(), listeners);
    const single = await start(`127.0.83.9:${port}`, 1, meterModel(), listeners);
    await rejectedWith('port-in-use', start(`127.0.81.2:${port}`, 1, meterModel(), listeners));
    for (const emulator of [first, second, single]) {
      const client = await WrapperClient.open(place(emulator).host, port);
      assert.equal(await client.ask(AARQ), AARE);
      client.close();
    }
    await first.stop();
    const again = await start(`127.0.81.2:${port}`, 1, meterModel(), listeners);
    await Promise.all([second.stop(), single.stop(), again.stop()]);
    const later = await start(`127.0.81.0/24:${port}`, 2, meterModel(), listeners);
    const client = await WrapperClient.open(place(later).host, port);
    assert.equal(await client.ask(AARQ), AARE);
    client.close();
  });

  it('takes as many connections as the transport allows', async () => {
    const emulator = await start('127.0.0.1:0', 1, withTransport({ sessions: 2 }));
    const { host, port } = place(emulator);
    const clients = [await WrapperClient.open(host, port), await WrapperClient.open(host, port)];
    for (const client of clients) assert.equal(await client.ask(AARQ), AARE);
    const third = await WrapperClient.open(host, port);
    assert.ok(await third.ended());
    clients[0]?.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const fourth = await WrapperClient.open(host, port);
    assert.equal(await fourth.ask(AARQ), AARE);
    for (const client of [...clients, fourth]) client.close();
  });

  it('closes idle connections, also those that drip single octets', async () => {
    const emulator = await start('127.0.0.1:0', 1, withTransport({ idleTimeoutMs: 400 }));
    const { host, port } = place(emulator);
    const silent = await WrapperClient.open(host, port);
    const dripping = await WrapperClient.open(host, port);
    const busy = await WrapperClient.open(host, port);
    const half = encodeWrapper({ source: 16, destination: 1, apdu: fromHex(AARQ) });
    let next = 0;
    const drip = setInterval(() => dripping.socket.write(half.subarray(next, ++next)), 50);
    const chatter = setInterval(() => busy.send(AARQ), 100);
    assert.ok(await silent.ended());
    assert.ok(await dripping.ended(600));
    assert.equal(busy.closed, false);
    clearInterval(drip);
    clearInterval(chatter);
    busy.close();
  });

  it('answers pieces and concatenated requests, in their order', async () => {
    const emulator = await start('127.0.0.1:0');
    const { host, port } = place(emulator);
    const client = await WrapperClient.open(host, port);
    const message = (apdu: string) => encodeWrapper({ source: 16, destination: 1, apdu: fromHex(apdu) });
    client.socket.write(Buffer.concat([message(AARQ), message(GET_LDN), message(GET_LDN)]));
    assert.equal(await client.receive(), AARE);
    assert.equal((await client.receive())?.slice(0, 6), 'c401c1');
    assert.equal((await client.receive())?.slice(0, 6), 'c401c1');
    for (const octet of message(GET_LDN)) {
      client.socket.write(Uint8Array.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await client.receive())?.slice(0, 6), 'c401c1');
    client.close();
  });

  it('keeps silent to clients it does not know', async () => {
    const emulator = await start('127.0.0.1:0');
    const { host, port } = place(emulator);
    const client = await WrapperClient.open(host, port);
    client.send(AARQ, 99);
    client.send(AARQ, 16, 7);
    assert.equal(await client.receive(150), undefined);
    assert.equal(await client.ask(AARQ), AARE);
    client.close();
  });

  it('drops garbage without harm to other connections', async () => {
    const emulator = await start('127.0.0.1:0');
    const { host, port } = place(emulator);
    const good = await WrapperClient.open(host, port);
    assert.equal(await good.ask(AARQ), AARE);
    const pieces = [
      'GET / HTTP/1.1\r\n\r\n',
      '\x7e\xa0',
      '\x00\x02',
      '\xff'.repeat(5000),
      '\x00\x01\x00\x10\x00\x01\xff\xff',
    ];
    const bad = await Promise.all(
      pieces.map(async (text) => {
        const client = await WrapperClient.open(host, port);
        client.socket.write(Buffer.from(text, 'latin1'));
        return client;
      }),
    );
    for (const client of bad.slice(0, 4)) assert.ok(await client.ended());
    assert.equal((await good.ask(GET_LDN))?.slice(0, 6), 'c401c1');
    assert.ok(emulator.figures.errors >= 4);
    for (const client of [...bad, good]) client.close();
  });

  it('stands a client that asks and never reads', async () => {
    const emulator = await start('127.0.0.1:0');
    const { host, port } = place(emulator);
    const deaf = connect({ host, port });
    await once(deaf, 'connect');
    deaf.pause();
    deaf.on('error', () => {});
    const request = encodeWrapper({ source: 16, destination: 1, apdu: fromHex(GET_LDN) });
    const burst = Buffer.concat(Array.from({ length: 5000 }, () => request));
    deaf.write(encodeWrapper({ source: 16, destination: 1, apdu: fromHex(AARQ) }));
    for (let i = 0; i < 40; i += 1) deaf.write(burst);
    const good = await WrapperClient.open(host, port);
    assert.equal(await good.ask(AARQ), AARE);
    assert.equal((await good.ask(GET_LDN))?.slice(0, 6), 'c401c1');
    deaf.destroy();
    good.close();
  });

  it('ends one connection by a fault of this program, and tells of it', async () => {
    const [meter] = metersOf(1);
    assert.ok(meter !== undefined);
    Object.defineProperty(meter, 'identity', { value: () => assert.fail('planted') });
    const faults: string[] = [];
    const emulator = await Emulator.start({
      name: 'test',
      placements: placeMeters([meter], parseListen('127.0.0.1:0')),
      listeners: new ListenerTable(),
      onFault: (error, where) => faults.push(`${where}: ${error instanceof Error ? error.message : ''}`),
    });
    running.push(emulator);
    const { host, port } = place(emulator);
    const other = await WrapperClient.open(host, port);
    assert.equal(await other.ask(AARQ), AARE);
    const client = await WrapperClient.open(host, port);
    assert.equal(await client.ask(AARQ), AARE);
    client.send(GET_LDN);
    assert.ok(await client.ended());
    assert.deepEqual(faults, ['lan at 127.0.0.1: planted']);
    assert.equal(await other.ask(AARQ), AARE);
    other.close();
  });

  it('serves UDP, one APDU a datagram', async () => {
    const emulator = await start('127.0.0.1:0', 1, withTransport({ kind: 'udp' }));
    const { host, port } = place(emulator);
    const socket = createSocket('udp4');
    const ask = async (apdu: string): Promise<string> => {
      socket.send(encodeWrapper({ source: 16, destination: 1, apdu: fromHex(apdu) }), port, host);
      const [octets] = (await once(socket, 'message')) as [Buffer];
      const decoded = decodeWrapper(new Uint8Array(octets));
      assert.ok(decoded.ok);
      return toHex(decoded.value.message.apdu);
    };
    assert.equal(await ask(AARQ), AARE);
    assert.equal((await ask(GET_LDN)).slice(0, 6), 'c401c1');
    socket.close();
  });

  it('stops: connections end, the port is free, a second stop waits for the first', async () => {
    const emulator = await start('127.0.0.1:0');
    const { host, port } = place(emulator);
    const client = await WrapperClient.open(host, port);
    await Promise.all([emulator.stop(), emulator.stop()]);
    assert.ok(await client.ended());
    const again = await start(`127.0.0.1:${port}`);
    assert.equal(place(again).port, port);
  });
});
