import assert from 'node:assert/strict';
import { noAbilities } from '../../../server/lsp/abilities.ts';
import { flatSymbols } from '../../../server/lsp/flat-symbols.ts';
import { expectSymbols, open, TEMPLATE, unmark } from './kit.ts';

const symbols: readonly (readonly [what: string, text: string, expected: string])[] = [
  [
    'blocks inside of blocks',
    'meter m {\n identity { vendor: "x" }\n object e 1-0:1.8.0.255 register { }\n}\nfleet f of m { }',
    'm (meter) [identity, e (1-0:1.8.0.255 register)], f (fleet of m)',
  ],
  [
    'modifiers',
    'abstract meter b { }\nmeter m extends b { override object e { } }',
    'b (abstract meter), m (meter extends b) [e (override)]',
  ],
  [
    'for with its objects',
    'meter m { for T in 1..2 { object e{T} 1-0:1.8.{T}.255 register { } } }',
    'm (meter) [for T in 1..2 [e{T} (1-0:1.8.{T}.255 register)]]',
  ],
  ['simulated values', 'meter m { simulate { load: 1 } }', 'm (meter) [simulate [load]]'],
  [
    'methods and rights of attributes',
    'meter m { object d 0-0:96.3.10.255 disconnect-control { on remote_disconnect { } access output_state { } } }',
    'm (meter) [d (0-0:96.3.10.255 disconnect-control) [on remote_disconnect, access output_state]]',
  ],
  [
    'a block that is not closed',
    'meter m {\n  object e 1-0:1.8.0.255 register {\n    rights: \n  object f 1-0:2.8.0.255 register { }\n}',
    'm (meter) [e (1-0:1.8.0.255 register), f (1-0:2.8.0.255 register)]',
  ],
  ['words without meaning', '} } meter { : {{{', 'meter'],
  ['an empty text', '', ''],
];

describe('outline of templates', () => {
  for (const [what, text, expected] of symbols) it(what, () => expectSymbols(text, expected));

  it('is flat for clients that show lists', () => {
    const { document, language } = open('meter m { identity { } }', TEMPLATE, {}, noAbilities);
    const flat = flatSymbols(TEMPLATE, language.outline(document));
    assert.deepEqual(
      flat.map(({ name, containerName }) => [name, containerName]),
      [
        ['m', undefined],
        ['identity', 'm'],
      ],
    );
  });
});

/** Folds as `first-last` lines, from 0. */
function folds(text: string): string {
  const { document, language } = open(text);
  return language
    .folding(document)
    .map(({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`)
    .join(', ');
}

const foldings: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['blocks, with the closing brace in sight', 'meter m {\n  a {\n\n  }\n}', '0-3, 1-2'],
  ['nothing on one line', 'meter m { object a { } }', ''],
  ['values over several lines', 'meter m {\n  remove: a,\n    b\n}', '0-2, 1-2'],
  ['runs of comments', '// a\n// b\n// c\nmeter m { }\n// d', '0-2 comment'],
  ['block comments', '/* a\n b */', '0-1 comment'],
  ['no comment behind a value', 'a: 1 // x\nb: 2 // y', ''],
];

describe('folding in templates', () => {
  for (const [what, text, expected] of foldings) it(what, () => assert.equal(folds(text), expected));
});

describe('blocks that can be started', () => {
  it('are meters and fleets with name, head and count', () => {
    const { text, ranges } = unmark(
      '<|abstract meter b|> { }\n<|meter m|> extends b { }\n<|fleet f|> of m { count: 100 }\nmeter { }',
    );
    const { document, language } = open(text);
    const blocks = language.templates(document);
    assert.deepEqual(
      blocks.map(({ kind, name, abstract, count }) => [kind, name, abstract, count]),
      [
        ['meter', 'b', true, undefined],
        ['meter', 'm', false, undefined],
        ['fleet', 'f', false, 100],
      ],
    );
    assert.deepEqual(
      blocks.map(({ range }) => ({ from: document.offsetAt(range.start), to: document.offsetAt(range.end) })),
      ranges,
    );
  });
});
