import { concatOctets } from '../codec/octets.ts';

/** What became of a segment. `limit` is said once per LPDU, when it grows too long; what follows of it is swallowed. */
export type SegmentResult =
  | { readonly result: 'segment' }
  | { readonly result: 'lpdu'; readonly lpdu: Uint8Array }
  | { readonly result: 'limit' };

/** Segments without octets in one LPDU before it counts as too long. */
export const MAX_EMPTY_SEGMENTS = 16;

/** Puts an LPDU together from the information fields of its frames. Holds nothing between LPDUs. */
export class SegmentBuffer {
  readonly #limit: number;
  #segments: Uint8Array[] | undefined;
  #length = 0;
  #empty = 0;
  /** The LPDU was too long, and its last segment has not come. */
  #swallowing = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Segments have been added, the last one has not. */
  get started(): boolean {
    return this.#segments !== undefined;
  }

  add(information: Uint8Array, segmented: boolean): SegmentResult {
    const segments = this.#segments ?? [];
    this.#segments = segments;
    if (this.#swallowing) {
      if (!segmented) this.clear();
      return { result: 'segment' };
    }
    this.#length += information.length;
    if (information.length === 0) this.#empty++;
    if (this.#length > this.#limit || this.#empty > MAX_EMPTY_SEGMENTS) {
      this.clear();
      if (segmented) {
        this.#segments = [];
        this.#swallowing = true;
      }
      return { result: 'limit' };
    }
    segments.push(information);
    if (segmented) return { result: 'segment' };
    this.clear();
    return { result: 'lpdu', lpdu: concatOctets(segments) };
  }

  clear(): void {
    this.#segments = undefined;
    this.#length = 0;
    this.#empty = 0;
    this.#swallowing = false;
  }
}
