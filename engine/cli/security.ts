import { toHex } from '../codec/hex.ts';
import type { CertificateInfo } from '../codec/security/certificate-data.ts';
import { nameText } from '../codec/security/x500-name.ts';
import { SECURITY_POLICY_ITEMS, type SecurityPolicyItem } from '../cosem/security-policy.ts';
import { describeSystemTitle } from '../cosem/system-title.ts';
import {
  activatePolicy,
  readSecurityStatus,
  type SecuritySetup,
  type SecurityStatus,
} from '../session/security-setup.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { oneOf } from './option-values.ts';
import { table } from './table.ts';
import { type ChangeOptions, failed, notDone, type SecurityOptions, withSetup } from './with-setup.ts';

/** `dlms security status`: policy, suite, titles and certificates. Exit code 1 when a setup tells nothing of it. */
export function securityStatus(options: SecurityOptions, io: CliIo): Promise<ExitCode> {
  return withSetup('security status', options, io, async ({ association, setups }) => {
    const statuses: { setup: SecuritySetup; status: SecurityStatus }[] = [];
    for (const setup of options.setup === undefined ? setups : setups.slice(0, 1))
      statuses.push({ setup, status: await association.perform((session) => readSecurityStatus(session, setup)) });
    if (options.json === true) io.out(`${JSON.stringify({ setups: statuses.map(statusJson) })}\n`);
    else for (const one of statuses) io.out(statusText(one));
    const silent = statuses.every(({ status }) => status.policyValue === undefined && status.suite === undefined);
    return silent ? exitCodes.failed : exitCodes.ok;
  });
}

/** `dlms security activate-policy`: a stronger policy, once `--yes` confirms it. */
export async function activate(
  options: ChangeOptions & { readonly items: readonly string[] },
  io: CliIo,
): Promise<ExitCode> {
  const command = 'security activate-policy';
  let wanted: readonly SecurityPolicyItem[];
  try {
    wanted = options.items.map((item) => oneOf('policy', item, SECURITY_POLICY_ITEMS));
  } catch (error) {
    return failed(command, error, io);
  }
  return withSetup(command, options, io, async ({ association, setups: [setup] }) => {
    const status = await association.perform((session) => readSecurityStatus(session, setup));
    const before = status.policy === undefined ? '(unknown)' : policyText(status.policy);
    const all = SECURITY_POLICY_ITEMS.filter((item) => wanted.includes(item) || status.policy?.includes(item));
    const what = `${setup.obis} policy: ${before} -> ${policyText(all)}`;
    if (options.yes !== true) return notDone(command, what, io);
    await association.perform((session) => activatePolicy(session, all, setup));
    io.out(options.json === true ? `${JSON.stringify({ obis: setup.obis, policy: all })}\n` : `${what}: activated\n`);
    return exitCodes.ok;
  });
}

/** A name in DER as text; some meters send text. */
export function nameOf(octets: Uint8Array): string {
  return nameText(octets) ?? new TextDecoder().decode(octets);
}

/** Certificates of a setup as a table. */
export function certificateTable(certificates: readonly CertificateInfo[]): string {
  const rows = certificates.map(({ entity, type, serial, issuer, subject }) => [
    entity,
    type,
    toHex(serial),
    nameOf(subject),
    nameOf(issuer),
  ]);
  return table(['entity', 'type', 'serial number', 'subject', 'issuer'], rows);
}

/** A certificate of a setup as JSON, octets in hex. */
export function certificateJson({ entity, type, serial, issuer, subject, subjectAltName }: CertificateInfo): object {
  return {
    entity,
    type,
    serial: toHex(serial),
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    ...(subjectAltName.length === 0 ? {} : { subjectAltName: toHex(subjectAltName) }),
  };
}

function policyText(policy: readonly SecurityPolicyItem[]): string {
  return policy.join(', ') || 'nothing required';
}

function statusText({ setup, status }: { setup: SecuritySetup; status: SecurityStatus }): string {
  const { policy, policyValue, suite, clientTitle, serverTitle, certificates, refused } = status;
  const asked = policy === undefined ? `value ${policyValue}, which is not defined` : policyText(policy);
  const rows = [
    ['security setup', `${setup.obis} (class 64 version ${setup.version})`],
    ...(policyValue === undefined ? [] : [['policy', `${asked} (${policyValue})`]]),
    ...(suite === undefined ? [] : [['suite', String(suite)]]),
    ...(clientTitle === undefined ? [] : [['client title', titleText(clientTitle)]]),
    ...(serverTitle === undefined ? [] : [['meter title', titleText(serverTitle)]]),
    ...Object.entries(refused).map(([name, result]) => [name, `refused: ${result}`]),
  ];
  const listed = certificates === undefined || certificates.length === 0 ? '' : `\n${certificateTable(certificates)}`;
  return `${table(['what', 'value'], rows)}${listed}`;
}

function titleText(title: Uint8Array): string {
  return title.length === 0 ? '(none)' : `${toHex(title).toUpperCase()} ${describeSystemTitle(title) ?? ''}`.trim();
}

function statusJson({ setup, status }: { setup: SecuritySetup; status: SecurityStatus }): object {
  const { clientTitle, serverTitle, certificates, ...others } = status;
  return {
    obis: setup.obis,
    version: setup.version,
    ...others,
    ...(clientTitle === undefined ? {} : { clientTitle: toHex(clientTitle) }),
    ...(serverTitle === undefined ? {} : { serverTitle: toHex(serverTitle) }),
    ...(certificates === undefined ? {} : { certificates: certificates.map(certificateJson) }),
  };
}
