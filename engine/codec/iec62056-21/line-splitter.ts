import { stripParity } from './parity.ts';

/** Longest line kept; what is longer is no message of the opening and loses its beginning. */
export const MAX_LINE_LENGTH = 128;

const SLASH = 0x2f;
const ACK = 0x06;
const LF = 0x0a;

/**
 * Cuts a stream of the opening phase into lines up to LF. What stands before `/` or ACK (wake-up NULs, noise of a
 * changing speed) is passed over, and the parity bit of every octet is taken off.
 */
export class LineSplitter {
  #line: number[] = [];

  /** Octets of an incomplete line. */
  get pendingOctets(): number {
    return this.#line.length;
  }

  /** Complete lines, and how many octets of the chunk were used: with `max` lines the rest may be another protocol. */
  push(chunk: Uint8Array, max = Number.POSITIVE_INFINITY): { readonly lines: Uint8Array[]; readonly used: number } {
    const lines: Uint8Array[] = [];
    const characters = stripParity(chunk);
    let used = 0;
    while (used < characters.length && lines.length < max) {
      const character = characters[used]!;
      used++;
      // A message cannot hold the character another one begins with, so that one is where to start anew.
      if (character === SLASH || character === ACK) this.#line = [character];
      else if (this.#line.length > 0 && this.#line.length < MAX_LINE_LENGTH) this.#line.push(character);
      if (character !== LF || this.#line.length === 0) continue;
      lines.push(Uint8Array.from(this.#line));
      this.#line = [];
    }
    return { lines, used };
  }

  reset(): void {
    this.#line = [];
  }
}
