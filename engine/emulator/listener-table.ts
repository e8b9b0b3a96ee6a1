import { EmulatorError } from './errors.ts';
import { parseIpv4 } from './ipv4.ts';
import type { ServedDevice } from './served-device.ts';
import { TcpListener } from './tcp-listener.ts';

const WILDCARD = '0.0.0.0';
/** Addresses that get a socket each where the wildcard socket of their port cannot be had. */
const MAX_OWN_SOCKETS = 1024;

/** A device put on a port. */
export interface Attachment {
  readonly listener: TcpListener;
  readonly served: ServedDevice;
}

/**
 * The listening sockets of a process. Fleets share the wildcard socket of a port: the system gives it to a process
 * only once, and a single meter at 127.0.0.1:4059 would be in its way too.
 */
export class ListenerTable {
  readonly #wildcards = new Map<number, TcpListener>();

  /**
   * Serves devices at their own addresses of one port. One wildcard socket serves all of them; if another program has
   * one of the addresses already, each of ours gets its own socket.
   * @throws EmulatorError `port-in-use`, `not-permitted`, `bad-listen`, `too-few-descriptors`.
   */
  async attachSpread(port: number, devices: readonly ServedDevice[]): Promise<Attachment[]> {
    const existing = port === 0 ? undefined : this.#wildcards.get(port);
    if (existing !== undefined) return this.#join(existing, devices);
    const listener = new TcpListener();
    try {
      await listener.listen(WILDCARD, port);
    } catch (error) {
      if (!isTaken(error) || devices.length > MAX_OWN_SOCKETS) throw error;
      return this.#attachEach(port, devices);
    }
    this.#wildcards.set(listener.port, listener);
    return this.#join(listener, devices);
  }

  /** Serves one device at one address and port; port 0 lets the system choose. @throws EmulatorError as above. */
  async attachOne(host: string, port: number, served: ServedDevice): Promise<Attachment> {
    const wildcard = this.#wildcards.get(port);
    if (wildcard !== undefined && parseIpv4(host) !== undefined) {
      const [attachment] = this.#join(wildcard, [served]);
      if (attachment !== undefined) return attachment;
    }
    const listener = new TcpListener();
    listener.serve(served);
    await listener.listen(host, port);
    return { listener, served };
  }

  /** Takes devices off their sockets and closes those nobody needs any more. */
  async detach(attachments: readonly Attachment[]): Promise<void> {
    const listeners = new Set<TcpListener>();
    for (const { listener, served } of attachments) {
      listener.remove(served);
      listeners.add(listener);
    }
    for (const listener of listeners) {
      if (!listener.isEmpty) continue;
      if (this.#wildcards.get(listener.port) === listener) this.#wildcards.delete(listener.port);
      await listener.close();
    }
  }

  #join(listener: TcpListener, devices: readonly ServedDevice[]): Attachment[] {
    const joined: Attachment[] = [];
    for (const served of devices) {
      if (listener.serveAt(served.host, served)) {
        joined.push({ listener, served });
        continue;
      }
      for (const attachment of joined) listener.remove(attachment.served);
      throw new EmulatorError(
        'port-in-use',
        `${served.host}:${listener.port} belongs to a meter that is running already`,
        'Stop that emulator, or choose other addresses with --listen, for example 127.5.0.0/16.',
      );
    }
    return joined;
  }

  async #attachEach(port: number, devices: readonly ServedDevice[]): Promise<Attachment[]> {
    const attached: Attachment[] = [];
    try {
      for (const served of devices) attached.push(await this.attachOne(served.host, port, served));
    } catch (error) {
      await this.detach(attached);
      throw error;
    }
    return attached;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof EmulatorError && error.code === 'port-in-use';
}

/** The sockets of this process. */
export const processListeners = new ListenerTable();
