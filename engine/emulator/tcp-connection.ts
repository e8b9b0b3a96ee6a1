import type { Socket } from 'node:net';
import type { LinkPeer } from '../link/types.ts';
import type { CosemObject } from '../meter/blueprint.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import type { MeterSession, SessionOutput, SessionPeer } from '../meter/session.ts';
import { plainAddress } from './ipv4.ts';
import type { Connection, ServedDevice } from './served-device.ts';

/** Answers a client leaves unread before its connection is dropped, octets. */
const MAX_UNREAD = 4 * 1024 * 1024;

/** One TCP connection to a meter: moves octets between socket and session, and nothing else. */
export class TcpConnection implements Connection {
  readonly served: ServedDevice;
  readonly since: number;
  readonly #socket: Socket;
  readonly #session: MeterSession;
  #lastRequest: number;
  /** When the answer delayed last goes out; later answers may not overtake it. */
  #sendAfter = 0;
  /** Octets of the client wait for their turn. */
  #waits = false;

  constructor(socket: Socket, served: ServedDevice) {
    this.#socket = socket;
    this.served = served;
    this.since = Date.now();
    this.#session = served.device.open();
    this.#lastRequest = performance.now();
    socket.on('data', (octets) => this.#hear(octets));
    socket.on('drain', () => {
      if (!this.#waits) socket.resume();
    });
    // A peer that resets its connection is no error of ours; `close` follows.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#session.close(performance.now());
      if (served.closed(this)) served.owner.descriptors.removeConnection();
    });
  }

  get from(): string {
    return `${plainAddress(this.#socket.remoteAddress ?? '')}:${this.#socket.remotePort ?? ''}`;
  }

  peers(): readonly SessionPeer[] {
    return this.#session.peers();
  }

  forget(meter: VirtualMeter): void {
    this.#session.forget(meter);
  }

  /** Timeouts of the link and of idle clients. */
  tick(now: number): void {
    const deadline = this.#session.nextDeadline();
    if (deadline !== undefined && deadline <= now) {
      this.served.guarded(this, () => this.#perform(this.#session.tick(now), now));
    }
    const { idleTimeoutMs } = this.served.transport;
    if (idleTimeoutMs > 0 && now - this.#lastRequest >= idleTimeoutMs) this.#socket.destroy();
  }

  push(meter: VirtualMeter, apdus: readonly Uint8Array[], peer: LinkPeer): void {
    const now = performance.now();
    this.served.guarded(this, () => this.#perform(this.#session.push(meter, apdus, peer, now), now));
  }

  notify(meter: VirtualMeter, object: CosemObject, attribute: number): void {
    const now = performance.now();
    this.served.guarded(this, () => this.#perform(this.#session.notify(meter, object, attribute, now), now));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Serves the octets when it is this connection's turn. Until then no more are read. */
  #hear(octets: Uint8Array): void {
    const atOnce = this.served.owner.turns.take(() => {
      this.served.guarded(this, () => this.#receive(octets));
      if (this.#waits) {
        this.#waits = false;
        if (!this.#socket.writableNeedDrain) this.#socket.resume();
      }
    });
    if (atOnce) return;
    this.#waits = true;
    this.#socket.pause();
  }

  #receive(octets: Uint8Array): void {
    const now = performance.now();
    const { figures } = this.served;
    figures.octetsIn += octets.length;
    const before = figures.requests;
    const outputs = this.#session.receive(octets, now);
    // Single octets now and then do not keep a connection alive, whole requests and link frames do.
    if (outputs.length > 0 || figures.requests !== before) this.#lastRequest = now;
    this.#perform(outputs, now);
  }

  #perform(outputs: readonly SessionOutput[], now: number): void {
    for (const output of outputs) {
      if (output.type === 'close') {
        this.#socket.destroy();
        return;
      }
      if (output.type === 'speed') continue;
      const due = Math.max(now + output.delayMs, this.#sendAfter);
      if (due <= now) this.#write(output.octets);
      else {
        this.#sendAfter = due;
        setTimeout(() => this.#write(output.octets), due - now).unref();
      }
    }
  }

  #write(octets: Uint8Array): void {
    if (this.#socket.destroyed) return;
    this.served.figures.octetsOut += octets.length;
    if (this.#socket.write(octets)) return;
    // The client does not read: no more requests until it does, and not without end.
    this.#socket.pause();
    if (this.#socket.writableLength > MAX_UNREAD) this.#socket.destroy();
  }
}
