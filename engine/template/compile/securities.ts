import type { PolicyItem, SecurityModel } from '../model.ts';
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

/** Compiles the security blocks of a meter. */
export function compileSecurities(scope: MeterScope): readonly CompiledSecurity[] {
  return [...(scope.meter.members.get('security')?.values() ?? [])].map((member) => compileSecurity(member, scope));
}

function compileSecurity(member: ResolvedMember, scope: MeterScope): CompiledSecurity {
  const spec = blockSpec('security');
  if (spec === undefined) throw new Error('the vocabulary has no security block');
  const read = readProperties(spec, member.properties, scope);
  const number = Number(member.base.head.labels[2]?.text);
  const guek = read.secret('global_unicast_key');
  const gbek = read.secret('global_broadcast_key');
  const gak = read.secret('authentication_key');
  const kek = read.secret('master_key');
  const policy = new Set(read.words('policy') ?? []);
  const model: SecurityModel = {
    name: member.name,
    suite: number === 1 || number === 2 ? number : 0,
    ...(guek === undefined ? {} : { globalUnicastKey: guek }),
    ...(gbek === undefined ? {} : { globalBroadcastKey: gbek }),
    ...(gak === undefined ? {} : { authenticationKey: gak }),
    ...(kek === undefined ? {} : { masterKey: kek }),
    policy: policyWords.map((item): PolicyItem => item.word).filter((word) => policy.has(word)),
  };
  return { model, member, hasSigningKey: read.source('signing_key') !== undefined };
}
