import assert from 'node:assert/strict';
import { parseDocument } from '../../../engine/template/index.ts';
import type { EntryNode, ExpressionNode, ItemNode } from '../../../engine/template/syntax/tree.ts';

/** The tree in few letters, so that a case is one line. */
function sketch(entries: readonly EntryNode[]): string {
  return entries
    .map((entry) => {
      if (entry.kind === 'property') return `${entry.name.text}=${entry.items.map(item).join(',')}`;
      const labels = entry.labels.map((label) => ` ${label.text}`).join('');
      if (entry.kind === 'incomplete') return `${entry.name.text}${labels}?`;
      return `${entry.name.text}${labels}{${sketch(entry.entries)}}${entry.closed ? '' : '!'}`;
    })
    .join('; ');
}

function item(node: ItemNode): string {
  const parts = node.parts.map(expression).join(' ');
  return node.init === undefined ? parts : `${parts} := ${expression(node.init)}`;
}

function expression(node: ExpressionNode): string {
  switch (node.kind) {
    case 'name':
    case 'literal':
      return node.text;
    case 'quantity':
      return `<${node.number.text} ${node.unit.text}>`;
    case 'member':
      return `${expression(node.of)}.${node.name.text}`;
    case 'call':
      return `${expression(node.callee)}(${node.args.map((arg) => `${arg.name === undefined ? '' : `${arg.name.text}: `}${expression(arg.value)}`).join(', ')})`;
    case 'list':
      return `[${node.items.map(expression).join(', ')}]`;
    case 'group':
      return expression(node.of);
    case 'unary':
      return `(${node.op}${expression(node.of)})`;
    case 'binary':
      return `(${expression(node.left)} ${node.op} ${expression(node.right)})`;
    case 'missing':
      return '∅';
  }
}

const wellFormed: readonly (readonly [text: string, sketch: string])[] = [
  ['', ''],
  ['// only a comment', ''],
  ['a: 1', 'a=1'],
  ['a: 1 b: 2', 'a=1; b=2'],
  ['meter m { }', 'meter m{}'],
  ['meter m\n{\n}', 'meter m{}'],
  ['abstract meter m extends b { }', 'abstract meter m extends b{}'],
  ['object a{T} 1-0:1.8.{T}.255 register { x: 1 }', 'object a{T} 1-0:1.8.{T}.255 register{x=1}'],
  ['object v 1-0:{P*20+12}.7.0*255 register { }', 'object v 1-0:{P*20+12}.7.0*255 register{}'],
  ['a: x-1:2.3.4.5', 'a=x-1:2.3.4.5'],
  ['a: get, set(authenticated, encrypted)', 'a=get,set(authenticated, encrypted)'],
  ['a: reader get, management get, set', 'a=reader get,management get,set'],
  ['a: get,\n  set', 'a=get,set'],
  ['a: 1\n  + 2', 'a=(1 + 2)'],
  ['a: 1 +\n  2', 'a=(1 + 2)'],
  ['a: (1\n + 2)', 'a=(1 + 2)'],
  ['a: f(\n  x: 1,\n  y: 2\n)', 'a=f(x: 1, y: 2)'],
  ['a: double-long-unsigned = 4 + integrate(p)', 'a=double-long-unsigned := (4 + integrate(p))'],
  ['a: 10^-1 Wh', 'a=<10^-1 Wh>'],
  ['a: 6 m³/h', 'a=<6 m³/h>'],
  ['a: 6 m/2', 'a=(<6 m> / 2)'],
  ['a: 6 m/(2)', 'a=(<6 m> / 2)'],
  ['a: 230 V + noise(1.2) * 3 - 1', 'a=((<230 V> + (noise(1.2) * 3)) - 1)'],
  ['a: 1 < 2 + 3', 'a=(1 < (2 + 3))'],
  ['a: -x * 2', 'a=((-x) * 2)'],
  ['a: serial.last(2) + 16', 'a=(serial.last(2) + 16)'],
  ['a: [1, [2, 3], ]', 'a=[1, [2, 3]]'],
  ['a: get (x)', 'a=get x'],
  [
    'a: 15min, 2%, 1..4, 0x10, @2024-01-01T00:00Z, h"00 ff", "t"',
    'a=15min,2%,1..4,0x10,@2024-01-01T00:00Z,h"00 ff","t"',
  ],
  ['o { rights: open   access value { p: get }   on x { } }', 'o{rights=open; access value{p=get}; on x{}}'],
  ['a: x // tail\nb: /* inner */ y', 'a=x; b=y'],
];

const damaged: readonly (readonly [text: string, sketch: string, codes: readonly string[]])[] = [
  ['a:', 'a=', ['DLMS-109']],
  ['a:\nb: 1', 'a=; b=1', ['DLMS-109']],
  ['a: get,\nb: 1', 'a=get; b=1', ['DLMS-108']],
  ['a: x.\nb: 1', 'a=x.; b=1', ['DLMS-108']],
  ['a: 1 +\nb: 1', 'a=(1 + ∅); b=1', ['DLMS-108']],
  ['a: 6 m/\nb: 1', 'a=(<6 m> / ∅); b=1', ['DLMS-108']],
  ['a: 6 m/,x\nb: 1', 'a=(<6 m> / ∅),x; b=1', ['DLMS-108']],
  ['a: f(1,\nb: 2', 'a=f(1); b=2', ['DLMS-108', 'DLMS-113']],
  ['a: [1, 2\nb: 2', 'a=[1, 2]; b=2', ['DLMS-113']],
  ['a: ) 1\nb: 2', 'a=; b=2', ['DLMS-107', 'DLMS-109']],
  ['word\nb: 2', 'word?; b=2', ['DLMS-111']],
  ['object a\nb: 2', 'object a?; b=2', ['DLMS-111']],
  ['object = a { x: 1 }', 'object a{x=1}', ['DLMS-110']],
  ['{ x: 1 }\nb: 2', 'x=1; b=2', ['DLMS-112']],
  ['m { a: 1 } }\nb: 2', 'm{a=1}; b=2', ['DLMS-106']],
  ['m { a: 1', 'm{a=1}!', ['DLMS-105']],
  [
    'meter m {\n  object a {\n    x: 1\n  object b { y: 2 }\n}\nmeter n { }',
    'meter m{object a{x=1}!; object b{y=2}}; meter n{}',
    ['DLMS-105'],
  ],
  ['meter m {\n  object a {\n    x: 1\n\n}\nmeter n { }', 'meter m{object a{x=1}!}; meter n{}', ['DLMS-105']],
  [
    'meter m {\n  for T in 1..2 {\n    object a { x: 1 }\n  association b { }\n}',
    'meter m{for T in 1..2{object a{x=1}}!; association b{}}',
    ['DLMS-105'],
  ],
  ['meter m {\n  object a { } }\n  association b { }\n}', 'meter m{object a{}; association b{}}', ['DLMS-106']],
  ['a: "open\nb: 1', 'a="open; b=1', ['DLMS-102']],
  ['a: 1 $ 2\nb: 1', 'a=1 2; b=1', ['DLMS-101']],
  ['/* open\na: 1', '', ['DLMS-103']],
];

describe('parser', () => {
  for (const [text, expected] of wellFormed) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const { tree, findings } = parseDocument(text);
      assert.deepEqual(findings, []);
      assert.equal(sketch(tree.entries), expected);
    });
  }

  for (const [text, expected, codes] of damaged) {
    it(`survives ${JSON.stringify(text)}`, () => {
      const { tree, findings } = parseDocument(text);
      assert.deepEqual(findings.map((finding) => finding.code).toSorted(), [...codes].toSorted());
      assert.equal(sketch(tree.entries), expected);
    });
  }

  it('keeps comments with their places', () => {
    const { tree } = parseDocument('a: 1 // one\n/* two */');
    assert.deepEqual(tree.comments, [
      { kind: 'comment', from: 5, to: 11, style: 'line' },
      { kind: 'comment', from: 12, to: 21, style: 'block' },
    ]);
  });

  it('says where a forgotten brace belongs', () => {
    const text = 'meter m {\n  object a {\n    x: 1\n  object b { y: 2 }\n}';
    const [finding] = parseDocument(text, 'f').findings;
    assert.equal(text.slice(finding?.range.from, finding?.range.to), 'object');
    assert.equal(finding?.range.from, text.indexOf('object a'));
    assert.equal(finding?.related?.[0]?.range.from, text.indexOf('object b'));
    assert.equal(finding?.related?.[0]?.file, 'f');
  });
});
