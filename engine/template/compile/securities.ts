import type { PolicyItem, SecretReference, SecurityModel } from '../model.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope } from '../semantics/scope.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { policyWords } from '../vocabulary/words.ts';
import { readProperties } from './read.ts';

/** A security block with the key agreement and signature material the association checks ask for. */
export interface CompiledSecurity {
  readonly model: SecurityModel;
  readonly member: ResolvedMember;
  readonly hasSigningKey: boolean;
}

type SecretMember = Exclude<keyof SecurityModel, 'name' | 'suite' | 'policy'>;

/** Members of the model that are secrets, in their order there, and the properties they are written as. */
const SECRETS: readonly (readonly [SecretMember, string])[] = [
  ['globalUnicastKey', 'global_unicast_key'],
  ['globalBroadcastKey', 'global_broadcast_key'],
  ['authenticationKey', 'authentication_key'],
  ['masterKey', 'master_key'],
  ['signingKey', 'signing_key'],
  ['agreementKey', 'agreement_key'],
  ['certificate', 'certificate'],
  ['clientSigningKey', 'client_signing_key'],
  ['clientAgreementKey', 'client_agreement_key'],
];

/** Compiles the security blocks of a meter. */
export function compileSecurities(scope: MeterScope): readonly CompiledSecurity[] {
  return [...(scope.meter.members.get('security')?.values() ?? [])].map((member) => compileSecurity(member, scope));
}

function compileSecurity(member: ResolvedMember, scope: MeterScope): CompiledSecurity {
  const spec = blockSpec('security');
  if (spec === undefined) throw new Error('the vocabulary has no security block');
  const read = readProperties(spec, member.properties, scope);
  const number = Number(member.base.head.labels[2]?.text);
  const secrets: { -readonly [K in SecretMember]?: SecretReference } = {};
  for (const [member, property] of SECRETS) {
    const reference = read.secret(property);
    if (reference !== undefined) secrets[member] = reference;
  }
  const policy = new Set(read.words('policy') ?? []);
  const model: SecurityModel = {
    name: member.name,
    suite: number === 1 || number === 2 ? number : 0,
    ...secrets,
    policy: policyWords.map((item): PolicyItem => item.word).filter((word) => policy.has(word)),
  };
  return { model, member, hasSigningKey: read.source('signing_key') !== undefined };
}
