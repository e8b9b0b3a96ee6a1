import type { Explanations } from './explanations.ts';

/** Values of attributes in A-XDR (Blue Book 4.1.5). */
export const DATA_FIELDS: Explanations = {
  data: 'A value with its type.',
  count: 'How many elements follow.',
  value: 'The value itself, most significant octet first.',
  'bit count': 'How many bits the string has; the last octet is filled up with zeros.',
  bits: 'The bits, the first one in the highest place of the first octet.',
  'type-description': 'Type of all elements of the compact array, said once.',
  contents: 'The elements without their types, packed one behind the other.',
  elements: 'How many elements the described array has.',
  'trailing octets': 'Octets behind the end of the value or APDU; not interpreted.',
};

/** `type` stands for the type of a value wherever a value stands, and for the form of the service in an APDU. */
export const DATA_TYPE =
  'Type of the value: e.g. 1 array, 2 structure, 6 double-long-unsigned (32 bits), 9 octet-string, 18 long-unsigned (16 bits), 22 enum.';
