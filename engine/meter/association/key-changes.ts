import { KEY_RING_NAMES } from '../../codec/security/key-id.ts';
import type { SecurityKey } from '../../codec/security/key-transfer.ts';
import type { KeyRing } from '../../codec/security/types.ts';

/** A key that came into force. */
export interface EnforcedKey {
  readonly security: string;
  readonly name: keyof KeyRing;
}

/**
 * Keys of security setups that clients replaced. New keys are staged first: the answer to the request that brought them
 * still goes under the old ones, and they are in force from the next request on.
 */
export class KeyChanges {
  readonly #inForce = new Map<string, KeyRing>();
  #staged: { readonly security: string; readonly keys: readonly SecurityKey[] }[] = [];

  /** Keys in place of those of the template. */
  of(security: string): KeyRing {
    return this.#inForce.get(security) ?? {};
  }

  stage(security: string, keys: readonly SecurityKey[]): void {
    this.#staged.push({ security, keys });
  }

  /** Puts staged keys into force and tells which. */
  enforce(): readonly EnforcedKey[] {
    if (this.#staged.length === 0) return [];
    const enforced: EnforcedKey[] = [];
    for (const { security, keys } of this.#staged) {
      for (const { id, key } of keys) {
        const name = KEY_RING_NAMES[id];
        this.#inForce.set(security, { ...this.of(security), [name]: key });
        enforced.push({ security, name });
      }
    }
    this.#staged = [];
    return enforced;
  }
}
