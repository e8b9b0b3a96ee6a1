import { decodeApdu } from '../codec/apdu-codec.ts';
import { HdlcDeframer, type HdlcDeframerEvent } from '../codec/hdlc/deframer.ts';
import { MAX_FRAME_LENGTH } from '../codec/hdlc/frame.ts';
import { MbusDeframer, type MbusDeframerEvent } from '../codec/mbus/deframer.ts';
import {
  decodeWrapper,
  MAX_WRAPPER_APDU,
  readWrapperHeader,
  WRAPPER_HEADER_LENGTH,
  WRAPPER_VERSION,
} from '../codec/wrapper/wrapper.ts';
import { brokenFrame, linkError } from './errors.ts';
import type { PushEvent } from './push-types.ts';

export type StreamFraming = 'hdlc' | 'mbus' | 'wrapper';

/** What a stream turned out to be. */
export interface FoundFraming {
  readonly framing: StreamFraming;
  /** From the start of the first frame. */
  readonly octets: Uint8Array;
  /** Octets before it. */
  readonly noise: number;
}

/** Octets kept while no frame has been found: room for the longest message of the wrapper, and a frame behind it. */
export const MAX_UNFRAMED_OCTETS = WRAPPER_HEADER_LENGTH + MAX_WRAPPER_APDU + MAX_FRAME_LENGTH;
/** Places that may begin a wrapper message whose end has not come, remembered at most. */
const MAX_WAITING_HEADERS = 16;

/**
 * Finds out how a stream is framed. A listener often begins in the middle of a frame, whose octets look like the start
 * of anything: only a whole frame counts, by its check sequence or, in the wrapper, by the APDU in it. Of several the
 * first counts, and what began before it is waited for.
 */
export class FramingFinder {
  #buffer = new Uint8Array(0);
  #used = 0;
  readonly #hdlc = new HdlcDeframer();
  readonly #mbus = new MbusDeframer();
  readonly #starts = new Map<StreamFraming, number>();
  #mbusAt = 0;
  /** Up to where headers of the wrapper have been looked for, and those whose message is not complete. */
  #scanned = 0;
  #headers: number[] = [];

  /** Octets that wait to be told apart. */
  get pendingOctets(): number {
    return this.#used;
  }

  add(octets: Uint8Array): FoundFraming | PushEvent[] {
    this.#append(octets);
    this.#deframed(this.#hdlc.push(octets), this.#mbus.push(octets));
    this.#lookForWrapper();
    const found = this.#found(false);
    if (found !== undefined) return found;
    return this.#used > MAX_UNFRAMED_OCTETS ? this.#dropped([]) : [];
  }

  /**
   * After a pause: what is not complete by now does not hold back what is. A wrapper message at the very start goes on
   * being waited for, since its stream has no other beginning.
   */
  pause(): FoundFraming | PushEvent[] {
    const hdlc = this.#hdlc.flush();
    this.#deframed(hdlc, this.#mbus.flush());
    const found = this.#found(true);
    if (found !== undefined) return found;
    if (this.#headers[0] === 0) return [];
    return this.#dropped(hdlc.flatMap((event) => (event.type === 'error' ? [brokenFrame(event)] : [])));
  }

  #dropped(broken: readonly PushEvent[]): PushEvent[] {
    const noise = linkError('noise', `${this.#used} octets dropped, they begin no frame`);
    this.#buffer = new Uint8Array(0);
    this.#used = 0;
    this.#hdlc.reset();
    this.#mbus.reset();
    this.#starts.clear();
    this.#mbusAt = 0;
    this.#scanned = 0;
    this.#headers = [];
    return broken.length > 0 ? [...broken] : [noise];
  }

  #deframed(hdlc: readonly HdlcDeframerEvent[], mbus: readonly MbusDeframerEvent[]): void {
    const frame = hdlc.find(({ type }) => type === 'frame');
    if (frame !== undefined) this.#first('hdlc', frame.at);
    for (const { type, octets } of mbus) {
      if (type === 'frame') this.#first('mbus', this.#mbusAt);
      this.#mbusAt += octets.length;
    }
  }

  #first(framing: StreamFraming, at: number): void {
    if (!this.#starts.has(framing)) this.#starts.set(framing, at);
  }

  #lookForWrapper(): void {
    const octets = this.#buffer.subarray(0, this.#used);
    const waiting: number[] = [];
    for (const at of this.#headers) if (this.#isWaiting(octets, at)) waiting.push(at);
    for (; this.#scanned + WRAPPER_HEADER_LENGTH <= octets.length; this.#scanned++) {
      const at = this.#scanned;
      if (octets[at] !== 0 || octets[at + 1] !== WRAPPER_VERSION || waiting.length >= MAX_WAITING_HEADERS) continue;
      if (this.#isWaiting(octets, at)) waiting.push(at);
    }
    this.#headers = waiting;
  }

  /** Whether a message that may begin here is not complete. One that is and makes sense is taken. */
  #isWaiting(octets: Uint8Array, at: number): boolean {
    const header = readWrapperHeader(octets, at);
    if (header === undefined || header.length === 0) return false;
    const decoded = decodeWrapper(octets, at);
    if (!decoded.ok) return decoded.error.code === 'truncated';
    const { message, next } = decoded.value;
    if (decodeApdu(message.apdu).ok) this.#first('wrapper', at);
    else if (at === 0 && this.#starts.size === 0 && isFollowedByHeader(octets, next)) this.#first('wrapper', at);
    return false;
  }

  #found(paused: boolean): FoundFraming | undefined {
    let first: readonly [StreamFraming, number] | undefined;
    for (const entry of this.#starts) if (first === undefined || entry[1] < first[1]) first = entry;
    if (first === undefined) return undefined;
    const [framing, at] = first;
    const begun = Math.min(
      this.#hdlc.pendingOctets > 0 ? this.#used - this.#hdlc.pendingOctets : this.#used,
      this.#headers[0] === 0 ? 0 : this.#used,
    );
    if (!paused && begun < at) return undefined;
    return { framing, octets: this.#buffer.slice(at, this.#used), noise: at };
  }

  #append(octets: Uint8Array): void {
    const used = this.#used + octets.length;
    if (used > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(used, 2 * this.#buffer.length));
      grown.set(this.#buffer.subarray(0, this.#used));
      this.#buffer = grown;
    }
    this.#buffer.set(octets, this.#used);
    this.#used = used;
  }
}

/** Nothing follows, or another header: the message before it may be one that is not understood. */
function isFollowedByHeader(octets: Uint8Array, at: number): boolean {
  return at === octets.length || readWrapperHeader(octets, at)?.version === WRAPPER_VERSION;
}
