import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fromHex, toHex } from '../codec/hex.ts';
import { makeCertificateRequest, readCertificateRequest } from '../codec/security/certificate-request.ts';
import { type CertificateFacts, type CertificateUse, readCertificate } from '../codec/security/certificates.ts';
import {
  type Curve,
  curveOfPrivateKey,
  curveOfPublicKey,
  drawPrivateKey,
  importPrivateKey,
  P256,
  P384,
  publicKeyOf,
} from '../codec/security/curves.ts';
import { issueCertificate } from '../codec/security/issue-certificate.ts';
import { readPrivateKey } from '../codec/security/key-material.ts';
import { toPem } from '../codec/security/pem.ts';
import { commonName } from '../codec/security/x500-name.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { PUBLIC_MODE, SECRET_MODE, writeNewFile } from './new-file.ts';
import { integer, oneOf } from './option-values.ts';
import { printable } from './table.ts';

const CURVES = { 'P-256': P256, 'P-384': P384 } as const;
/** Uses a party's certificate may have, as the command line calls them. */
export const PARTY_USES = ['digital-signature', 'key-agreement', 'tls'] as const;
const DAY_MS = 86_400_000;
/** Certificates that live longer than a meter. */
const MAX_DAYS = 36_500;
/** Octets of a drawn serial number; at most 20 are allowed (RFC 5280 4.1.2.2). */
const SERIAL_LENGTH = 8;

export interface AuthorityOptions {
  readonly name: string;
  readonly curve: string;
  readonly days: string;
  readonly key: string;
  readonly to: string;
}

/** `dlms certificate create-authority`: a key and a certificate that signs others, for tests. */
export function createAuthority(options: AuthorityOptions, io: CliIo): ExitCode {
  return tried('create-authority', io, () => {
    const curve = CURVES[oneOf('curve', options.curve, ['P-256', 'P-384'])];
    const times = validity(options.days);
    const privateKey = newKey(options.key, curve);
    const name = commonName(options.name);
    const certificate = issueCertificate(
      {
        subjectName: name,
        publicKey: publicKeyOf(curve, privateKey),
        uses: ['certificate-signing'],
        serial: drawSerial(),
        ...times,
      },
      { name, privateKey },
    );
    writeNewFile(options.to, toPem('CERTIFICATE', certificate), PUBLIC_MODE);
    io.out(`CN=${printable(options.name)}: certificate in ${options.to}, private key in ${options.key}\n`);
  });
}

export interface RequestOptions {
  readonly title: string;
  readonly use: string;
  readonly curve: string;
  readonly key: string;
  readonly to: string;
}

/** `dlms certificate request`: a request of a client, with a new key unless there is one. */
export function requestFor(options: RequestOptions, io: CliIo): ExitCode {
  return tried('request', io, () => {
    if (!/^[0-9a-fA-F]{16}$/.test(options.title))
      throw new Error(`--title ${options.title}: expected 16 hex digits of a system title`);
    const uses = usesOf(options.use);
    const curve = CURVES[oneOf('curve', options.curve, ['P-256', 'P-384'])];
    const privateKey = existsSync(options.key) ? keyIn(options.key) : newKey(options.key, curve);
    const request = makeCertificateRequest(privateKey, fromHex(options.title), uses);
    writeNewFile(options.to, toPem('CERTIFICATE REQUEST', request), PUBLIC_MODE);
    io.out(`CN=${options.title.toUpperCase()}: request in ${options.to}, private key in ${options.key}\n`);
  });
}

export interface IssueOptions {
  readonly request: string;
  readonly authority: string;
  readonly key: string;
  readonly use?: string;
  readonly days: string;
  readonly to: string;
}

/** `dlms certificate issue`: a certificate from a request. */
export function issue(options: IssueOptions, io: CliIo): ExitCode {
  return tried('issue', io, () => {
    const times = validity(options.days);
    const read = readCertificateRequest(octetsOf(options.request));
    if (!read.ok) throw new Error(`${options.request}: found ${read.found}, expected ${read.expected}`);
    const authority = certificateIn(options.authority);
    const privateKey = keyIn(options.key);
    const curve = curveOfPrivateKey(privateKey);
    if (curve === undefined || toHex(publicKeyOf(curve, privateKey)) !== toHex(authority.publicKey))
      throw new Error(`${options.key} is not the private key of ${options.authority}: give the key it was made with`);
    if (authority.uses.length > 0 && !authority.uses.includes('certificate-signing'))
      throw new Error(`${options.authority} is for ${authority.uses.join(', ')}: give the certificate of an authority`);
    const uses = options.use === undefined ? read.request.uses : usesOf(options.use);
    if (uses.length === 0 || uses.includes('certificate-signing'))
      throw new Error(`${options.request} does not say what its certificate is for: give --use`);
    const { subjectName, publicKey, subject } = read.request;
    const certificate = issueCertificate(
      { subjectName, publicKey, uses, serial: drawSerial(), ...times },
      { name: authority.subjectName, privateKey },
    );
    writeNewFile(options.to, toPem('CERTIFICATE', certificate), PUBLIC_MODE);
    io.out(`${printable(subject)} for ${uses.join(', ')}: certificate in ${options.to}\n`);
  });
}

/** `dlms certificate show`: a certificate or a request in words. */
export function show(options: { readonly file: string; readonly json?: boolean }, io: CliIo): ExitCode {
  return tried('show', io, () => {
    const octets = octetsOf(options.file);
    const certificate = readCertificate(octets);
    const request = certificate.ok ? undefined : readCertificateRequest(octets);
    const facts = certificate.ok ? certificateFacts(certificate.certificate) : undefined;
    const asked = request?.ok === true ? request.request : undefined;
    const shown =
      facts ??
      (asked === undefined
        ? undefined
        : {
            kind: 'certificate request, signed with its key',
            subject: asked.subject,
            curve: curveOfPublicKey(asked.publicKey)?.name ?? '',
            'public key': toHex(asked.publicKey),
            uses: asked.uses.join(', ') || 'not said',
          });
    if (shown === undefined)
      throw new Error(`${options.file}: neither a certificate nor a request with a key on P-256 or P-384`);
    if (options.json === true) io.out(`${JSON.stringify(shown)}\n`);
    else for (const [name, value] of Object.entries(shown)) io.out(`${`${name}:`.padEnd(15)} ${printable(value)}\n`);
  });
}

function certificateFacts(facts: CertificateFacts): Readonly<Record<string, string>> {
  return {
    kind: 'certificate',
    subject: facts.subject,
    ...(facts.systemTitle === undefined ? {} : { 'system title': toHex(facts.systemTitle).toUpperCase() }),
    issuer: facts.issuer,
    'serial number': facts.serialNumber,
    'valid from': new Date(facts.validFrom).toISOString(),
    'valid to': new Date(facts.validTo).toISOString(),
    uses: facts.uses.join(', ') || 'not said',
    curve: curveOfPublicKey(facts.publicKey)?.name ?? '',
    'public key': toHex(facts.publicKey),
  };
}

/** Runs a command; what is wrong with its files or options is told, exit code 2. */
function tried(command: string, io: CliIo, run: () => void): ExitCode {
  try {
    run();
    return exitCodes.ok;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`dlms certificate ${command}: ${printable(message)}\n`);
    return exitCodes.usage;
  }
}

function usesOf(use: string): readonly CertificateUse[] {
  const known = oneOf('use', use, PARTY_USES);
  return known === 'tls' ? ['digital-signature', 'key-agreement'] : [known];
}

function validity(days: string): { readonly validFrom: number; readonly validTo: number } {
  const validFrom = Math.floor(Date.now() / 1000) * 1000;
  return { validFrom, validTo: validFrom + integer('days', days, 1, MAX_DAYS) * DAY_MS };
}

/** Positive, and never again the same. */
function drawSerial(): Uint8Array {
  const serial = new Uint8Array(randomBytes(SERIAL_LENGTH));
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function newKey(file: string, curve: Curve): Uint8Array {
  const privateKey = drawPrivateKey(curve, randomBytes);
  const pem = importPrivateKey(curve, privateKey).export({ type: 'pkcs8', format: 'pem' });
  writeNewFile(file, pem.toString(), SECRET_MODE);
  return privateKey;
}

function keyIn(file: string): Uint8Array {
  const key = readPrivateKey(octetsOf(file));
  if (key !== undefined) return key;
  throw new Error(`${file} is no private key on P-256 or P-384: give it as PEM or DER`);
}

function certificateIn(file: string): CertificateFacts {
  const read = readCertificate(octetsOf(file));
  if (read.ok) return read.certificate;
  throw new Error(`${file}: found ${read.found}, expected ${read.expected}`);
}

function octetsOf(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
