import { utf8FromText } from '../axdr/text.ts';
import { toHex } from '../hex.ts';
import { derChildren, derContent, readDer } from './der.ts';
import { DER_TAGS, der, derOid, derSequence } from './der-write.ts';

/** Attributes of names that people write by letters (RFC 4519), and their object identifiers. */
const ATTRIBUTES: readonly (readonly [string, string])[] = [
  ['CN', '2.5.4.3'],
  ['C', '2.5.4.6'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
];
const BY_OID = new Map(ATTRIBUTES.map(([letters, oid]) => [toHex(derOid(oid).subarray(2)), letters]));

/** Longest value of an attribute of a name taken: RFC 5280 allows 64 characters. */
const MAX_NAME_VALUE = 256;

/** A name in DER with one attribute: the common name, in UTF-8. */
export function commonName(name: string): Uint8Array {
  return derSequence(der(DER_TAGS.set, derSequence(derOid('2.5.4.3'), der(DER_TAGS.utf8String, utf8FromText(name)))));
}

/** The name of a party: its system title, 16 hex digits in upper case (GB 9.2.6.4; security.md 8). */
export function titleName(systemTitle: Uint8Array): Uint8Array {
  return commonName(toHex(systemTitle).toUpperCase());
}

/** A name in DER as people read it, `CN=4D4D4D0000BC614E, O=...`; undefined for octets that are no name. Never throws. */
export function nameText(octets: Uint8Array): string | undefined {
  const name = readDer(octets);
  if (name?.tag !== DER_TAGS.sequence || name.length !== octets.length) return undefined;
  const parts = derChildren(name).map((set) => {
    const [oid, value] = derChildren(derChildren(set)[0]);
    const number = toHex(derContent(oid));
    const text = new TextDecoder().decode(derContent(value).subarray(0, MAX_NAME_VALUE));
    return `${BY_OID.get(number) ?? number}=${text}`;
  });
  return parts.join(', ');
}
