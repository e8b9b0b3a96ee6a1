import type { Explanations } from './explanations.ts';

/** What client and server agree on when an association opens (GB 9.5). */
export const INITIATE_FIELDS: Explanations = {
  'initiate-request': 'What the client proposes for the association.',
  'initiate-response': 'What the server grants for the association.',
  'dedicated-key': 'Key for this association only, chosen by the client; never sent without ciphering.',
  'response-allowed': 'Whether the server may answer; true unless said otherwise.',
  'proposed-quality-of-service': 'Not used by DLMS/COSEM; normally absent.',
  'negotiated-quality-of-service': 'Not used by DLMS/COSEM; normally absent or 0.',
  'proposed-dlms-version-number': 'Version of DLMS the client speaks; 6 everywhere.',
  'negotiated-dlms-version-number': 'Version of DLMS of the association; 6 everywhere.',
  'proposed-conformance': 'Services the client would like to use, one bit each.',
  'negotiated-conformance': 'Services of the association: those that both sides support.',
  'conformance tag': 'Octet 5F: an application type follows.',
  'conformance tag, second octet': 'Octet 1F: the type is number 31, the conformance block.',
  'conformance length': 'Four octets follow.',
  'unused bits': 'Bits of the last octet that do not count; none.',
  'conformance bits': '24 bits, the first bit of the first octet being bit 0.',
  'client-max-receive-pdu-size':
    'Longest APDU the client accepts in octets; the server sends longer ones in blocks. 0 is no limit.',
  'server-max-receive-pdu-size':
    'Longest APDU the server accepts in octets; the client sends longer ones in blocks. 0 is no limit.',
  'vaa-name': 'Tells the referencing: 0007 logical names, FA00 short names (base name of the association object).',
};

/** The services behind the bits of a conformance block. */
export const CONFORMANCE_FIELDS: Explanations = {
  'reserved-zero': 'Reserved; not set.',
  'general-protection': 'APDUs of general ciphering and signing are understood.',
  'general-block-transfer': 'Any long APDU may be cut into numbered blocks.',
  read: 'Attributes can be read by short name.',
  write: 'Attributes can be written and methods run by short name.',
  'unconfirmed-write': 'Attributes can be written by short name without an answer.',
  'delta-value-encoding': 'Values may be sent as differences to the value before.',
  'reserved-seven': 'Reserved; not set.',
  'attribute0-supported-with-set': 'All attributes of an object can be written at once as attribute 0.',
  'priority-mgmt-supported': 'Requests of high priority are served before others.',
  'attribute0-supported-with-get': 'All attributes of an object can be read at once as attribute 0.',
  'block-transfer-with-get-or-read': 'Long answers to GET or Read come in blocks.',
  'block-transfer-with-set-or-write': 'Long values of SET or Write can be sent in blocks.',
  'block-transfer-with-action': 'Long parameters and results of ACTION go in blocks.',
  'multiple-references': 'One request may name several attributes or methods.',
  'information-report': 'The server may report values by short name without being asked.',
  'data-notification': 'The server may push data.',
  access: 'One ACCESS request may get, set and run several things in a row.',
  'parameterized-access': 'Selective access and blocks by short name.',
  get: 'Attributes can be read by logical name.',
  set: 'Attributes can be written by logical name.',
  'selective-access': 'Parts of an attribute can be read, e.g. a range of a load profile.',
  'event-notification': 'The server may report an event by logical name.',
  action: 'Methods can be run by logical name.',
};
