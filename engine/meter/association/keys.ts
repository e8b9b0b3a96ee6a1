import { readPrivateKey, readPublicKey } from '../../codec/security/key-material.ts';
import type { KeyRing } from '../../codec/security/types.ts';
import type { SecretReference, SecurityModel } from '../../template/model.ts';
import type { VirtualMeter } from '../meter.ts';

type KeyReader = (octets: Uint8Array) => Uint8Array | undefined;

const asIs: KeyReader = (octets) => octets;
const privateKey = remembering(readPrivateKey);
const publicKey = remembering(readPublicKey);

/** Members of a key ring: where the model has them and how they are read. */
const KEYS: readonly (readonly [keyof KeyRing, keyof SecurityModel, KeyReader])[] = [
  ['guek', 'globalUnicastKey', asIs],
  ['gak', 'authenticationKey', asIs],
  ['gbek', 'globalBroadcastKey', asIs],
  ['kek', 'masterKey', asIs],
  ['signingKey', 'signingKey', privateKey],
  ['agreementKey', 'agreementKey', privateKey],
  ['peerSigningKey', 'clientSigningKey', publicKey],
  ['peerAgreementKey', 'clientAgreementKey', publicKey],
];

/** Public keys of clients, and which certificates tell them. */
const CLIENT_KEYS = [
  ['peerSigningKey', 'digital-signature'],
  ['peerAgreementKey', 'key-agreement'],
] as const;

/**
 * Keys of a security block as far as they are at hand: the template's, what clients replaced them by, and for the client
 * of a title those of its certificates.
 */
export function keyRing(meter: VirtualMeter, security: SecurityModel, clientTitle?: Uint8Array): KeyRing {
  const ring: { -readonly [K in keyof KeyRing]: KeyRing[K] } = {};
  for (const [name, member, read] of KEYS) {
    const reference = security[member];
    if (!isReference(reference)) continue;
    const octets = meter.secret(reference);
    const key = octets === undefined ? undefined : read(octets);
    if (key !== undefined) ring[name] = key;
  }
  const keys: { -readonly [K in keyof KeyRing]: KeyRing[K] } = {
    ...ring,
    ...meter.securityChanges.keysOf(security.name),
  };
  // Before anybody touched the certificates, the template's keys say the same.
  const store = meter.touchedCertificates(security.name);
  if (store === undefined) return keys;
  for (const [name, type] of CLIENT_KEYS) {
    const certified = clientTitle === undefined ? undefined : store.of('client', type, clientTitle)?.publicKey;
    const known = certified ?? keys[name];
    if (known === undefined || store.distrusts(known)) delete keys[name];
    else keys[name] = known;
  }
  return keys;
}

function isReference(value: SecurityModel[keyof SecurityModel]): value is SecretReference {
  return typeof value === 'object' && !Array.isArray(value);
}

/** A secret is one object for as long as its source holds: PEM and DER are parsed once. */
function remembering(read: KeyReader): KeyReader {
  const known = new WeakMap<Uint8Array, Uint8Array>();
  return (octets) => {
    const found = known.get(octets) ?? read(octets);
    if (found !== undefined) known.set(octets, found);
    return found;
  };
}
