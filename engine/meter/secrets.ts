import { utf8FromText } from '../codec/axdr/text.ts';
import { fromHex } from '../codec/hex.ts';
import type { MeterModel, SecretReference } from '../template/model.ts';

/** Hands out key material by reference; undefined where it is not at hand. Values are never logged. */
export type SecretResolver = (reference: SecretReference) => Uint8Array | undefined;

/** A reference as people know it: `zza-demo/guek`, `env GUEK`, `file keys/a.pem`. */
export function secretName(reference: SecretReference): string {
  if ('secret' in reference) return reference.secret;
  if ('env' in reference) return `env ${reference.env}`;
  return 'file' in reference ? `file ${reference.file}` : 'literal';
}

/** Octets of a secret literal: hex digits, or the characters of a text. Undefined if the hex is none. */
export function literalOctets(literal: string, encoding: 'hex' | 'text'): Uint8Array | undefined {
  if (encoding === 'text') return utf8FromText(literal);
  try {
    return fromHex(literal);
  } catch {
    return undefined;
  }
}

/** Every secret a model needs before it can be started, without literals and doubles. */
export function secretReferences(model: MeterModel): SecretReference[] {
  const found = new Map<string, SecretReference>();
  const add = (reference: SecretReference | undefined): void => {
    if (reference !== undefined && !('literal' in reference)) found.set(secretName(reference), reference);
  };
  for (const security of model.securities) {
    add(security.globalUnicastKey);
    add(security.globalBroadcastKey);
    add(security.authenticationKey);
    add(security.masterKey);
    add(security.signingKey);
    add(security.agreementKey);
    add(security.certificate);
    add(security.clientSigningKey);
    add(security.clientAgreementKey);
  }
  for (const association of model.associations) add(association.secret);
  return [...found.values()];
}
