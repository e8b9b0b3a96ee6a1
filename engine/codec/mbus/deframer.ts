import { copyOctets } from '../octets.ts';
import type { CodecError, Deviation } from '../result.ts';
import { decodeMbusFrame, LONG_FRAME_START, type MbusFrame } from './frame.ts';

/** What a stream holds. `octets` is owned by the receiver of the event; `frame.data` is a view of it. */
export type MbusDeframerEvent =
  | {
      readonly type: 'frame';
      readonly octets: Uint8Array;
      readonly frame: MbusFrame;
      readonly deviations: readonly Deviation[];
    }
  /** Something that began like a long frame and is broken: dropped. */
  | { readonly type: 'error'; readonly octets: Uint8Array; readonly error: CodecError }
  /** Octets that are no long frame. Short frames and acknowledgements are among them. */
  | { readonly type: 'noise'; readonly octets: Uint8Array };

/** Start, length field that has overflowed once, checksum, stop: a deframer never keeps more. */
export const MAX_MBUS_FRAME = 4 + 0x1ff + 2;
const HEADER_LENGTH = 4;

/**
 * Cuts a stream into M-Bus long frames by their length, taking any chunks. A length field that has overflowed (quirk
 * Q27) is told by checksum and stop octet, so that after a frame that looks broken 256 more octets are waited for.
 */
export class MbusDeframer {
  #pending: Uint8Array = new Uint8Array(0);

  /** Octets of an incomplete frame. */
  get pendingOctets(): number {
    return this.#pending.length;
  }

  push(chunk: Uint8Array): MbusDeframerEvent[] {
    const octets = new Uint8Array(this.#pending.length + chunk.length);
    octets.set(this.#pending);
    octets.set(chunk, this.#pending.length);
    return this.#cut(octets, false);
  }

  /** Gives up waiting for the rest of a frame; what follows its start is looked at again. */
  flush(): MbusDeframerEvent[] {
    return this.#cut(this.#pending, true);
  }

  reset(): void {
    this.#pending = new Uint8Array(0);
  }

  /** `final`: nothing more will come. */
  #cut(octets: Uint8Array, final: boolean): MbusDeframerEvent[] {
    const events: MbusDeframerEvent[] = [];
    let at = 0;
    while (at < octets.length) {
      const start = nextStart(octets, at);
      if (start > at) events.push({ type: 'noise', octets: copyOctets(octets, at, start) });
      at = start;
      if (at >= octets.length || (octets.length - at < HEADER_LENGTH && !final)) break;
      const owned = copyOctets(octets, at, Math.min(octets.length, at + MAX_MBUS_FRAME));
      const decoded = decodeMbusFrame(owned);
      if (decoded.ok) {
        const { frame, next } = decoded.value;
        events.push({ type: 'frame', octets: owned.subarray(0, next), frame, deviations: decoded.deviations });
        at += next;
        continue;
      }
      if (!final && mayBecomeFrame(owned)) break;
      const next = nextStart(octets, at + 1);
      events.push({ type: 'error', octets: copyOctets(octets, at, next), error: decoded.error });
      at = next;
    }
    this.#pending = copyOctets(octets, at);
    return events;
  }
}

/** Whether more octets could make a frame of what is there, with a length field that has overflowed or not. */
function mayBecomeFrame(octets: Uint8Array): boolean {
  const [start, length = 0, again, second] = octets;
  if (start !== LONG_FRAME_START || again !== length || second !== LONG_FRAME_START) return false;
  return octets.length < HEADER_LENGTH + length + 0x100 + 2;
}

function nextStart(octets: Uint8Array, from: number): number {
  const at = octets.indexOf(LONG_FRAME_START, from);
  return at < 0 ? octets.length : at;
}
