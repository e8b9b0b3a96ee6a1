import type { KeyRing } from './types.ts';

/** key_id of the methods of class 64 (BB 4.4.7; security.md 5). */
export type KeyId =
  | 'global-unicast-encryption-key'
  | 'global-broadcast-encryption-key'
  | 'authentication-key'
  | 'master-key';

/** Key ids in the order of their numbers on the wire, 0 to 3. */
export const KEY_IDS: readonly KeyId[] = [
  'global-unicast-encryption-key',
  'global-broadcast-encryption-key',
  'authentication-key',
  'master-key',
];

/** Member of a key ring that a key id stands for. */
export const KEY_RING_NAMES: Readonly<Record<KeyId, keyof Pick<KeyRing, 'guek' | 'gbek' | 'gak' | 'kek'>>> = {
  'global-unicast-encryption-key': 'guek',
  'global-broadcast-encryption-key': 'gbek',
  'authentication-key': 'gak',
  'master-key': 'kek',
};
