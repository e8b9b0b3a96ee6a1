import assert from 'node:assert/strict';
import {
  checkObisProfile,
  type FindingCode,
  findingCodes,
  loadObisProfile,
  matchPattern,
  parsePattern,
  profileEntry,
} from '../../../engine/template/index.ts';
import { memoryFiles, unmark } from './support.ts';

const profile = (objects: string, more = ''): string => `format: 1\nprofile: p\n${more}objects:\n${objects}`;
const object = (lines: string, code = '1-0:1.8.0.255', id = 'a'): string =>
  `  - id: ${id}\n    obis: ${code}\n    class: 3\n    name: { en: A }\n${lines === '' ? '' : `    ${lines}\n`}`;

interface ProfileCase {
  readonly code: FindingCode;
  readonly about: string;
  readonly bad: string;
  readonly says: string;
  readonly suggests?: string;
}

const cases: readonly ProfileCase[] = [
  { code: 'DLMS-901', about: 'broken YAML', bad: 'format: 1\nprofile: [p«\n»', says: 'no valid YAML' },
  {
    code: 'DLMS-902',
    about: 'missing key',
    bad: 'format: 1\n«profile: p»\n'.replace('«profile: p»', 'profile: p').replace('format: 1', '«format: 1»'),
    says: "'objects' is missing",
  },
  {
    code: 'DLMS-902',
    about: 'unknown key',
    bad: profile(object('«untis»: Wh')),
    says: "Did you mean 'unit'",
    suggests: 'unit',
  },
  {
    code: 'DLMS-902',
    about: 'unknown word',
    bad: profile(object('presence: «requird»')),
    says: "Did you mean 'required'",
    suggests: 'required',
  },
  {
    code: 'DLMS-902',
    about: 'wrong type',
    bad: profile(object('').replace('class: 3', 'class: «three»')),
    says: 'a whole number',
  },
  { code: 'DLMS-902', about: 'pattern', bad: profile(object('', '«1-0:1.8»')), says: 'A-B:C.D.E.F' },
  {
    code: 'DLMS-902',
    about: 'name of the object',
    bad: profile(object('', undefined, '«Total»')),
    says: 'small letters',
  },
  {
    code: 'DLMS-902',
    about: 'unquoted braces',
    bad: profile(object('quantity: { is: energy, tariff: «{tariff}» }')),
    says: 'without quotes is a mapping',
    suggests: '"{tariff}"',
  },
  { code: 'DLMS-902', about: 'format', bad: profile(object('')).replace('format: 1', 'format: «2»'), says: "'format'" },
  { code: 'DLMS-903', about: 'key twice', bad: profile(object('unit: Wh\n    «unit»: kWh')), says: 'twice' },
  {
    code: 'DLMS-903',
    about: 'id twice',
    bad: profile(object('') + object('', '1-0:2.8.0.255', '«a»')),
    says: "two objects 'a'",
  },
  { code: 'DLMS-904', about: 'group', bad: profile(object('', '«1-0:1.8.300.255»')), says: 'value groups end at 255' },
  {
    code: 'DLMS-904',
    about: 'range',
    bad: profile(object('', '«1-0:1.8.4..1.255»')),
    says: 'begins at 4 and ends at 1',
  },
  {
    code: 'DLMS-905',
    about: 'same codes',
    bad: profile(object('', '1-0:1.8.1..4.255') + object('', '«1-0:1.8.2..5.255»', 'b')),
    says: 'fit the same OBIS codes',
  },
  {
    code: 'DLMS-906',
    about: 'class',
    bad: profile(object('').replace('class: 3', 'class: «2»')),
    says: 'no interface class 2',
  },
  {
    code: 'DLMS-906',
    about: 'attribute',
    bad: profile(object('attributes: { «9»: { types: [unsigned] } }')),
    says: 'no number 9',
  },
  {
    code: 'DLMS-907',
    about: 'group name',
    bad: profile(object('quantity: { is: energy, tariff: «"{tarif}"» }', '1-0:1.8.{tariff:1..4}.255')),
    says: "called 'tarif'",
    suggests: '"{tariff}"',
  },
  { code: 'DLMS-908', about: 'condition', bad: profile(object('when: «phases ==»')), says: 'no condition' },
  { code: 'DLMS-909', about: 'unit', bad: profile(object('unit: «Whh»')), says: 'no unit' },
  {
    code: 'DLMS-909',
    about: 'dimension',
    bad: profile(object('unit: Wh\n    quantity: { is: energy, unit: «kW» }')),
    says: 'cannot be turned into',
  },
  {
    code: 'DLMS-910',
    about: 'unknown profile',
    bad: profile(object(''), 'extends: [«other_one»]\n'),
    says: 'other-one.obis.yaml',
  },
  { code: 'DLMS-910', about: 'itself', bad: profile(object(''), 'extends: [«p»]\n'), says: 'extend itself' },
];

describe('findings of OBIS profiles', () => {
  for (const item of cases) {
    it(`${item.code} ${findingCodes[item.code].title} (${item.about})`, () => {
      const { text, range } = unmark(item.bad);
      const findings = checkObisProfile(text, { path: 'p.obis.yaml', files: memoryFiles({ 'p.obis.yaml': text }) });
      const found = findings.find(
        (one) => one.code === item.code && one.range.from === range.from && one.range.to === range.to,
      );
      assert.ok(
        found,
        `expected ${item.code} at ${range.from}..${range.to}: ${JSON.stringify(findings.map((one) => [one.code, one.message, text.slice(one.range.from, one.range.to), one.range]))}`,
      );
      assert.deepEqual(
        findings.filter((one) => one !== found),
        [],
      );
      assert.ok(found.message.includes(item.says), found.message);
      if (item.suggests !== undefined) assert.equal(found.suggestions?.[0], item.suggests);
    });
  }

  it('cover every code of profiles', () => {
    const covered = new Set<string>(cases.map((item) => item.code));
    assert.deepEqual(
      Object.keys(findingCodes).filter((code) => code.startsWith('DLMS-9') && !covered.has(code)),
      [],
    );
  });

  it('are none for a good profile', () => {
    assert.deepEqual(
      checkObisProfile(
        profile(
          object(
            'unit: Wh\n    when: phases == 3\n    quantity: { is: energy.active, tariff: "{tariff}", unit: kWh }',
            '1-0:1.8.{tariff:1..4}.255',
          ),
        ),
      ),
      [],
    );
  });

  it('are reported for an empty text', () => {
    assert.deepEqual(
      checkObisProfile('').map((item) => item.code),
      ['DLMS-902'],
    );
  });
});

describe('patterns', () => {
  const cases: readonly (readonly [
    pattern: string,
    code: string,
    groups: Readonly<Record<string, number>> | undefined,
  ])[] = [
    ['1-0:1.8.0.255', '1-0:1.8.0.255', {}],
    ['1-0:1.8.0.255', '1-0:1.8.1.255', undefined],
    ['1-x:1.8.{tariff:1..4}.255', '1-5:1.8.3.255', { tariff: 3 }],
    ['1-x:1.8.{tariff:1..4}.255', '1-5:1.8.5.255', undefined],
    ['x-128..199:x.x.x.x', '0-150:96.51.0.255', {}],
  ];
  for (const [pattern, code, groups] of cases) {
    it(`${pattern} ${groups === undefined ? 'does not fit' : 'fits'} ${code}`, () => {
      const parsed = parsePattern(pattern);
      assert.ok(!('problem' in parsed));
      assert.deepEqual(matchPattern(parsed, code), groups);
    });
  }
});

describe('layers of profiles', () => {
  const files = memoryFiles({
    'low-one.obis.yaml': profile(object('unit: Wh') + object('', '1-0:2.8.0.255', 'b')).replace(
      'profile: p',
      'profile: low_one',
    ),
    'high.obis.yaml': profile(object('unit: kWh') + object('', '1-0:2.8.x.255', 'c'), 'extends: [low_one]\n').replace(
      'profile: p',
      'profile: high',
    ),
    'round.obis.yaml': profile(object(''), 'extends: [round.obis.yaml]\n'),
  });

  it('replace by id and keep the rest', () => {
    const { profile: high, findings } = loadObisProfile('high.obis.yaml', files);
    assert.deepEqual(findings, []);
    assert.deepEqual(high?.layers, ['low_one', 'high']);
    assert.deepEqual(
      high?.objects.map((item) => [item.id, item.unit, item.from]),
      [
        ['a', 'kWh', 'high'],
        ['b', undefined, 'low_one'],
        ['c', undefined, 'high'],
      ],
    );
  });

  it('give the narrowest entry that fits', () => {
    const { profile: high } = loadObisProfile('high.obis.yaml', files);
    assert.ok(high);
    assert.equal(profileEntry(high, '1-0:2.8.0.255', 3)?.object.id, 'b');
    assert.equal(profileEntry(high, '1-0:2.8.7.255', 3)?.object.id, 'c');
    assert.equal(profileEntry(high, '1-0:2.8.7.255', 4), undefined);
  });

  it('may go in circles without harm', () => {
    assert.equal(loadObisProfile('round.obis.yaml', files).profile?.objects.length, 1);
  });
});
