import { actions } from './actions.ts';
import type { BlockSpec, Properties, PropertySpec } from './types.ts';

const actionProperties: Properties = actions.map(({ name, doc, example }) => ({
  name,
  doc,
  value: { is: 'form', form: 'action' },
  example,
}));

const withProperty: PropertySpec = {
  name: 'with',
  doc: 'What can be set about a quirk of the catalogue: a number, or a time.',
  value: { is: 'expression' },
  example: '30s',
};

/** Departures from the standard: always (`quirk`) or sometimes (`fault`). */
export const behaviourBlocks: readonly BlockSpec[] = [
  {
    kind: 'quirk',
    doc: 'A habit of the meter: something it always does differently from the standard. A name in quotes is one of the catalogue, and needs no braces where it ends its line.',
    within: ['meter'],
    labels: [{ label: 'name', orQuirk: true }],
    defines: 'quirk',
    bare: true,
    properties: [
      {
        name: 'describes',
        doc: 'The habit in words, and where it was seen.',
        value: { is: 'text' },
        example: '"Ignores the first SNRM"',
      },
      {
        name: 'when',
        doc: 'Condition under which it holds.',
        value: { is: 'expression' },
        example: 'identity.firmware < "2.15"',
      },
      {
        name: 'object',
        doc: 'Object it is about.',
        value: { is: 'reference', to: 'object' },
        example: 'active_export',
      },
      withProperty,
      ...actionProperties,
    ],
  },
  {
    kind: 'fault',
    doc: 'Something that goes wrong sometimes. Whether it does is drawn from the seed, so that runs can be repeated.',
    within: ['meter'],
    labels: [{ label: 'name', orQuirk: true }],
    defines: 'fault',
    properties: [
      { name: 'describes', doc: 'The fault in words.', value: { is: 'text' }, example: '"Loses answers"' },
      {
        name: 'when',
        doc: 'Condition under which it may happen.',
        value: { is: 'expression' },
        example: 'clock.hour >= 6',
      },
      { name: 'object', doc: 'Object it is about.', value: { is: 'reference', to: 'object' }, example: 'load_profile' },
      { name: 'probability', doc: 'How often it happens.', value: { is: 'percent' }, example: '2%' },
      { name: 'every', doc: 'Time from one to the next.', value: { is: 'duration' }, example: '6h' },
      { name: 'for_time', doc: 'How long it lasts.', value: { is: 'duration' }, example: '90s' },
      withProperty,
      ...actionProperties,
    ],
  },
];
