import { toHex } from '../codec/hex.ts';
import type { KeyRing } from '../codec/security/types.ts';

/**
 * Keys of meters that push, by the system title of their ring; a ring without title is for every meter. Rings of the
 * title come first.
 */
export class PushKeys {
  readonly #rings: readonly KeyRing[];

  constructor(rings: readonly KeyRing[]) {
    this.#rings = rings;
  }

  /** Rings that may fit an APDU of this title. An APDU without title may be of any meter (Q32, Q33). */
  for(systemTitle: Uint8Array | undefined): readonly KeyRing[] {
    if (systemTitle === undefined || systemTitle.length === 0) return this.#rings;
    const title = toHex(systemTitle);
    const own = this.#rings.filter((ring) => ring.systemTitle !== undefined && toHex(ring.systemTitle) === title);
    return [...own, ...this.#rings.filter((ring) => ring.systemTitle === undefined)];
  }
}
