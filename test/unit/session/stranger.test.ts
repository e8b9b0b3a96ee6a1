import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { connect } from '../../../engine/session/connect.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { SessionError, type SessionErrorCode } from '../../../engine/session/errors.ts';
import { judgeStranger } from '../../../engine/session/stranger.ts';
import { accept, closeServer, fakeMeter, listen, publicClient } from './fake-meter.ts';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const timeoutMs = 120;

async function failureAgainst(
  answer: (socket: Socket) => void,
  connection: Partial<Connection>,
): Promise<SessionError> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  const port = await listen(server);
  try {
    await connect({ ...publicClient, timeoutMs, ...connection, port });
  } catch (error) {
    assert.ok(error instanceof SessionError, String(error));
    return error;
  } finally {
    await closeServer(server);
  }
  return assert.fail('did not fail');
}

describe('who answers in place of a meter', () => {
  const strangers: readonly (readonly [string, Uint8Array, RegExp, RegExp])[] = [
    ['a web server', ascii('HTTP/1.1 400 Bad Request\r\n\r\n'), /HTTP/, /check host and port/],
    ['an SSH server', ascii('SSH-2.0-OpenSSH_9.6\r\n'), /SSH/, /check host and port/],
    ['a TLS server', Uint8Array.of(0x15, 3, 1, 0, 2, 2, 70), /TLS/, /check host and port/],
    ['a serial server in telnet mode', Uint8Array.of(0xff, 0xfd, 3), /telnet/, /raw TCP/],
    ['a text service', ascii('220 mail ready\r\n'), /220 mail/, /check host and port/],
    ['a meter in mode E', ascii('/ABC5\\2METER\r\n'), /IEC 62056-21/, /mode E/],
    ['octets of nothing known', Uint8Array.of(1, 2, 3, 4), /begins with 01 02 03 04/, /other framing/],
  ];
  for (const [name, octets, found, next] of strangers) {
    for (const framing of ['wrapper', 'hdlc'] as const) {
      it(`${name} is named over ${framing}, at silence and at the end of the connection`, async () => {
        for (const ends of [false, true]) {
          const error = await failureAgainst((socket) => (ends ? socket.end(octets) : socket.write(octets)), {
            framing,
          });
          assert.match(error.found, found);
          assert.match(error.details.next ?? '', next);
          assert.ok(error.details.cause !== undefined);
        }
      });
    }
  }

  it('a meter of the other framing is told from one that is broken', () => {
    const hdlc = Uint8Array.of(0x7e, 0xa0, 0x07);
    const wrapper = Uint8Array.of(0, 1, 0, 1, 0, 16);
    assert.match(judgeStranger(hdlc, 'wrapper')?.next ?? '', /framing hdlc/);
    assert.match(judgeStranger(wrapper, 'hdlc')?.next ?? '', /framing wrapper/);
    assert.equal(judgeStranger(hdlc, 'hdlc'), undefined);
    assert.equal(judgeStranger(wrapper, 'wrapper'), undefined);
    assert.equal(judgeStranger(new Uint8Array(), 'wrapper'), undefined);
  });

  it('a connection that ends at the SNRM is not said to end at the AARQ', async () => {
    const error = await failureAgainst((socket) => socket.end(), { framing: 'hdlc' });
    assert.equal(error.code, 'closed');
    assert.match(error.message, /SNRM/);
    assert.doesNotMatch(error.message, /AARQ/);
  });

  it('half a message is told apart from silence', async () => {
    const error = await failureAgainst(
      (socket) => socket.write(Uint8Array.of(0, 1, 0, 1, 0, 16, 0, 40, 0x61, 0x26)),
      {},
    );
    assert.equal(error.code, 'no-answer-to-aarq');
    assert.match(error.message, /only 10 octets that are no whole message/);
  });

  it('a meter that was understood before is no stranger when it falls silent', async () => {
    const meter = await fakeMeter((apdu) => (apdu.kind === 'aarq' ? accept(apdu) : undefined));
    const association = await connect({ ...publicClient, port: meter.port, timeoutMs });
    await assert.rejects(
      association.get({ class: 8, obis: '0-0:1.0.0.255', index: 2 }),
      (error) =>
        error instanceof SessionError &&
        error.message === `no answer within ${timeoutMs} ms; allow more time, or check the connection`,
    );
    await association.release(20);
    await meter.close();
  });

  const impossible: readonly (readonly [string, Partial<Connection>, SessionErrorCode])[] = [
    ['a port beyond 65535', { port: 70000 }, 'not-supported'],
    ['port 0', { port: 0 }, 'not-supported'],
    ['a client SAP below 0', { port: 4059, client: -1 }, 'not-supported'],
    ['a server SAP beyond two octets', { port: 4059, server: 65536 }, 'not-supported'],
    ['an HDLC client address beyond seven bits', { port: 4059, framing: 'hdlc', client: 300 }, 'not-supported'],
  ];
  for (const [name, connection, code] of impossible) {
    it(`${name} is refused before anything is sent`, async () => {
      await assert.rejects(
        connect({ ...publicClient, port: 4059, ...connection }),
        (error) => error instanceof SessionError && error.code === code && error.details.next !== undefined,
      );
    });
  }
});
