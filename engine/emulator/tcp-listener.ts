import { createServer, type Server, type Socket } from 'node:net';
import { isLoopback, plainAddress } from './ipv4.ts';
import { listenError } from './listen-error.ts';
import type { ServedDevice } from './served-device.ts';
import { TcpConnection } from './tcp-connection.ts';

/** Connections that may wait to be accepted: a fleet is called by many clients at once. */
const BACKLOG = 4096;

/**
 * A listening TCP port that serves one device, or one device per local address: 10,000 addresses of 127.0.0.0/8 need
 * one socket only. A wildcard socket is bound to all interfaces, so connections that came in by an address outside of
 * loopback are closed at once unless the device allows them.
 */
export class TcpListener {
  readonly #server: Server;
  readonly #devices = new Map<string, ServedDevice>();
  #only: ServedDevice | undefined;
  #port = 0;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  get port(): number {
    return this.#port;
  }

  get isEmpty(): boolean {
    return this.#only === undefined && this.#devices.size === 0;
  }

  /** Serves every address of a listener that is bound to one host. */
  serve(device: ServedDevice): void {
    this.#only = device;
  }

  /** Serves one address of a wildcard listener; false if that address is taken. */
  serveAt(address: string, device: ServedDevice): boolean {
    if (this.#devices.has(address)) return false;
    this.#devices.set(address, device);
    return true;
  }

  /** No longer serves a device. Its connections are its owner's to close. */
  remove(device: ServedDevice): void {
    if (this.#only === device) this.#only = undefined;
    if (this.#devices.get(device.host) === device) this.#devices.delete(device.host);
  }

  /** Starts to listen. @throws EmulatorError `port-in-use`, `not-permitted`, `bad-listen`, `too-few-descriptors`. */
  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
      this.#server.once('error', fail);
      this.#server.listen({ host, port, backlog: BACKLOG }, () => {
        this.#server.off('error', fail);
        // What goes wrong with a single connection later must not take the others with it.
        this.#server.on('error', () => {});
        resolve();
      });
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Stops listening, at once for new connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      // `close` waits for open connections, which their owners end; the port itself is free now.
      resolve();
    });
  }

  #accept(socket: Socket): void {
    const local = plainAddress(socket.localAddress ?? '');
    const served = this.#only ?? this.#devices.get(local);
    if (served === undefined) {
      // Nobody lives here: a reset is as near as an accepted connection comes to one that was refused.
      socket.on('error', () => socket.destroy());
      socket.resetAndDestroy();
      return;
    }
    if (!served.mayAccept(isLoopback(local))) {
      refuse(socket);
      return;
    }
    if (!served.owner.descriptors.addConnection()) {
      served.refused();
      refuse(socket);
      return;
    }
    served.accepted(new TcpConnection(socket, served));
  }
}

function refuse(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.destroy();
}
