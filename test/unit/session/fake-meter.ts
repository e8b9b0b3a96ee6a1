import { createServer, type Server, type Socket } from 'node:net';
import type { Aare, Aarq } from '../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { WrapperDeframer } from '../../../engine/codec/wrapper/deframer.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import type { Connection } from '../../../engine/session/connection.ts';

/** The public client on loopback, without port. */
export const publicClient: Omit<Connection, 'port'> = {
  host: '127.0.0.1',
  framing: 'wrapper',
  referencing: 'LN',
  client: 16,
  server: 1,
  authentication: 'none',
  security: 'none',
  suite: 0,
  secrets: {},
  timeoutMs: 1000,
};

/** Answers one APDU: an APDU, raw octets, several of them, or silence. */
export type Answer = Apdu | Uint8Array | readonly (Apdu | Uint8Array)[] | undefined;
export type Handler = (apdu: Apdu, client: number, socket: Socket) => Answer;

export interface FakeMeter {
  readonly port: number;
  readonly requests: Apdu[];
  close(): Promise<void>;
}

export function octetsOf(answer: Apdu | Uint8Array): Uint8Array {
  return answer instanceof Uint8Array ? answer : encodeApdu(answer);
}

/** A scripted meter behind the wrapper on a loopback port of its own. */
export async function fakeMeter(handler: Handler): Promise<FakeMeter> {
  const requests: Apdu[] = [];
  const server = createServer((socket) => {
    const deframer = new WrapperDeframer();
    socket.on('error', () => undefined);
    socket.on('data', (octets) => {
      for (const event of deframer.push(octets)) {
        if (event.type !== 'message') continue;
        const decoded = decodeApdu(event.message.apdu);
        if (!decoded.ok) continue;
        requests.push(decoded.value);
        const { source, destination } = event.message;
        const answer = handler(decoded.value, source, socket);
        const list = answer === undefined ? [] : Array.isArray(answer) ? answer : [answer as Apdu | Uint8Array];
        for (const one of list)
          socket.write(encodeWrapper({ source: destination, destination: source, apdu: octetsOf(one) }));
      }
    });
  });
  const port = await listen(server);
  return { port, requests, close: () => closeServer(server) };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

export function closeServer(server: Server & { closeAllConnections?: () => void }): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** An AARE that accepts what was asked for. */
export function accept(aarq: Aarq, conformance: readonly string[] = ['get', 'block-transfer-with-get-or-read']): Aare {
  const sn = aarq.applicationContext === 'sn' || aarq.applicationContext === 'sn-ciphered';
  return {
    kind: 'aare',
    applicationContext: aarq.applicationContext,
    result: 'accepted',
    diagnostic: { source: 'acse-service-user', value: 'null' },
    userInformation: {
      kind: 'initiate-response',
      negotiatedQoS: null,
      dlmsVersion: 6,
      conformance,
      maxPdu: 1024,
      vaaName: sn ? 0xfa00 : 7,
    },
  };
}

export function reject(aarq: Aarq, diagnostic: string): Aare {
  return {
    kind: 'aare',
    applicationContext: aarq.applicationContext,
    result: 'rejected-permanent',
    diagnostic: { source: 'acse-service-user', value: diagnostic },
  };
}
