import { MAX_OUT_OF_ORDER, MAX_WAITING_SEGMENTS } from './types.ts';

/** Octets that are next in the stream. `missing` octets before them were never seen. */
export interface StreamPiece {
  readonly octets: Uint8Array;
  readonly missing: number;
}

interface Waiting {
  readonly sequence: number;
  readonly octets: Uint8Array;
}

/**
 * One direction of a TCP connection put in order: retransmissions are dropped, overlaps cut (what came first counts),
 * segments out of order wait for the missing one, up to a limit. Sequence numbers wrap at 2^32.
 */
export class TcpDirection {
  #next: number | undefined;
  #waiting: Waiting[] = [];
  #waitingOctets = 0;

  /** Sequence number of the octet expected next, once anything was seen. */
  get next(): number | undefined {
    return this.#next;
  }

  /** A SYN: the stream begins one behind its sequence number. */
  synchronise(sequence: number): void {
    this.#next ??= (sequence + 1) >>> 0;
  }

  /** Adds a segment and gives what is in order now. */
  add(sequence: number, octets: Uint8Array): StreamPiece[] {
    if (octets.length === 0) return [];
    this.#next ??= sequence;
    const pieces: StreamPiece[] = [];
    if (distance(this.#next, sequence) > 0) {
      this.#wait({ sequence, octets });
      const full = this.#waitingOctets > MAX_OUT_OF_ORDER || this.#waiting.length > MAX_WAITING_SEGMENTS;
      return full ? this.#skip() : pieces;
    }
    this.#take({ sequence, octets }, 0, pieces);
    this.#takeWaiting(pieces);
    return pieces;
  }

  /** The direction is over: what still waits comes behind its gaps. */
  finish(): StreamPiece[] {
    const pieces: StreamPiece[] = [];
    while (this.#waiting.length > 0) pieces.push(...this.#skip());
    return pieces;
  }

  #skip(): StreamPiece[] {
    const first = this.#waiting[0];
    if (!first || this.#next === undefined) return [];
    const missing = distance(this.#next, first.sequence);
    this.#next = first.sequence;
    const pieces: StreamPiece[] = [];
    this.#shift();
    this.#take(first, missing, pieces);
    this.#takeWaiting(pieces);
    return pieces;
  }

  #takeWaiting(pieces: StreamPiece[]): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (distance(this.#next ?? 0, first.sequence) > 0) return;
      this.#shift();
      this.#take(first, 0, pieces);
    }
  }

  #shift(): void {
    const first = this.#waiting.shift();
    this.#waitingOctets -= first?.octets.length ?? 0;
  }

  /** Takes a segment that begins at or before the octet expected next. */
  #take(segment: Waiting, missing: number, pieces: StreamPiece[]): void {
    const known = distance(segment.sequence, this.#next ?? segment.sequence);
    if (known >= segment.octets.length) return;
    const octets = segment.octets.subarray(known);
    this.#next = ((this.#next ?? 0) + octets.length) >>> 0;
    pieces.push({ octets, missing });
  }

  /** Keeps the waiting segments in the order of the stream; of equal ones the first. */
  #wait(segment: Waiting): void {
    let at = this.#waiting.length;
    while (at > 0 && distance(this.#waiting[at - 1]!.sequence, segment.sequence) < 0) at--;
    this.#waiting.splice(at, 0, segment);
    this.#waitingOctets += segment.octets.length;
  }
}

/** How far `to` lies behind `from` in sequence numbers, negative when before it. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}
