import { createPublicKey } from 'node:crypto';
import { sameOctets } from '../octets.ts';
import { keyUsageExtension } from './certificate-extensions.ts';
import { type CertificateUse, usesIn } from './certificate-fields.ts';
import { curveOfPrivateKey, curveOfPublicKey, publicKeyOf } from './curves.ts';
import { derChildren, derContent, readDer } from './der.ts';
import { isSignedInDer, publicKeyInfo, signedDer } from './der-signature.ts';
import { DER_TAGS, der, derInteger, derOid, derSequence } from './der-write.ts';
import { publicKeyOctets } from './key-material.ts';
import { fromPem } from './pem.ts';
import { nameText, titleName } from './x500-name.ts';

/** extensionRequest, the attribute by which a request asks for extensions (PKCS#9; RFC 2985 5.4.2). */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
/** Attributes of a request: [0] IMPLICIT SET. */
const ATTRIBUTES_TAG = 0xa0;

/** Longest certificate request read. Real ones have less than 500 octets. */
export const MAX_REQUEST_LENGTH = 16_384;

/** What a certificate request asks for, its signature verified. */
export interface CertificateRequestFacts {
  /** Public key x || y. */
  readonly publicKey: Uint8Array;
  /** Name in DER. */
  readonly subjectName: Uint8Array;
  readonly subject: string;
  /** Empty when the request leaves it to the authority. */
  readonly uses: readonly CertificateUse[];
}

export type CertificateRequestResult =
  | { readonly ok: true; readonly request: CertificateRequestFacts }
  | { readonly ok: false; readonly found: string; readonly expected: string };

/**
 * A PKCS#10 certification request (RFC 2986) of a party, in DER: its title as common name, the uses it wants, signed
 * with the private key the certificate is for (generate_certificate_request, BB 4.4.7).
 * @throws {RangeError} when the octets are no private key of P-256 or P-384.
 */
export function makeCertificateRequest(
  privateKey: Uint8Array,
  systemTitle: Uint8Array,
  uses: readonly CertificateUse[],
): Uint8Array {
  const curve = curveOfPrivateKey(privateKey);
  if (curve === undefined) throw new RangeError(`a private key has 32 or 48 octets, not ${privateKey.length}`);
  const wanted = derSequence(derOid(EXTENSION_REQUEST), der(DER_TAGS.set, derSequence(keyUsageExtension(uses))));
  const info = derSequence(
    derInteger(Uint8Array.of(0)),
    titleName(systemTitle),
    publicKeyInfo(curve, publicKeyOf(curve, privateKey)),
    der(ATTRIBUTES_TAG, wanted),
  );
  return signedDer(info, privateKey);
}

/** Reads a certificate request in DER or PEM and verifies that its sender has the private key. Never throws. */
export function readCertificateRequest(octets: Uint8Array): CertificateRequestResult {
  const refused = (found: string, expected = 'a certificate request (PKCS#10)'): CertificateRequestResult => ({
    ok: false,
    found,
    expected,
  });
  const encoded = octets.length > MAX_REQUEST_LENGTH ? undefined : fromPem('CERTIFICATE REQUEST', octets);
  const [info, , signature] = derChildren(readDer(encoded ?? new Uint8Array(0)));
  const [, subject, key, attributes] = derChildren(info);
  if (info === undefined || subject === undefined || key === undefined || signature === undefined)
    return refused(`${octets.length} octets`);
  const publicKey = keyIn(key.octets);
  const curve = publicKey === undefined ? undefined : curveOfPublicKey(publicKey);
  if (publicKey === undefined || curve === undefined)
    return refused('a public key of another kind', 'a public key on P-256 or P-384');
  if (!isSignedInDer(curve, publicKey, info.octets, signature.content.subarray(1)))
    return refused('a request with a wrong signature', 'the signature of the owner of the key');
  const name = nameText(subject.octets);
  if (name === undefined) return refused('a subject that is no name');
  const uses = derChildren(attributes).flatMap((attribute) => usesOf(derChildren(attribute)));
  return { ok: true, request: { publicKey, subjectName: subject.octets, subject: name, uses } };
}

/** Uses of an attribute (oid, set of values), when it is the one that asks for extensions. */
function usesOf([oid, values]: ReturnType<typeof derChildren>): readonly CertificateUse[] {
  if (!sameOctets(derContent(oid), derOid(EXTENSION_REQUEST).subarray(2))) return [];
  return usesIn(derChildren(derChildren(values)[0]));
}

function keyIn(spki: Uint8Array): Uint8Array | undefined {
  try {
    return publicKeyOctets(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }));
  } catch {
    return undefined;
  }
}
