import { Writer } from '../writer.ts';
import { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
import { type GeneralHeader, writeGeneralHeader } from './general-header.ts';
import { writeGeneralSigning } from './general-signing.ts';
import type { GeneralSigning } from './types.ts';

export interface SignOptions extends GeneralHeader {
  /** Private key of the originator: 32 octets in suite 1, 48 in suite 2. */
  readonly signingKey: Uint8Array;
}

/**
 * Puts an APDU into general-signing (GB 9.2.7.2.5).
 * @throws {RangeError} when the signing key is none.
 */
export function signApdu(content: Uint8Array, options: SignOptions): Uint8Array {
  const { signingKey, transactionId, originatorSystemTitle, recipientSystemTitle, dateTime, otherInformation } =
    options;
  const header = { transactionId, originatorSystemTitle, recipientSystemTitle, dateTime, otherInformation };
  const signature = ecdsaSign(signingKey, signedOctets({ ...header, content }));
  const w = new Writer(content.length + signature.length + 60);
  writeGeneralSigning(w, { kind: 'general-signing', ...header, content, signature });
  return w.result();
}

/** Whether the signature is that of the owner of a public key x || y. An empty signature is none. */
export function isSignedBy(apdu: GeneralSigning, publicKey: Uint8Array): boolean {
  return ecdsaVerify(publicKey, signedOctets(apdu), apdu.signature);
}

/**
 * What is signed: the five fields of the header and the content, each with its length, without the tag of the APDU.
 * 15 signatures of two parties in independent GBCS frames lead to one public key per party this way, and in no other.
 */
function signedOctets(apdu: GeneralHeader & { readonly content: Uint8Array }): Uint8Array {
  const w = new Writer(apdu.content.length + 60);
  writeGeneralHeader(w, apdu);
  w.octetString(apdu.content, 'content');
  return w.result();
}
