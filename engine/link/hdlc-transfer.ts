import type { HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import { SegmentBuffer } from './segment-buffer.ts';

/** An I frame to send, without addresses and poll/final bit. */
export interface InformationSegment {
  readonly ns: number;
  readonly nr: number;
  readonly segmented: boolean;
  /** View of the LPDU. */
  readonly information: Uint8Array;
}

type SentSegment = Omit<InformationSegment, 'nr'>;

/** What `accept` made of an I frame. */
export type Acceptance =
  | { readonly result: 'segment' }
  | { readonly result: 'lpdu'; readonly lpdu: Uint8Array }
  | { readonly result: 'out-of-sequence' }
  /** The LPDU has grown beyond the limit and is dropped; its remaining segments are swallowed. */
  | { readonly result: 'limit' };

/**
 * The numbered transfer of I frames in one connection, the same for primary and secondary (GB 8.4.5.4): counters modulo
 * 8, a window of unacknowledged frames that is sent again from the first one missing, LPDUs cut into segments and put
 * together. An idle transfer holds no octets.
 */
export class HdlcTransfer {
  readonly parameters: HdlcLinkParameters;
  /** LPDUs not yet cut up; `#offset` octets of the first are. */
  readonly #queue: Uint8Array[] = [];
  #offset = 0;
  #unacknowledged: SentSegment[] = [];
  #vs = 0;
  #vr = 0;
  readonly #received: SegmentBuffer;

  /** `parameters` seen from this station; `maxLpdu` limits what is put together, in octets. */
  constructor(parameters: HdlcLinkParameters, maxLpdu: number) {
    this.parameters = parameters;
    this.#received = new SegmentBuffer(maxLpdu);
  }

  /** N(R): the number of the frame expected next. */
  get nr(): number {
    return this.#vr;
  }

  /** V(S): the number of the next new frame. */
  get vs(): number {
    return this.#vs;
  }

  /** There are frames to send or to send again. */
  get sending(): boolean {
    return this.#unacknowledged.length > 0 || this.#queue.length > 0;
  }

  /** Segments of an LPDU have come, the last one has not. */
  get receiving(): boolean {
    return this.#received.started;
  }

  enqueue(lpdu: Uint8Array): void {
    this.#queue.push(lpdu);
  }

  /**
   * Takes the N(R) of a received frame: the number of frames it acknowledges, or undefined when it acknowledges what
   * was never sent.
   */
  acknowledge(nr: number): number | undefined {
    const oldest = this.#vs - this.#unacknowledged.length;
    const count = (nr - oldest) & 7;
    if (count > this.#unacknowledged.length) return undefined;
    if (count > 0) this.#unacknowledged = this.#unacknowledged.slice(count);
    return count;
  }

  /** The frames to send now that it is this station's turn: those still unacknowledged first, new ones up to the window. */
  burst(): InformationSegment[] {
    while (this.#unacknowledged.length < this.parameters.windowTx && this.#queue.length > 0) this.#cut();
    return this.#unacknowledged.map((segment) => ({ ...segment, nr: this.#vr }));
  }

  accept(ns: number, segmented: boolean, information: Uint8Array): Acceptance {
    if (ns !== this.#vr) return { result: 'out-of-sequence' };
    this.#vr = (this.#vr + 1) & 7;
    return this.#received.add(information, segmented);
  }

  #cut(): void {
    const lpdu = this.#queue[0]!;
    const end = Math.min(lpdu.length, this.#offset + this.parameters.maxInfoTx);
    const segmented = end < lpdu.length;
    this.#unacknowledged = [
      ...this.#unacknowledged,
      { ns: this.#vs, segmented, information: lpdu.subarray(this.#offset, end) },
    ];
    this.#vs = (this.#vs + 1) & 7;
    this.#offset = segmented ? end : 0;
    if (!segmented) this.#queue.shift();
  }
}
