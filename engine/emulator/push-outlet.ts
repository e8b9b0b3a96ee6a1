import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { createConnection, isIPv6 } from 'node:net';
import type { ConfirmationReader } from '../meter/push/confirmation.ts';
import type { PushWay } from '../meter/push/destination.ts';

/** How long a receiver may take to accept a connection, to read, and to confirm, ms. */
export const PUSH_TIMEOUT = 5000;

type Outbound = Extract<PushWay, { kind: 'tcp' | 'udp' }>;

export interface Delivery {
  readonly way: Outbound;
  /** Octets in the order they go out; with UDP a datagram each. */
  readonly pieces: readonly Uint8Array[];
  /** For pushes that are to be confirmed: done when it has found the confirmation. */
  readonly confirmation?: ConfirmationReader | undefined;
}

/** Sends a push over a connection or socket of its own. Rejects with an Error that says why it did not arrive. */
export function deliver(delivery: Delivery): Promise<void> {
  return delivery.way.kind === 'tcp' ? deliverTcp(delivery) : deliverUdp(delivery);
}

function deliverTcp({ way: { host, port }, pieces, confirmation }: Delivery): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true });
    let confirmed = confirmation === undefined;
    let flushed = false;
    const timer = setTimeout(() => {
      fail(flushed && !confirmed ? 'was not confirmed' : 'was not taken');
      socket.destroy();
    }, PUSH_TIMEOUT);
    const fail = (why: string): void => reject(new Error(`the push to ${host}:${port} ${why}`));
    const end = (): void => {
      if (!confirmed || !flushed) return;
      resolve();
      socket.end();
    };
    socket.on('connect', () => {
      for (const [index, piece] of pieces.entries()) {
        const last = index === pieces.length - 1;
        socket.write(
          piece,
          last
            ? () => {
                flushed = true;
                end();
              }
            : undefined,
        );
      }
    });
    socket.on('data', (octets) => {
      if (confirmation?.receive(octets) === true) confirmed = true;
      end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => fail(`did not arrive (${error.code ?? error.message})`));
    socket.on('close', () => {
      clearTimeout(timer);
      // After the promise is settled this says nothing.
      fail(flushed ? 'was not confirmed' : 'was not taken');
    });
  });
}

function deliverUdp({ way: { host, port }, pieces, confirmation }: Delivery): Promise<void> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the push to ${host}:${port} ${why}`));
    const timer = setTimeout(() => fail('was not confirmed'), PUSH_TIMEOUT);
    const settle = (): void => clearTimeout(timer);
    socket.on('error', (error: NodeJS.ErrnoException) => fail(`could not be sent (${error.code ?? error.message})`));
    socket.on('message', (octets) => {
      if (confirmation?.receive(octets) === true) resolve();
    });
    sendAll(socket, pieces, { host, port })
      .then(() => {
        // Whether a datagram arrives nobody knows.
        if (confirmation === undefined) resolve();
      })
      .catch((error: unknown) => fail(`could not be sent (${error instanceof Error ? error.message : String(error)})`));
    socket.once('close', settle);
  }).finally(() => socket.close());
}

async function sendAll(
  socket: DatagramSocket,
  pieces: readonly Uint8Array[],
  to: { readonly host: string; readonly port: number },
): Promise<void> {
  for (const piece of pieces) {
    await new Promise<void>((sent, failed) => {
      socket.send(piece, to.port, to.host, (error) => (error === null ? sent() : failed(error)));
    });
  }
}
