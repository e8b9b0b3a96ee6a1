import { copyOctets } from '../octets.ts';
import type { CodecError } from '../result.ts';
import { decodeHdlcFrame, FLAG, type HdlcFrame, isFormatOctet, MAX_FRAME_LENGTH, readHdlcHeader } from './frame.ts';

/**
 * What a stream of octets holds. `at` counts octets from the start of the stream. `octets` is owned by the receiver of
 * the event, `information` of a frame is a view of it. Frames include both flags, and a flag that two frames share is
 * part of both. Otherwise every octet of the stream is in exactly one event, except idle flags.
 */
export type HdlcDeframerEvent =
  | { readonly type: 'frame'; readonly at: number; readonly octets: Uint8Array; readonly frame: HdlcFrame }
  /** Something that began like a frame and is broken: dropped. `error.offset` counts from `octets[0]`. */
  | { readonly type: 'error'; readonly at: number; readonly octets: Uint8Array; readonly error: CodecError }
  /** Octets that are no frame: line noise, other protocols, the rest of a broken frame. */
  | { readonly type: 'noise'; readonly at: number; readonly octets: Uint8Array };

/** Largest frame with both flags: a deframer never keeps more. */
export const MAX_PENDING_OCTETS = MAX_FRAME_LENGTH + 2;

/**
 * Cuts a stream into HDLC frames by length and check sequence, never by looking for flags: 7E may stand inside of a
 * frame (format type 3 has no octet stuffing, GB 8.4.1). Takes any chunks, accepts shared flags and `7E 7E`, finds the
 * next frame after noise. Owns a buffer only while a frame is incomplete, so that an idle line costs nothing.
 */
export class HdlcDeframer {
  /** Octets of an incomplete frame are `#buffer[0, #used)`; the first is its opening flag. */
  #buffer: Uint8Array | undefined;
  #used = 0;
  /** A flag that came last and is kept without a buffer: one that closed a frame, or one that may open the next. */
  #flag: 'closing' | 'opening' | undefined;
  /** Stream offset of the first octet kept. */
  #at = 0;

  /** Number of octets waiting for the rest of their frame. A lone flag does not count. */
  get pendingOctets(): number {
    return this.#used;
  }

  push(chunk: Uint8Array): HdlcDeframerEvent[] {
    const events: HdlcDeframerEvent[] = [];
    if (chunk.length === 0) return events;
    const octets = this.#withPending(chunk);
    let done = 0;
    while (done < octets.length) {
      const next = this.#step(octets, done, events);
      if (next === done) break;
      done = next;
    }
    this.#keep(octets, done);
    return events;
  }

  /**
   * Gives up waiting for the rest of an incomplete frame, e.g. after the inter-octet timeout (class 23 attribute 6):
   * the octets up to the next flag are dropped, and what follows is looked at again.
   */
  flush(): HdlcDeframerEvent[] {
    const events: HdlcDeframerEvent[] = [];
    while (this.#buffer !== undefined) {
      const octets = this.#buffer.subarray(0, this.#used);
      const next = nextFlag(octets, 1);
      const error: CodecError = {
        code: 'truncated',
        layer: 'hdlc',
        offset: next,
        found: 'silence in the middle of the frame',
        expected: 'the rest of the frame',
      };
      events.push({ type: 'error', at: this.#at, octets: copyOctets(octets, 0, next), error });
      this.#keep(octets, octets.length);
      this.#at -= octets.length - next;
      events.push(...this.push(copyOctets(octets, next, octets.length)));
    }
    return events;
  }

  /** Forgets everything, e.g. when the transport was opened anew. */
  reset(): void {
    this.#buffer = undefined;
    this.#used = 0;
    this.#flag = undefined;
    this.#at = 0;
  }

  /** Handles what begins at `done` and returns the offset behind it; `done` itself when more octets are needed. */
  #step(octets: Uint8Array, done: number, events: HdlcDeframerEvent[]): number {
    const flag = this.#flag ?? 'opening';
    this.#flag = undefined;
    if (octets[done] === FLAG) {
      if (done + 1 === octets.length) {
        this.#flag = flag;
        return done;
      }
      if (octets[done + 1] === FLAG) return done + 1;
      if (isFormatOctet(octets[done + 1]!)) return this.#frame(octets, done, events);
    }
    const next = nextFlag(octets, done + 1);
    const from = octets[done] === FLAG && flag === 'closing' ? done + 1 : done;
    events.push({ type: 'noise', at: this.#at + from, octets: copyOctets(octets, from, next) });
    return next;
  }

  #frame(octets: Uint8Array, done: number, events: HdlcDeframerEvent[]): number {
    const at = this.#at + done;
    const header = readHdlcHeader(octets, done + 1);
    if (header === 'incomplete') return done;
    if ('code' in header) {
      const next = nextFlag(octets, done + 1);
      const error = { ...header, offset: header.offset - done };
      events.push({ type: 'error', at, octets: copyOctets(octets, done, next), error });
      return next;
    }
    const flagAt = done + 1 + header.length;
    if (flagAt >= octets.length) return done;
    // Without its closing flag the frame has lost octets and may have swallowed the next one: look at it from inside.
    const closed = octets[flagAt] === FLAG;
    const next = closed ? flagAt : nextFlag(octets, done + 1);
    const owned = copyOctets(octets, done, flagAt + 1);
    const decoded = decodeHdlcFrame(owned);
    if (decoded.ok) {
      events.push({ type: 'frame', at, octets: owned, frame: decoded.value.frame });
    } else {
      const dropped = closed ? owned : copyOctets(octets, done, next);
      events.push({ type: 'error', at, octets: dropped, error: decoded.error });
    }
    if (closed) this.#flag = 'closing';
    return next;
  }

  #withPending(chunk: Uint8Array): Uint8Array {
    if (this.#buffer === undefined) {
      if (this.#flag === undefined) return chunk;
      const octets = new Uint8Array(chunk.length + 1);
      octets[0] = FLAG;
      octets.set(chunk, 1);
      return octets;
    }
    const total = this.#used + chunk.length;
    if (this.#buffer.length < total) {
      const grown = new Uint8Array(Math.max(total, Math.min(2 * this.#used, MAX_PENDING_OCTETS)));
      grown.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#used);
    return this.#buffer.subarray(0, total);
  }

  #keep(octets: Uint8Array, done: number): void {
    const left = octets.length - done;
    this.#at += done;
    if (left === 0 || this.#flag !== undefined) {
      this.#buffer = undefined;
      this.#used = 0;
      return;
    }
    if (done > 0 || octets.buffer !== this.#buffer?.buffer) this.#buffer = copyOctets(octets, done, octets.length);
    this.#used = left;
  }
}

function nextFlag(octets: Uint8Array, from: number): number {
  const at = octets.indexOf(FLAG, from);
  return at < 0 ? octets.length : at;
}
