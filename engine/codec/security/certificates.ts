import { type KeyObject, X509Certificate } from 'node:crypto';
import { fromHex } from '../hex.ts';
import { sameOctets } from '../octets.ts';
import { type CertificateFields, type CertificateUse, certificateFields } from './certificate-fields.ts';
import { publicKeyOctets } from './key-material.ts';

export type { CertificateUse } from './certificate-fields.ts';

/** What can be told of a certificate of DLMS/COSEM (GB 9.2.6). */
export interface CertificateFacts extends CertificateFields {
  /** Public key x || y. */
  readonly publicKey: Uint8Array;
  /** 8 octets from the common name of the subject; undefined for those of certification authorities. */
  readonly systemTitle?: Uint8Array;
  /** Names as in the certificate, e.g. `CN=4D4D4D0000BC614E`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hex. */
  readonly serialNumber: string;
  /** Milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  /** The certificate in DER, as APDUs carry it. */
  readonly der: Uint8Array;
}

export type CertificateResult =
  | { readonly ok: true; readonly certificate: CertificateFacts }
  | { readonly ok: false; readonly found: string; readonly expected: string };

/** Longest certificate read. Real ones have less than 1,000 octets. */
export const MAX_CERTIFICATE_LENGTH = 16_384;

/** Reads an X.509 certificate in DER or PEM. Only keys on P-256 and P-384 are accepted. Never throws. */
export function readCertificate(octets: Uint8Array): CertificateResult {
  const parsed = parse(octets);
  if (parsed === undefined) return { ok: false, found: `${octets.length} octets`, expected: 'an X.509 certificate' };
  const publicKey = keyIn(parsed);
  if (publicKey === undefined) {
    return { ok: false, found: 'a public key of another kind', expected: 'a public key on P-256 or P-384' };
  }
  const systemTitle = titleIn(parsed.subject);
  const der = new Uint8Array(parsed.raw);
  const certificate: CertificateFacts = {
    publicKey,
    ...(systemTitle === undefined ? {} : { systemTitle }),
    subject: oneLine(parsed.subject),
    issuer: oneLine(parsed.issuer),
    serialNumber: parsed.serialNumber,
    validFrom: Date.parse(parsed.validFrom),
    validTo: Date.parse(parsed.validTo),
    ...certificateFields(der),
    der,
  };
  return { ok: true, certificate };
}

/** Public key x || y of a certificate; undefined when the octets are none. */
export function certificatePublicKey(octets: Uint8Array): Uint8Array | undefined {
  const read = readCertificate(octets);
  return read.ok ? read.certificate.publicKey : undefined;
}

/** System title in the common name of a certificate's subject; undefined when there is none. */
export function certificateSystemTitle(octets: Uint8Array): Uint8Array | undefined {
  const read = readCertificate(octets);
  return read.ok ? read.certificate.systemTitle : undefined;
}

/** What is asked of a certificate before its key is used. */
export interface CertificateExpectation {
  /** Certificate of who must have issued it, in DER or PEM. Without it the issuer is not verified. */
  readonly issuer?: Uint8Array;
  /** Title its subject must have. */
  readonly systemTitle?: Uint8Array;
  readonly use: CertificateUse;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Why a certificate is not to be used; undefined when it may be: issued by the expected authority, valid at the time,
 * for this use, of this party. Revocation is not looked at: DLMS removes certificates from the security setup instead.
 */
export function certificateProblem(
  octets: Uint8Array,
  expected: CertificateExpectation,
): { readonly found: string; readonly expected: string } | undefined {
  const read = readCertificate(octets);
  if (!read.ok) return { found: read.found, expected: read.expected };
  const { certificate } = read;
  const { systemTitle, use, now } = expected;
  if (expected.issuer !== undefined) {
    const issuer = parse(expected.issuer);
    const own = parse(octets);
    if (issuer === undefined) return { found: 'an issuer that is no certificate', expected: 'an X.509 certificate' };
    if (own === undefined || !own.checkIssued(issuer) || !isSigned(own, issuer.publicKey)) {
      return { found: `a certificate not issued by ${oneLine(issuer.subject)}`, expected: 'its signature' };
    }
  }
  if (!(certificate.validFrom <= now)) return { found: 'a certificate that is not valid yet', expected: 'a valid one' };
  if (!(now <= certificate.validTo)) return { found: 'a certificate that has expired', expected: 'a valid one' };
  if (certificate.uses.length > 0 && !certificate.uses.includes(use)) {
    return { found: `a certificate for ${certificate.uses.join(', ')}`, expected: `one for ${use}` };
  }
  if (systemTitle !== undefined && !sameOctets(certificate.systemTitle, systemTitle)) {
    return { found: `a certificate of ${certificate.subject}`, expected: 'one with the system title of the party' };
  }
  return undefined;
}

function parse(octets: Uint8Array): X509Certificate | undefined {
  if (octets.length > MAX_CERTIFICATE_LENGTH) return undefined;
  try {
    return new X509Certificate(octets);
  } catch {
    return undefined;
  }
}

function keyIn(certificate: X509Certificate): Uint8Array | undefined {
  try {
    return publicKeyOctets(certificate.publicKey);
  } catch {
    return undefined;
  }
}

function isSigned(certificate: X509Certificate, publicKey: KeyObject): boolean {
  try {
    return certificate.verify(publicKey);
  } catch {
    return false;
  }
}

/** The common name of a party's certificate is its system title, 16 hex digits. */
function titleIn(subject: string): Uint8Array | undefined {
  const name = /^CN=([0-9A-Fa-f]{16})$/m.exec(subject)?.[1];
  return name === undefined ? undefined : fromHex(name);
}

/** Node writes one attribute of a name per line. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
