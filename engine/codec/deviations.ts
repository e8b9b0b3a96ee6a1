/**
 * Departures from the standard that decoders accept and name, because meters in the field have them; strict decoding
 * refuses them. One sentence each: what is sent, and what it is taken for. Ids are stable.
 */
export const DEVIATIONS = {
  'acse-component-order': 'A component of an association APDU comes out of order or twice; the last one counts.',
  'acse-component-unknown': 'An association APDU has a component that has no meaning there; it is skipped.',
  'apdu-undecodable': 'A frame is right but the APDU in it is not understood; the frame is shown without it.',
  'array-count-one-too-many': 'An array announces one row more than it sends and the octets end; the rows sent count.',
  'attribute-descriptor-untagged':
    'Values in a notification stand behind attribute descriptors without Data tags; each is read as a structure of class, name and attribute.',
  'bit-string-padding': 'Bits are set behind the last bit of a bit-string; they are ignored.',
  'boolean-not-01': 'A boolean is true with another octet than 01; every octet but 00 is true.',
  'conformance-tag-one-octet': 'The conformance block has the tag 5F without 1F, as in early HDLC meters.',
  'date-time-with-data-tag':
    'The date-time of a notification or ACCESS has the Data tag 09 before its length; the tag is skipped.',
  'early-algorithm-id':
    'An agreed key was derived with the algorithm identifiers of early printings of the Green Book; it is derived so.',
  'flag-letters': 'The manufacturer in an identification message is not three letters of a FLAG identification.',
  'hdlc-flags-missing': 'A frame comes without its flags 7E; it is read as if they were there.',
  'hdlc-parameters-unreadable': 'The parameters in SNRM or UA are not understood; the defaults count.',
  'identification-too-long': 'The text of an identification message is longer than 16 characters; it is kept.',
  'invocation-counter-absent':
    'An exception-response reports a wrong invocation counter without saying which one it expects.',
  'length-not-minimal': 'A length takes more octets than it needs; its value counts.',
  'llc-concatenated': 'Another LLC header and APDU follow in the same information field; each APDU is decoded.',
  'mbus-fin-missing': 'The only M-Bus segment of an APDU does not say that it is the last; it is taken for it.',
  'mbus-length-overflow':
    'The length of an M-Bus frame is beyond 255 and was cut to one octet; the frame is taken whole.',
  'presence-not-01': 'An optional element is announced with another octet than 01; every octet but 00 announces it.',
  'release-lengths-short':
    'RLRE and its user information have lengths that are too short; the innermost length counts.',
  'return-parameters-absent':
    'An action-response ends behind its result, without saying that there are no return parameters.',
  'success-as-error': 'A result is coded as error with the number 0, which is success.',
  'trailing-octets': 'Octets follow behind the end of an APDU or value; they are ignored where the caller allows it.',
  'user-information-undecodable':
    'The user information of an association is not understood; the association part still is.',
  'utf8-string-not-utf8': 'An utf8-string holds octets that are not UTF-8; they are read one character each.',
} as const satisfies Readonly<Record<string, string>>;

export type DeviationId = keyof typeof DEVIATIONS;
