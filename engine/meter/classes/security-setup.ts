import type { Data } from '../../codec/axdr/data.ts';
import type { PolicyItem, SecurityModel } from '../../template/model.ts';
import { nameOf } from '../values/arguments.ts';
import type { ClassLogic, Target } from './class-logic.ts';
import { isGiven } from './register.ts';

const POLICY_BITS: readonly (readonly [PolicyItem, number])[] = [
  ['authenticated-request', 0x04],
  ['encrypted-request', 0x08],
  ['signed-request', 0x10],
  ['authenticated-response', 0x20],
  ['encrypted-response', 0x40],
  ['signed-response', 0x80],
];

/** Policy as versions 0 (one of four values) and 1 (bits) write it (security.md 6). */
export function policyValue(policy: readonly PolicyItem[], version: number): number {
  if (version > 0) return POLICY_BITS.reduce((bits, [item, bit]) => (policy.includes(item) ? bits | bit : bits), 0);
  const some = (protection: string): boolean => policy.some((item) => item.startsWith(protection));
  return (some('authenticated') ? 1 : 0) + (some('encrypted') ? 2 : 0);
}

/** Security block an object of class 64 stands for: the one its `of` names, else the model's first. */
export function securityOf(target: Target): SecurityModel | undefined {
  const { securities } = target.meter.model;
  const name = nameOf(target.object.model.settings.of);
  return securities.find((security) => security.name === name) ?? (name === undefined ? securities[0] : undefined);
}

/** Security setup (class 64, Blue Book 4.4.7): policy, suite and titles. Keys cannot be read. */
export const securitySetup: ClassLogic = {
  read(target, attribute, selection) {
    const security = securityOf(target);
    if (selection !== null || security === undefined || isGiven(target, attribute)) return undefined;
    const data = fromSecurity(target, security, attribute);
    return data === undefined ? undefined : { data };
  },
};

function fromSecurity(target: Target, security: SecurityModel, attribute: number): Data | undefined {
  switch (attribute) {
    case 2:
      return { t: 'enum', v: policyValue(security.policy, target.object.model.version) };
    case 3:
      return { t: 'enum', v: security.suite };
    case 4:
      return { t: 'octet-string', v: target.association?.clientTitle ?? new Uint8Array(0) };
    case 5:
      return { t: 'octet-string', v: target.meter.systemTitle };
    default:
      return undefined;
  }
}
