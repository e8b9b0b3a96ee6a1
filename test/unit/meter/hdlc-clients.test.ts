import assert from 'node:assert/strict';
import { clientAddress, type HdlcAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { writeFcs } from '../../../engine/codec/hdlc/fcs.ts';
import { decodeHdlcFrame, encodeHdlcFrame, type HdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { MeterSession } from '../../../engine/meter/session.ts';
import { loopModel } from '../session/loop-models.ts';
import { NOW } from './support/test-client.ts';

const AARQ = 'e6e600601da109060760857405080101be10040e01000000065f1f040000ffffffff';
const GET = 'e6e600c001c100010000603200ff0200';
const VALUE = 'I F e6e700c401c100120007';
const NOT_ASSOCIATED = 'I F e6e700d80101';

type Sending = Partial<Omit<HdlcFrame, 'kind'>>;

/** What clients of the field send to a meter, frame by frame, and what comes back in words. */
class Client {
  readonly figures = { requests: 0, errors: 0 };
  readonly #session: MeterSession;
  server: HdlcAddress = serverAddress(1);
  client: HdlcAddress = clientAddress(1);

  constructor() {
    const meter = createMeter(loopModel(), { startedAt: NOW });
    this.#session = new MeterSession({
      link: new HdlcServerLink({ accepts: () => 'accept' }),
      device: { find: (peer) => (peer.client === 1 ? { meter, serverSap: peer.server } : undefined) },
      random: (length) => new Uint8Array(length).fill(7),
      figures: this.figures,
      clock: () => NOW,
    });
  }

  frame(control: HdlcControl, information = '', rest: Sending = {}): Uint8Array {
    const route = { destination: this.server, source: this.client };
    const usual = { pollFinal: true, segmented: false, information: fromHex(information) };
    return encodeHdlcFrame({ ...control, ...route, ...usual, ...rest });
  }

  octets(octets: Uint8Array): string[] {
    return this.#session.receive(octets, 0).map((output) => {
      assert.ok(output.type === 'send');
      const decoded = decodeHdlcFrame(output.octets);
      assert.ok(decoded.ok);
      const { frame } = decoded.value;
      assert.deepEqual([frame.destination, frame.source], [this.client, this.server], 'answered as it was called');
      return `${frame.kind}${frame.pollFinal ? ' F' : ''}${frame.kind === 'I' ? ` ${toHex(frame.information)}` : ''}`;
    });
  }

  send(control: HdlcControl, information?: string, rest?: Sending): string[] {
    return this.octets(this.frame(control, information, rest));
  }

  /** Connects and associates; the next frame is I 1, 1. */
  open(): this {
    assert.deepEqual(this.send({ kind: 'SNRM' }), ['UA F']);
    assert.match(this.send({ kind: 'I', ns: 0, nr: 0 }, AARQ)[0] ?? '', /^I F e6e70061/);
    return this;
  }
}

/** A frame without information that carries both check sequences all the same. */
function withTwoChecks(octets: Uint8Array): Uint8Array {
  const header = Uint8Array.from(octets.subarray(1, octets.length - 3));
  header[1] = (header[1] ?? 0) + 2;
  const frame = new Uint8Array(octets.length + 2).fill(0x7e);
  frame.set(header, 1);
  writeFcs(frame, 1, 1 + header.length);
  writeFcs(frame, 1, 3 + header.length);
  return frame;
}

describe('HDLC clients of the field', () => {
  it('clear the line with DISC before they connect: DM, then everything works', () => {
    const client = new Client();
    assert.deepEqual(client.send({ kind: 'DISC' }), ['DM F']);
    client.open();
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET), [VALUE]);
  });

  it('send SNRM again on an open connection: the association is over', () => {
    const client = new Client().open();
    assert.deepEqual(client.send({ kind: 'SNRM' }), ['UA F']);
    assert.deepEqual(client.send({ kind: 'I', ns: 0, nr: 0 }, GET), [NOT_ASSOCIATED]);
    client.open();
  });

  it('disconnect without release: the association is over', () => {
    const client = new Client().open();
    assert.deepEqual(client.send({ kind: 'DISC' }), ['UA F']);
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET), ['DM F']);
    assert.deepEqual(client.send({ kind: 'SNRM' }), ['UA F']);
    assert.deepEqual(client.send({ kind: 'I', ns: 0, nr: 0 }, GET), [NOT_ASSOCIATED]);
  });

  const addresses: readonly (readonly [string, HdlcAddress, HdlcAddress])[] = [
    ['one octet', serverAddress(1), clientAddress(1)],
    ['two octets', serverAddress(1, 17), clientAddress(1)],
    ['four octets', serverAddress(1, 17, 4), clientAddress(1)],
    ['a client of two octets', serverAddress(1, 17), { bytes: 2, upper: 1, lower: 0x7f }],
  ];
  for (const [name, server, source] of addresses)
    it(`call the meter with ${name}`, () => {
      const client = new Client();
      client.server = server;
      client.client = source;
      assert.deepEqual(client.open().send({ kind: 'I', ns: 1, nr: 1 }, GET), [VALUE]);
    });

  it('put a check sequence of the header where there is no information', () => {
    const client = new Client();
    assert.deepEqual(client.octets(withTwoChecks(client.frame({ kind: 'SNRM' }))), ['UA F']);
    client.open();
    assert.deepEqual(client.octets(withTwoChecks(client.frame({ kind: 'RR', nr: 1 }))), ['RR F']);
  });

  it('poll with a frame of its own: I without P, then RR with P', () => {
    const client = new Client().open();
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET, { pollFinal: false }), []);
    assert.deepEqual(client.send({ kind: 'RR', nr: 1 }), [VALUE]);
  });

  it('repeat their request instead of asking with RR: the answer comes again, the meter has done it once', () => {
    const client = new Client().open();
    const set = 'e6e600c101c100010000603200ff0200120009';
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, set), ['I F e6e700c501c100']);
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, set), ['I F e6e700c501c100']);
    assert.equal(client.figures.requests, 2);
  });

  it('leave the LLC header away, or take that of answers', () => {
    const client = new Client().open();
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET.slice(6)), [VALUE]);
    assert.deepEqual(client.send({ kind: 'I', ns: 2, nr: 2 }, GET.replace('e6e600', 'e6e700')), [VALUE]);
  });

  it('send segments of a request, one a turn', () => {
    const client = new Client().open();
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET.slice(0, 12), { segmented: true }), ['RR F']);
    assert.deepEqual(client.send({ kind: 'I', ns: 2, nr: 1 }, GET.slice(12)), [VALUE]);
  });

  it('fill the line with FF and flags, and share flags', () => {
    const client = new Client();
    const fill = fromHex('ffffff7e7e7e');
    const [snrm, aarq] = [client.frame({ kind: 'SNRM' }), client.frame({ kind: 'I', ns: 0, nr: 0 }, AARQ)];
    const answers = client.octets(Buffer.concat([fill, snrm, aarq.subarray(1), fill]));
    assert.deepEqual([answers[0], answers[1]?.slice(0, 12)], ['UA F', 'I F e6e70061']);
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET), [VALUE]);
  });

  it('are several on one line: each has its connection and its association', () => {
    const client = new Client().open();
    client.client = clientAddress(2);
    assert.deepEqual(client.send({ kind: 'SNRM' }), ['UA F']);
    client.client = clientAddress(1);
    assert.deepEqual(client.send({ kind: 'I', ns: 1, nr: 1 }, GET), [VALUE]);
  });
});
