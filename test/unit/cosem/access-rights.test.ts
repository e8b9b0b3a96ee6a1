import assert from 'node:assert/strict';
import {
  attributeAccess,
  decodeAttributeAccess,
  decodeMethodAccess,
  describeAttributeAccess,
  describeMethodAccess,
  encodeAttributeAccess,
  encodeMethodAccess,
  usesAccessMask,
} from '../../../engine/cosem/access-rights.ts';

describe('access rights of associations', () => {
  const attributeModes: readonly (readonly [mode: number, version: number, text: string])[] = [
    [0, 0, 'none'],
    [1, 0, 'read'],
    [2, 0, 'write'],
    [3, 0, 'read, write'],
    [4, 1, 'read (authenticated)'],
    [5, 1, 'write (authenticated)'],
    [6, 2, 'read, write (authenticated)'],
    [0x00, 3, 'none'],
    [0x01, 3, 'read'],
    [0x03, 3, 'read, write'],
    [0x27, 3, 'read, write (authenticated)'],
    [0x0f, 3, 'read, write (request authenticated + encrypted, response open)'],
    [0xff, 3, 'read, write (authenticated + encrypted + signed)'],
    [0x61, 3, 'read (request open, response authenticated + encrypted)'],
  ];
  for (const [mode, version, text] of attributeModes) {
    it(`attribute mode ${mode} of version ${version} is ${text}, and back`, () => {
      const access = decodeAttributeAccess(mode, version);
      assert.equal(describeAttributeAccess(access), text);
      assert.equal(encodeAttributeAccess(access, version), mode);
    });
  }

  const methodModes: readonly (readonly [mode: number | boolean, version: number, text: string])[] = [
    [false, 0, 'none'],
    [true, 0, 'invoke'],
    [0, 1, 'none'],
    [1, 1, 'invoke'],
    [2, 2, 'invoke (authenticated)'],
    [0, 3, 'none'],
    [1, 3, 'invoke'],
    [0x0d, 3, 'invoke (request authenticated + encrypted, response open)'],
    [0x25, 3, 'invoke (authenticated)'],
  ];
  for (const [mode, version, text] of methodModes) {
    it(`method mode ${mode} of version ${version} is ${text}, and back`, () => {
      const access = decodeMethodAccess(mode, version);
      assert.equal(describeMethodAccess(access), text);
      assert.equal(encodeMethodAccess(access, version), mode);
    });
  }

  it('all masks of version 3 survive', () => {
    for (let mode = 0; mode < 256; mode++) {
      assert.equal(encodeAttributeAccess(decodeAttributeAccess(mode, 3), 3), mode);
      // Bit 1 has no meaning for methods.
      assert.equal(encodeMethodAccess(decodeMethodAccess(mode, 3), 3), mode & ~2);
    }
  });

  it('what an older version cannot say becomes the nearest it can', () => {
    const guarded = decodeAttributeAccess(0x1d, 3);
    assert.equal(describeAttributeAccess(guarded), 'read (request authenticated + encrypted + signed, response open)');
    assert.deepEqual(
      [2, 1, 0].map((version) => encodeAttributeAccess(guarded, version)),
      [4, 4, 1],
    );
    assert.equal(encodeAttributeAccess(attributeAccess(true, false), 2), 1);
  });

  it('field: a boolean in newer versions, a value out of range', () => {
    assert.equal(decodeMethodAccess(true, 2).invoke, true);
    assert.equal(describeAttributeAccess(decodeAttributeAccess(9, 1)), 'none');
    assert.equal(describeMethodAccess(decodeMethodAccess(7, 1)), 'none');
  });

  it('masks begin with version 3 of class 15 and version 4 of class 12', () => {
    assert.deepEqual(
      [usesAccessMask(15, 2), usesAccessMask(15, 3), usesAccessMask(12, 3), usesAccessMask(12, 4)],
      [false, true, false, true],
    );
  });
});
