import { SessionError } from './errors.ts';

/** Octets one answer may have in all its blocks together. */
export const MAX_TRANSFER_OCTETS = 16 * 1024 * 1024;
/** Blocks one answer may have; a meter that sends empty blocks for ever is stopped by this. */
export const MAX_TRANSFER_BLOCKS = 65_536;

/** Puts the blocks of one answer together, within the limits. */
export class OctetCollector {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

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
