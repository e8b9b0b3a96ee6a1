import { concatOctets, sameOctets } from '../octets.ts';
import type { GeneralBlockTransfer } from '../xdlms/types.ts';
import { MAX_JOINED_OCTETS } from './dialogue-types.ts';

export type JoinedBlocks =
  /** `parts` are the octets of the blocks as they were added, in the order of their numbers. */
  | { readonly type: 'apdu'; readonly octets: Uint8Array; readonly parts: readonly Uint8Array[] }
  /** An acknowledgement, or a block that more follow. */
  | { readonly type: 'waiting' }
  | { readonly type: 'limit' };

/**
 * General blocks of one direction as somebody sees them who only listens: in any order, some sent again. Numbers begin
 * at 1, or where the exchange before ended.
 */
export class GeneralBlockJoiner {
  readonly #blocks = new Map<number, Uint8Array>();
  #length = 0;
  #last: number | undefined;
  /** Last block of the APDU put together before: sent again, it does not begin another. */
  #done = 0;

  add({ block, last, raw }: GeneralBlockTransfer): JoinedBlocks {
    const isRepeated = this.#blocks.size === 0 && block > 1 && block <= this.#done;
    if (raw.length === 0 || isRepeated) return { type: 'waiting' };
    const again = this.#blocks.get(block);
    // The same number with other octets belongs to another APDU: the rest of the one before was never captured.
    if (again !== undefined && !sameOctets(again, raw)) {
      this.clear();
    } else if (again !== undefined) return { type: 'waiting' };
    this.#blocks.set(block, raw);
    this.#length += raw.length;
    if (this.#length > MAX_JOINED_OCTETS) {
      this.clear();
      return { type: 'limit' };
    }
    if (last) this.#last = block;
    return this.#complete();
  }

  clear(): void {
    this.#blocks.clear();
    this.#length = 0;
    this.#last = undefined;
  }

  #complete(): JoinedBlocks {
    if (this.#last === undefined) return { type: 'waiting' };
    const first = Math.min(...this.#blocks.keys());
    const parts: Uint8Array[] = [];
    for (let number = first; number <= this.#last; number++) {
      const raw = this.#blocks.get(number);
      if (raw === undefined) return { type: 'waiting' };
      parts.push(raw);
    }
    this.#done = this.#last;
    this.clear();
    return { type: 'apdu', octets: concatOctets(parts), parts };
  }
}
