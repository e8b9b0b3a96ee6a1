import type { Data } from '../../codec/axdr/data.ts';
import { drawPrivateKey } from '../../codec/security/curves.ts';
import { agreedKeys, keyAgreementData, keyOffersFromData } from '../../codec/security/key-agreement.ts';
import { unwrapKeys } from '../../codec/security/key-transfer.ts';
import { securitySuite } from '../../codec/security/suites.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import type { PolicyItem, SecurityModel } from '../../template/model.ts';
import { keyRing } from '../association/keys.ts';
import { nameOf } from '../values/arguments.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { isGiven } from './register.ts';

const KEY_TRANSFER = 2;
const KEY_AGREEMENT = 3;
const TITLE_LENGTH = 8;

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
  invoke(target, method, params) {
    const security = securityOf(target);
    if (security === undefined) return undefined;
    if (method === KEY_TRANSFER) return transferKeys(target, security, params);
    return method === KEY_AGREEMENT && target.object.model.version > 0
      ? agreeOnKeys(target, security, params)
      : undefined;
  },
};

/** key_transfer of version 1 and global_key_transfer of version 0: keys wrapped under the master key. */
function transferKeys(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const { meter } = target;
  const { kek } = keyRing(meter, security);
  if (params === null) return { result: 'type-unmatched' };
  if (kek === undefined) return { result: 'object-unavailable' };
  const unwrapped = unwrapKeys(params, kek, security.suite === 2 ? 32 : 16);
  if (!unwrapped.ok) return { result: unwrapped.malformed === true ? 'type-unmatched' : 'read-write-denied' };
  meter.keyChanges.stage(security.name, unwrapped.keys);
  return SUCCESS;
}

/** key_agreement: the client's ephemeral keys are answered with ours, and both come to the same new keys. */
function agreeOnKeys(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const { meter, association } = target;
  const suite = securitySuite(security.suite);
  const { signingKey, peerSigningKey } = keyRing(meter, security);
  const requester = association?.clientTitle;
  if (params === null) return { result: 'type-unmatched' };
  if (suite?.curve === undefined || signingKey === undefined || peerSigningKey === undefined)
    return { result: 'object-unavailable' };
  if (association === undefined || requester?.length !== TITLE_LENGTH) return { result: 'scope-of-access-violated' };
  const read = keyOffersFromData(suite, params, peerSigningKey);
  if (!read.ok) return { result: read.malformed === true ? 'type-unmatched' : 'read-write-denied' };
  const { curve } = suite;
  const own = read.offers.map(({ id }) => ({ id, ephemeralKey: drawPrivateKey(curve, association.random) }));
  const titles = { requester, responder: meter.systemTitle };
  meter.keyChanges.stage(security.name, agreedKeys(suite, own, read.offers, titles));
  return { result: 'success', return: { data: keyAgreementData(suite, own, signingKey) } };
}

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
