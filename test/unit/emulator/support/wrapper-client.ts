import { connect, type Socket } from 'node:net';
import { fromHex, toHex } from '../../../../engine/codec/hex.ts';
import { WrapperDeframer } from '../../../../engine/codec/wrapper/deframer.ts';
import { encodeWrapper } from '../../../../engine/codec/wrapper/wrapper.ts';

export const AARQ = '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0';
export const GET_LDN = 'c001c1000100002a0000ff0200';

/** A bare wrapper client on a socket: sends APDUs in hex and waits for answers. */
export class WrapperClient {
  readonly socket: Socket;
  readonly #deframer = new WrapperDeframer();
  readonly #answers: string[] = [];
  #waiting: ((answer: string | undefined) => void) | undefined;
  #closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (octets) => {
      for (const event of this.#deframer.push(octets)) {
        if (event.type === 'message') this.#answers.push(toHex(event.message.apdu));
      }
      this.#deliver();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = true;
      this.#deliver();
    });
  }

  static open(host: string, port: number): Promise<WrapperClient> {
    const socket = connect({ host, port, noDelay: true });
    const client = new WrapperClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(client));
      socket.once('error', reject);
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(apdu: string, client = 16, server = 1): void {
    this.socket.write(encodeWrapper({ source: client, destination: server, apdu: fromHex(apdu) }));
  }

  /** The next answer; undefined if the connection ends or nothing comes. */
  receive(timeoutMs = 2000): Promise<string | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        resolve(undefined);
      }, timeoutMs);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      this.#deliver();
    });
  }

  ask(apdu: string, client = 16, server = 1): Promise<string | undefined> {
    this.send(apdu, client, server);
    return this.receive();
  }

  /** Resolves when the other side has closed the connection; false if it does not in time. */
  async ended(timeoutMs = 2000): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!this.#closed && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.#closed;
  }

  close(): void {
    this.socket.destroy();
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || (this.#answers.length === 0 && !this.#closed)) return;
    this.#waiting = undefined;
    waiting(this.#answers.shift());
  }
}
