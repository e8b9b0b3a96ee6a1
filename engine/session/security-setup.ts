import type { Data } from '../codec/axdr/data.ts';
import { type CertificateInfo, certificateInfosFromData } from '../codec/security/certificate-data.ts';
import { nearestClass } from '../cosem/classes.ts';
import { type SecurityPolicyItem, securityPolicyItems, securityPolicyNumber } from '../cosem/security-policy.ts';
import type { ClientSession } from './client-session.ts';
import { SessionError } from './errors.ts';
import { getAttribute } from './ln-get.ts';
import { invokeMethod } from './ln-invoke.ts';
import { setAttribute } from './ln-set.ts';
import { integerOf } from './object-list.ts';
import type { Procedure } from './procedure.ts';
import { attributeName, callMethod, readName } from './sn-read.ts';
import { writeName } from './sn-write.ts';

/** Interface class of security setups (BB 4.4.7). */
export const SECURITY_SETUP_CLASS = 64;
const POLICY = 2;
const SUITE = 3;
const CLIENT_TITLE = 4;
const SERVER_TITLE = 5;
const CERTIFICATES = 6;
const SECURITY_ACTIVATE = 1;
const SHORT_NAME_MASK = 0xffff;

/** A security setup of the meter. */
export interface SecuritySetup {
  readonly obis: string;
  readonly version: number;
  /** Needed with SN referencing. */
  readonly baseName?: number;
}

/** The security setup of the management association, where profiles have it. */
export const MANAGEMENT_SETUP: SecuritySetup = { obis: '0-0:43.0.0.255', version: 1 };

/** What a security setup tells. What the meter refuses to tell is left out and named in `refused`. */
export interface SecurityStatus {
  /** Undefined also for a value that is not defined; see `policyValue`. */
  readonly policy?: readonly SecurityPolicyItem[];
  readonly policyValue?: number;
  readonly suite?: number;
  readonly clientTitle?: Uint8Array;
  readonly serverTitle?: Uint8Array;
  /** Version 1 only. */
  readonly certificates?: readonly CertificateInfo[];
  /** data-access-result by the name of the attribute. */
  readonly refused: Readonly<Record<string, string>>;
}

/** Reads everything a security setup tells. Throws SessionError when the association breaks. */
export function* readSecurityStatus(session: ClientSession, setup: SecuritySetup): Procedure<SecurityStatus> {
  const refused: Record<string, string> = {};
  const told: { -readonly [K in keyof SecurityStatus]: SecurityStatus[K] } = { refused };
  for (const [index, name] of [
    [POLICY, 'security_policy'],
    [SUITE, 'security_suite'],
    [CLIENT_TITLE, 'client_system_title'],
    [SERVER_TITLE, 'server_system_title'],
    ...(setup.version > 0 ? ([[CERTIFICATES, 'certificates']] as const) : []),
  ] as const) {
    const read = yield* readSetup(session, setup, index);
    if ('result' in read) refused[name] = read.result;
    else Object.assign(told, toldBy(index, read.data, setup.version));
  }
  return told;
}

/** Certificates of a security setup. Throws SessionError `service-error`, `unexpected-apdu`. */
export function* listCertificates(session: ClientSession, setup: SecuritySetup): Procedure<readonly CertificateInfo[]> {
  const read = yield* readSetup(session, setup, CERTIFICATES);
  if ('result' in read)
    throw new SessionError('service-error', `certificates of ${setup.obis} were answered by ${read.result}`, {
      diagnostic: read.result,
      next: 'associate as a client that may read them; version 0 of the class has none',
    });
  const infos = certificateInfosFromData(read.data);
  if (infos !== undefined) return infos;
  throw new SessionError(
    'unexpected-apdu',
    `certificates of ${setup.obis} are ${read.data.t}, expected certificate_info`,
  );
}

/**
 * Makes the policy stronger (security_activate). It is in force from the next request on: associate again with the
 * protection it asks for. Throws SessionError `service-error` when the meter refuses.
 */
export function* activatePolicy(
  session: ClientSession,
  policy: readonly SecurityPolicyItem[],
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<void> {
  const data: Data = { t: 'enum', v: securityPolicyNumber(policy, setup.version) };
  yield* invokeSetup(session, setup, SECURITY_ACTIVATE, data, {
    next: 'a policy can only become stronger, and the meter needs the keys for it: read policy and suite first',
  });
}

/** Writes the policy, also a weaker one, where the access rights allow it. Throws SessionError `service-error`. */
export function writePolicy(
  session: ClientSession,
  policy: readonly SecurityPolicyItem[],
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<void> {
  return writeSetup(session, setup, POLICY, securityPolicyNumber(policy, setup.version));
}

/** Writes the suite, where the access rights allow it. Throws SessionError `service-error`. */
export function writeSuite(
  session: ClientSession,
  suite: 0 | 1 | 2,
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<void> {
  return writeSetup(session, setup, SUITE, suite);
}

/**
 * Invokes a method of a security setup and returns what it returns. Throws SessionError `service-error` with the
 * action-result as diagnostic.
 */
export function* invokeSetup(
  session: ClientSession,
  setup: SecuritySetup,
  index: number,
  params: Data,
  details: { readonly next?: string; readonly returnsData?: boolean } = {},
): Procedure<Data | undefined> {
  const { result, data } =
    session.params.referencing === 'LN'
      ? yield* invokeByName(session, setup, index, params)
      : yield* invokeByShortName(session, setup, index, params, details.returnsData === true);
  if (result === 'success') return data;
  const name = methodOf(setup, index)?.name ?? `method ${index}`;
  throw new SessionError('service-error', `${name} of security setup ${setup.obis} was answered by ${result}`, {
    diagnostic: result,
    ...(details.next === undefined ? {} : { next: details.next }),
  });
}

interface Outcome {
  readonly result: string;
  readonly data: Data | undefined;
}

function* invokeByName(
  session: ClientSession,
  { obis }: SecuritySetup,
  index: number,
  params: Data,
): Procedure<Outcome> {
  const outcome = yield* invokeMethod(session, { class: SECURITY_SETUP_CLASS, obis, index }, params);
  const returned = outcome.return;
  return { result: outcome.result, data: returned !== undefined && 'data' in returned ? returned.data : undefined };
}

/** By its short name: written, or read with the parameter where it returns data (wire.md 11). */
function* invokeByShortName(
  session: ClientSession,
  setup: SecuritySetup,
  index: number,
  params: Data,
  returnsData: boolean,
): Procedure<Outcome> {
  const offset = methodOf(setup, index)?.snOffset;
  if (offset === undefined)
    throw new SessionError('not-supported', `version ${setup.version} of the security setup has no method ${index}`);
  const name = (baseNameOf(setup) + offset) & SHORT_NAME_MASK;
  if (!returnsData) return { result: yield* writeName(session, name, params), data: undefined };
  const read = yield* callMethod(session, name, params);
  return 'data' in read ? { result: 'success', data: read.data } : { result: read.result, data: undefined };
}

function* readSetup(session: ClientSession, setup: SecuritySetup, index: number) {
  if (session.params.referencing === 'SN')
    return yield* readName(session, attributeName(baseNameOf(setup), index), null);
  return yield* getAttribute(session, { class: SECURITY_SETUP_CLASS, obis: setup.obis, index }, null);
}

function* writeSetup(session: ClientSession, setup: SecuritySetup, index: number, value: number): Procedure<void> {
  const data: Data = { t: 'enum', v: value };
  const result =
    session.params.referencing === 'SN'
      ? yield* writeName(session, attributeName(baseNameOf(setup), index), data)
      : yield* setAttribute(session, { class: SECURITY_SETUP_CLASS, obis: setup.obis, index }, data, null);
  if (result === 'success') return;
  throw new SessionError('service-error', `writing attribute ${index} of ${setup.obis} was answered by ${result}`, {
    diagnostic: result,
    next: 'meters rarely let it be written: make the policy stronger by security_activate',
  });
}

function toldBy(index: number, data: Data, version: number): Partial<SecurityStatus> {
  const number = integerOf(data);
  const octets = data.t === 'octet-string' ? data.v : undefined;
  if (index === POLICY && number !== undefined) {
    const policy = securityPolicyItems(number, version);
    return { policyValue: number, ...(policy === undefined ? {} : { policy }) };
  }
  if (index === SUITE && number !== undefined) return { suite: number };
  if (index === CLIENT_TITLE && octets !== undefined) return { clientTitle: octets };
  if (index === SERVER_TITLE && octets !== undefined) return { serverTitle: octets };
  const certificates = index === CERTIFICATES ? certificateInfosFromData(data) : undefined;
  return certificates === undefined ? {} : { certificates };
}

function methodOf(setup: SecuritySetup, index: number) {
  return nearestClass(SECURITY_SETUP_CLASS, setup.version)?.methods.find((method) => method.index === index);
}

function baseNameOf({ obis, baseName }: SecuritySetup): number {
  if (baseName !== undefined) return baseName;
  throw new SessionError('object-unknown', `the short name of the security setup ${obis} is not known`, {
    next: 'take it from the object list',
  });
}
