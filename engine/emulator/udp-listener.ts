import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { LinkPeer } from '../link/types.ts';
import type { CosemObject } from '../meter/blueprint.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import type { MeterSession, SessionOutput, SessionPeer } from '../meter/session.ts';
import { isLoopback } from './ipv4.ts';
import { listenError } from './listen-error.ts';
import type { Connection, ServedDevice } from './served-device.ts';

/** Clients one meter remembers; the one that was silent longest goes first. */
const MAX_CLIENTS = 256;
/** A client that says nothing for so long is forgotten, ms, where the transport has no idle timeout. */
const FORGET_AFTER = 300_000;

/** A client of a UDP meter: its association lives as long as it keeps asking. */
class UdpClient implements Connection {
  readonly served: ServedDevice;
  readonly from: string;
  readonly since: number;
  readonly session: MeterSession;
  lastRequest: number;
  readonly #ended: () => void;
  readonly #timeout: number;
  readonly #perform: (outputs: readonly SessionOutput[]) => void;

  constructor(
    served: ServedDevice,
    from: string,
    now: number,
    timeout: number,
    perform: (outputs: readonly SessionOutput[]) => void,
    ended: () => void,
  ) {
    this.served = served;
    this.from = from;
    this.since = Date.now();
    this.session = served.device.open(true);
    this.lastRequest = now;
    this.#timeout = timeout;
    this.#perform = perform;
    this.#ended = ended;
  }

  peers(): readonly SessionPeer[] {
    return this.session.peers();
  }

  forget(meter: VirtualMeter): void {
    this.session.forget(meter);
  }

  push(meter: VirtualMeter, apdus: readonly Uint8Array[], peer: LinkPeer): void {
    this.served.guarded(this, () => this.#perform(this.session.push(meter, apdus, peer, performance.now())));
  }

  notify(meter: VirtualMeter, object: CosemObject, attribute: number): void {
    const now = performance.now();
    this.served.guarded(this, () => this.#perform(this.session.notify(meter, object, attribute, now)));
  }

  tick(now: number): void {
    if (now - this.lastRequest >= this.#timeout) this.destroy();
  }

  destroy(): void {
    this.session.close(performance.now());
    this.#ended();
  }
}

/** A UDP socket that serves one device with the wrapper: one APDU a datagram (IEC 62056-47). */
export class UdpListener {
  readonly #served: ServedDevice;
  readonly #socket: Socket;
  readonly #clients = new Map<string, UdpClient>();

  constructor(served: ServedDevice) {
    this.#served = served;
    this.#socket = createSocket('udp4', (octets, from) => this.#receive(octets, from));
  }

  /** Starts to listen and yields the port. @throws EmulatorError */
  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
      this.#socket.once('error', fail);
      this.#socket.bind({ address: host, port, exclusive: true }, () => {
        this.#socket.off('error', fail);
        this.#socket.on('error', () => {
          this.#served.figures.errors += 1;
        });
        resolve();
      });
    });
    return this.#socket.address().port;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) client.destroy();
    await new Promise<void>((resolve) => {
      this.#socket.close(() => resolve());
    });
  }

  #receive(octets: Uint8Array, from: RemoteInfo): void {
    const { figures } = this.#served;
    figures.octetsIn += octets.length;
    const now = performance.now();
    const client = this.#client(from, now);
    if (client === undefined) return;
    client.lastRequest = now;
    this.#served.guarded(client, () => this.#perform(client.session.receive(octets, now), from));
  }

  #client(from: RemoteInfo, now: number): UdpClient | undefined {
    const key = `${from.address}:${from.port}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    if (!this.#served.mayAccept(isLoopback(from.address))) return undefined;
    if (this.#clients.size >= MAX_CLIENTS) this.#oldest()?.destroy();
    const { idleTimeoutMs } = this.#served.transport;
    const perform = (outputs: readonly SessionOutput[]): void => this.#perform(outputs, from);
    const client: UdpClient = new UdpClient(this.#served, key, now, idleTimeoutMs || FORGET_AFTER, perform, () => {
      this.#clients.delete(key);
      this.#served.closed(client);
    });
    this.#clients.set(key, client);
    this.#served.accepted(client);
    return client;
  }

  #oldest(): UdpClient | undefined {
    let oldest: UdpClient | undefined;
    for (const client of this.#clients.values()) {
      if (oldest === undefined || client.lastRequest < oldest.lastRequest) oldest = client;
    }
    return oldest;
  }

  #perform(outputs: readonly SessionOutput[], to: RemoteInfo): void {
    for (const output of outputs) {
      if (output.type === 'close') return;
      if (output.type === 'speed') continue;
      if (output.delayMs <= 0) this.#send(output.octets, to);
      else setTimeout(() => this.#send(output.octets, to), output.delayMs).unref();
    }
  }

  #send(octets: Uint8Array, to: RemoteInfo): void {
    this.#served.figures.octetsOut += octets.length;
    // A datagram that cannot be sent is lost, as on any network.
    this.#socket.send(octets, to.port, to.address, () => {});
  }
}
