import type { Data } from '../../codec/axdr/data.ts';
import { certificateInfoData } from '../../codec/security/certificate-data.ts';
import { drawPrivateKey } from '../../codec/security/curves.ts';
import { agreedKeys, keyAgreementData, keyOffersFromData } from '../../codec/security/key-agreement.ts';
import { KEY_RING_NAMES } from '../../codec/security/key-id.ts';
import { type SecurityKey, unwrapKeys } from '../../codec/security/key-transfer.ts';
import { securitySuite } from '../../codec/security/suites.ts';
import type { KeyRing } from '../../codec/security/types.ts';
import type { ActionOutcome, DataAccessResult } from '../../codec/xdlms/types.ts';
import { securityPolicyItems, securityPolicyNumber } from '../../cosem/security-policy.ts';
import type { PolicyItem, SecurityModel } from '../../template/model.ts';
import { keyRing } from '../association/keys.ts';
import { nameOf } from '../values/arguments.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { isGiven } from './register.ts';
import { certificateMethod } from './security-certificates.ts';

const POLICY = 2;
const SUITE = 3;
const CERTIFICATES = 6;
const SECURITY_ACTIVATE = 1;
const KEY_TRANSFER = 2;
const KEY_AGREEMENT = 3;
const TITLE_LENGTH = 8;

/** Security block an object of class 64 stands for, as it is in force: the one its `of` names, else the model's first. */
export function securityOf(target: Target): SecurityModel | undefined {
  const { securities } = target.meter.model;
  const name = nameOf(target.object.model.settings.of);
  const found =
    securities.find((security) => security.name === name) ?? (name === undefined ? securities[0] : undefined);
  return target.meter.inForce(found);
}

/** Security setup (class 64 versions 0 and 1, Blue Book 4.4.7). Keys cannot be read. */
export const securitySetup: ClassLogic = {
  read(target, attribute, selection) {
    const security = securityOf(target);
    if (selection !== null || security === undefined || isGiven(target, attribute)) return undefined;
    const data = fromSecurity(target, security, attribute);
    return data === undefined ? undefined : { data };
  },
  write(target, attribute, data, selection) {
    const security = securityOf(target);
    if (selection !== null || security === undefined || isGiven(target, attribute)) return undefined;
    if (attribute === POLICY) return writePolicy(target, security, data);
    return attribute === SUITE ? writeSuite(target, security, data) : 'read-write-denied';
  },
  invoke(target, method, params) {
    const security = securityOf(target);
    if (security === undefined) return undefined;
    if (method === SECURITY_ACTIVATE) return activate(target, security, params);
    if (method === KEY_TRANSFER) return transferKeys(target, security, params);
    if (target.object.model.version === 0) return undefined;
    return method === KEY_AGREEMENT
      ? agreeOnKeys(target, security, params)
      : certificateMethod(target, security, method, params);
  },
};

/** security_activate: the policy becomes stronger, never weaker. */
function activate(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const policy = policyFrom(target, params);
  if (policy === undefined) return { result: 'type-unmatched' };
  if (!security.policy.every((item) => policy.includes(item))) return { result: 'read-write-denied' };
  return { result: stagePolicy(target, security, policy) };
}

/** Who may write the policy may also weaken it. */
function writePolicy(target: Target, security: SecurityModel, data: Data): DataAccessResult {
  const policy = policyFrom(target, data);
  return policy === undefined ? 'type-unmatched' : stagePolicy(target, security, policy);
}

function policyFrom(target: Target, data: Data | null): readonly PolicyItem[] | undefined {
  return data?.t === 'enum' ? securityPolicyItems(data.v, target.object.model.version) : undefined;
}

/** A policy nobody could satisfy for want of keys would lock everybody out. */
function stagePolicy(target: Target, security: SecurityModel, policy: readonly PolicyItem[]): string {
  const { meter } = target;
  const asks = (protection: string): boolean => policy.some((item) => item.startsWith(protection));
  const { guek, gak, signingKey } = keyRing(meter, security);
  const ciphers = asks('encrypted') || asks('authenticated');
  const signs = asks('signed');
  if (ciphers && guek === undefined) return 'object-unavailable';
  if (asks('authenticated') && gak === undefined) return 'object-unavailable';
  if (signs && (securitySuite(security.suite)?.curve === undefined || signingKey === undefined))
    return 'object-unavailable';
  meter.securityChanges.stage(security.name, { policy });
  return 'success';
}

/** A suite is taken when the keys at hand are as long as it wants them. */
function writeSuite(target: Target, security: SecurityModel, data: Data): DataAccessResult {
  if (data.t !== 'enum' || (data.v !== 0 && data.v !== 1 && data.v !== 2)) return 'type-unmatched';
  const length = securitySuite(data.v)?.keyLength;
  const { guek, gak, gbek, kek } = keyRing(target.meter, security);
  const fits = [guek, gak, gbek, kek].every((key) => key === undefined || key.length === length);
  if (!fits) return 'object-unavailable';
  target.meter.securityChanges.stage(security.name, { suite: data.v });
  return 'success';
}

/** key_transfer of version 1 and global_key_transfer of version 0: keys wrapped under the master key. */
function transferKeys(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const { meter } = target;
  const { kek } = keyRing(meter, security);
  if (params === null) return { result: 'type-unmatched' };
  if (kek === undefined) return { result: 'object-unavailable' };
  const unwrapped = unwrapKeys(params, kek, security.suite === 2 ? 32 : 16);
  if (!unwrapped.ok) return { result: unwrapped.malformed === true ? 'type-unmatched' : 'read-write-denied' };
  meter.securityChanges.stage(security.name, { keys: ringOf(unwrapped.keys) });
  return SUCCESS;
}

/** key_agreement: the client's ephemeral keys are answered with ours, and both come to the same new keys. */
function agreeOnKeys(target: Target, security: SecurityModel, params: Data | null): ActionOutcome {
  const { meter, association } = target;
  const suite = securitySuite(security.suite);
  const requester = association?.clientTitle;
  const { signingKey, peerSigningKey } = keyRing(meter, security, requester);
  if (params === null) return { result: 'type-unmatched' };
  if (suite?.curve === undefined || signingKey === undefined || peerSigningKey === undefined)
    return { result: 'object-unavailable' };
  if (association === undefined || requester?.length !== TITLE_LENGTH) return { result: 'scope-of-access-violated' };
  const read = keyOffersFromData(suite, params, peerSigningKey);
  if (!read.ok) return { result: read.malformed === true ? 'type-unmatched' : 'read-write-denied' };
  const { curve } = suite;
  const own = read.offers.map(({ id }) => ({ id, ephemeralKey: drawPrivateKey(curve, association.random) }));
  const titles = { requester, responder: meter.systemTitle };
  meter.securityChanges.stage(security.name, { keys: ringOf(agreedKeys(suite, own, read.offers, titles)) });
  return { result: 'success', return: { data: keyAgreementData(suite, own, signingKey) } };
}

function ringOf(keys: readonly SecurityKey[]): KeyRing {
  return Object.fromEntries(keys.map(({ id, key }) => [KEY_RING_NAMES[id], key]));
}

function fromSecurity(target: Target, security: SecurityModel, attribute: number): Data | undefined {
  switch (attribute) {
    case POLICY:
      return { t: 'enum', v: securityPolicyNumber(security.policy, target.object.model.version) };
    case SUITE:
      return { t: 'enum', v: security.suite };
    case 4:
      return { t: 'octet-string', v: target.association?.clientTitle ?? new Uint8Array(0) };
    case 5:
      return { t: 'octet-string', v: target.meter.systemTitle };
    case CERTIFICATES:
      if (target.object.model.version === 0) return undefined;
      return { t: 'array', v: target.meter.certificatesOf(security).infos.map(certificateInfoData) };
    default:
      return undefined;
  }
}
