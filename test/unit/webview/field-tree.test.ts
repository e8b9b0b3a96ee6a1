import assert from 'node:assert/strict';
import type { FieldNode } from '../../../webview/messages.ts';
import { ancestors, fieldTree, nodeAt, openAtFirst, visible } from '../../../webview/trace/field-tree.ts';
import { octetRow, offsetLabel, printable, rowCount } from '../../../webview/trace/octet-rows.ts';
import { layerAtFirst, traceLines } from '../../../webview/trace/trace-lines.ts';

const fields: readonly FieldNode[] = [
  {
    name: 'apdu',
    from: 0,
    to: 10,
    children: [
      { name: 'tag', from: 0, to: 1 },
      { name: 'empty', from: 1, to: 1 },
      { name: 'body', from: 1, to: 8, children: [{ name: 'value', from: 4, to: 8 }] },
    ],
  },
];
const tree = fieldTree(fields);
const nameAt = (offset: number) => nodeAt(tree, offset)?.field.name;

describe('the tree of fields and its octets', () => {
  it('finds the smallest element at every octet', () => {
    const names = Array.from({ length: 11 }, (_, offset) => nameAt(offset));
    assert.deepEqual(names, [
      'tag',
      'body',
      'body',
      'body',
      'value',
      'value',
      'value',
      'value',
      'apdu',
      'apdu',
      undefined,
    ]);
  });

  it('knows the way up, and where a node stands among its siblings', () => {
    const value = nodeAt(tree, 5);
    assert.ok(value);
    assert.deepEqual(
      ancestors(tree, value.id).map((id) => tree.nodes[id]?.field.name),
      ['body', 'apdu'],
    );
    assert.deepEqual(
      tree.nodes.map(({ position, siblings, depth }) => [position, siblings, depth]),
      [
        [1, 1, 0],
        [1, 3, 1],
        [2, 3, 1],
        [3, 3, 1],
        [1, 1, 2],
      ],
    );
  });

  it('shows what is unfolded, in the order of the octets', () => {
    const names = (expanded: ReadonlySet<number>) => visible(tree, expanded).map(({ field }) => field.name);
    assert.deepEqual(names(new Set()), ['apdu']);
    assert.deepEqual(names(new Set([0])), ['apdu', 'tag', 'empty', 'body']);
    assert.deepEqual(names(openAtFirst(tree)), ['apdu', 'tag', 'empty', 'body', 'value']);
    assert.deepEqual(names(new Set([3])), ['apdu'], 'a node below a folded one stays away');
  });

  it('opens only the upper levels of a large APDU', () => {
    const element = (at: number): FieldNode => ({
      name: `${at}`,
      from: at,
      to: at + 1,
      children: [{ name: 'x', from: at, to: at + 1 }],
    });
    const large = fieldTree([
      {
        name: 'list',
        from: 0,
        to: 500,
        children: [{ name: 'items', from: 0, to: 500, children: Array.from({ length: 500 }, (_, at) => element(at)) }],
      },
    ]);
    assert.equal(visible(large, openAtFirst(large)).length, 502);
  });
});

describe('octets in rows', () => {
  it('cuts rows of sixteen with their offsets', () => {
    const hex = 'ab'.repeat(20);
    assert.equal(rowCount(hex), 2);
    assert.deepEqual(octetRow(hex, 1), { offset: 16, octets: ['ab', 'ab', 'ab', 'ab'] });
    assert.equal(rowCount(''), 0);
    assert.equal(offsetLabel(16, 20), '0010');
    assert.equal(offsetLabel(16, 0x12345), '00010');
  });

  it('prints ASCII only', () => {
    assert.deepEqual(['41', '20', '7e', '7f', '1f', '3c', 'e4'].map(printable), ['A', ' ', '~', '·', '·', '<', '·']);
  });
});

describe('rows of a trace', () => {
  const row = (index: number, time: number, direction: 'tx' | 'rx' | 'note', layer: 'link' | 'apdu') => ({
    index,
    time,
    direction,
    layer,
    length: 1,
    summary: '',
  });
  const rows = [
    row(0, 100, 'note', 'link'),
    row(1, 110, 'tx', 'link'),
    row(2, 111, 'tx', 'apdu'),
    row(3, 150, 'rx', 'apdu'),
  ];

  it('keeps notes in every layer and counts time from the row shown before', () => {
    assert.deepEqual(
      traceLines(rows, 'apdu').map(({ index, sinceBefore }) => [index, sinceBefore]),
      [
        [0, 0],
        [2, 11],
        [3, 39],
      ],
    );
    assert.deepEqual(
      traceLines(rows, 'link').map(({ index }) => index),
      [0, 1],
    );
    assert.equal(traceLines(rows, 'all').length, 4);
  });

  it('starts with APDUs when there are any', () => {
    assert.equal(layerAtFirst(rows), 'apdu');
    assert.equal(layerAtFirst(rows.slice(0, 2)), 'all');
  });
});
