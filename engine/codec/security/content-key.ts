import type { KeyRing, ProtectedApdu } from './types.ts';

/** The key that protects an APDU, or why it cannot be told from the key ring. */
export type ContentKey =
  | { readonly ok: true; readonly key: Uint8Array }
  | { readonly ok: false; readonly found: string; readonly expected: string };

/** Chooses the encryption key of a protected APDU: dedicated, global unicast or global broadcast. */
export function contentKey(apdu: Exclude<ProtectedApdu, { kind: 'general-signing' }>, keys: KeyRing): ContentKey {
  if (apdu.kind === 'general-ciphering' && apdu.keyInfo !== null) {
    const { identifiedKey } = apdu.keyInfo;
    if (identifiedKey !== undefined) return globalKey(identifiedKey, keys);
    const transport = apdu.keyInfo.wrappedKey !== undefined ? 'a wrapped key' : 'an agreed key';
    return { ok: false, found: `general-ciphering with ${transport}`, expected: 'an identified key' };
  }
  if (apdu.kind === 'general-ded-ciphering' || apdu.kind.startsWith('ded-')) {
    return present(keys.dedicatedKey, 'the dedicated key of the association');
  }
  return globalKey(apdu.security.keySet, keys);
}

function globalKey(keySet: 'unicast' | 'broadcast', keys: KeyRing): ContentKey {
  return keySet === 'broadcast'
    ? present(keys.gbek, 'the global broadcast encryption key (gbek)')
    : present(keys.guek, 'the global unicast encryption key (guek)');
}

function present(key: Uint8Array | undefined, name: string): ContentKey {
  return key === undefined ? { ok: false, found: 'no key', expected: name } : { ok: true, key };
}
