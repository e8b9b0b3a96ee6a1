import { copyOctets } from '../octets.ts';
import type { CodecError } from '../result.ts';
import {
  badVersion,
  MAX_WRAPPER_APDU,
  readWrapperHeader,
  WRAPPER_HEADER_LENGTH,
  WRAPPER_VERSION,
  type WrapperMessage,
} from './wrapper.ts';

/** `octets` is owned by the receiver of the event; `message.apdu` is a view of it. `at` counts from the stream's start. */
export type WrapperDeframerEvent =
  | { readonly type: 'message'; readonly at: number; readonly octets: Uint8Array; readonly message: WrapperMessage }
  /** The stream is lost: a wrapper has nothing to find the next header by. Close the transport, or `reset`. */
  | { readonly type: 'error'; readonly at: number; readonly octets: Uint8Array; readonly error: CodecError };

/**
 * Cuts a TCP stream into wrapper messages, whatever pieces it arrives in. Keeps at most one incomplete message, and
 * grows with the octets received, not with the length announced. After an error it discards everything until `reset`.
 */
export class WrapperDeframer {
  readonly #maxApdu: number;
  #buffer: Uint8Array | undefined;
  #used = 0;
  #at = 0;
  #lost = false;

  /** `maxApdu` (octets): a longer announced length is an error with code `limit`. */
  constructor(maxApdu: number = MAX_WRAPPER_APDU) {
    this.#maxApdu = maxApdu;
  }

  get pendingOctets(): number {
    return this.#used;
  }

  /** True after an error: nothing more will come out of this stream. */
  get lost(): boolean {
    return this.#lost;
  }

  push(chunk: Uint8Array): WrapperDeframerEvent[] {
    const events: WrapperDeframerEvent[] = [];
    if (this.#lost || chunk.length === 0) return events;
    const octets = this.#withPending(chunk);
    let done = 0;
    while (done < octets.length) {
      const error = this.#problem(octets, done);
      if (error) {
        this.#lost = true;
        events.push({ type: 'error', at: this.#at + done, octets: copyOctets(octets, done, octets.length), error });
        done = octets.length;
        break;
      }
      const header = readWrapperHeader(octets, done);
      const next = done + WRAPPER_HEADER_LENGTH + (header?.length ?? 0);
      if (!header || next > octets.length) break;
      const owned = copyOctets(octets, done, next);
      const { source, destination } = header;
      const message = { source, destination, apdu: owned.subarray(WRAPPER_HEADER_LENGTH) };
      events.push({ type: 'message', at: this.#at + done, octets: owned, message });
      done = next;
    }
    this.#keep(octets, done);
    return events;
  }

  reset(): void {
    this.#buffer = undefined;
    this.#used = 0;
    this.#at = 0;
    this.#lost = false;
  }

  /** A wrong version is told from the first octet on, so that other protocols are noticed at once. */
  #problem(octets: Uint8Array, at: number): CodecError | undefined {
    const first = octets[at]!;
    const second = octets[at + 1];
    if (first !== 0 || (second !== undefined && second !== WRAPPER_VERSION)) {
      return badVersion((first << 8) | (second ?? 0), 0);
    }
    const header = readWrapperHeader(octets, at);
    if (!header || header.length <= this.#maxApdu) return undefined;
    const found = `an APDU of ${header.length} octets`;
    return { code: 'limit', layer: 'wrapper', offset: 6, found, expected: `at most ${this.#maxApdu}` };
  }

  #withPending(chunk: Uint8Array): Uint8Array {
    if (this.#buffer === undefined) return chunk;
    const total = this.#used + chunk.length;
    if (this.#buffer.length < total) {
      const grown = new Uint8Array(Math.max(total, 2 * this.#used));
      grown.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#used);
    return this.#buffer.subarray(0, total);
  }

  #keep(octets: Uint8Array, done: number): void {
    this.#at += done;
    this.#used = octets.length - done;
    if (this.#used === 0) this.#buffer = undefined;
    else if (done > 0 || octets.buffer !== this.#buffer?.buffer) this.#buffer = copyOctets(octets, done, octets.length);
  }
}
