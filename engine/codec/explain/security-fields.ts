import type { Explanations } from './explanations.ts';

/** Protected APDUs (GB 9.2.7.2.4, 9.5). */
export const SECURITY_FIELDS: Explanations = {
  'general-glo-ciphering': 'An APDU ciphered with the global key of the system that is named.',
  'general-ded-ciphering': 'An APDU ciphered with the dedicated key of the association.',
  'general-ciphering': 'An APDU ciphered between any two parties, with a key that is named, wrapped or agreed on.',
  'general-signing': 'An APDU with the digital signature of its originator.',
  security: 'Security header and the protected APDU.',
  'security-control':
    'Bits 0 to 3 security suite, 4 authenticated, 5 encrypted, 6 broadcast key instead of unicast, 7 compressed.',
  'invocation-counter':
    'Counts the APDUs protected with one key; it must rise from one to the next, or the receiver refuses it as a replay.',
  ciphertext: 'The APDU, encrypted with AES in Galois/counter mode; as long as the APDU itself.',
  plaintext: 'The APDU, readable but authenticated by the tag.',
  'authentication-tag': 'Twelve octets that prove the APDU came from a holder of the keys and was not changed.',
  'system-title': 'System title of the sender, 8 octets: three letters of the manufacturer, then its own number.',
  'transaction-id': 'Number of the transaction, chosen by the originator.',
  'originator-system-title': 'System title of the party that protected the APDU.',
  'recipient-system-title': 'System title of the party the APDU is for.',
  'other-information': 'Free information; usually empty.',
  'general-ciphering/date-time': 'When the APDU was protected; may be left empty.',
  'general-signing/date-time': 'When the APDU was signed; may be left empty.',
  'key-info': 'How the receiver gets the key: it is identified, sent wrapped, or agreed on.',
  'key-info/choice': 'Identified key (0), wrapped key (1) or agreed key (2).',
  'key-id': 'The key of the receiver: unicast (0) or broadcast (1) encryption key.',
  'kek-id': 'Key the new key is wrapped with; 0 is the master key.',
  'key-parameters': 'Scheme of the key agreement: 01 one-pass, 02 static Diffie-Hellman.',
  'key-ciphered-data': 'The wrapped key, or the ephemeral public key and its signature.',
  'general-signing/content': 'The signed APDU.',
  signature:
    'Digital signature (ECDSA) of the originator over header and content: 64 octets in suite 1, 96 in suite 2.',
};
