import assert from 'node:assert/strict';
import { noAbilities } from '../../../server/lsp/abilities.ts';
import { expectDiagnostics, type Files, FOLDER, open, TEMPLATE } from './kit.ts';

const FILES: Files = {
  'base.dlmsmeter': 'abstract meter base {\n  object energy 1-0:1.8.0.255 register { }\n}\n',
  'broken.dlmsmeter': 'abstract meter broken { nonsense: 1 }\n',
};

const cases: readonly (readonly [what: string, text: string, codes: readonly string[]])[] = [
  ['an unknown kind at its word', '<|metre|> m { }', ['DLMS-201']],
  ['an unfinished entry', 'use: "base.dlmsmeter"\n<|meter|> x', ['DLMS-111']],
  ['a file that is not there', 'use: <|"nowhere.dlmsmeter"|>', ['DLMS-301']],
  ['characters beyond the basic plane before it', '// 😀😀\n/* 😀 */ <|metre|> m { }', ['DLMS-201']],
  ['a base with errors is not reported here', 'use: "broken.dlmsmeter"', []],
];

describe('diagnostics of templates', () => {
  for (const [what, text, codes] of cases) it(what, () => void expectDiagnostics(text, codes, undefined, FILES));

  it('name the page of their code, their origin, and places that have to do with them', () => {
    const text = 'use: "base.dlmsmeter"\nabstract meter m extends base { object energy 1-0:2.8.0.255 register { } }';
    const [first] = expectDiagnostics(text, ['DLMS-306'], undefined, FILES);
    assert.equal(first?.codeDescription?.href, 'https://example.org/codes#dlms-306');
    assert.equal(first?.source, 'dlms');
    assert.deepEqual(first?.relatedInformation?.[0]?.location, {
      uri: `${FOLDER}/base.dlmsmeter`,
      range: { start: { line: 1, character: 9 }, end: { line: 1, character: 15 } },
    });
  });

  it('say less to clients that show less', () => {
    const text = 'use: "base.dlmsmeter"\nabstract meter m extends base { object energy 1-0:2.8.0.255 register { } }';
    const { document, language } = open(text, TEMPLATE, FILES, noAbilities);
    const [first] = language.diagnostics(document);
    assert.ok(first !== undefined && !('codeDescription' in first) && !('relatedInformation' in first));
  });
});
