import type { Data } from '../axdr/data.ts';
import { keyDataFromData, keyDataToData, type Refusal } from './key-data.ts';
import type { KeyId } from './key-id.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';

/** A key of a security setup in clear. */
export interface SecurityKey {
  readonly id: KeyId;
  readonly key: Uint8Array;
}

/**
 * Parameter of key_transfer (class 64 version 1) and global_key_transfer (version 0): keys wrapped under the master key.
 * A new master key is wrapped under the old one.
 * @throws {RangeError} for lengths that cannot be wrapped.
 */
export function wrapKeys(keys: readonly SecurityKey[], kek: Uint8Array): Data {
  return keyDataToData(keys.map(({ id, key }) => ({ id, octets: wrapKey(kek, key) })));
}

/** The keys of a key_transfer. None is taken when one of them cannot be unwrapped or has not the length of the suite. */
export function unwrapKeys(
  data: Data,
  kek: Uint8Array,
  keyLength: number,
): { readonly ok: true; readonly keys: readonly SecurityKey[] } | Refusal {
  const read = keyDataFromData(data);
  if (!read.ok) return read;
  const keys: SecurityKey[] = [];
  for (const { id, octets } of read.items) {
    const key = unwrapKey(kek, octets);
    if (key === undefined) {
      return { ok: false, found: `${id} that the master key does not unwrap`, expected: 'a key wrapped under it' };
    }
    if (key.length !== keyLength) {
      return { ok: false, found: `${id} of ${key.length} octets`, expected: `${keyLength} octets` };
    }
    keys.push({ id, key });
  }
  return { ok: true, keys };
}
