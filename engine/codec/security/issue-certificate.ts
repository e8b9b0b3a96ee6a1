import { certificateExtensions } from './certificate-extensions.ts';
import type { CertificateUse } from './certificate-fields.ts';
import { curveOfPrivateKey, curveOfPublicKey, publicKeyOf } from './curves.ts';
import { publicKeyInfo, signatureAlgorithm, signedDer } from './der-signature.ts';
import { der, derInteger, derSequence, derTime } from './der-write.ts';

const VERSION_TAG = 0xa0;
const EXTENSIONS_TAG = 0xa3;
const VERSION_3 = Uint8Array.of(2);

/** A certificate to be issued. */
export interface CertificateToIssue {
  /** Name of the subject in DER. */
  readonly subjectName: Uint8Array;
  /** Public key x || y of the subject. */
  readonly publicKey: Uint8Array;
  readonly uses: readonly CertificateUse[];
  /** Up to 20 octets, which no other certificate of this issuer has. */
  readonly serial: Uint8Array;
  /** Milliseconds since the epoch, whole seconds count. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** Who issues. */
export interface Issuer {
  /** Name in DER. */
  readonly name: Uint8Array;
  readonly privateKey: Uint8Array;
}

/**
 * Issues an X.509 v3 certificate in the profile of DLMS/COSEM (GB 9.2.6.4), in DER. An authority issues its own by being
 * issuer and subject.
 * @throws {RangeError} for keys that are none, and a time that ends before it begins.
 */
export function issueCertificate(wanted: CertificateToIssue, issuer: Issuer): Uint8Array {
  const issuerCurve = curveOfPrivateKey(issuer.privateKey);
  const curve = curveOfPublicKey(wanted.publicKey);
  if (issuerCurve === undefined || curve === undefined) throw new RangeError('a key that is not on P-256 or P-384');
  if (!(wanted.validFrom < wanted.validTo)) throw new RangeError('a certificate that ends before it begins');
  const tbs = derSequence(
    der(VERSION_TAG, derInteger(VERSION_3)),
    derInteger(wanted.serial),
    signatureAlgorithm(issuerCurve),
    issuer.name,
    derSequence(derTime(wanted.validFrom), derTime(wanted.validTo)),
    wanted.subjectName,
    publicKeyInfo(curve, wanted.publicKey),
    der(
      EXTENSIONS_TAG,
      certificateExtensions({
        uses: wanted.uses,
        publicKey: wanted.publicKey,
        issuerKey: publicKeyOf(issuerCurve, issuer.privateKey),
      }),
    ),
  );
  return signedDer(tbs, issuer.privateKey);
}
