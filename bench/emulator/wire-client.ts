import { connect, type Socket } from 'node:net';

const HEADER = 8;
/** Address of a meter by its number, from 0, in the block of the bench's fleet. */
export function meterAddress(index: number): string {
  const host = index + 1;
  return `127.1.${host >> 8}.${host & 0xff}`;
}

/** What a client hears: one whole wrapper message, or nothing more (`undefined`). */
export type Heard = (message: Uint8Array | undefined) => void;

/**
 * A connection that sends ready-made wrapper messages and hands over whole answers: as little as a load generator can
 * do, so that it is not what is measured.
 */
export class WireClient {
  readonly meter: number;
  readonly #socket: Socket;
  #rest: Uint8Array | undefined;
  heard: Heard = () => {};
  sentAt = 0;

  constructor(meter: number, port: number, connected: () => void) {
    this.meter = meter;
    this.#socket = connect({ host: meterAddress(meter), port, noDelay: true }, connected);
    this.#socket.on('data', (octets) => this.#receive(octets));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.once('close', () => this.heard(undefined));
  }

  send(message: Uint8Array): void {
    this.sentAt = performance.now();
    this.#socket.write(message);
  }

  end(): void {
    this.heard = () => {};
    this.#socket.destroy();
  }

  #receive(octets: Uint8Array): void {
    let rest = this.#rest === undefined ? octets : Buffer.concat([this.#rest, octets]);
    while (rest.length >= HEADER) {
      const size = HEADER + (((rest[6] ?? 0) << 8) | (rest[7] ?? 0));
      if (rest.length < size) break;
      this.heard(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
    this.#rest = rest.length === 0 ? undefined : rest;
  }
}
