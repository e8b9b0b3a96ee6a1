import { SessionError } from './errors.ts';

/** Octets one answer may have in all its blocks together. */
export const MAX_TRANSFER_OCTETS = 16 * 1024 * 1024;
/** Blocks one answer may have; tiny ones for ever are stopped by this. */
export const MAX_TRANSFER_BLOCKS = 65_536;

/** Empty blocks in a row before a transfer counts as one that makes no progress. */
export const MAX_EMPTY_BLOCKS = 16;

/** Puts the blocks of one answer together, within the limits. */
export class OctetCollector {
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  #empty = 0;

  /** Throws SessionError `limit`. */
  add(octets: Uint8Array): void {
    this.#length += octets.length;
    if (this.#length > MAX_TRANSFER_OCTETS)
      throw new SessionError('limit', `answer in blocks is longer than ${MAX_TRANSFER_OCTETS} octets`, {
        next: 'select a shorter range',
      });
    if (this.#parts.length >= MAX_TRANSFER_BLOCKS)
      throw new SessionError('limit', `answer has more than ${MAX_TRANSFER_BLOCKS} blocks`, {
        next: 'select a shorter range',
      });
    this.#empty = octets.length === 0 ? this.#empty + 1 : 0;
    if (this.#empty > MAX_EMPTY_BLOCKS)
      throw new SessionError('limit', `more than ${MAX_EMPTY_BLOCKS} empty blocks in a row`, {
        cause: 'the meter sends blocks without data and never a last one',
        next: 'select a shorter range, or associate again',
      });
    this.#parts.push(octets);
  }

  take(): Uint8Array {
    const octets = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      octets.set(part, at);
      at += part.length;
    }
    return octets;
  }
}
