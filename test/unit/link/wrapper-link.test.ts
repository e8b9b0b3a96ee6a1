import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { WrapperClientLink } from '../../../engine/link/wrapper-client-link.ts';
import { WrapperServerLink } from '../../../engine/link/wrapper-server-link.ts';
import { apdus, Line, outline, seeded } from './line.ts';

const GET = fromHex('c001c100080000010000ff0200');
const ANSWER = fromHex('c401c10000');

describe('wrapper links', () => {
  it('carry APDUs both ways in whatever pieces', () => {
    const random = seeded(5);
    const client = new WrapperClientLink({ client: 16, server: 1 });
    const server = new WrapperServerLink({ accepts: () => true });
    const line = new Line(client, server, { random, chunks: true, answer: (apdu) => ({ apdu: apdu.toReversed() }) });
    line.act((link, now) => link.open(now));
    const asked = Array.from({ length: 20 }, () =>
      Uint8Array.from({ length: 1 + Math.floor(random() * 65535) }, (_, i) => i),
    );
    for (const apdu of asked) line.act((link, now) => link.send(apdu, now));
    assert.ok(line.runUntil(() => apdus(line.clientEvents).length === asked.length));
    assert.deepEqual(apdus(line.serverEvents), asked);
    assert.deepEqual(
      apdus(line.clientEvents),
      asked.map((apdu) => apdu.toReversed()),
    );
  });

  it('open at once and close at once', () => {
    const client = new WrapperClientLink({ client: 16, server: 1 });
    assert.deepEqual(outline(client.send(GET, 0)), ['error not-open']);
    assert.deepEqual(outline(client.open(0)), ['opened']);
    assert.deepEqual(client.open(0), []);
    assert.deepEqual(client.poll(0), []);
    assert.deepEqual(outline(client.close(0)), ['closed disconnected']);
    assert.deepEqual(client.close(0), []);
  });

  it('leave the response timeout to the caller unless told', () => {
    const quiet = new WrapperClientLink({ client: 16, server: 1 });
    quiet.open(0);
    quiet.send(GET, 0);
    assert.equal(quiet.nextDeadline(), undefined);
    const client = new WrapperClientLink({ client: 16, server: 1, responseTimeout: 500 });
    client.open(0);
    client.send(GET, 100, { expectResponse: false });
    assert.equal(client.nextDeadline(), undefined);
    client.send(GET, 100);
    assert.equal(client.nextDeadline(), 600);
    assert.deepEqual(client.tick(599), []);
    assert.deepEqual(outline(client.tick(600)), ['closed no-answer']);
    client.open(700);
    client.send(GET, 700);
    client.receive(encodeWrapper({ source: 1, destination: 16, apdu: ANSWER }), 800);
    assert.equal(client.nextDeadline(), undefined);
  });

  it('tell answers from pushes by the wPorts, also where a server does not turn them round', () => {
    const client = new WrapperClientLink({ client: 16, server: 1 });
    client.open(0);
    const from = (source: number, destination: number): unknown => {
      const [event] = client.receive(encodeWrapper({ source, destination, apdu: ANSWER }), 0);
      assert.ok(event?.type === 'apdu');
      return [event.unsolicited, event.peer];
    };
    assert.deepEqual(from(1, 16), [false, { client: 16, server: 1 }]);
    assert.deepEqual(from(16, 1), [false, { client: 16, server: 1 }]);
    assert.deepEqual(from(1, 103), [true, { client: 103, server: 1 }]);
  });

  it('give up a stream that is no wrapper', () => {
    const client = new WrapperClientLink({ client: 16, server: 1 });
    client.open(0);
    assert.deepEqual(outline(client.receive(fromHex('7ea0'), 0)), ['closed protocol']);
    const server = new WrapperServerLink({ accepts: () => true });
    assert.deepEqual(outline(server.receive(fromHex('7ea0'), 0)), ['error broken-frame']);
    assert.ok(server.lost);
  });

  it('take one datagram for one message, and go on after a bad one', () => {
    const server = new WrapperServerLink({ accepts: () => true, datagrams: true });
    const good = encodeWrapper({ source: 16, destination: 1, apdu: GET });
    assert.deepEqual(outline(server.receive(good.subarray(0, 12), 0)), ['error broken-frame']);
    assert.deepEqual(outline(server.receive(good, 0)), ['apdu']);
    const client = new WrapperClientLink({ client: 16, server: 1, datagrams: true });
    client.open(0);
    assert.deepEqual(outline(client.receive(good.subarray(0, 3), 0)), ['error broken-frame']);
    assert.equal(client.state, 'open');
  });

  it('drop APDUs for logical devices that are not here, except broadcasts', () => {
    const server = new WrapperServerLink({ accepts: ({ server: sap }) => sap === 1 });
    const to = (destination: number): string[] =>
      outline(server.receive(encodeWrapper({ source: 16, destination, apdu: GET }), 0));
    assert.deepEqual(to(1), ['apdu']);
    assert.deepEqual(to(2), ['error unexpected-frame']);
    const [broadcast] = server.receive(encodeWrapper({ source: 16, destination: 0x7f, apdu: GET }), 0);
    assert.ok(broadcast?.type === 'apdu' && broadcast.broadcast);
  });

  it('answer and push with the wPorts turned round', () => {
    const server = new WrapperServerLink({ accepts: () => true });
    const [answer] = server.send(ANSWER, { client: 16, server: 1 }, 0);
    assert.ok(answer?.type === 'send');
    assert.equal(toHex(answer.octets), '0001000100100005c401c10000');
    assert.deepEqual(server.push(ANSWER, { client: 16, server: 1 }, 0), [answer]);
    assert.deepEqual(outline(server.send(new Uint8Array(65536), { client: 16, server: 1 }, 0)), ['error limit']);
    assert.equal(server.nextDeadline(), undefined);
    assert.deepEqual(server.close(0), []);
  });
});
