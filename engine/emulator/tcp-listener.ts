import { createServer, type Server, type Socket } from 'node:net';
import type { MeterDevice } from '../meter/device.ts';
import type { EmulatorFigures } from './figures.ts';
import { isLoopback, plainAddress } from './ipv4.ts';
import { listenError } from './listen-error.ts';
import { TcpConnection } from './tcp-connection.ts';

/** What answers at one local address. */
export interface ServedDevice {
  readonly device: MeterDevice;
  /** Connections at once; 0 = unlimited. */
  readonly maxSessions: number;
  readonly idleTimeoutMs: number;
  sessions: number;
}

export interface TcpListenerOptions {
  readonly figures: EmulatorFigures;
  /** Connections all listeners of the emulator may have open together. */
  readonly mayOpen: () => boolean;
  /** Serve clients that reached this machine by an address outside of loopback. Default false. */
  readonly allowOutside: boolean;
}

/**
 * A listening TCP port that serves one device, or one device per local address: 10,000 addresses of 127.0.0.0/8 need
 * one socket only. A wildcard socket is bound to all interfaces, so connections that came in by an address outside of
 * loopback are closed at once unless they are allowed.
 */
export class TcpListener {
  readonly #options: TcpListenerOptions;
  readonly #server: Server;
  readonly #devices = new Map<string, ServedDevice>();
  readonly #connections = new Set<TcpConnection>();
  #only: ServedDevice | undefined;

  constructor(options: TcpListenerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  /** Serves every address of a listener that is bound to one host. */
  serve(device: ServedDevice): void {
    this.#only = device;
  }

  /** Serves one address of a wildcard listener. */
  serveAt(address: string, device: ServedDevice): void {
    this.#devices.set(address, device);
  }

  hasDeviceAt(address: string): boolean {
    return this.#devices.has(address);
  }

  /** Starts to listen and yields the port. @throws EmulatorError `port-in-use`, `not-permitted`, `bad-listen`. */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
      this.#server.once('error', fail);
      this.#server.listen({ host, port, backlog: 4096 }, () => {
        this.#server.off('error', fail);
        this.#server.on('error', () => {
          this.#options.figures.errors += 1;
        });
        resolve();
      });
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  tick(now: number): void {
    for (const connection of this.#connections) connection.tick(now);
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(socket: Socket): void {
    const local = plainAddress(socket.localAddress ?? '');
    const served = this.#only ?? this.#devices.get(local);
    const refused =
      served === undefined ||
      (!this.#options.allowOutside && !isLoopback(local)) ||
      (served.maxSessions > 0 && served.sessions >= served.maxSessions) ||
      !this.#options.mayOpen();
    if (refused) {
      this.#options.figures.errors += 1;
      socket.on('error', () => socket.destroy());
      socket.destroy();
      return;
    }
    const { figures } = this.#options;
    const connection = new TcpConnection(
      socket,
      served.device.open(),
      figures,
      served.idleTimeoutMs,
      performance.now(),
    );
    this.#connections.add(connection);
    figures.sessions += 1;
    served.sessions += 1;
    socket.once('close', () => {
      this.#connections.delete(connection);
      figures.sessions -= 1;
      served.sessions -= 1;
    });
  }
}
