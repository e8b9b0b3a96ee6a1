import { toHex } from '../../codec/hex.ts';
import type { GeneralCiphering } from '../../codec/security/types.ts';

/**
 * Content keys whose counters a meter remembers; beyond that it forgets the one it has not met for longest. A replay of
 * what was protected under a forgotten key would be taken, which a real meter prevents by the date-time of the APDU.
 */
export const MAX_CONTENT_KEYS = 1024;

/** Invocation counters of keys that were wrapped or agreed on for one or a few APDUs. */
export class ContentKeyCounters {
  readonly #last: Map<string, number>;

  constructor(last: Iterable<readonly [string, number]> = []) {
    this.#last = new Map(last);
  }

  /** The last counters by key, the key met longest ago first. */
  get all(): ReadonlyMap<string, number> {
    return this.#last;
  }

  /** Highest counter met; -1 for a key that is new. */
  last(name: string): number {
    return this.#last.get(name) ?? -1;
  }

  set(name: string, counter: number): void {
    this.#last.delete(name);
    this.#last.set(name, counter);
    const [oldest] = this.#last.keys();
    if (this.#last.size > MAX_CONTENT_KEYS && oldest !== undefined) this.#last.delete(oldest);
  }

  /** The next counter to send with a key. They begin at 0 with the key (security.md 4). */
  next(name: string): number {
    const counter = this.last(name) + 1;
    this.set(name, counter);
    return counter;
  }
}

/**
 * Names the content key of an APDU by what it was made from, which is no secret; undefined where the key is one of the
 * global ones. Keys of C(0e, 2s) differ by sender and transaction-id.
 */
export function contentKeyName(security: string, apdu: GeneralCiphering, sender: Uint8Array): string | undefined {
  const { wrappedKey, agreedKey } = apdu.keyInfo ?? {};
  if (wrappedKey !== undefined) return `${security}/wrapped/${toHex(wrappedKey.keyCipheredData)}`;
  if (agreedKey === undefined) return undefined;
  if (agreedKey.keyCipheredData.length > 0) return `${security}/one-pass/${toHex(agreedKey.keyCipheredData)}`;
  return staticKeyName(security, sender, apdu.transactionId);
}

export function staticKeyName(security: string, sender: Uint8Array, transactionId: Uint8Array): string {
  return `${security}/static/${toHex(sender)}/${toHex(transactionId)}`;
}
