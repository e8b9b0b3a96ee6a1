import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { analyse, checkObisProfile, openFiles, parseDocument } from '../../../engine/template/index.ts';
import { MAIN, memoryFiles, repositoryRoot } from './support.ts';

const CASES = 2000;
const samples = path.join(repositoryRoot, 'samples');
const read = (name: string): string => readFileSync(path.join(samples, name), 'utf8');

/** Small generator with a fixed seed: a failing case can be run again. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SCRAPS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  ',',
  '=',
  '"',
  '/*',
  '*/',
  '//',
  '\n',
  '10^',
  '1-0:',
  '{T}',
  'h"',
  '@',
  '..',
  '.',
  '-',
  '%',
  '§',
  '\u0000',
  'object a 1-0:1.8.0.255 data {',
  'for T in 1..3 {',
  'rights: ',
  'extends ',
  'override ',
  'structure(',
  'script(1, ',
  'secret("x")',
  '999999999999999999999',
];

function damage(text: string, next: (below: number) => number): string {
  let result = text;
  for (let edits = 1 + next(4); edits > 0; edits--) {
    const at = next(result.length + 1);
    const length = next(40);
    switch (next(5)) {
      case 0:
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 1:
        result = result.slice(0, at) + (SCRAPS[next(SCRAPS.length)] ?? '') + result.slice(at);
        break;
      case 2:
        result = result.slice(0, at);
        break;
      case 3: {
        const from = next(result.length + 1);
        result = result.slice(0, at) + result.slice(from, from + length) + result.slice(at);
        break;
      }
      default:
        result = result.slice(0, at) + String.fromCharCode(32 + next(95)) + result.slice(at + 1);
    }
  }
  return result;
}

describe('any text', () => {
  it(`${CASES} damaged templates are parsed and analysed without an exception, with findings inside of the text`, function () {
    this.timeout(120_000);
    const next = generator(20_250_101);
    const sources = ['acme-a1000', 'zenith-z900', 'borealis-b200', 'glacier-g4', 'demo'].map((name) =>
      read(`${name}.dlmsmeter`),
    );
    const files = Object.fromEntries(
      ['common.dlmsmeter', 'common.obis.yaml', 'acme-a1000.dlmsmeter', 'zenith-z900.dlmsmeter'].map((name) => [
        name,
        read(name),
      ]),
    );
    for (let round = 0; round < CASES; round++) {
      const text = damage(sources[next(sources.length)] ?? '', next);
      const { findings } = analyse(MAIN, openFiles(memoryFiles({ ...files, [MAIN]: text })));
      for (const finding of findings) {
        const { from, to } = finding.range;
        const limit = finding.file === MAIN ? text.length : (files[finding.file]?.length ?? 0);
        assert.ok(
          from >= 0 && from <= to && to <= limit,
          `round ${round}: ${finding.code} at ${from}..${to} of ${limit} in ${finding.file}`,
        );
      }
      // The grammar accepts every sequence of words: the parser itself has nothing to say that is not in the codes.
      assert.ok(
        !findings.some((finding) => finding.code === 'DLMS-107' && /cannot stand here\.$/.test(finding.message)),
        `round ${round}`,
      );
    }
  });

  it('one bad entry leaves the others of a template as they were', () => {
    const text = read('acme-a1000.dlmsmeter');
    const whole = parseDocument(text).tree.entries.flatMap((entry) =>
      entry.kind === 'block' ? entry.entries : [],
    ).length;
    const next = generator(7);
    for (let round = 0; round < 200; round++) {
      const lines = text.split('\n');
      const at = next(lines.length);
      if (/[{}]/.test(lines[at] ?? '') || !/:/.test(lines[at] ?? '')) continue;
      lines[at] = `${(lines[at] ?? '').replace(/:.*/, '')}: = , ) ]`;
      const entries = parseDocument(lines.join('\n')).tree.entries.flatMap((entry) =>
        entry.kind === 'block' ? entry.entries : [],
      );
      assert.equal(entries.length, whole, `line ${at + 1}`);
    }
  });

  it('500 damaged OBIS profiles are checked without an exception', function () {
    this.timeout(120_000);
    const next = generator(99);
    const source = read('common.obis.yaml');
    for (let round = 0; round < 500; round++) {
      const text = damage(source, next);
      for (const { code, range } of checkObisProfile(text)) {
        assert.ok(
          range.from >= 0 && range.from <= range.to && range.to <= text.length,
          `round ${round}: ${code} at ${range.from}..${range.to} of ${text.length}`,
        );
      }
    }
  });

  const monsters: readonly (readonly [name: string, text: string])[] = [
    ['parentheses', `a: ${'('.repeat(100_000)}`],
    ['calls', `a: ${'f('.repeat(100_000)}`],
    ['lists', `a: ${'['.repeat(100_000)}`],
    ['blocks', 'a {\n'.repeat(100_000)],
    ['signs', `meter m { simulate { a: ${'- '.repeat(100_000)} 1 } }`],
    ['terms', `meter m { simulate { a: 1${' + 1'.repeat(100_000)} } }`],
    ['terms just allowed', `meter m { simulate { a: 1${' + 1'.repeat(1000)} } }`],
    ['dots', `meter m { simulate { a: b${'.b'.repeat(100_000)} } }`],
    ['items', `meter m { remove: ${'a, '.repeat(100_000)} a }`],
    ['closers', '}'.repeat(100_000)],
    ['blocks beside each other', 'meter m { }\n'.repeat(20_000)],
    ['one long line', `meter m { title: "${'x'.repeat(1_000_000)}" }`],
    ['nested for', `meter m { ${'for A in 1..9999 { '.repeat(6)} object a 1-0:1.8.0.255 data { } ${'} '.repeat(6)} }`],
  ];
  for (const [name, text] of monsters) {
    it(`${name} without end are no harm`, function () {
      this.timeout(30_000);
      const { findings } = analyse(MAIN, openFiles(memoryFiles({ [MAIN]: text })));
      assert.ok(findings.length > 0);
    });
  }

  it('a condition of a profile nested without end is no harm', () => {
    const text = `format: 1\nprofile: p\nobjects:\n  - { id: a, obis: "1-0:1.8.0.255", class: 3, name: { en: A }, when: "${'('.repeat(100_000)}" }\n`;
    assert.deepEqual(
      checkObisProfile(text).map((item) => item.code),
      ['DLMS-908'],
    );
  });

  it('YAML nested without end is no harm', () => {
    for (const text of [
      '['.repeat(20_000),
      '{a: '.repeat(20_000),
      `a: &a [x]\n${Array.from({ length: 200 }, (_, i) => `b${i}: [*a, *a]`).join('\n')}`,
    ]) {
      assert.ok(checkObisProfile(text).length > 0);
    }
  });
});
