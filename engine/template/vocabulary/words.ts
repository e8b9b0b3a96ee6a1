import type { Mechanism } from '../../codec/acse/types.ts';
import type { DataType } from '../../codec/axdr/data.ts';
import { conformanceBits } from '../../cosem/conformance.ts';
import type { PolicyItem } from '../model.ts';
import type { WordTable } from './types.ts';

export const referencingWords: WordTable = [
  { word: 'LN', doc: 'Logical names: objects are addressed by class and OBIS code.' },
  { word: 'SN', doc: 'Short names: every attribute has a 16-bit address.' },
  { word: 'both', doc: 'Each association says in its `context` which of the two it uses.' },
];

export const framingWords: WordTable = [
  { word: 'wrapper', doc: 'The 8-octet header of the DLMS/COSEM wrapper, usual on TCP and UDP.' },
  { word: 'hdlc', doc: 'HDLC frames, on serial lines and behind serial device servers.' },
];

export const transportWords: WordTable = [
  { word: 'tcp', doc: 'Listens on a TCP port.' },
  { word: 'udp', doc: 'Listens on a UDP port.' },
  { word: 'serial', doc: 'A serial line or optical port.' },
];

export const addressRuleWords: WordTable = [
  { word: 'any', doc: 'Addresses of every width are taken by their value.' },
  { word: 'standard', doc: 'Widths are converted as IEC 62056-46 says; what cannot be converted is ignored.' },
  { word: 'exact', doc: 'Only `address_bytes` octets are taken; other widths are ignored, as some meters do.' },
];

export const parityWords: WordTable = ['none', 'even', 'odd'].map((word) => ({ word, doc: `Parity: ${word}.` }));

/** A mechanism of the language and what it is called on the wire (Green Book 9.4.2.2.3). */
export interface MechanismWord {
  readonly word: string;
  readonly mechanism: Mechanism;
  readonly doc: string;
  /** Needs a password or secret shared by both sides. */
  readonly secret: boolean;
  /** Needs keys of a security block. */
  readonly keys: boolean;
}

export const mechanismWords: readonly MechanismWord[] = [
  { word: 'none', mechanism: 'lowest', doc: 'No authentication.', secret: false, keys: false },
  { word: 'lls', mechanism: 'lls', doc: 'A password, sent as it is.', secret: true, keys: false },
  { word: 'hls', mechanism: 'hls-manufacturer', doc: "Four passes in the maker's own way.", secret: true, keys: false },
  {
    word: 'hls-md5',
    mechanism: 'hls-md5',
    doc: 'Four passes with MD5 over challenge and secret.',
    secret: true,
    keys: false,
  },
  {
    word: 'hls-sha1',
    mechanism: 'hls-sha1',
    doc: 'Four passes with SHA-1 over challenge and secret.',
    secret: true,
    keys: false,
  },
  {
    word: 'hls-gmac',
    mechanism: 'hls-gmac',
    doc: 'Four passes with GMAC; needs the keys of a security block.',
    secret: false,
    keys: true,
  },
  {
    word: 'hls-sha256',
    mechanism: 'hls-sha256',
    doc: 'Four passes with SHA-256 over secret, titles and challenges.',
    secret: true,
    keys: false,
  },
  {
    word: 'hls-ecdsa',
    mechanism: 'hls-ecdsa',
    doc: 'Four passes with signatures; needs suite 1 or 2 and a signing key.',
    secret: false,
    keys: true,
  },
];

/** Names of `DataType` (Green Book 9.5) an attribute may be given. */
export const dataTypes: readonly DataType[] = [
  'null-data',
  'array',
  'structure',
  'boolean',
  'bit-string',
  'double-long',
  'double-long-unsigned',
  'octet-string',
  'visible-string',
  'utf8-string',
  'bcd',
  'integer',
  'long',
  'unsigned',
  'long-unsigned',
  'compact-array',
  'long64',
  'long64-unsigned',
  'enum',
  'float32',
  'float64',
  'date-time',
  'date',
  'time',
  'dont-care',
];

/** Smallest and largest number of each integer type. */
export const integerRanges: Readonly<Partial<Record<DataType, readonly [min: number, max: number]>>> = {
  integer: [-128, 127],
  unsigned: [0, 255],
  enum: [0, 255],
  bcd: [0, 99],
  long: [-32_768, 32_767],
  'long-unsigned': [0, 65_535],
  'double-long': [-2_147_483_648, 2_147_483_647],
  'double-long-unsigned': [0, 4_294_967_295],
  long64: [-(2 ** 63), 2 ** 63 - 1],
  'long64-unsigned': [0, 2 ** 64 - 1],
};

export const dataTypeWords: WordTable = dataTypes.map((word) => ({ word, doc: `COSEM data type ${word}.` }));

export const policyWords: readonly { readonly word: PolicyItem; readonly doc: string }[] = [
  { word: 'authenticated-request', doc: 'Requests must be authenticated.' },
  { word: 'encrypted-request', doc: 'Requests must be encrypted.' },
  { word: 'signed-request', doc: 'Requests must be signed.' },
  { word: 'authenticated-response', doc: 'Responses are authenticated.' },
  { word: 'encrypted-response', doc: 'Responses are encrypted.' },
  { word: 'signed-response', doc: 'Responses are signed.' },
];

export const accessWords: WordTable = [
  { word: 'none', doc: 'Nothing.' },
  { word: 'get', doc: 'Read attributes.' },
  { word: 'set', doc: 'Write attributes.' },
  { word: 'action', doc: 'Invoke methods.' },
];

export const protectionWords: WordTable = [
  { word: 'authenticated', doc: 'The request must be authenticated.' },
  { word: 'encrypted', doc: 'The request must be encrypted.' },
  { word: 'signed', doc: 'The request must be signed.' },
];

export const selectionWords: WordTable = [
  { word: 'by-range', doc: 'Selector 1: from and to of a captured value, mostly the time.' },
  { word: 'by-entry', doc: 'Selector 2: from and to entry, and columns.' },
];

export const deviationWords: WordTable = [
  { word: 'specified', doc: 'Date-times state their deviation from UTC.' },
  { word: 'unspecified', doc: 'Date-times leave the deviation out (0x8000).' },
];

export const conformanceWords: WordTable = conformanceBits
  .filter((bit) => bit.referencing.length > 0)
  .map((bit) => ({ word: bit.name, doc: `Conformance bit ${bit.bit}, ${bit.referencing.join(' and ')} referencing.` }));

export const switchWords: WordTable = [
  { word: 'yes', doc: 'On.' },
  { word: 'no', doc: 'Off.' },
  { word: 'on', doc: 'On.' },
  { word: 'off', doc: 'Off.' },
  { word: 'true', doc: 'On.' },
  { word: 'false', doc: 'Off.' },
];

/** True for `yes`, `on`, `true`; false for `no`, `off`, `false`; undefined for any other word. */
export function switchValue(word: string): boolean | undefined {
  if (word === 'yes' || word === 'on' || word === 'true') return true;
  if (word === 'no' || word === 'off' || word === 'false') return false;
  return undefined;
}
