import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createConnection, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduToJson } from '../../../engine/codec/apdu-json.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { encodeLpdu } from '../../../engine/codec/llc/llc.ts';
import { segmentMbus } from '../../../engine/codec/mbus/telegram.ts';
import { protect } from '../../../engine/codec/security/protect.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { openSerialPort } from '../../../engine/serial/port.ts';
import {
  type Push,
  PushListener,
  type PushListenerOptions,
  type PushTrouble,
} from '../../../engine/session/push-listener.ts';
import type { PushSource } from '../../../engine/session/push-sources.ts';
import { type FrameItem, frameItems, keyRingOf } from '../codec/shared-material.ts';
import { needsSocat, openPtyPair } from '../serial/pty-pair.ts';

const listeners: PushListener[] = [];

async function listen(
  source: Partial<PushSource> = {},
  keys: readonly KeyRing[] = [],
  options: Partial<PushListenerOptions> = {},
) {
  const trouble: PushTrouble[] = [];
  const listener = await PushListener.open({
    source: { kind: 'tcp', host: '127.0.0.1', port: 0, ...source } as PushSource,
    keys,
    now: () => 1_700_000_000_000,
    onTrouble: (one) => trouble.push(one),
    ...options,
  });
  listeners.push(listener);
  const pushes = listener[Symbol.asyncIterator]();
  const next = async (): Promise<Push> => {
    const result = await Promise.race([pushes.next(), pause(3000)]);
    assert.ok(result !== undefined && result.done !== true, `no push; ${JSON.stringify(trouble)}`);
    return result.value;
  };
  return { listener, next, trouble, port: listener.port ?? 0 };
}

/** Sends octets over TCP in pieces of a size, and ends the connection. */
async function sendTcp(port: number, octets: Uint8Array, size = octets.length, wait = 0): Promise<void> {
  const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  // What is not read would keep the connection open.
  socket.resume();
  for (let at = 0; at < octets.length; at += size) {
    socket.write(octets.subarray(at, at + size));
    if (wait > 0) await pause(wait);
  }
  socket.end();
  await once(socket, 'close');
}

async function sendUdp(port: number, ...datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const octets of datagrams) await new Promise((sent) => socket.send(octets, port, '127.0.0.1', sent));
  socket.close();
}

function unnumberedFrame(information: Uint8Array, segmented = false, client = 103): Uint8Array {
  return encodeHdlcFrame({
    kind: 'UI',
    destination: { bytes: 1, value: client },
    source: { bytes: 2, upper: 1, lower: 17 },
    pollFinal: true,
    segmented,
    information,
  });
}

const NOTIFICATION = fromHex('0f000000010c07e80b0f050a1e0000ffc40002020600000020120001');
const NOTHING = new Uint8Array(0);
const json = (push: Push): unknown =>
  push.apdu === undefined ? push.error : JSON.parse(JSON.stringify(apduToJson(push.apdu)));

describe('push listener', () => {
  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.close()));
  });

  describe('framing', () => {
    const framed: readonly (readonly [
      name: string,
      octets: Uint8Array,
      framing: Push['framing'],
      peer: Push['peer'],
    ])[] = [
      [
        'a UI frame',
        unnumberedFrame(encodeLpdu('response', NOTIFICATION)),
        'hdlc',
        { client: 103, server: 1, physical: 17 },
      ],
      ['a UI frame without LLC', unnumberedFrame(NOTIFICATION), 'hdlc', { client: 103, server: 1, physical: 17 }],
      [
        'UI frames with the segment bit and double flags (Q07)',
        Buffer.concat([
          unnumberedFrame(encodeLpdu('response', NOTIFICATION).subarray(0, 20), true),
          unnumberedFrame(encodeLpdu('response', NOTIFICATION).subarray(20)),
        ]),
        'hdlc',
        { client: 103, server: 1, physical: 17 },
      ],
      [
        'an I frame to client 0 (Q12)',
        encodeHdlcFrame({
          kind: 'I',
          ns: 0,
          nr: 0,
          destination: { bytes: 1, value: 0 },
          source: { bytes: 2, upper: 1, lower: 0 },
          pollFinal: true,
          segmented: false,
          information: encodeLpdu('response', NOTIFICATION),
        }),
        'hdlc',
        { client: 0, server: 1, physical: 0 },
      ],
      [
        'a client of two octets (Q09)',
        encodeHdlcFrame({
          kind: 'UI',
          destination: { bytes: 2, upper: 103, lower: 127 },
          source: { bytes: 1, value: 1 },
          pollFinal: true,
          segmented: false,
          information: encodeLpdu('response', NOTIFICATION),
        }),
        'hdlc',
        { client: 103, server: 1 },
      ],
      [
        'a wrapper message',
        encodeWrapper({ source: 1, destination: 103, apdu: NOTIFICATION }),
        'wrapper',
        { client: 103, server: 1 },
      ],
      [
        'an M-Bus frame',
        Buffer.concat(segmentMbus(NOTIFICATION, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 })),
        'mbus',
        { client: 103, server: 1 },
      ],
    ];
    for (const [name, octets, framing, peer] of framed) {
      for (const [how, size] of [
        ['at once', octets.length],
        ['octet by octet', 1],
      ] as const) {
        it(`${name}, ${how}`, async () => {
          const { port, next, trouble } = await listen();
          await sendTcp(port, octets, size);
          const push = await next();
          assert.equal(push.framing, framing);
          assert.deepEqual(push.peer, peer);
          assert.deepEqual(push.octets, NOTIFICATION);
          assert.equal(push.apdu?.kind, 'data-notification');
          assert.equal(push.from.transport, 'tcp');
          assert.equal(push.from.host, '127.0.0.1');
          assert.equal(push.time, 1_700_000_000_000);
          assert.deepEqual(trouble, []);
        });
      }
    }

    it('several pushes on one connection, and several APDUs in one frame (Q10)', async () => {
      const { port, next, trouble } = await listen();
      const lpdu = encodeLpdu('response', NOTIFICATION);
      const frame = unnumberedFrame(Buffer.concat([lpdu, lpdu, lpdu]));
      await sendTcp(port, Buffer.concat([frame, frame.subarray(1)]));
      for (let i = 0; i < 6; i++) assert.deepEqual((await next()).octets, NOTIFICATION);
      assert.deepEqual(trouble, []);
    });

    it('general blocks over UI frames, LLC in the first only, last and streaming set at the end (Q11)', async () => {
      const { port, next, trouble } = await listen();
      const blocks = [0, 1, 2].map((index) => {
        const part = NOTIFICATION.subarray(index * 10, index === 2 ? undefined : (index + 1) * 10);
        const header = Uint8Array.of(0xe0, index === 2 ? 0xc0 : 0x40, 0, index + 1, 0, 0, part.length);
        const block = Buffer.concat([header, part]);
        return unnumberedFrame(index === 0 ? encodeLpdu('response', block) : block);
      });
      await sendTcp(port, Buffer.concat(blocks), 7);
      const push = await next();
      assert.deepEqual(push.octets, NOTIFICATION);
      assert.deepEqual(trouble, []);
    });

    it('M-Bus segments with a pause between them (Q29), and a length field that overflows (Q27)', async () => {
      const { port, next, trouble } = await listen();
      const long = encodeApdu({
        kind: 'data-notification',
        longInvokeId: 1,
        dateTime: new Uint8Array(0),
        data: { t: 'octet-string', v: new Uint8Array(400).fill(7) },
      });
      const [first, second] = segmentMbus(long, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 });
      assert.ok(first && second);
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.write(first);
      await pause(160);
      socket.write(second);
      assert.deepEqual((await next()).octets, long);
      const whole = overflowing(long.subarray(0, 252));
      assert.deepEqual([...whole.subarray(0, 4)], [0x68, 1, 1, 0x68]);
      socket.write(whole);
      const push = await next();
      assert.deepEqual(push.octets, long.subarray(0, 252));
      assert.ok(push.deviations.includes('mbus-length-overflow'));
      assert.equal(push.error?.code, 'truncated');
      socket.destroy();
      assert.deepEqual(trouble, []);
    });

    it('an M-Bus frame without FIN that nothing follows', async () => {
      const { port, next } = await listen();
      const [frame] = segmentMbus(NOTIFICATION, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 });
      assert.ok(frame);
      const cut = Uint8Array.from(frame);
      cut[6] = 0;
      cut[cut.length - 2] = (cut[cut.length - 2] ?? 0) - 0x10;
      await sendTcp(port, cut);
      const push = await next();
      assert.deepEqual(push.octets, NOTIFICATION);
      assert.deepEqual(push.deviations, ['mbus-fin-missing']);
    });

    it('a gateway that passes a push on', async () => {
      const { port, next } = await listen();
      const apdu = Buffer.concat([fromHex('e6070200 11'.replaceAll(' ', '')), NOTIFICATION]);
      await sendTcp(port, encodeWrapper({ source: 1, destination: 103, apdu }));
      const push = await next();
      assert.deepEqual(push.gateway, { networkId: 7, address: '0011' });
      assert.deepEqual(push.octets, NOTIFICATION);
    });
  });

  describe('over UDP', () => {
    it('takes wrapper messages, frames, LPDUs and bare APDUs, one a datagram', async () => {
      const { port, next, trouble } = await listen({ kind: 'udp' });
      const lpdu = encodeLpdu('response', NOTIFICATION);
      const kinds = [
        encodeWrapper({ source: 1, destination: 103, apdu: NOTIFICATION }),
        unnumberedFrame(lpdu),
        Buffer.concat(segmentMbus(NOTIFICATION, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 })),
        lpdu,
        NOTIFICATION,
      ];
      for (const [index, framing] of (['wrapper', 'hdlc', 'mbus', 'llc', 'none'] as const).entries()) {
        await sendUdp(port, kinds[index] ?? NOTIFICATION);
        const push = await next();
        assert.equal(push.framing, framing);
        assert.equal(push.from.transport, 'udp');
        assert.deepEqual(push.octets, NOTIFICATION);
      }
      assert.deepEqual(trouble, []);
    });

    it('a broken datagram costs nothing but itself', async () => {
      const { port, next, trouble } = await listen({ kind: 'udp' });
      await sendUdp(
        port,
        fromHex('0001000100670005 0f'.replace(' ', '')),
        fromHex('7ea0'),
        Buffer.from('TEST'),
        NOTIFICATION,
      );
      assert.deepEqual((await next()).octets, NOTIFICATION);
      assert.deepEqual(
        trouble.map(({ error }) => error.code),
        ['broken-frame', 'broken-frame', 'noise'],
      );
    });
  });

  describe('confirmation (service class of the data-notification)', () => {
    const asking = Uint8Array.from(NOTIFICATION);
    asking[1] = 0x40;
    const CONFIRM = fromHex('104000000100');
    const gateway = fromHex('e60702 0011'.replace(' ', ''));
    const ways: readonly (readonly [
      name: string,
      octets: Uint8Array,
      expected: Uint8Array,
      confirmation: Push['confirmation'],
    ])[] = [
      [
        'in a wrapper message',
        encodeWrapper({ source: 1, destination: 103, apdu: asking }),
        encodeWrapper({ source: 103, destination: 1, apdu: CONFIRM }),
        'sent',
      ],
      [
        'through the gateway it came by',
        encodeWrapper({ source: 1, destination: 103, apdu: Buffer.concat([gateway, asking]) }),
        encodeWrapper({ source: 103, destination: 1, apdu: Buffer.concat([gateway, CONFIRM]) }),
        'sent',
      ],
      [
        'in a UI frame, the addresses as wide as they came',
        unnumberedFrame(encodeLpdu('response', asking)),
        encodeHdlcFrame({
          kind: 'UI',
          destination: { bytes: 2, upper: 1, lower: 17 },
          source: { bytes: 1, value: 103 },
          pollFinal: false,
          segmented: false,
          information: encodeLpdu('command', CONFIRM),
        }),
        'sent',
      ],
      [
        'not over M-Bus',
        Buffer.concat(segmentMbus(asking, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 })),
        NOTHING,
        'not-possible',
      ],
      [
        'not unless it is asked for',
        encodeWrapper({ source: 1, destination: 103, apdu: NOTIFICATION }),
        NOTHING,
        undefined,
      ],
    ];
    const swap = async (port: number, octets: Uint8Array, length: number): Promise<Uint8Array> => {
      const socket = createConnection({ host: '127.0.0.1', port });
      const parts: Buffer[] = [];
      const heard = new Promise<void>((enough) => {
        socket.on('data', (part) => {
          parts.push(part);
          if (Buffer.concat(parts).length >= length) enough();
        });
      });
      socket.write(octets);
      if (length === 0) await pause(50);
      else await heard;
      socket.destroy();
      return Buffer.concat(parts);
    };
    for (const [name, octets, expected, confirmation] of ways)
      it(`over TCP, ${name}`, async () => {
        const { port, next } = await listen();
        assert.equal(toHex(await swap(port, octets, expected.length)), toHex(expected));
        assert.equal((await next()).confirmation, confirmation);
      });

    it('over UDP, in what the datagram was', async () => {
      const { port, next } = await listen({ kind: 'udp' });
      const socket = createSocket('udp4');
      for (const [octets, expected] of [
        [asking, CONFIRM],
        [encodeLpdu('response', asking), encodeLpdu('command', CONFIRM)],
      ] as const) {
        const answer = once(socket, 'message');
        socket.send(octets, port, '127.0.0.1');
        assert.equal(toHex((await answer)[0]), toHex(expected));
        assert.equal((await next()).confirmation, 'sent');
      }
      socket.close();
    });

    it('can be turned off, and is off on lines, where meters set the bit by habit', async () => {
      const octets = encodeWrapper({ source: 1, destination: 103, apdu: asking });
      const off = await listen({}, [], { confirm: false });
      assert.equal(toHex(await swap(off.port, octets, 0)), '');
      assert.equal((await off.next()).confirmation, 'not-wanted');
      const heard: Buffer[] = [];
      const server = createServer((socket) => {
        socket.on('data', (part) => heard.push(part));
        socket.write(octets);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const line = await listen({
        kind: 'connect',
        port: (server.address() as AddressInfo).port,
      } as Partial<PushSource>);
      assert.equal((await line.next()).confirmation, 'not-wanted');
      await line.listener.close();
      server.close();
      assert.equal(heard.length, 0);
    });

    it('not of protected pushes: there is nothing to protect it with', async () => {
      const keys: KeyRing = { guek: new Uint8Array(16).fill(1), gak: new Uint8Array(16).fill(2) };
      const systemTitle = fromHex('4d4d4d0000bc614e');
      const options = {
        suite: 0,
        authenticated: true,
        encrypted: true,
        systemTitle,
        keys,
        invocationCounter: 1,
      } as const;
      const { port, next } = await listen({}, [{ ...keys, systemTitle }]);
      const apdu = protect(asking, { ...options, service: 'general-glo' });
      assert.equal(toHex(await swap(port, encodeWrapper({ source: 1, destination: 103, apdu }), 0)), '');
      const push = await next();
      assert.equal(push.protection?.verified, true);
      assert.equal(push.confirmation, 'not-possible');
    });
  });

  describe('protection', () => {
    const items = (frameItems() ?? []).filter(({ id }) => id === 'smart-meter-ti-8cc8de12');
    if (items.length === 0) it.skip('frames.jsonl (not on this machine)');
    for (const item of items) {
      it('takes the keys of the system title, whatever others there are', async () => {
        const ring = keyRingOf(item.keys);
        const other: KeyRing = { guek: new Uint8Array(16), systemTitle: new Uint8Array(8) };
        const { port, next } = await listen({}, [other, ring]);
        await sendTcp(port, fromHex(item.hex));
        const push = await next();
        assert.equal(push.apdu?.kind, 'data-notification');
        assert.ok(push.plain);
        assert.equal(push.protection?.systemTitle, '4b464d1010000023');
        assert.equal(push.protection?.verified, false);
        assert.equal(typeof push.protection?.invocationCounter, 'number');
      });

      it('says whose keys are missing', async () => {
        const { port, next } = await listen({}, [{ guek: new Uint8Array(16), systemTitle: new Uint8Array(8) }]);
        await sendTcp(port, fromHex(item.hex));
        const push = await next();
        assert.equal(push.apdu, undefined);
        assert.equal(push.error?.code, 'not-decipherable');
        assert.match(push.error?.expected ?? '', /4b464d1010000023/);
      });
    }
  });

  describe('limits and ends', () => {
    it('noise and plain text before a frame are told and passed over (Q85)', async () => {
      const { port, next, trouble } = await listen();
      await sendTcp(port, Buffer.concat([Buffer.from('TEST\r\n'), unnumberedFrame(NOTIFICATION)]));
      assert.deepEqual((await next()).octets, NOTIFICATION);
      assert.deepEqual(
        trouble.map(({ error }) => error.code),
        ['noise'],
      );
    });

    it('a wrapper stream that is lost is closed', async () => {
      const { port, next, trouble } = await listen();
      const good = encodeWrapper({ source: 1, destination: 103, apdu: NOTIFICATION });
      const socket = createConnection({ host: '127.0.0.1', port });
      socket.write(Buffer.concat([good, Buffer.from('nonsense')]));
      await next();
      await once(socket, 'close');
      assert.deepEqual(
        trouble.map(({ error }) => error.code),
        ['broken-frame'],
      );
    });

    it('something that is no push is told as such', async () => {
      const { port, next } = await listen();
      await sendTcp(port, encodeWrapper({ source: 1, destination: 103, apdu: fromHex('c001c1000f0000280000ff0200') }));
      const push = await next();
      assert.deepEqual([push.apdu, push.error?.found], [undefined, 'get-request']);
    });

    it('frames that lie about their length do not stop what follows', async () => {
      const { port, next } = await listen();
      const good = unnumberedFrame(NOTIFICATION);
      const lying = Uint8Array.from(good);
      lying[2] = (lying[2] ?? 0) + 5;
      await sendTcp(port, Buffer.concat([lying, good, good]), 11);
      assert.deepEqual((await next()).octets, NOTIFICATION);
    });

    it('ends with close, with the signal, and when a serial server goes away', async () => {
      const closed = await listen();
      await closed.listener.close();
      assert.equal((await closed.listener[Symbol.asyncIterator]().next()).done, true);

      const abort = new AbortController();
      const source = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
      const aborted = await PushListener.open({ source, signal: abort.signal });
      abort.abort();
      assert.equal((await aborted[Symbol.asyncIterator]().next()).done, true);

      const server = createServer((socket) => socket.end(unnumberedFrame(NOTIFICATION)));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const converter = await PushListener.open({ source: { kind: 'connect', host: '127.0.0.1', port } });
      const pushes = converter[Symbol.asyncIterator]();
      assert.deepEqual((await pushes.next()).value.octets, NOTIFICATION);
      await assert.rejects(async () => pushes.next(), { name: 'SessionError', code: 'closed' });
      server.close();
    });

    it('a port that is taken is told as such', async () => {
      const { port } = await listen();
      await assert.rejects(listen({ port }), { code: 'port-busy' });
      const udp = await listen({ kind: 'udp' });
      await assert.rejects(listen({ kind: 'udp', port: udp.port }), { code: 'port-busy' });
    });
  });

  it('over a serial line', async function () {
    needsSocat(this);
    const pair = await openPtyPair();
    const settings = { speed: 2400, dataBits: 8, parity: 'even', stopBits: 1 } as const;
    const { next } = await listen({ kind: 'serial', path: pair.a, settings });
    const meter = await openSerialPort(pair.b, settings, { data: () => {}, closed: () => {} });
    meter.write(unnumberedFrame(encodeLpdu('response', NOTIFICATION)));
    const push = await next();
    assert.deepEqual(push.from, { transport: 'serial', host: pair.a });
    assert.deepEqual(push.octets, NOTIFICATION);
    await meter.close();
    await pair.close();
  });
});

/** A long frame whose length field has overflowed once. */
function overflowing(data: Uint8Array): Uint8Array {
  const inner = Uint8Array.of(0x53, 0xff, 0x10, 1, 103, ...data);
  const sum = inner.reduce((total, octet) => total + octet, 0) & 0xff;
  const length = inner.length & 0xff;
  return Uint8Array.of(0x68, length, length, 0x68, ...inner, sum, 0x16);
}

describe('push listener: independent frames', () => {
  const all = frameItems();
  if (all === undefined) it.skip('frames.jsonl (not on this machine)');
  const items = (all ?? []).filter(isPush);
  if (all !== undefined) it('are there', () => assert.ok(items.length >= 20, `${items.length}`));

  for (const transport of ['tcp', 'udp'] as const) {
    it(`${items.length} items over ${transport} come out with the values expected`, async () => {
      for (const item of items) {
        const { port, next, listener } = await listen({ kind: transport }, [keyRingOf(item.keys)]);
        const octets = onTheWire(item, transport);
        if (transport === 'tcp') await sendTcp(port, octets, 1 + (item.hex.length % 13));
        else await sendUdp(port, octets);
        for (const expected of expectedApdus(item)) {
          assert.deepEqual(json(await next()), expected, item.id);
        }
        await listener.close();
      }
    });
  }
});

/** Pushes in clear, and ciphered ones with their keys; what the auditor calls broken is none. */
function isPush(item: FrameItem): boolean {
  if (item.layer === 'data' || item.layer === 'crypto' || item.expected.kind === 'error') return false;
  return expectedApdus(item).some(({ kind }) =>
    ['data-notification', 'event-notification', 'information-report'].includes(String(kind)),
  );
}

type Tree = Readonly<Record<string, unknown>>;

function expectedApdus({ expected }: FrameItem): Tree[] {
  const decoded = expected.decoded as Tree | undefined;
  if (decoded === undefined) return [];
  const apdus = Array.isArray(decoded.apdus)
    ? (decoded.apdus as Tree[]).map(({ apdu }) => apdu)
    : [decoded.apdu ?? decoded];
  return (apdus as Tree[]).map(innermost).map(({ quirk, ...apdu }) => apdu);
}

function innermost(apdu: Tree): Tree {
  return typeof apdu.inner === 'object' && apdu.inner !== null ? innermost(apdu.inner as Tree) : apdu;
}

/** Frames as they are; LPDUs in a UI frame and APDUs in the wrapper over TCP, bare over UDP. */
function onTheWire({ layer, hex }: FrameItem, transport: 'tcp' | 'udp'): Uint8Array {
  const octets = fromHex(hex);
  if (transport === 'udp') return octets;
  if (layer === 'llc') return unnumberedFrame(octets);
  return layer === 'apdu' ? encodeWrapper({ source: 1, destination: 103, apdu: octets }) : octets;
}
