import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { invokeIdAndPriority } from '../../../engine/codec/xdlms/invoke.ts';
import { MAX_LONG_REQUEST } from '../../../engine/meter/services/long-transfer.ts';
import {
  closeAll,
  ended,
  FEW_SESSIONS,
  type HostilePlace,
  heapGrowth,
  heapUsed,
  MAX_HEAP_GROWTH,
  open,
  openClient,
  openPlace,
  pause,
  sessionsGivenBack,
  whileOthersAreServed,
} from './support/hostile-place.ts';
import { AARQ, GET_LDN, type WrapperClient } from './support/wrapper-client.ts';

const SILENT_CONNECTIONS = 1000;
const GET_NOTE = 'c001c100010000600d00ff0200';
const EXCEPTION = 'd8';
const RLRQ = '6203800100';
const INVOKE = invokeIdAndPriority(1);
const NOTE = { class: 1, obis: '0-0:96.13.0.255', index: 2 };

const wrapped = (apdu: string, client = 16): Uint8Array =>
  encodeWrapper({ source: client, destination: 1, apdu: fromHex(apdu) });

/** SNRM of client 16 to server 1, addresses of one octet. */
const SNRM = fromHex('7ea0070321930f017e');

/** Octets that look like nothing, the same in every run. */
function garbage(length: number, seed: number): Uint8Array {
  let state = seed * 2_654_435_761 + 1;
  return Uint8Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state >> 16;
  });
}

async function associated(place: HostilePlace): Promise<WrapperClient> {
  const client = await openClient(place.victim, place.port('lan'));
  assert.ok((await client.ask(AARQ))?.startsWith('61'));
  return client;
}

/** The meter that was attacked is as it was: a new client associates and reads. */
async function stillServes(place: HostilePlace): Promise<void> {
  const client = await associated(place);
  assert.ok((await client.ask(GET_LDN))?.startsWith('c401c100'));
  client.close();
}

async function answersSnrm(socket: Socket): Promise<void> {
  const answered = once(socket, 'data', { signal: AbortSignal.timeout(5000) });
  socket.write(SNRM);
  const [octets] = (await answered) as [Buffer];
  assert.equal(octets[5], 0x73, `UA expected: ${toHex(octets)}`);
}

describe('hostile clients', function () {
  this.timeout(60_000);
  let place: HostilePlace;
  let heapBefore = 0;
  before(async () => {
    place = await openPlace();
    await stillServes(place);
    heapBefore = heapUsed();
  });
  after(async () => {
    await place?.emulator.stop();
  });
  afterEach(async () => {
    closeAll();
    await sessionsGivenBack(place);
    await stillServes(place);
    await sessionsGivenBack(place);
    const grown = await heapGrowth(heapBefore, MAX_HEAP_GROWTH);
    assert.ok(grown < MAX_HEAP_GROWTH, `the heap has grown by ${grown} octets`);
  });

  const attack = (run: () => Promise<void>) => async (): Promise<void> => {
    const answers = await whileOthersAreServed(place, run);
    assert.ok(answers > 0);
  };

  it(
    'garbage instead of a wrapper ends the connection',
    attack(async () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const socket = await open(place.victim, place.port('lan'));
        socket.write(garbage(64 * 1024, seed));
        assert.ok(await ended(socket), `seed ${seed}`);
      }
    }),
  );

  it(
    'garbage on a line is passed over: the frame behind it is answered',
    attack(async () => {
      for (let seed = 1; seed <= 20; seed += 1) {
        const socket = await open(place.victim, place.port('line'));
        socket.write(garbage(16 * 1024, seed));
        // A flag ends whatever was taken for the beginning of a frame.
        socket.write(Uint8Array.of(0x7e, 0x7e));
        await answersSnrm(socket);
        socket.destroy();
      }
    }),
  );

  it(
    'garbage in datagrams is dropped',
    attack(async () => {
      const { createSocket } = await import('node:dgram');
      const socket = createSocket('udp4');
      const answers: Buffer[] = [];
      socket.on('message', (octets) => answers.push(octets));
      for (let seed = 1; seed <= 200; seed += 1)
        socket.send(garbage(seed * 5, seed), place.port('datagrams'), place.victim);
      for (let tries = 0; tries < 100 && answers.length === 0; tries += 1) {
        socket.send(wrapped(AARQ), place.port('datagrams'), place.victim);
        await pause(20);
      }
      socket.close();
      assert.equal(answers[0]?.[8], 0x61);
    }),
  );

  it(
    'half frames: the connection may end anywhere',
    attack(async () => {
      const message = wrapped(AARQ);
      for (let length = 1; length < message.length; length += 1) {
        const socket = await open(place.victim, place.port('lan'));
        socket.end(message.subarray(0, length));
        assert.ok(await ended(socket));
      }
      const line = await open(place.victim, place.port('line'));
      line.write(SNRM.subarray(0, 5));
      await answersSnrm(line);
      line.destroy();
    }),
  );

  it(
    'resets at every octet of a session',
    attack(async () => {
      const session = Buffer.concat([wrapped(AARQ), wrapped(GET_LDN), wrapped(GET_NOTE), wrapped(RLRQ)]);
      for (let length = 0; length <= session.length; length += 1) {
        const socket = await open(place.victim, place.port('lan'));
        if (length > 0) socket.write(session.subarray(0, length));
        if (length % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
        socket.resetAndDestroy();
      }
      for (let length = 0; length <= SNRM.length; length += 1) {
        const socket = await open(place.victim, place.port('line'));
        if (length > 0) socket.write(SNRM.subarray(0, length));
        socket.resetAndDestroy();
      }
    }),
  );

  it(
    'drops of one octet are put together, and do not keep an impatient meter',
    attack(async () => {
      const message = wrapped(AARQ);
      const client = await openClient(place.victim, place.port('lan'));
      for (const octet of message) {
        client.socket.write(Uint8Array.of(octet));
        await pause(1);
      }
      assert.ok((await client.receive())?.startsWith('61'));
      client.close();

      const slow = await open(place.victim, place.port('impatient'));
      let at = 0;
      while (!slow.destroyed && at < message.length) {
        slow.write(Uint8Array.of(message[at] ?? 0));
        at += 1;
        await pause(60);
      }
      assert.ok(await ended(slow), 'the slow client is kept');
      assert.ok(at < message.length, 'the whole AARQ went out before the meter lost patience');
    }),
  );

  it(
    `${SILENT_CONNECTIONS} connections that never speak are let go`,
    attack(async () => {
      const sockets: Socket[] = [];
      for (let count = 0; count < SILENT_CONNECTIONS; count += 50) {
        const some = Array.from({ length: 50 }, () => open(place.victim, place.port('impatient')));
        sockets.push(...(await Promise.all(some)));
      }
      const all = await Promise.all(sockets.map((socket) => ended(socket)));
      assert.ok(all.every(Boolean), 'some were kept');
    }),
  );

  it(
    'a transport for few refuses the others, and takes new ones when they have gone',
    attack(async () => {
      const refusedBefore = place.emulator.figures.refused;
      const all = await Promise.all(Array.from({ length: 40 }, () => open(place.victim, place.port('few'))));
      await pause(50);
      const kept = all.filter((socket) => !socket.destroyed);
      assert.ok(kept.length <= FEW_SESSIONS, `${kept.length} are open`);
      assert.equal(place.emulator.figures.refused - refusedBefore, 40 - FEW_SESSIONS);
      for (const socket of all) socket.destroy();
      await sessionsOf('few', 0);
      const client = await openClient(place.victim, place.port('few'));
      assert.ok((await client.ask(AARQ))?.startsWith('61'));
      client.close();
    }),
  );

  it(
    'a claim of 65,535 octets and silence holds nothing but the claim',
    attack(async () => {
      const header = fromHex('000100100001ffff');
      const sockets = await Promise.all(Array.from({ length: 200 }, () => open(place.victim, place.port('impatient'))));
      const before = heapUsed();
      for (const socket of sockets) socket.write(header);
      await pause(100);
      const bound = 200 * 0xffff;
      const grown = await heapGrowth(before, bound);
      assert.ok(grown < bound, `${grown} octets for 200 claims`);
      const all = await Promise.all(sockets.map((socket) => ended(socket)));
      assert.ok(all.every(Boolean));
    }),
  );

  it(
    'an APDU longer than the association allows is refused, and the association goes on',
    attack(async () => {
      const client = await associated(place);
      assert.equal(await client.ask(GET_LDN + '00'.repeat(4000)), 'd80104');
      assert.ok((await client.ask(GET_LDN))?.startsWith('c401c100'));
      client.close();
    }),
  );

  it(
    'frames without end hold no more than a frame',
    attack(async () => {
      const socket = await open(place.victim, place.port('line'));
      const before = heapUsed();
      socket.write(Uint8Array.of(0x7e, 0xa7, 0xff));
      const piece = new Uint8Array(64 * 1024).fill(0x55);
      for (let count = 0; count < 128; count += 1) if (!socket.write(piece)) await once(socket, 'drain');
      await pause(50);
      const bound = 6 * 1024 * 1024;
      const grown = await heapGrowth(before, bound);
      assert.ok(grown < bound, `${grown} octets for 8 MiB without a flag`);
      socket.write(Uint8Array.of(0x7e));
      await answersSnrm(socket);
      socket.destroy();
    }),
  );

  it(
    'segments without end are dropped beyond the limit',
    attack(async () => {
      const socket = await open(place.victim, place.port('line'));
      await answersSnrm(socket);
      socket.resume();
      const errors = place.emulator.figures.errors;
      const information = new Uint8Array(120).fill(0x11);
      for (let count = 0; count < 12_000; count += 1) {
        const frame = encodeHdlcFrame({
          kind: 'I',
          destination: { bytes: 1, value: 1 },
          source: { bytes: 1, value: 16 },
          segmented: true,
          pollFinal: true,
          ns: count % 8,
          nr: 0,
          information,
        });
        if (!socket.write(frame)) await Promise.race([once(socket, 'drain'), pause(1000)]);
      }
      for (let tries = 0; tries < 500 && place.emulator.figures.errors === errors; tries += 1) await pause(10);
      assert.ok(place.emulator.figures.errors > errors, 'an APDU of 1.4 MB is put together');
      socket.destroy();
    }),
  );

  it(
    'general blocks without end are ended',
    attack(async () => {
      const client = await associated(place);
      const raw = new Uint8Array(1500);
      let answer: string | undefined;
      let octets = 0;
      for (let block = 1; octets <= 2 * MAX_LONG_REQUEST && answer?.startsWith(EXCEPTION) !== true; block += 1) {
        const apdu = encodeApdu({
          kind: 'general-block-transfer',
          last: false,
          streaming: false,
          window: 1,
          block,
          blockAck: 0,
          raw,
        });
        answer = await client.ask(toHex(apdu));
        octets += raw.length;
      }
      assert.ok(answer?.startsWith(EXCEPTION), answer);
      assert.ok(octets <= MAX_LONG_REQUEST + 2 * raw.length, `${octets} octets were taken`);
      assert.ok((await client.ask(GET_LDN))?.startsWith('c401c100'));
      client.close();
    }),
  );

  it(
    'a SET in blocks without end is aborted, also one of empty blocks',
    attack(async () => {
      for (const size of [1500, 0]) {
        const client = await associated(place);
        const raw = new Uint8Array(size);
        let answer = await client.ask(
          toHex(
            encodeApdu({
              kind: 'set-request',
              type: 'with-first-datablock',
              invoke: INVOKE,
              attr: NOTE,
              selective: null,
              last: false,
              block: 1,
              raw,
            }),
          ),
        );
        let block = 2;
        for (; answer?.startsWith('c502') && block < 1000; block += 1) {
          const apdu = encodeApdu({
            kind: 'set-request',
            type: 'with-datablock',
            invoke: INVOKE,
            last: false,
            block,
            raw,
          });
          answer = await client.ask(toHex(apdu));
        }
        assert.ok(block * size <= MAX_LONG_REQUEST + 3 * size && block < 1000, `${block} blocks of ${size}`);
        assert.ok(answer !== undefined && !answer.startsWith('c502'), answer);
        assert.ok((await client.ask(GET_LDN))?.startsWith('c401c100'));
        client.close();
      }
    }),
  );

  it(
    'a flood of requests in one go is answered in order, one by one',
    attack(async () => {
      const client = await associated(place);
      const count = 5000;
      const requests = Array.from({ length: count }, (_, index) =>
        wrapped(`c001${(0xc0 + (index % 16)).toString(16)}00010000${'2a'}0000ff0200`),
      );
      client.socket.write(Buffer.concat(requests));
      for (let index = 0; index < count; index += 1) {
        const answer = await client.receive(20_000);
        assert.ok(answer?.startsWith(`c401${(0xc0 + (index % 16)).toString(16)}00`), `answer ${index}: ${answer}`);
      }
      client.close();
    }),
  );

  it(
    'a client that never reads is not served without end',
    attack(async () => {
      const socket = await open(place.victim, place.port('lan'));
      socket.pause();
      socket.write(wrapped(AARQ));
      const many = Buffer.concat(Array.from({ length: 500 }, () => wrapped(GET_NOTE)));
      // Of the meter under attack alone: the other one goes on.
      const { emulator } = place;
      const octetsOut = (): number => emulator.details(emulator.meters[0]?.serial ?? '')?.figures.octetsOut ?? 0;
      const before = octetsOut();
      for (let round = 0; round < 200 && !socket.destroyed; round += 1) {
        if (!socket.write(many)) await Promise.race([once(socket, 'drain'), pause(50)]);
      }
      // The meter has heard it all, or stopped to listen, when nothing more goes out.
      let sent = -1;
      for (let now = 0; now === 0 || now !== sent; await pause(300)) {
        sent = now;
        now = octetsOut() - before;
      }
      // 100,000 answers of 2,000 octets would be 200 MB: what the kernel takes, and 4 MiB on our side, is all there is.
      assert.ok(sent < 64 * 1024 * 1024, `${sent} octets went to a client that does not read`);
      socket.destroy();
    }),
  );

  async function sessionsOf(transport: string, wanted: number): Promise<void> {
    const { emulator } = place;
    const count = (): number =>
      emulator.meters
        .flatMap(({ serial }) => emulator.details(serial)?.clients ?? [])
        .filter((client) => client.transport === transport).length;
    for (let tries = 0; tries < 500 && count() !== wanted; tries += 1) await pause(10);
    assert.equal(count(), wanted);
  }
});
