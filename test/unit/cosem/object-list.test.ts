import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { decodeAttributeAccess, decodeMethodAccess } from '../../../engine/cosem/access-rights.ts';
import {
  type ObjectListEntry,
  objectListElement,
  readObjectList,
  readShortNameObjectList,
  shortNameObjectListElement,
} from '../../../engine/cosem/object-list.ts';

function entry(version: number): ObjectListEntry {
  return {
    classId: 7,
    version: 1,
    logicalName: '1-0:99.1.0.255',
    attributes: [
      { index: 1, access: decodeAttributeAccess(1, version), selectors: [] },
      { index: 2, access: decodeAttributeAccess(1, version), selectors: [1, 2] },
      { index: -1, access: decodeAttributeAccess(3, version), selectors: [] },
    ],
    methods: [{ index: 1, access: decodeMethodAccess(version === 0 ? true : 1, version) }],
  };
}

describe('object lists', () => {
  it('with one method as a structure without its array (quirk Q62)', () => {
    const right: Data = {
      t: 'structure',
      v: [
        { t: 'integer', v: 1 },
        { t: 'boolean', v: true },
      ],
    };
    const row = objectListElement(entry(0), 0);
    assert.ok(row.t === 'structure');
    const rights: Data = { t: 'structure', v: [{ t: 'array', v: [] }, right] };
    const data: Data = { t: 'array', v: [{ t: 'structure', v: [...row.v.slice(0, 3), rights] }] };
    const [read] = readObjectList(data, 0)?.entries ?? [];
    assert.deepEqual(read?.methods, entry(0).methods);
  });

  for (const version of [0, 1, 2, 3]) {
    it(`of Association LN version ${version} survive Data`, () => {
      const data: Data = { t: 'array', v: [objectListElement(entry(version), version)] };
      assert.deepEqual(readObjectList(data, version), { entries: [entry(version)], unreadable: [] });
    });
  }

  it('method access is a boolean in version 0 only', () => {
    const modeOf = (version: number): string | undefined => {
      const element = objectListElement(entry(version), version);
      const rights = element.t === 'structure' ? element.v[3] : undefined;
      const methods = rights?.t === 'structure' ? rights.v[1] : undefined;
      const method = methods?.t === 'array' ? methods.v[0] : undefined;
      return method?.t === 'structure' ? method.v[1]?.t : undefined;
    };
    assert.deepEqual([modeOf(0), modeOf(1), modeOf(3)], ['boolean', 'enum', 'enum']);
  });

  it('of Association SN carry the base name as signed long', () => {
    const own = { classId: 12, version: 1, logicalName: '0-0:40.0.0.255', baseName: 0xfa00 };
    const element = shortNameObjectListElement(own);
    assert.deepEqual(element.t === 'structure' ? element.v[0] : undefined, { t: 'long', v: -1536 });
    assert.deepEqual(readShortNameObjectList({ t: 'array', v: [element] }), { entries: [own], unreadable: [] });
  });

  it('rows that are no objects are counted and the others read', () => {
    const good = objectListElement(entry(2), 2);
    const reading = readObjectList({ t: 'array', v: [{ t: 'null-data' }, good, { t: 'structure', v: [] }] }, 2);
    assert.deepEqual([reading?.entries.length, reading?.unreadable], [1, [0, 2]]);
    assert.equal(readObjectList({ t: 'null-data' }, 2), undefined);
    assert.equal(readShortNameObjectList({ t: 'boolean', v: true }), undefined);
  });

  it('a list without rights (selector 1) leaves them open', () => {
    const row: Data = {
      t: 'structure',
      v: [
        { t: 'long-unsigned', v: 8 },
        { t: 'unsigned', v: 0 },
        { t: 'octet-string', v: Uint8Array.of(0, 0, 1, 0, 0, 255) },
      ],
    };
    assert.deepEqual(readObjectList({ t: 'array', v: [row] }, 1)?.entries, [
      { classId: 8, version: 0, logicalName: '0-0:1.0.0.255' },
    ]);
  });

  it('an index sent as unsigned octet is signed', () => {
    const access = decodeAttributeAccess(3, 1);
    const rights: Data = {
      t: 'structure',
      v: [
        {
          t: 'array',
          v: [{ t: 'structure', v: [{ t: 'unsigned', v: 255 }, { t: 'enum', v: 3 }, { t: 'null-data' }] }],
        },
        { t: 'array', v: [] },
      ],
    };
    const row: Data = {
      t: 'structure',
      v: [
        { t: 'long-unsigned', v: 1 },
        { t: 'unsigned', v: 0 },
        { t: 'octet-string', v: Uint8Array.of(0, 0, 42, 0, 0, 255) },
        rights,
      ],
    };
    assert.deepEqual(readObjectList({ t: 'array', v: [row] }, 1)?.entries[0]?.attributes, [
      { index: -1, access, selectors: [] },
    ]);
  });
});
