import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { HdlcDeframer } from '../../../engine/codec/hdlc/deframer.ts';
import { decodeWrapperDatagram, encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import type { LinkEvent } from '../../../engine/link/types.ts';
import { connect } from '../../../engine/session/connect.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { SessionError, type SessionErrorCode } from '../../../engine/session/errors.ts';
import { InvocationCounters } from '../../../engine/session/invocation-counters.ts';
import type { TraceEntry } from '../../../engine/session/trace.ts';
import { transportError } from '../../../engine/session/transport.ts';
import { accept, closeServer, type FakeMeter, fakeMeter, listen, publicClient } from './fake-meter.ts';

async function failure(run: Promise<unknown>): Promise<SessionError> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error;
  }
  return assert.fail('did not fail');
}

const PASSWORD = 'sesame-0123456789-open';

/** A meter over HDLC on a port of its own, with small information fields. */
async function hdlcMeter(maxInfo: number): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((socket) => {
    const link = new HdlcServerLink({
      accepts: () => 'accept',
      parameters: { maxInfoTx: maxInfo, maxInfoRx: maxInfo },
    });
    const perform = (events: readonly LinkEvent[]): void => {
      for (const event of events) {
        if (event.type === 'send') socket.write(event.octets);
        if (event.type !== 'apdu') continue;
        const decoded = decodeApdu(event.apdu);
        assert.ok(decoded.ok);
        const apdu = decoded.value;
        if (apdu.kind === 'aarq') perform(link.send(encodeApdu(accept(apdu)), event.peer, 0));
        else if (apdu.kind === 'get-request')
          perform(
            link.send(
              encodeApdu({
                kind: 'get-response',
                type: 'normal',
                invoke: apdu.invoke,
                data: { t: 'octet-string', v: new Uint8Array(300) },
              }),
              event.peer,
              0,
            ),
          );
        else if (apdu.kind === 'rlrq') perform(link.send(encodeApdu({ kind: 'rlre' }), event.peer, 0));
      }
    };
    socket.on('error', () => undefined);
    socket.on('data', (octets) => perform(link.receive(octets, 0)));
  });
  const port = await listen(server);
  return { port, close: () => closeServer(server) };
}

describe('errors of sockets in our terms', () => {
  const codes: readonly (readonly [string, SessionErrorCode])[] = [
    ['ECONNREFUSED', 'connect-refused'],
    ['ENOTFOUND', 'host-unknown'],
    ['EAI_AGAIN', 'host-unknown'],
    ['ETIMEDOUT', 'connect-timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EACCES', 'not-permitted'],
    ['EMFILE', 'no-sockets'],
    ['ECONNRESET', 'closed'],
  ];
  for (const [code, expected] of codes) {
    it(`${code} is ${expected}`, () => {
      const error = transportError(Object.assign(new Error(code), { code }), 'meter.example', 4059);
      assert.equal(error.code, expected);
      assert.ok(error.message.includes('meter.example'));
    });
  }
});

describe('session over HDLC', () => {
  for (const maxInfo of [32, 128, 1024]) {
    it(`associates with LLS, reads segmented data and masks the password in every frame (${maxInfo} octets a frame)`, async () => {
      const meter = await hdlcMeter(maxInfo);
      const trace: TraceEntry[] = [];
      const association = await connect(
        {
          ...publicClient,
          port: meter.port,
          framing: 'hdlc',
          authentication: 'lls',
          secrets: { password: `text:${PASSWORD}` },
        },
        { trace: (entry) => trace.push(entry) },
      );
      assert.equal(association.hdlcParameters?.maxInfoTx, maxInfo);
      const result = await association.get({ class: 1, obis: '0-0:96.1.0.255', index: 2 });
      assert.ok('data' in result && result.data.t === 'octet-string' && result.data.v.length === 300);
      await association.release();
      await meter.close();

      const sent = trace.filter((entry) => entry.layer === 'link' && entry.direction === 'tx');
      // The frames of the trace are whole: every check sequence fits, and together they carry the masked AARQ.
      const deframer = new HdlcDeframer();
      let information = Buffer.alloc(0);
      for (const entry of sent) {
        for (const event of deframer.push(entry.octets)) {
          assert.equal(event.type, 'frame');
          if (event.type === 'frame' && event.frame.kind === 'I')
            information = Buffer.concat([information, event.frame.information]);
        }
      }
      assert.ok(information.includes('*'.repeat(PASSWORD.length)));
      for (let length = 4; length <= PASSWORD.length; length += 6)
        for (const entry of trace)
          assert.ok(!Buffer.from(entry.octets).includes(PASSWORD.slice(0, length)), entry.summary);
    });
  }

  it('says what to try when nobody answers SNRM', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume());
    const port = await listen(silent);
    const error = await failure(connect({ ...publicClient, port, framing: 'hdlc', timeoutMs: 200 }));
    await closeServer(silent);
    assert.equal(error.code, 'no-answer-to-snrm');
    assert.match(error.message, /1, 2 and 4 octets/);
  });
});

describe('session over UDP', () => {
  it('reads with one wrapper message a datagram', async () => {
    const meter = createSocket('udp4');
    meter.on('message', (octets, peer) => {
      const message = decodeWrapperDatagram(octets);
      assert.ok(message.ok);
      const decoded = decodeApdu(message.value.apdu);
      assert.ok(decoded.ok);
      const apdu = decoded.value;
      const answer: Apdu | undefined =
        apdu.kind === 'aarq'
          ? accept(apdu)
          : apdu.kind === 'get-request'
            ? { kind: 'get-response', type: 'normal', invoke: apdu.invoke, data: { t: 'enum', v: 7 } }
            : undefined;
      const { source, destination } = message.value;
      if (answer !== undefined)
        meter.send(
          encodeWrapper({ source: destination, destination: source, apdu: encodeApdu(answer) }),
          peer.port,
          peer.address,
        );
    });
    await new Promise<void>((resolve) => meter.bind(0, '127.0.0.1', resolve));
    const association = await connect({ ...publicClient, port: meter.address().port, transport: 'udp' });
    assert.deepEqual(await association.get({ class: 1, obis: '0-0:96.1.0.255', index: 2 }), {
      data: { t: 'enum', v: 7 },
    });
    await association.release(20);
    meter.close();
  });
});

describe('session over the wrapper', () => {
  it('masks the LLS password at link level as well', async () => {
    const meter = await fakeMeter((apdu) => (apdu.kind === 'aarq' ? accept(apdu) : undefined));
    const trace: TraceEntry[] = [];
    const association = await connect(
      { ...publicClient, port: meter.port, authentication: 'lls', secrets: { password: PASSWORD } },
      { trace: (entry) => trace.push(entry) },
    );
    await association.release(20);
    await meter.close();
    const aarq = meter.requests[0];
    assert.ok(
      aarq?.kind === 'aarq' && Buffer.from(aarq.authValue?.octets ?? []).toString() === PASSWORD,
      'the meter gets the password',
    );
    for (const entry of trace) {
      assert.ok(!Buffer.from(entry.octets).includes(PASSWORD));
      assert.ok(!entry.summary.includes(PASSWORD));
    }
  });

  it('reads the invocation counter by the public client before it opens a ciphered association', async () => {
    const asked: string[] = [];
    const meter = await fakeMeter((apdu, client) => {
      asked.push(`${client} ${apdu.kind}`);
      if (apdu.kind === 'aarq' && client === 16) return accept(apdu);
      if (apdu.kind === 'get-request')
        return {
          kind: 'get-response',
          type: 'normal',
          invoke: apdu.invoke,
          data: { t: 'double-long-unsigned', v: 41 },
        };
      if (apdu.kind === 'aarq' && apdu.userInformation?.kind === 'glo-initiate-request')
        asked.push(`counter ${apdu.userInformation.security.ic}`);
      return undefined;
    });
    const error = await failure(
      connect({
        ...publicClient,
        port: meter.port,
        client: 1,
        authentication: 'gmac',
        security: 'authenc',
        secrets: { guek: '00'.repeat(16), gak: '11'.repeat(16), systemTitle: '4d4d4d0000000001' },
        timeoutMs: 200,
      }),
    );
    await meter.close();
    assert.equal(error.code, 'no-answer-to-aarq');
    assert.deepEqual(asked, ['16 aarq', '16 get-request', '16 rlrq', '1 aarq', 'counter 42']);
  });

  it('goes on from the counter a meter says it expects, once', async () => {
    const counters: number[] = [];
    const meter = await fakeMeter((apdu) => {
      if (apdu.kind !== 'aarq' || apdu.userInformation?.kind !== 'glo-initiate-request') return undefined;
      counters.push(apdu.userInformation.security.ic);
      return {
        kind: 'exception-response',
        stateError: 'service-not-allowed',
        serviceError: 'invocation-counter-error',
        invocationCounter: 500,
      };
    });
    const connection: Connection = {
      ...publicClient,
      port: meter.port,
      client: 1,
      security: 'authenc',
      secrets: { guek: '22'.repeat(16), gak: '11'.repeat(16), systemTitle: '4d4d4d0000000001' },
      timeoutMs: 200,
    };
    assert.equal((await failure(connect(connection))).code, 'exception');
    assert.deepEqual(counters, [1, 500]);
    // The meter may say what it likes: a counter is not used twice under one key.
    assert.equal((await failure(connect(connection))).code, 'exception');
    assert.deepEqual(counters, [1, 500, 501, 502]);
    const own = { ...connection, invocationCounter: 7 };
    assert.equal((await failure(connect(own))).code, 'exception');
    assert.equal((await failure(connect(own, { counters: new InvocationCounters() }))).code, 'exception');
    assert.deepEqual(counters.slice(4), [7, 7]);
    await meter.close();
  });

  it('an answer in single octets is an answer', async () => {
    const server = createServer((socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const answer = Buffer.from(
          '000100010010002b6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f04000010100400' + '0007',
          'hex',
        );
        let at = 0;
        const drip = setInterval(
          () => (at < answer.length ? socket.write(answer.subarray(at, ++at)) : clearInterval(drip)),
          1,
        );
      });
    });
    const port = await listen(server);
    const association = await connect({ ...publicClient, port });
    assert.equal(association.negotiated.vaaName, 7);
    await association.release(20);
    await closeServer(server);
  });

  const refusals: readonly (readonly [string, (meter: FakeMeter) => Promise<unknown>, SessionErrorCode])[] = [
    [
      'silence after AARQ',
      (meter) => connect({ ...publicClient, port: meter.port, timeoutMs: 100 }),
      'no-answer-to-aarq',
    ],
    [
      'an aborted signal',
      (meter) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 30);
        return connect({ ...publicClient, port: meter.port }, { signal: controller.signal });
      },
      'cancelled',
    ],
    [
      'a signal aborted before',
      (meter) => connect({ ...publicClient, port: meter.port }, { signal: AbortSignal.abort() }),
      'cancelled',
    ],
    [
      'a key of the wrong length',
      (meter) => connect({ ...publicClient, port: meter.port, secrets: { guek: '0011' } }),
      'bad-secret',
    ],
  ];
  for (const [name, run, code] of refusals) {
    it(`${name} is ${code}`, async () => {
      const meter = await fakeMeter(() => undefined);
      const started = performance.now();
      const error = await failure(run(meter));
      await meter.close();
      assert.equal(error.code, code);
      assert.ok(performance.now() - started < 3000);
    });
  }

  it('a connection the meter ends is told with the next step', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    const port = await listen(server);
    const error = await failure(connect({ ...publicClient, port }));
    await closeServer(server);
    assert.equal(error.code, 'closed');
    assert.match(error.message, /try the other framing/);
  });

  it('a refused connection is told with the next step', async () => {
    const server = createServer();
    const port = await listen(server);
    await closeServer(server);
    assert.equal((await failure(connect({ ...publicClient, port }))).code, 'connect-refused');
  });

  it('an answer that waited in the kernel while the event loop was blocked is not silence', async () => {
    const meter = await fakeMeter((apdu) => (apdu.kind === 'aarq' ? accept(apdu) : undefined));
    const promise = connect({ ...publicClient, port: meter.port, timeoutMs: 60 });
    const blocker = setInterval(() => {
      const end = performance.now() + 90;
      while (performance.now() < end);
    }, 1);
    try {
      const association = await promise;
      await association.release(20);
    } finally {
      clearInterval(blocker);
      await meter.close();
    }
  });
});
