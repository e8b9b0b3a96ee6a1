import assert from 'node:assert/strict';
import type { Field } from '../../../engine/codec/result.ts';

/** Checks that the leaves of a tree of fields tile the octets without gap or overlap, and that parents enclose them. */
export function assertFieldsTile(fields: readonly Field[], length: number): void {
  let at = 0;
  const visit = (field: Field, from: number, to: number): void => {
    assert.ok(field.from >= from && field.to <= to && field.from <= field.to, `${field.name} leaves its parent`);
    assert.notEqual(field.name, '');
    if (field.children === undefined) {
      assert.equal(field.from, at, `gap or overlap before ${field.name}`);
      at = field.to;
    } else for (const child of field.children) visit(child, field.from, field.to);
  };
  for (const field of fields) visit(field, 0, length);
  assert.equal(at, length, 'octets without a field at the end');
}
