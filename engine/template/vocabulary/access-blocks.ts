import type { BlockSpec } from './types.ts';
import { conformanceWords } from './words.ts';

/** Who may talk to the meter, and about what. */
export const accessBlocks: readonly BlockSpec[] = [
  {
    kind: 'association',
    doc: 'A client the meter knows, with the authentication and the services it is given.',
    within: ['meter'],
    labels: [{ label: 'name' }],
    defines: 'association',
    properties: [
      {
        name: 'client',
        doc: 'Address (SAP) of the client: 16 is the public client, 1 the management client.',
        value: { is: 'integer', min: 1, max: 0xffff },
        example: '16',
        required: true,
      },
      {
        name: 'server',
        doc: 'Address (SAP) of the logical device.',
        value: { is: 'integer', min: 1, max: 0x3fff },
        example: '1',
        otherwise: '1',
      },
      {
        name: 'authentication',
        doc: 'How the client proves who it is, and with which password or secret.',
        value: { is: 'form', form: 'authentication' },
        example: 'lls, password secret("zza-demo/reader")',
        required: true,
      },
      {
        name: 'context',
        doc: 'Referencing, and whether APDUs may be ciphered.',
        value: { is: 'form', form: 'context' },
        example: 'LN, ciphering',
        otherwise: "the meter's referencing; ciphering with hls-gmac and hls-ecdsa",
      },
      {
        name: 'security',
        doc: 'Security block whose keys are used.',
        value: { is: 'reference', to: 'security' },
        example: 'guard',
      },
      {
        name: 'conformance',
        doc: 'Services the meter agrees to.',
        value: { is: 'words', of: () => conformanceWords, noun: 'conformance bit' },
        example: 'get, selective-access, block-transfer-with-get-or-read',
        required: true,
      },
      {
        name: 'max_pdu',
        doc: 'Longest APDU the meter takes, in octets. 0 is no limit.',
        value: { is: 'integer', min: 0, max: 0xffff },
        example: '1224',
        otherwise: '1224',
      },
      {
        name: 'lock',
        doc: 'Failed authentications after which the association is locked, and for how long.',
        value: { is: 'form', form: 'lock' },
        example: '3 failures, 15min',
      },
    ],
  },
  {
    kind: 'rights',
    doc: 'A named set of rights: one line for each association. An association that is not named has none.',
    within: ['meter'],
    labels: [{ label: 'name' }],
    defines: 'rights',
    properties: [],
    free: {
      doc: 'What this association may do.',
      value: { is: 'form', form: 'rights' },
      example: 'get, set(authenticated)',
      names: 'association',
    },
  },
  {
    kind: 'access',
    doc: 'Rights to one attribute or method, in place of those of the object.',
    within: ['object'],
    labels: [{ label: 'word-of-meter', noun: 'attribute or method' }],
    properties: [],
    free: {
      doc: 'What this association may do with it.',
      value: { is: 'form', form: 'rights' },
      example: 'get',
      names: 'association',
    },
  },
];
