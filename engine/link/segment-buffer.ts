import { concatOctets } from '../codec/octets.ts';

/** What became of a segment. `limit` is said once per LPDU, with its last segment. */
export type SegmentResult =
  | { readonly result: 'segment' }
  | { readonly result: 'lpdu'; readonly lpdu: Uint8Array }
  | { readonly result: 'limit' };

/** Puts an LPDU together from the information fields of its frames. Holds nothing between LPDUs. */
export class SegmentBuffer {
  readonly #limit: number;
  #segments: Uint8Array[] | undefined;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Segments have been added, the last one has not. */
  get started(): boolean {
    return this.#segments !== undefined;
  }

  add(information: Uint8Array, segmented: boolean): SegmentResult {
    this.#segments ??= [];
    this.#length += information.length;
    if (this.#length <= this.#limit) this.#segments.push(information);
    else this.#segments = [];
    if (segmented) return { result: 'segment' };
    const segments = this.#segments;
    const length = this.#length;
    this.clear();
    if (length > this.#limit) return { result: 'limit' };
    return { result: 'lpdu', lpdu: concatOctets(segments) };
  }

  clear(): void {
    this.#segments = undefined;
    this.#length = 0;
  }
}
