import { createHash } from 'node:crypto';
import { toHex } from '../hex.ts';
import { type DerElement, derChildren, derContent, readDer } from './der.ts';
import { DER_TAGS } from './der-write.ts';

/** What a certificate is for (BB 4.4.7: one certificate per key pair). */
export type CertificateUse = 'digital-signature' | 'key-agreement' | 'certificate-signing';

/** Fields of an X.509 certificate as they stand in its octets (RFC 5280 4.1). */
export interface CertificateFields {
  /** Contents of the INTEGER. */
  readonly serial: Uint8Array;
  /** Name in DER. */
  readonly issuerName: Uint8Array;
  readonly subjectName: Uint8Array;
  /** GeneralNames in DER; empty when there are none. */
  readonly subjectAltName: Uint8Array;
  /** Empty when the certificate does not say. */
  readonly uses: readonly CertificateUse[];
}

/** Object identifiers of extensions (RFC 5280 4.2.1), dotted. */
export const EXTENSION_OIDS = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
} as const;

/** Bits of KeyUsage (RFC 5280 4.2.1.3), most significant first. */
const USES: readonly (readonly [number, CertificateUse])[] = [
  [0x80, 'digital-signature'],
  [0x08, 'key-agreement'],
  [0x04, 'certificate-signing'],
];
const VERSION_TAG = 0xa0;
const EXTENSIONS_TAG = 0xa3;
/** OBJECT IDENTIFIERs as they stand in octets, hex. */
const OID_KEY_USAGE = '551d0f';
const OID_SUBJECT_ALT_NAME = '551d11';
const NOTHING = new Uint8Array(0);

/** Reads the fields of a certificate in DER. What cannot be read is empty. Never throws. */
export function certificateFields(der: Uint8Array): CertificateFields {
  const tbs = derChildren(derChildren(readDer(der))[0]);
  const [serial, , issuer, , subject] = tbs[0]?.tag === VERSION_TAG ? tbs.slice(1) : tbs;
  const extensions = derChildren(derChildren(tbs.find(({ tag }) => tag === EXTENSIONS_TAG))[0]);
  return {
    serial: derContent(serial),
    issuerName: issuer?.octets ?? NOTHING,
    subjectName: subject?.octets ?? NOTHING,
    subjectAltName: extensionValue(extensions, OID_SUBJECT_ALT_NAME) ?? NOTHING,
    uses: usesIn(extensions),
  };
}

/** Uses that an `Extensions` sequence allows: node:crypto tells the extended ones only. */
export function usesIn(extensions: readonly DerElement[]): readonly CertificateUse[] {
  const bits = readDer(extensionValue(extensions, OID_KEY_USAGE) ?? NOTHING);
  const octet = bits?.tag === DER_TAGS.bitString ? (bits.content[1] ?? 0) : 0;
  return USES.filter(([mask]) => (octet & mask) !== 0).map(([, use]) => use);
}

/** Contents of the octet-string of an extension. */
function extensionValue(extensions: readonly DerElement[], oid: string): Uint8Array | undefined {
  for (const extension of extensions) {
    const parts = derChildren(extension);
    if (toHex(derContent(parts[0])) === oid) return derContent(parts.at(-1));
  }
  return undefined;
}

/** Bits of KeyUsage for uses, and how many of the octet's last bits are unused (X.690 11.2.2). */
export function keyUsageBits(uses: readonly CertificateUse[]): { readonly octet: number; readonly unused: number } {
  const octet = USES.reduce((bits, [mask, use]) => (uses.includes(use) ? bits | mask : bits), 0);
  // Who signs certificates signs the lists of revoked ones too.
  const all = uses.includes('certificate-signing') ? octet | 0x02 : octet;
  let unused = 0;
  while (unused < 8 && (all & (1 << unused)) === 0) unused++;
  return { octet: all, unused: unused % 8 };
}

/** Identifier of a public key x || y: the leading hash of its point (RFC 5280 4.2.1.2, method 1). */
export function keyIdentifier(publicKey: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha1').update(Uint8Array.of(0x04)).update(publicKey).digest());
}
