import assert from 'node:assert/strict';
import {
  documentationOf,
  type ExpectedCompletion,
  expectCompletion,
  expectDiagnostics,
  expectHover,
  expectSymbols,
  type Files,
  open,
  PROFILE,
  unmark,
} from './kit.ts';

const HEAD = 'format: 1\nprofile: plan\nobjects:\n';
const ENERGY = '  - id: energy\n    obis: 1-0:1.8.{tariff:1..4}.255\n    class: 3\n    name: { en: Energy }\n';
const FILES: Files = { 'common.obis.yaml': 'format: 1\nprofile: common\nobjects: []\n', 'm.dlmsmeter': '' };

const completions: readonly (readonly [what: string, text: string, expected: ExpectedCompletion])[] = [
  ['keys of the top level', '<|>', { begins: ['format', 'profile', 'objects'], includes: ['extends', 'ignore'] }],
  ['keys that are not there yet', 'format: 1\n<|>', { includes: ['profile'], excludes: ['format', 'id'] }],
  ['keys above others', '<|>\nobjects: []', { includes: ['profile'], excludes: ['objects'] }],
  ['keys while typing', 'format: 1\npro<|>', { includes: ['profile'] }],
  [
    'keys of an object',
    `${HEAD}${ENERGY}    <|>`,
    { includes: ['presence', 'unit', 'quantity'], excludes: ['id', 'obis', 'name', 'format'] },
  ],
  [
    'keys of an object between others',
    `${HEAD}  - id: energy\n    <|>\n    class: 3\n  - id: other\n`,
    { includes: ['obis', 'unit'], excludes: ['id', 'class'] },
  ],
  [
    'keys of a nested mapping',
    `${HEAD}${ENERGY}    quantity:\n      <|>`,
    { begins: ['is'], includes: ['kind', 'direction'], excludes: ['id'] },
  ],
  [
    'keys inside of braces',
    `${HEAD}${ENERGY}    quantity: { is: energy.active, <|> }`,
    { includes: ['kind', 'direction'], excludes: ['is', 'id'] },
  ],
  [
    'keys of a list at the column of its key',
    'objects:\n- id: a\n  <|>',
    { includes: ['obis'], excludes: ['id', 'format'] },
  ],
  ['a key with its value', 'format: 1\npro<|>', { taking: ['profile', 'format: 1\nprofile: '] }],
  ['words of the schema', `${HEAD}${ENERGY}    presence: <|>`, { exactly: ['required', 'optional', 'forbidden'] }],
  ['words inside of braces', `${HEAD}${ENERGY}    quantity: { kind: <|> }`, { includes: ['cumulative', 'maximum'] }],
  [
    'words in a list',
    `${HEAD}${ENERGY}    attributes:\n      2: { types: [<|>] }`,
    { includes: ['double-long-unsigned'] },
  ],
  [
    'words in a second element',
    `${HEAD}${ENERGY}    attributes:\n      2: { types: [unsigned, <|>] }`,
    { includes: ['double-long-unsigned'] },
  ],
  [
    'rights of an attribute',
    `${HEAD}${ENERGY}    attributes:\n      2: { access: { public: <|> } }`,
    { exactly: ['none', 'get', 'set', 'get-set'] },
  ],
  ['codes by meaning', `${HEAD}  - id: a\n    obis: voltage l2<|>`, { begins: ['1-0:52.7.0.255'] }],
  [
    'whole objects by meaning',
    `${HEAD}  - voltage l2<|>`,
    {
      taking: [
        'Voltage L2',
        `${HEAD}  - id: voltage_l2\n  obis: 1-0:52.7.0.255\n  class: 3\n  name: { en: "Voltage L2" }\n  unit: V`,
      ],
    },
  ],
  ['objects and keys behind a dash', `${HEAD}  - <|>`, { includes: ['id', 'obis'] }],
  ['classes, the usual one first', `${HEAD}  - id: a\n    obis: 0-0:1.0.0.255\n    class: <|>`, { begins: ['8'] }],
  ['the usual unit first', `${HEAD}${ENERGY}    unit: <|>`, { begins: ['Wh'] }],
  [
    'the name of the code',
    `${HEAD}  - id: a\n    obis: 1-0:52.7.0.255\n    name: { en: <|> }`,
    { exactly: ['Voltage L2'] },
  ],
  [
    'named groups',
    `${HEAD}${ENERGY}    quantity: { is: energy, tariff: <|> }`,
    { taking: ['{tariff}', `${HEAD}${ENERGY}    quantity: { is: energy, tariff: "{tariff}" }`] },
  ],
  ['FLAG letters', 'applies_to:\n  flag: [<|>]', { includes: ['ISK'] }],
  ['profiles beside this one', 'extends: [<|>]', { exactly: ['common'] }],
  ['elements of a plain list', 'extends:\n  - <|>', { exactly: ['common'] }],
  ['nothing in a comment', 'format: 1 # <|>', { exactly: [] }],
  ['nothing where the schema knows nothing', 'nonsense:\n  <|>', { exactly: [] }],
];

describe('completion in OBIS profiles', () => {
  for (const [what, text, expected] of completions) it(what, () => expectCompletion(text, expected, PROFILE, FILES));
  it('resolves the documentation of a code', () =>
    assert.match(
      documentationOf(`${HEAD}  - id: a\n    obis: voltage l2<|>`, '1-0:52.7.0.255', PROFILE),
      /\| C \| 52 \|/,
    ));
});

const hovers: readonly (readonly [what: string, text: string, expected: RegExp | undefined])[] = [
  ['a key', `${HEAD}${ENERGY}    <|pre<|>sence|>: required`, /must, may or must not[\s\S]*Default: optional/],
  ['a code', `${HEAD}  - id: a\n    obis: <|1-0:5<|>2.7.0.255|>`, /Voltage L2[\s\S]*\| C \| 52 \|/],
  ['a pattern', `${HEAD}  - id: a\n    obis: 1-0:1.<|>8.{tariff:1..4}.255`, /rate 1[\s\S]*rate 4/],
  ['a class', `${HEAD}  - id: a\n    class: <|>8`, /\*\*Clock\*\*/],
  ['a unit', `${HEAD}${ENERGY}    unit: k<|>Wh`, /active energy/],
  ['the number of an attribute', `${HEAD}${ENERGY}    attributes:\n      <|>3: { types: [structure] }`, /scaler_unit/],
  ['a quantity', `${HEAD}${ENERGY}    quantity: { is: ener<|>gy.active }`, /Canonical quantity/],
  ['nothing between', `${HEAD}${ENERGY}<|>`, undefined],
];

describe('hover in OBIS profiles', () => {
  for (const [what, text, expected] of hovers) it(what, () => expectHover(text, expected, PROFILE, FILES));
});

const diagnostics: readonly (readonly [what: string, text: string, codes: readonly string[]])[] = [
  ['nothing in a good profile', HEAD + ENERGY, []],
  ['a wrong word at the word', `${HEAD}${ENERGY}    presence: <|requird|>\n`, ['DLMS-902']],
  ['an unknown key at the key', `${HEAD}${ENERGY}    <|presnce|>: required\n`, ['DLMS-902']],
  ['broken YAML', 'format: 1\nprofile: [\n', ['DLMS-901']],
  ['a profile that is not there', `${HEAD}${ENERGY}extends: [<|nowhere|>]\n`, ['DLMS-910']],
  [
    'a unit of another quantity',
    `${HEAD}${ENERGY}    unit: Wh\n    quantity: { is: energy, unit: <|V|> }\n`,
    ['DLMS-909'],
  ],
];

describe('diagnostics of OBIS profiles', () => {
  for (const [what, text, codes] of diagnostics) it(what, () => void expectDiagnostics(text, codes, PROFILE, FILES));
});

describe('outline, folding and definitions of OBIS profiles', () => {
  it('shows objects by id', () =>
    expectSymbols(
      `${HEAD}${ENERGY}ignore:\n  - { obis: 0-0:94.x.x.255, why: country }\n`,
      'format (1), profile (plan), objects [energy (1-0:1.8.{tariff:1..4}.255)], ignore [0-0:94.x.x.255 (country)]',
      PROFILE,
    ));
  it('shows what can be read of broken YAML', () =>
    expectSymbols('format: 1\nobjects: [\n', 'format (1), objects', PROFILE));
  it('folds objects', () => {
    const { document, language } = open(HEAD + ENERGY, PROFILE);
    assert.deepEqual(language.folding(document), [
      { startLine: 2, endLine: 6 },
      { startLine: 3, endLine: 6 },
    ]);
  });
  it('finds the file of a profile it extends', () => {
    const { text, offset } = unmark('extends: [com<|>mon]');
    const { document, language } = open(text, PROFILE, FILES);
    assert.equal([language.definition(document, offset) ?? []].flat()[0]?.uri, 'file:///w/common.obis.yaml');
  });
});
