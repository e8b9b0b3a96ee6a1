import { fromHex } from '../../codec/hex.ts';
import { readPrivateKey, readPublicKey } from '../../codec/security/key-material.ts';
import type { KeyRing } from '../../codec/security/types.ts';
import type { Secrets } from '../protocol.ts';

export type KeyRole = keyof KeyRing;

/** In the order in which they are named to people. */
export const KEY_ROLES: readonly KeyRole[] = [
  'guek',
  'gak',
  'gbek',
  'dedicatedKey',
  'kek',
  'signingKey',
  'agreementKey',
  'peerSigningKey',
  'peerAgreementKey',
  'systemTitle',
];

/** Keys that belong together, by the names under which people keep them. */
export interface NamedRing {
  readonly ring: KeyRing;
  /** What each of its keys is called. */
  readonly names: Readonly<Partial<Record<KeyRole, string>>>;
}

/** A key whose name does not say what it is for. */
export interface LooseKey {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** Secrets sorted by what they can be used for. Held in memory for one call. */
export interface SortedSecrets {
  readonly rings: readonly NamedRing[];
  readonly loose: readonly LooseKey[];
  readonly titles: readonly Uint8Array[];
}

/** The last word of a name, in small letters and without hyphens, and what it stands for. */
const ROLES: Readonly<Record<string, KeyRole>> = {
  guek: 'guek',
  ek: 'guek',
  gak: 'gak',
  ak: 'gak',
  gbek: 'gbek',
  dedicatedkey: 'dedicatedKey',
  kek: 'kek',
  signingkey: 'signingKey',
  agreementkey: 'agreementKey',
  peersigningkey: 'peerSigningKey',
  peeragreementkey: 'peerAgreementKey',
  systemtitle: 'systemTitle',
  title: 'systemTitle',
};
const ASYMMETRIC: Partial<Record<KeyRole, (octets: Uint8Array) => Uint8Array | undefined>> = {
  signingKey: readPrivateKey,
  agreementKey: readPrivateKey,
  peerSigningKey: readPublicKey,
  peerAgreementKey: readPublicKey,
};
/** AES-128 in suites 0 and 1, AES-256 in suite 2. */
const KEY_LENGTHS: readonly number[] = [16, 32];
const TITLE_LENGTH = 8;

/**
 * Sorts stored secrets: `acme/guek` and `acme/gak`, or `192.0.2.1:4059 guek` and `192.0.2.1:4059 gak`, make one ring.
 * Passwords and what is no key are left out.
 */
export function sortSecrets(secrets: Secrets): SortedSecrets {
  const groups = new Map<
    string,
    { ring: { -readonly [K in KeyRole]?: Uint8Array }; names: Partial<Record<KeyRole, string>> }
  >();
  const loose: LooseKey[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    const octets = octetsOf(value);
    if (octets === undefined) continue;
    const [, group = '', word = ''] = /^(?:(.*)[\s/_.:])?([^\s/_.:]+)$/s.exec(name) ?? [];
    const role = ROLES[word.toLowerCase().replaceAll('-', '')];
    const key = role === undefined ? undefined : keyOf(role, octets);
    if (role !== undefined && key !== undefined) {
      const known = groups.get(group) ?? { ring: {}, names: {} };
      groups.set(group, known);
      known.ring[role] = key;
      known.names[role] = name;
    }
    if (role === undefined && KEY_LENGTHS.includes(octets.length)) loose.push({ name, octets });
  }
  const rings = [...groups.values()];
  return {
    rings,
    loose,
    titles: rings.flatMap(({ ring }) => (ring.systemTitle === undefined ? [] : [ring.systemTitle])),
  };
}

function keyOf(role: KeyRole, octets: Uint8Array): Uint8Array | undefined {
  const read = ASYMMETRIC[role];
  if (read !== undefined) return read(octets);
  if (role === 'systemTitle') return octets.length === TITLE_LENGTH ? octets : undefined;
  return KEY_LENGTHS.includes(octets.length) ? octets : undefined;
}

/** `hex:..`, and PEM as text; anything else is a password. */
function octetsOf(value: string): Uint8Array | undefined {
  const text = value.startsWith('text:') ? value.slice('text:'.length) : value;
  if (text.startsWith('-----BEGIN ')) return new TextEncoder().encode(text);
  if (!value.startsWith('hex:')) return undefined;
  try {
    return fromHex(value.slice('hex:'.length));
  } catch {
    return undefined;
  }
}
