import type { Explanations } from './explanations.ts';

/** Association control (GB 9.4.2). */
export const ACSE_FIELDS: Explanations = {
  aarq: 'A-ASSOCIATE request: the client asks the server to open an association and says who it is and what it can do.',
  aare: 'A-ASSOCIATE response: the server accepts or refuses the association and says what it grants.',
  rlrq: 'A-RELEASE request: the client closes the association.',
  rlre: 'A-RELEASE response: the server confirms that the association is closed.',
  'application-context-name':
    'How objects are referenced, by logical name (ln) or short name (sn), and whether APDUs may be ciphered.',
  'mechanism-name':
    'How the client proves who it is: lowest needs nothing, lls a password, the hls mechanisms a challenge that both sides answer.',
  'protocol-version': 'Version of the association protocol as a bit string; bit 0 is version 1, the only one.',
  'sender-acse-requirements': 'Says that the authentication unit of the protocol is used; sent with a mechanism name.',
  'responder-acse-requirements': 'The same from the server: authentication is used.',
  'called-AP-title': 'System title of the server the client wants; rarely sent.',
  'called-AE-qualifier': 'Names the application entity in the server; rarely sent.',
  'called-AP-invocation-id': 'Number of an invocation of the called application process; rarely sent.',
  'called-AE-invocation-id': 'Number of an invocation of the called application entity; rarely sent.',
  'calling-AP-title': 'System title of the client, 8 octets: needed for ciphering, where it is part of every nonce.',
  'calling-AE-qualifier':
    'Certificate of the client for signatures (suites 1 and 2), or a name of its application entity.',
  'calling-AP-invocation-id': 'Number of an invocation of the calling application process; rarely sent.',
  'calling-AE-invocation-id': 'Number of the user at the client, where several share one client address.',
  'responding-AP-title': 'System title of the server, 8 octets: needed to decipher what it sends.',
  'responding-AE-qualifier': 'Certificate of the server for signatures, or a name of its application entity.',
  'responding-AP-invocation-id': 'Number of an invocation of the responding application process; rarely sent.',
  'responding-AE-invocation-id': 'Number of an invocation of the responding application entity; rarely sent.',
  'calling-authentication-value': 'Password of the client (lls), or its challenge to the server (hls), 8 to 64 octets.',
  'responding-authentication-value': 'Challenge of the server to the client (hls), 8 to 64 octets.',
  'calling-authentication-value/value': 'Octets of the password or challenge.',
  'responding-authentication-value/value': 'Octets of the challenge.',
  form: 'Form of the authentication value; meters use charstring.',
  'implementation-information': 'Free information about the implementation.',
  'user-information': 'Carries the InitiateRequest or InitiateResponse, in clear or ciphered.',
  'OCTET STRING': 'Type of what follows: the xDLMS APDU is wrapped in a string of octets.',
  'OCTET STRING length': 'Octets of the xDLMS APDU.',
  'aare/result': 'Whether the server opened the association: accepted (0), refused for good (1) or for now (2).',
  'result/result': 'The result as number.',
  'result-source-diagnostic':
    'Who decided about the association, and why it was refused; null (0) when it was accepted.',
  'acse-service-user':
    'Reason given by the application: 0 none needed, 1 unspecified, 2 context not supported, 11 mechanism unknown, 13 authentication failed, 14 authentication required.',
  'acse-service-provider': 'Reason given by the protocol: 0 none needed, 1 unspecified, 2 no version in common.',
  reason: 'Why the association is closed: normal (0), urgent or not finished (1), user defined (30).',
  undecodable: 'User information that is not understood; the association part around it still is.',
  component: 'A component of the association that has no meaning in this APDU; it is skipped.',
  'component/content': 'Octets of the component that is skipped.',
};
