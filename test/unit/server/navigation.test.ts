import assert from 'node:assert/strict';
import { expectPlaces, expectQuickFix, type Files, FOLDER, open, unmark } from './kit.ts';

const BASE: Files = {
  'base file.dlmsmeter':
    'abstract meter base {\n  rights open { reader: get }\n  object clock 0-0:1.0.0.255 clock { rights: open }\n}\n',
};

describe('definitions in templates', () => {
  const cases: readonly (readonly [what: string, text: string])[] = [
    ['a set of rights', 'meter m { rights <|open|> { } object a 1-0:1.8.0.255 register { rights: op<|>en } }'],
    ['an association in a set of rights', 'meter m { association <|r|> { client: 1 } rights open { r<|>: get } }'],
    [
      'a simulated value',
      'meter m { simulate { <|load|>: 1 } object a 1-0:1.8.0.255 register { value: unsigned = simulate.lo<|>ad } }',
    ],
    [
      'an object in a value',
      'meter m { object <|c|> 0-0:1.0.0.255 clock { } object p 1-0:99.1.0.255 profile-generic { capture_objects: <|>c.time } }',
    ],
    ['the meter of a fleet', 'meter <|m|> { }\nfleet f of <|>m { }'],
    ['the definition itself', 'meter <|m<|>|> { }'],
    ['nothing', 'meter m { <|> }'],
  ];
  for (const [what, text] of cases) it(what, () => expectPlaces(text, 'definition'));

  it('in another file, whose name is escaped in its URI', () => {
    const { text, offset } = unmark('use: "base file.dlmsmeter"\nmeter m extends ba<|>se { }');
    const { document, language } = open(text, undefined, {
      'base%20file.dlmsmeter': BASE['base file.dlmsmeter'] ?? '',
    });
    const place = [language.definition(document, offset) ?? []].flat()[0];
    assert.equal(place?.uri, `${FOLDER}/base%20file.dlmsmeter`);
    assert.deepEqual(place?.range, { start: { line: 0, character: 15 }, end: { line: 0, character: 19 } });
  });
});

describe('files that templates speak of', () => {
  const files: Files = { 'base.dlmsmeter': '', 'common-plan.obis.yaml': 'profile: common_plan\n' };
  const cases: readonly (readonly [what: string, text: string, file: string | undefined])[] = [
    ['a template in use', 'use: "base<|>.dlmsmeter"', 'base.dlmsmeter'],
    ['a profile in use', 'use: "common-plan<|>.obis.yaml"', 'common-plan.obis.yaml'],
    ['a profile by its name', 'meter m { profile: common_<|>plan }', 'common-plan.obis.yaml'],
    ['nothing for a file that is not there', 'use: "base<|>"', undefined],
  ];
  for (const [what, marked, file] of cases) {
    it(what, () => {
      const { text, offset } = unmark(marked);
      const { document, language } = open(text, undefined, files);
      const place = [language.definition(document, offset) ?? []].flat()[0];
      assert.equal(place?.uri, file === undefined ? undefined : `${FOLDER}/${file}`);
    });
  }
});

describe('references in templates', () => {
  it('of a set of rights', () =>
    expectPlaces(
      'meter m { rights <|op<|>en|> { } object a 1-0:1.8.0.255 register { rights: <|open|> } object b 1-0:2.8.0.255 register { rights: <|open|> } }',
      'references',
    ));
  it('of a meter', () => expectPlaces('abstract meter <|b|> { }\nmeter m extends <|b<|>|> { }', 'references'));
});

describe('quick fixes in templates', () => {
  it('put what was meant', () =>
    expectQuickFix(
      'meter m { rights open { } object a 1-0:1.8.0.255 register { rights: ope<|> } }',
      "Change 'ope' to 'open'",
      'meter m { rights open { } object a 1-0:1.8.0.255 register { rights: open } }',
    ));
  it('remove what is too much', () =>
    expectQuickFix('meter m { title: "x"<|>; profile: y }', "Remove ';'", 'meter m { title: "x"profile: y }'));
  it('put a type before a value', () =>
    expectQuickFix(
      'meter m { object a 1-0:1.8.0.255 register { value: <|>5 } }',
      "Put 'long-unsigned =' before '5'",
      'meter m { object a 1-0:1.8.0.255 register { value: long-unsigned = 5 } }',
    ));
});
