import assert from 'node:assert/strict';
import {
  analyse,
  definitionAt,
  openFiles,
  referenceAt,
  referencesTo,
  resolvePath,
} from '../../../engine/template/index.ts';
import { suggestWords } from '../../../engine/template/suggest.ts';
import { MAIN, memoryFiles, meterWith } from './support.ts';

const base = `abstract meter base {
  rights all { public: get }
  object energy 1-0:1.8.0.255 register { rights: all   value: unsigned = 0   scaler_unit: 10^0 Wh }
}
`;
const main = `use: "base.dlmsmeter"
${meterWith(`simulate { load: 5   double: load * 2 }
  override object energy { value: double-long-unsigned = integrate(simulate.load) }
  for T in 1..2 { object t{T} 1-0:1.8.{T}.255 register { rights: all   value: unsigned = share(energy, tariff: T)   scaler_unit: 10^0 Wh } }`).replace(
  'meter m',
  'meter m extends base',
)}
fleet f of m { transports: lan }
`;
const files = memoryFiles({ [MAIN]: main, 'base.dlmsmeter': base });

describe('symbols', () => {
  const { symbols, findings } = analyse(MAIN, files);
  const at = (text: string, before: string, inside: string): number => text.indexOf(inside, text.indexOf(before)) + 1;

  it('are found without findings', () => assert.deepEqual(findings, []));

  const references: readonly (readonly [
    before: string,
    inside: string,
    kind: string,
    file: string,
    definition: string,
  ])[] = [
    ['extends base', 'base', 'meter', 'base.dlmsmeter', 'base'],
    ['share(energy', 'energy', 'object', 'base.dlmsmeter', 'energy'],
    ['override object', 'energy', 'object', 'base.dlmsmeter', 'energy'],
    ['rights: all', 'all', 'rights', 'base.dlmsmeter', 'all'],
    ['simulate.load', 'load', 'simulation', MAIN, 'load'],
    ['double: load', 'load * 2', 'simulation', MAIN, 'load'],
    ['rights open', 'public', 'association', MAIN, 'public'],
    ['transports: lan', 'lan', 'transport', MAIN, 'lan'],
    ['fleet f of m', 'm {', 'meter', MAIN, 'm'],
  ];
  for (const [before, inside, kind, file, name] of references) {
    it(`${inside} of '${before}' leads to its definition`, () => {
      const reference = referenceAt(symbols, MAIN, at(main, before, inside));
      assert.equal(reference?.kind, kind);
      const text = file === MAIN ? main : base;
      const definition = reference?.definition;
      assert.equal(definition?.file, file);
      assert.equal(text.slice(definition?.range.from, definition?.range.to), name);
    });
  }

  it('know all references to a definition, across files', () => {
    const definition = definitionAt(symbols, 'base.dlmsmeter', base.indexOf('all {') + 1);
    assert.equal(definition?.name, 'all');
    assert.ok(definition);
    const places = referencesTo(symbols, definition).map((item) => item.file);
    assert.ok(places.includes(MAIN) && places.includes('base.dlmsmeter'), places.join());
  });

  it('of a for stand for every turn', () => {
    assert.deepEqual(
      symbols.definitions.filter((item) => /^t\d$/.test(item.name)).map((item) => item.name),
      ['t1', 't2'],
    );
  });
});

describe('files', () => {
  it('are parsed again only when their text changed', () => {
    const texts: Record<string, string> = { a: 'meter m { }' };
    const opened = openFiles({ readFile: (name) => texts[name] });
    const first = opened.document('a');
    assert.equal(opened.document('a'), first);
    texts.a = 'meter n { }';
    assert.notEqual(opened.document('a'), first);
    delete texts.a;
    assert.equal(opened.document('a'), undefined);
  });

  const paths: readonly (readonly [from: string, to: string, path: string])[] = [
    ['a.x', 'b.x', 'b.x'],
    ['d/a.x', 'b.x', 'd/b.x'],
    ['/c/d/a.x', '../b.x', '/c/b.x'],
    ['/c/a.x', '/b.x', '/b.x'],
    ['c/a.x', '../../b.x', '../b.x'],
    ['/a.x', '../../b.x', '/b.x'],
    ['file:///c/d/a.x', '../b.x', 'file:///c/b.x'],
    ['C:\\d\\a.x', 'e\\b.x', 'C:/d/e/b.x'],
    ['/c/a.x', './b.x', '/c/b.x'],
  ];
  for (const [from, to, path] of paths)
    it(`${to} seen from ${from} is ${path}`, () => assert.equal(resolvePath(from, to), path));

  it('that do not exist are said to be missing', () => {
    assert.deepEqual(
      analyse('nowhere', memoryFiles({})).findings.map((item) => item.code),
      ['DLMS-301'],
    );
  });
});

describe('suggestions', () => {
  const cases: readonly (readonly [written: string, known: readonly string[], best: string | undefined])[] = [
    ['objekt', ['object', 'on'], 'object'],
    ['registr', ['register', 'rights'], 'register'],
    ['voltage_l1', ['voltage-l1', 'voltage-l2'], 'voltage-l1'],
    ['conf', ['conformance'], 'conformance'],
    ['xyz', ['object'], undefined],
    ['Get', ['get'], 'get'],
    ['teh', ['the'], 'the'],
  ];
  for (const [written, known, best] of cases)
    it(`${written} -> ${best ?? 'nothing'}`, () => assert.equal(suggestWords(written, known)[0], best));
});
