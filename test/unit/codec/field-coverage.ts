import assert from 'node:assert/strict';
import type { Field } from '../../../engine/codec/result.ts';

/**
 * Checks that the leaves of a tree of fields tile the octets without gap or overlap, and that parents enclose them.
 * The bits of a conformance block share octets: the block counts as leaf, and encloses them.
 */
export function assertFieldsTile(fields: readonly Field[], length: number): void {
  let at = 0;
  const visit = (field: Field, from: number, to: number): void => {
    assert.ok(field.from >= from && field.to <= to && field.from <= field.to, `${field.name} leaves its parent`);
    assert.notEqual(field.name, '');
    if (field.children === undefined || field.name === 'conformance bits') {
      assert.equal(field.from, at, `gap or overlap before ${field.name}`);
      at = field.to;
      for (const bit of field.children ?? []) assert.ok(bit.from >= field.from && bit.to <= field.to, bit.name);
    } else for (const child of field.children) visit(child, field.from, field.to);
  };
  for (const field of fields) visit(field, 0, length);
  assert.equal(at, length, 'octets without a field at the end');
}
