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

/** Keys of a security block as far as they are at hand: the template's, and what clients replaced them by. */
export function keyRing(meter: VirtualMeter, security: SecurityModel): KeyRing {
  const ring: { -readonly [K in keyof KeyRing]: KeyRing[K] } = {};
  for (const [name, member, read] of KEYS) {
    const reference = security[member];
    if (!isReference(reference)) continue;
    const octets = meter.secret(reference);
    const key = octets === undefined ? undefined : read(octets);
    if (key !== undefined) ring[name] = key;
  }
  return { ...ring, ...meter.keyChanges.of(security.name) };
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
