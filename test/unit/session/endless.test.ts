import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { HdlcDeframer } from '../../../engine/codec/hdlc/deframer.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { MAX_IDLE_BLOCKS } from '../../../engine/link/general-block-exchange.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { MAX_EMPTY_REQUEST_BLOCKS, MAX_LONG_REQUEST } from '../../../engine/meter/services/long-transfer.ts';
import { Channel, MAX_OCTETS_PER_ANSWER } from '../../../engine/session/channel.ts';
import { type ClientSession, MAX_NOTIFICATIONS_PER_ANSWER } from '../../../engine/session/client-session.ts';
import { SessionError } from '../../../engine/session/errors.ts';
import { linkFor } from '../../../engine/session/links.ts';
import { getAttribute } from '../../../engine/session/ln-get.ts';
import { invokeMethod } from '../../../engine/session/ln-invoke.ts';
import { MAX_EMPTY_BLOCKS, MAX_TRANSFER_BLOCKS } from '../../../engine/session/octet-collector.ts';
import { LN_CONFORMANCE } from '../../../engine/session/params.ts';
import type { Procedure } from '../../../engine/session/procedure.ts';
import { readName } from '../../../engine/session/sn-read.ts';
import { Tracer } from '../../../engine/session/tracer.ts';
import { ALL_LN, INVOKE, NOW, TestClient } from '../meter/support/test-client.ts';
import { converse, openSession } from './converse.ts';
import { ATTRIBUTE, loopModel } from './loop-models.ts';

const { short } = ATTRIBUTE;
const EMPTY = new Uint8Array(0);
const GBT = 'general-block-transfer';

/** Code of the failure of a procedure, and how many APDUs the meter was asked for until then. */
function failing(
  start: (session: ClientSession) => Procedure<unknown>,
  answer: (apdu: Apdu, count: number) => Apdu | readonly Apdu[],
  conformance?: readonly string[],
): [code: string, count: number] {
  const { session } = openSession(conformance, conformance === undefined ? {} : { conformance });
  let count = 0;
  try {
    converse(start(session), (apdu) => answer(apdu, ++count));
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return [error.code, count];
  }
  return assert.fail('did not fail');
}

/** Blocks of the service that is asked for, numbered on and on, never the last. */
function blockOf(apdu: Apdu, block: number, raw: Uint8Array): Apdu {
  if (apdu.kind === 'get-request')
    return { kind: 'get-response', type: 'with-datablock', invoke: apdu.invoke, last: false, block, raw };
  if (apdu.kind === 'action-request')
    return { kind: 'action-response', type: 'with-pblock', invoke: apdu.invoke, last: false, block, raw };
  return { kind: 'read-response', list: [{ 'data-block-result': { last: false, block, raw } }] };
}

describe('a client whose meter never comes to an end', () => {
  const services: readonly (readonly [string, (session: ClientSession) => Procedure<unknown>])[] = [
    ['GET', (session) => getAttribute(session, short, null)],
    ['ACTION', (session) => invokeMethod(session, { ...short, index: 1 }, null)],
    ['Read', (session) => readName(session, 0x2008, null)],
  ];
  for (const [name, start] of services) {
    it(`${name}: blocks of one octet`, () => {
      const one = Uint8Array.of(1);
      // Numbers of blocks have 16 bits in Read: a meter that begins anew with them is out of sequence.
      const expected = name === 'Read' ? ['block-sequence', 0x1_0000] : ['limit', MAX_TRANSFER_BLOCKS + 1];
      const number = (count: number) => (name === 'Read' ? count & 0xffff : count);
      assert.deepEqual(
        failing(start, (apdu, count) => blockOf(apdu, number(count), one)),
        expected,
      );
    }).timeout(20_000);

    it(`${name}: blocks without octets`, () => {
      assert.deepEqual(
        failing(start, (apdu, count) => blockOf(apdu, count, EMPTY)),
        ['limit', MAX_EMPTY_BLOCKS + 1],
      );
    });

    it(`${name}: the same block again and again`, () => {
      assert.deepEqual(
        failing(start, (apdu) => blockOf(apdu, 1, Uint8Array.of(1))),
        ['block-sequence', 2],
      );
    });

    it(`${name}: notifications instead of an answer`, () => {
      const push: Apdu = { kind: 'data-notification', longInvokeId: 1, dateTime: EMPTY, data: { t: 'null-data' } };
      const { session } = openSession();
      const pushes = Array.from({ length: 1000 }, () => push);
      let code = '';
      try {
        converse(start(session), () => pushes);
      } catch (error) {
        code = error instanceof SessionError ? error.code : String(error);
      }
      assert.equal(code, 'limit');
      assert.ok(MAX_NOTIFICATIONS_PER_ANSWER < pushes.length);
    });
  }

  for (const window of [0, 1, 63]) {
    const general = (block: number, blockAck: number): Apdu => {
      return { kind: 'general-block-transfer', last: false, streaming: false, window, block, blockAck, raw: EMPTY };
    };
    const start = (session: ClientSession) => getAttribute(session, short, null);
    // Window 0 is acknowledged by nobody: such a meter just goes on.
    const more = window === 0 ? 100 : 1;
    const several = (block: (index: number) => Apdu): Apdu[] =>
      Array.from({ length: more }, (_, index) => block(index));

    it(`general blocks without octets, window ${window}`, () => {
      const answer = (_: Apdu, n: number) => several((index) => general(n + index, n));
      const [code, count] = failing(start, answer, [...LN_CONFORMANCE, GBT]);
      assert.equal(code, 'limit');
      assert.ok(count <= MAX_IDLE_BLOCKS + 2, `${count} blocks`);
    });

    it(`the first general block again and again, window ${window}`, () => {
      const [code, count] = failing(start, () => several(() => general(1, 0)), [...LN_CONFORMANCE, GBT]);
      assert.equal(code, 'limit');
      assert.ok(count <= MAX_IDLE_BLOCKS + 3, `${count} blocks`);
    });
  }

  it('HDLC segments for ever', async () => {
    let deliver: (octets: Uint8Array) => void = () => undefined;
    let sent = 0;
    const route = { destination: clientAddress(16), source: serverAddress(1), pollFinal: true } as const;
    const deframer = new HdlcDeframer();
    const segment = (octets: Uint8Array, ns: number): void => {
      for (const event of deframer.push(octets)) {
        if (event.type !== 'frame') continue;
        const { frame } = event;
        if (frame.kind === 'SNRM')
          setImmediate(() => deliver(encodeHdlcFrame({ kind: 'UA', ...route, segmented: false, information: EMPTY })));
        if (frame.kind !== 'I' && frame.kind !== 'RR') continue;
        const information = new Uint8Array(2000);
        const answer = { kind: 'I', ns, nr: 1, ...route, segmented: true, information } as const;
        sent += 2000;
        setImmediate(() => deliver(encodeHdlcFrame(answer)));
      }
    };
    let count = 0;
    const channel = new Channel({
      link: linkFor({ framing: 'hdlc', client: 16, server: 1 }, 500),
      framing: 'hdlc',
      timeoutMs: 500,
      tracer: new Tracer(undefined, () => 0),
      monotonic: () => performance.now(),
      connect: async (events) => {
        deliver = events.data;
        return {
          kind: 'tcp',
          write: (octets) => segment(octets, octets.includes(0x93) && count === 0 ? 0 : count++ & 7),
          close: () => undefined,
        };
      },
    });
    await channel.open();
    await assert.rejects(channel.exchange({ send: Uint8Array.of(0xc0), awaiting: 'response' }), { code: 'limit' });
    assert.ok(sent <= MAX_OCTETS_PER_ANSWER + 4000);
  }).timeout(20_000);
});

describe('a meter whose client never comes to an end', () => {
  function opened(): TestClient {
    const model = loopModel({ conformance: [...ALL_LN, GBT] });
    const client = new TestClient(createMeter(model, { startedAt: NOW }), 1);
    assert.equal(client.open({ initiate: { conformance: [...ALL_LN, GBT] } }).result, 'accepted');
    return client;
  }
  /** Sends blocks until one is not acknowledged like the others. */
  function until(blockOf: (block: number) => Apdu, goesOn: (answer: Apdu) => boolean): [count: number, answer: Apdu] {
    const client = opened();
    for (let block = 1; block < 400_000; block++) {
      const answer = client.plain(blockOf(block));
      if (!goesOn(answer)) return [block, answer];
    }
    return assert.fail('did not end');
  }

  const pieces: readonly (readonly [name: string, raw: Uint8Array, most: number])[] = [
    ['without octets', EMPTY, MAX_EMPTY_REQUEST_BLOCKS + 1],
    ['of 1000 octets', new Uint8Array(1000), Math.ceil(MAX_LONG_REQUEST / 1000)],
  ];
  for (const [name, raw, most] of pieces) {
    it(`SET: blocks ${name}`, () => {
      const [count, answer] = until(
        (block) =>
          block === 1
            ? {
                kind: 'set-request',
                invoke: INVOKE,
                type: 'with-first-datablock',
                attr: short,
                selective: null,
                last: false,
                block,
                raw,
              }
            : { kind: 'set-request', invoke: INVOKE, type: 'with-datablock', last: false, block, raw },
        (answer) => answer.kind === 'set-response' && answer.type === 'datablock',
      );
      assert.equal(count, most);
      assert.ok(answer.kind === 'set-response' && 'result' in answer && answer.result === 'long-set-aborted');
    });

    it(`ACTION: blocks ${name}`, () => {
      const method = { class: 70, obis: ATTRIBUTE.relay.obis, index: 1 };
      const [count, answer] = until(
        (block) =>
          block === 1
            ? { kind: 'action-request', invoke: INVOKE, type: 'with-first-pblock', method, last: false, block, raw }
            : { kind: 'action-request', invoke: INVOKE, type: 'with-pblock', last: false, block, raw },
        (answer) => answer.kind === 'action-response' && answer.type === 'next-pblock',
      );
      assert.equal(count, most);
      assert.ok(answer.kind === 'action-response' && 'result' in answer && answer.result === 'long-action-aborted');
    });

    it(`general blocks ${name}`, () => {
      const [count, answer] = until(
        (block) => ({ kind: GBT, last: false, streaming: false, window: 1, block, blockAck: 0, raw }),
        (answer) => answer.kind === GBT,
      );
      assert.ok(count <= Math.max(most, MAX_IDLE_BLOCKS) + 1, `${count} blocks`);
      assert.equal(answer.kind, 'exception-response');
    });
  }
});
