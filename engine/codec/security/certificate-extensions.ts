import { type CertificateUse, EXTENSION_OIDS, keyIdentifier, keyUsageBits } from './certificate-fields.ts';
import { DER_TAGS, der, derBitString, derOid, derSequence } from './der-write.ts';

const TRUE = Uint8Array.of(0xff);
/** keyIdentifier of AuthorityKeyIdentifier: [0] IMPLICIT OCTET STRING. */
const KEY_IDENTIFIER_TAG = 0x80;

/** What the extensions of a certificate say. */
export interface ExtensionsOf {
  readonly uses: readonly CertificateUse[];
  /** Public key x || y of the subject. */
  readonly publicKey: Uint8Array;
  /** Public key x || y of the issuer. */
  readonly issuerKey: Uint8Array;
}

/**
 * Extensions of a certificate of DLMS/COSEM: identifiers of both keys and the key usage, for authorities the basic
 * constraints (RFC 5280 4.2.1; GB 9.2.6.4).
 */
export function certificateExtensions({ uses, publicKey, issuerKey }: ExtensionsOf): Uint8Array {
  const isAuthority = uses.includes('certificate-signing');
  return derSequence(
    extension(EXTENSION_OIDS.authorityKeyIdentifier, derSequence(der(KEY_IDENTIFIER_TAG, keyIdentifier(issuerKey)))),
    extension(EXTENSION_OIDS.subjectKeyIdentifier, der(DER_TAGS.octetString, keyIdentifier(publicKey))),
    keyUsageExtension(uses),
    ...(isAuthority
      ? [extension(EXTENSION_OIDS.basicConstraints, derSequence(der(DER_TAGS.boolean, TRUE)), true)]
      : []),
  );
}

/** Extension of the key usage, critical. */
export function keyUsageExtension(uses: readonly CertificateUse[]): Uint8Array {
  const { octet, unused } = keyUsageBits(uses);
  return extension(EXTENSION_OIDS.keyUsage, derBitString(Uint8Array.of(octet), unused), true);
}

function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return derSequence(derOid(oid), ...(critical ? [der(DER_TAGS.boolean, TRUE)] : []), der(DER_TAGS.octetString, value));
}
