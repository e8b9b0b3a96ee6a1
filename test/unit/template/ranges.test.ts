import assert from 'node:assert/strict';
import { parseDocument } from '../../../engine/template/index.ts';
import { childrenOf, nodePath } from '../../../engine/template/syntax/node-path.ts';
import type { AnyNode } from '../../../engine/template/syntax/tree.ts';
import { meterWith } from './support.ts';

const text = meterWith(`simulate { load: clamp(household(base: 1, peak: 2), low: 0, high: [1, -(2 * 3)]) }
  object a 1-0:1.8.0.255 register { rights: open   value: double-long-unsigned = 4 + integrate(simulate.load)   scaler_unit: 10^0 Wh }`);

function check(node: AnyNode): void {
  let at = node.from;
  for (const child of childrenOf(node)) {
    assert.ok(
      child.from >= node.from && child.to <= node.to,
      `${child.kind} ${child.from}..${child.to} in ${node.kind} ${node.from}..${node.to}`,
    );
    assert.ok(child.from >= at || child.kind === 'missing', `${child.kind} at ${child.from} begins before ${at}`);
    at = child.to;
    check(child);
  }
  if (node.kind === 'name' || node.kind === 'literal') assert.equal(text.slice(node.from, node.to), node.text);
}

describe('places in the tree', () => {
  it('are those of the text, and children lie in order inside their parents', () => {
    check(parseDocument(text).tree);
  });

  const paths: readonly (readonly [before: string, kinds: string])[] = [
    ['hous', 'document block block property item call argument call name'],
    ['10^', 'document block block property item quantity literal'],
    ['simulate.lo', 'document block block property item binary call argument member name'],
    ['registe', 'document block block name'],
  ];
  for (const [before, kinds] of paths) {
    it(`around ${before}|`, () => {
      const offset = text.indexOf(before) + before.length;
      assert.equal(
        nodePath(parseDocument(text).tree, offset)
          .map((node) => node.kind)
          .join(' '),
        kinds,
      );
    });
  }
});
