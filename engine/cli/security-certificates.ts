import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '../codec/hex.ts';
import {
  CERTIFICATE_ENTITIES,
  CERTIFICATE_TYPES,
  type CertificateIdentification,
  type KeyPairId,
} from '../codec/security/certificate-data.ts';
import { toPem } from '../codec/security/pem.ts';
import { listCertificates, type SecuritySetup } from '../session/security-setup.ts';
import {
  exportCertificate,
  generateKeyPair,
  importCertificate,
  removeCertificate,
  requestCertificate,
} from '../session/setup-certificates.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { PUBLIC_MODE, writeNewFile } from './new-file.ts';
import { oneOf } from './option-values.ts';
import { certificateJson, certificateTable } from './security.ts';
import { printable } from './table.ts';
import {
  type ChangeOptions,
  failed,
  notDone,
  type SecurityOptions,
  type SetupContext,
  withSetup,
} from './with-setup.ts';

const KEY_PAIRS = ['digital-signature', 'key-agreement', 'tls'] as const;

/** Which certificate of a setup is meant: by its serial number, or whose and for what it is. */
export interface WhichCertificate {
  readonly serial?: string;
  readonly entity?: string;
  readonly type?: string;
  readonly title?: string;
}

/** `dlms security certificates list`. */
export function listOf(options: SecurityOptions, io: CliIo): Promise<ExitCode> {
  return withSetup('security certificates list', options, io, async ({ association, setups: [setup] }) => {
    const certificates = await association.perform((session) => listCertificates(session, setup));
    if (options.json === true) io.out(`${JSON.stringify(certificates.map(certificateJson))}\n`);
    else io.out(certificates.length === 0 ? 'No certificates.\n' : certificateTable(certificates));
    return exitCodes.ok;
  });
}

/** `dlms security certificates export`: PEM to a file or to standard output. Exit code 1 also for one not to be relied on. */
export function exportOf(
  options: SecurityOptions & WhichCertificate & { readonly to?: string },
  io: CliIo,
): Promise<ExitCode> {
  const command = 'security certificates export';
  return withSetup(command, options, io, async (context) => {
    const { association, setups } = context;
    const wanted = await identification(context, setups[0], options);
    const { facts, problem } = await association.perform((session) => exportCertificate(session, wanted, setups[0]));
    const pem = toPem('CERTIFICATE', facts.der);
    if (options.to === undefined) io.out(pem);
    else {
      writeNewFile(options.to, pem, PUBLIC_MODE);
      io.out(`${printable(facts.subject)}, serial number ${facts.serialNumber}: in ${options.to}\n`);
    }
    if (problem === undefined) return exitCodes.ok;
    io.err(`dlms ${command}: do not rely on it: found ${problem.found}, expected ${problem.expected}\n`);
    return exitCodes.failed;
  });
}

/** `dlms security certificates import`. */
export async function importOf(options: SecurityOptions & { readonly file: string }, io: CliIo): Promise<ExitCode> {
  const command = 'security certificates import';
  let octets: Uint8Array;
  try {
    octets = new Uint8Array(readFileSync(options.file));
  } catch (error) {
    return failed(command, error, io);
  }
  return withSetup(command, options, io, async ({ association, setups: [setup] }) => {
    const facts = await association.perform((session) => importCertificate(session, octets, setup));
    io.out(`${printable(facts.subject)}, serial number ${facts.serialNumber}: imported\n`);
    return exitCodes.ok;
  });
}

/** `dlms security certificates remove`, once `--yes` confirms it. */
export function removeOf(options: ChangeOptions & WhichCertificate, io: CliIo): Promise<ExitCode> {
  const command = 'security certificates remove';
  return withSetup(command, options, io, async (context) => {
    const { association, setups } = context;
    const wanted = await identification(context, setups[0], options);
    const which =
      wanted.by === 'serial'
        ? `serial number ${toHex(wanted.serial)}`
        : `${wanted.entity} ${wanted.type} ${toHex(wanted.systemTitle)}`.trim();
    if (options.yes !== true) return notDone(command, `the certificate ${which} would be removed`, io);
    await association.perform((session) => removeCertificate(session, wanted, setups[0]));
    io.out(`the certificate ${which}: removed\n`);
    return exitCodes.ok;
  });
}

/** `dlms security request-certificate`: the request of the meter as PEM. */
export async function request(
  options: SecurityOptions & { readonly use: string; readonly newKey?: boolean; readonly to?: string },
  io: CliIo,
): Promise<ExitCode> {
  const command = 'security request-certificate';
  let pair: KeyPairId;
  try {
    pair = oneOf('use', options.use, KEY_PAIRS);
  } catch (error) {
    return failed(command, error, io);
  }
  return withSetup(command, options, io, async ({ association, setups: [setup] }) => {
    if (options.newKey === true) await association.perform((session) => generateKeyPair(session, pair, setup));
    const made = await association.perform((session) => requestCertificate(session, pair, setup));
    const pem = toPem('CERTIFICATE REQUEST', made.der);
    if (options.to === undefined) io.out(pem);
    else {
      writeNewFile(options.to, pem, PUBLIC_MODE);
      io.out(`request of ${printable(made.subject)} for ${pair}: in ${options.to}\n`);
    }
    return exitCodes.ok;
  });
}

/** The issuer that goes with a serial number is looked up in the list. */
async function identification(
  { association }: SetupContext,
  setup: SecuritySetup,
  { serial, entity, type, title }: WhichCertificate,
): Promise<CertificateIdentification> {
  if (serial !== undefined) {
    const plain = (text: string): string => text.toLowerCase().replace(/^(?:00)+/, '');
    const certificates = await association.perform((session) => listCertificates(session, setup));
    const found = certificates.find((one) => plain(toHex(one.serial)) === plain(serial));
    if (found !== undefined) return { by: 'serial', serial: found.serial, issuer: found.issuer };
    const known = certificates.map((one) => toHex(one.serial)).join(', ') || 'none';
    throw new Error(`--serial ${serial}: the meter has no such certificate, it has ${known}`);
  }
  if (entity === undefined || type === undefined)
    throw new Error('say which certificate: --serial, or --entity and --type, see dlms security certificates list');
  if (title !== undefined && !/^[0-9a-fA-F]{16}$/.test(title))
    throw new Error(`--title ${title}: expected 16 hex digits`);
  const whose = oneOf('entity', entity, CERTIFICATE_ENTITIES);
  const own = whose === 'server' ? association.negotiated.serverSystemTitle : undefined;
  return {
    by: 'entity',
    entity: whose,
    type: oneOf('type', type, CERTIFICATE_TYPES),
    systemTitle: title === undefined ? (own ?? new Uint8Array(0)) : fromHex(title),
  };
}
