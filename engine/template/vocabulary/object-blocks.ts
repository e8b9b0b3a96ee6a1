import type { BlockSpec, Properties } from './types.ts';
import { deviationWords, selectionWords } from './words.ts';

/** Objects and what drives their values. */
export const objectBlocks: readonly BlockSpec[] = [
  {
    kind: 'object',
    doc: 'A COSEM object. Its further properties are the attributes of its class.',
    within: ['meter', 'for'],
    labels: [{ label: 'name' }, { label: 'obis' }, { label: 'class' }],
    defines: 'object',
    properties: [
      {
        name: 'title',
        doc: 'What the object is, for people.',
        value: { is: 'text' },
        example: '"Active energy import"',
      },
      {
        name: 'version',
        doc: 'Version of the interface class.',
        value: { is: 'integer', min: 0, max: 255 },
        example: '1',
        otherwise: 'the newest known one',
      },
      { name: 'rights', doc: 'Set of rights.', value: { is: 'reference', to: 'rights' }, example: 'billing' },
      {
        name: 'access',
        doc: 'Rights of this object, for single associations in place of those of its set.',
        value: { is: 'form', form: 'object-rights' },
        example: 'reader get, management get, set',
      },
      {
        name: 'base_name',
        doc: 'Short name of attribute 1, a multiple of 8.',
        value: { is: 'integer', min: 0, max: 0xffff },
        example: '0x1000',
        otherwise: 'the next free one from 0x1000',
      },
    ],
  },
  {
    kind: 'meaning',
    doc: 'What the bits or values of an object mean, for people.',
    within: ['object'],
    labels: [],
    single: true,
    properties: [],
    free: { doc: 'The meaning of one bit or value.', value: { is: 'text' }, example: '"cover open"' },
  },
  {
    kind: 'on',
    doc: 'What a method of the object does besides what its class says.',
    within: ['object'],
    labels: [{ label: 'word-of-meter', noun: 'method' }],
    properties: [
      {
        name: 'set',
        doc: 'Sets an attribute of this object.',
        value: { is: 'form', form: 'action' },
        example: 'output_state, false',
        repeatable: true,
      },
      {
        name: 'then',
        doc: 'Sets a simulated value from then on.',
        value: { is: 'form', form: 'action' },
        example: 'simulate.load, 0',
        repeatable: true,
      },
      {
        name: 'run',
        doc: 'Invokes a method of this or another object, with a parameter where it takes one: a push, a script.',
        value: { is: 'form', form: 'action' },
        example: 'push_alarm.push',
        repeatable: true,
      },
      {
        name: 'notify',
        doc: 'Tells clients that have negotiated event-notification an attribute of this or another object.',
        value: { is: 'form', form: 'action' },
        example: 'control_state',
        repeatable: true,
      },
    ],
  },
  {
    kind: 'for',
    doc: 'Repeats its objects for every number of a range. `{T}` stands for the number in names and OBIS codes, `T` in values.',
    within: ['meter', 'for'],
    labels: [{ label: 'word-of-meter', noun: 'variable' }, { label: 'keyword', word: 'in' }, { label: 'range' }],
    properties: [],
  },
  {
    kind: 'simulate',
    doc: 'Named values over time, from which registers, profiles and instantaneous values are worked out.',
    within: ['meter'],
    labels: [],
    single: true,
    properties: [],
    free: {
      doc: 'A value over time.',
      value: { is: 'expression' },
      example: 'household(base: 250, peak: 5200, people: 3)',
      defines: 'simulation',
    },
  },
  {
    kind: 'class',
    doc: "A class of the maker's own (class ids 8192 to 32767), or of a user group (from 32768).",
    within: ['document'],
    labels: [{ label: 'name' }, { label: 'number', noun: 'class id', min: 1, max: 65_535 }],
    defines: 'class',
    properties: [
      {
        name: 'version',
        doc: 'Version of the class.',
        value: { is: 'integer', min: 0, max: 255 },
        example: '0',
        otherwise: '0',
      },
      {
        name: 'attributes',
        doc: 'Attributes from number 2 on, each a name and a type.',
        value: { is: 'form', form: 'class-attributes' },
        example: 'mode enum, text visible-string',
      },
      {
        name: 'methods',
        doc: 'Methods from number 1 on.',
        value: { is: 'form', form: 'class-methods' },
        example: 'reset, start',
      },
    ],
  },
];

/** Properties of objects that are no attributes, by class id. They become `settings` of the compiled object. */
export const classSettings: Readonly<Record<number, Properties>> = {
  7: [
    {
      name: 'prefill',
      doc: 'Time of history a meter starts with.',
      value: { is: 'expression' },
      example: '30d',
      otherwise: 'none',
    },
    {
      name: 'selective_access',
      doc: 'Selections the meter understands.',
      value: { is: 'words', of: () => selectionWords, noun: 'selection' },
      example: 'by-range, by-entry',
      otherwise: 'both',
    },
  ],
  8: [
    {
      name: 'daylight_savings',
      doc: 'Whether there is summer time, its deviation in minutes, begin and end.',
      value: { is: 'expression' },
      example: 'on, 60 minutes, "last sunday march 02:00", "last sunday october 03:00"',
    },
    {
      name: 'deviation',
      doc: '`unspecified` leaves the deviation out of the date-time (0x8000).',
      value: { is: 'word', of: () => deviationWords, noun: 'deviation' },
      example: 'unspecified',
    },
  ],
  12: [
    {
      name: 'of',
      doc: 'Association this object stands for.',
      value: { is: 'reference', to: 'association' },
      example: 'reader',
      otherwise: 'the one in use',
    },
  ],
  15: [
    {
      name: 'of',
      doc: 'Association this object stands for.',
      value: { is: 'reference', to: 'association' },
      example: 'reader',
      otherwise: 'the one in use',
    },
  ],
  40: [
    {
      name: 'client',
      doc: 'SAP of the client that is pushed to.',
      value: { is: 'integer', min: 1, max: 0xffff },
      example: '103',
      otherwise: 'push_client_SAP, or 103',
    },
    {
      name: 'server',
      doc: 'SAP of the logical device that pushes.',
      value: { is: 'integer', min: 1, max: 0xffff },
      example: '1',
      otherwise: '1',
    },
    {
      name: 'security',
      doc: 'Security block by whose policy for responses pushes are protected.',
      value: { is: 'reference', to: 'security' },
      example: 'guard',
      otherwise: 'pushes are plain',
    },
    {
      name: 'max_pdu',
      doc: 'Octets above which a push is cut into general blocks.',
      value: { is: 'integer', min: 16, max: 0xffff },
      example: '512',
      otherwise: 'pushes are sent whole',
    },
  ],
  64: [
    {
      name: 'of',
      doc: 'Security block this object stands for.',
      value: { is: 'reference', to: 'security' },
      example: 'guard',
    },
  ],
};
