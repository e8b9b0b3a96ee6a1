import type { BlockSpec } from './types.ts';

/** Many meters of one type, and what is expected of them. */
export const fleetBlocks: readonly BlockSpec[] = [
  {
    kind: 'fleet',
    doc: 'Meters of one type, each with its own serial number.',
    within: ['document'],
    labels: [{ label: 'name' }, { label: 'keyword', word: 'of' }, { label: 'reference', to: 'meter' }],
    defines: 'fleet',
    properties: [
      {
        name: 'count',
        doc: 'Number of meters.',
        value: { is: 'integer', min: 1, max: 1_000_000 },
        example: '100',
        otherwise: '1',
      },
      {
        name: 'serial',
        doc: 'Number of the first meter; the others follow. It is `{n}` in the identity.',
        value: { is: 'form', form: 'serial-range' },
        example: 'from(20000001)',
        otherwise: 'from(1)',
      },
      {
        name: 'address',
        doc: 'Where the meters listen: each on its own address of a network, on one address with a port each, or all behind one address and port, told apart by their SAPs (the lower address in HDLC).',
        value: { is: 'form', form: 'address' },
        example: 'spread("127.1.0.0/16")',
        otherwise: 'one("127.0.0.1"), with the ports of the transports',
      },
      {
        name: 'transports',
        doc: 'Transports that are opened.',
        value: { is: 'references', to: ['transport'] },
        example: 'lan',
        otherwise: 'all',
      },
      {
        name: 'seed',
        doc: 'Seed of everything random.',
        value: { is: 'integer', min: 0, max: 0xffffffff },
        example: '42',
        otherwise: '1',
      },
    ],
  },
  {
    kind: 'vary',
    doc: 'What differs from meter to meter: identity properties, and how fast they answer.',
    within: ['fleet'],
    labels: [],
    optionalLabels: [{ label: 'word-of-meter', noun: 'name' }],
    properties: [
      {
        name: 'latency',
        doc: 'Time the meter takes before it answers anything.',
        value: { is: 'expression' },
        example: 'uniform(5ms, 80ms)',
        otherwise: '0ms',
      },
      {
        name: 'quirks',
        doc: 'Names of the quirks the meter has, of its template or of the catalogue, separated by commas; "none" for a meter that keeps to the standard.',
        value: { is: 'expression' },
        example: 'pick("none", "none", "wrong_unit")',
        otherwise: 'all quirks of its template',
      },
    ],
    free: {
      doc: 'The value of this identity property.',
      value: { is: 'expression' },
      example: 'pick("2.14.0", "2.15.1")',
    },
  },
  {
    kind: 'check',
    doc: 'Something that must hold for every meter of a type.',
    within: ['document'],
    labels: [{ label: 'name' }, { label: 'keyword', word: 'on' }, { label: 'reference', to: 'meter' }],
    defines: 'check',
    properties: [
      {
        name: 'as',
        doc: 'Association to use.',
        value: { is: 'reference', to: 'association' },
        example: 'reader',
        required: true,
      },
      {
        name: 'get',
        doc: 'What to read.',
        value: { is: 'attributes' },
        example: 'active_import.value',
        repeatable: true,
      },
      {
        name: 'expect',
        doc: 'What must hold.',
        value: { is: 'form', form: 'expectation' },
        example: 'result == success',
        repeatable: true,
      },
      {
        name: 'expect_unit',
        doc: 'Unit the value must have.',
        value: { is: 'form', form: 'expectation' },
        example: 'Wh',
      },
      { name: 'within', doc: 'Time the answer may take.', value: { is: 'duration' }, example: '500ms' },
    ],
  },
];

/** Entries of the top level that are no blocks. */
export const documentBlock: BlockSpec = {
  kind: 'document',
  doc: 'A template file.',
  within: [],
  labels: [],
  properties: [
    {
      name: 'use',
      doc: 'Makes the definitions of another file known here.',
      value: { is: 'path' },
      example: '"base.dlmsmeter"',
      repeatable: true,
    },
  ],
};
