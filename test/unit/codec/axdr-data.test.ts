import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { dataFromJson, dataToJson } from '../../../engine/codec/axdr/data-json.ts';
import { MAX_DATA_DEPTH, MAX_EMPTY_COMPACT_ELEMENTS } from '../../../engine/codec/axdr/data-types.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';
import { assertFieldsTile } from './field-coverage.ts';

const unsigned = (v: number) => ({ t: 'unsigned', v });
const longUnsigned = (v: number) => ({ t: 'long-unsigned', v });

/** Octets and value in JSON notation; at least one row for each type of the Blue Book. */
const VALUES: readonly (readonly [string, unknown])[] = [
  ['00', { t: 'null-data' }],
  ['ff', { t: 'dont-care' }],
  ['01 00', { t: 'array', v: [] }],
  ['01 02 11 05 11 06', { t: 'array', v: [unsigned(5), unsigned(6)] }],
  [
    '02 02 0f 00 16 20',
    {
      t: 'structure',
      v: [
        { t: 'integer', v: 0 },
        { t: 'enum', v: 32 },
      ],
    },
  ],
  ['03 00', { t: 'boolean', v: false }],
  ['03 01', { t: 'boolean', v: true }],
  ['04 00', { t: 'bit-string', v: '' }],
  ['04 03 a0', { t: 'bit-string', v: '101' }],
  ['04 09 ff 80', { t: 'bit-string', v: '111111111' }],
  ['04 18 62 1e 5d', { t: 'bit-string', v: '011000100001111001011101' }],
  ['05 fe 93 ba 98', { t: 'double-long', v: -23872872 }],
  ['05 7f ff ff ff', { t: 'double-long', v: 2147483647 }],
  ['06 ff ff ff ff', { t: 'double-long-unsigned', v: 4294967295 }],
  ['09 00', { t: 'octet-string', v: '' }],
  ['09 06 01 00 01 08 00 ff', { t: 'octet-string', v: '0100010800ff' }],
  ['0a 04 54 45 53 54', { t: 'visible-string', v: 'TEST' }],
  ['0a 02 e9 ff', { t: 'visible-string', v: '\u00e9\u00ff' }],
  ['0c 06 c3 a9 2f e2 82 ac', { t: 'utf8-string', v: '\u00e9/\u20ac' }],
  ['0d 42', { t: 'bcd', v: 0x42 }],
  ['0f 80', { t: 'integer', v: -128 }],
  ['10 80 00', { t: 'long', v: -32768 }],
  ['10 fa 00', { t: 'long', v: -1536 }],
  ['11 ff', { t: 'unsigned', v: 255 }],
  ['12 ff ff', { t: 'long-unsigned', v: 65535 }],
  ['13 11 04 01 02 03 04', { t: 'compact-array', desc: 17, v: [unsigned(1), unsigned(2), unsigned(3), unsigned(4)] }],
  [
    '13 02 02 12 11 06 00 01 02 00 03 04',
    {
      t: 'compact-array',
      desc: { structure: [18, 17] },
      v: [
        { t: 'structure', v: [longUnsigned(1), unsigned(2)] },
        { t: 'structure', v: [longUnsigned(3), unsigned(4)] },
      ],
    },
  ],
  [
    '13 01 00 02 11 04 01 02 03 04',
    {
      t: 'compact-array',
      desc: { array: [2, 17] },
      v: [
        { t: 'array', v: [unsigned(1), unsigned(2)] },
        { t: 'array', v: [unsigned(3), unsigned(4)] },
      ],
    },
  ],
  [
    '13 02 03 09 00 04 07 02 aa bb 03 a0 00 00',
    {
      t: 'compact-array',
      desc: { structure: [9, 0, 4] },
      v: [
        { t: 'structure', v: [{ t: 'octet-string', v: 'aabb' }, { t: 'null-data' }, { t: 'bit-string', v: '101' }] },
        { t: 'structure', v: [{ t: 'octet-string', v: '' }, { t: 'null-data' }, { t: 'bit-string', v: '' }] },
      ],
    },
  ],
  ['14 80 00 00 00 00 00 00 00', { t: 'long64', v: '-9223372036854775808' }],
  ['15 ff ff ff ff ff ff ff ff', { t: 'long64-unsigned', v: '18446744073709551615' }],
  ['16 1b', { t: 'enum', v: 27 }],
  ['17 41 45 70 a4', { t: 'float32', v: Math.fround(12.34) }],
  ['17 7f 80 00 00', { t: 'float32', v: 'Infinity' }],
  ['17 80 00 00 00', { t: 'float32', v: '-0' }],
  ['18 40 28 ae 14 7a e1 47 ae', { t: 'float64', v: 12.34 }],
  ['19 07 ea 0b 17 01 09 3b 20 00 ff c4 80', { t: 'date-time', v: '07ea0b1701093b2000ffc480' }],
  ['1a 07 e8 0b 15 ff', { t: 'date', v: '07e80b15ff' }],
  ['1b 08 1e 0f 17', { t: 'time', v: '081e0f17' }],
  ['1c ff', { t: 'delta-integer', v: -1 }],
  ['1d ff fe', { t: 'delta-long', v: -2 }],
  ['1e ff ff ff fd', { t: 'delta-double-long', v: -3 }],
  ['1f ff', { t: 'delta-unsigned', v: 255 }],
  ['20 ff fe', { t: 'delta-long-unsigned', v: 65534 }],
  ['21 ff ff ff fd', { t: 'delta-double-long-unsigned', v: 4294967293 }],
];

/** Octets that are refused: code and offset of the error. */
const REFUSED: readonly (readonly [string, string, CodecErrorCode, number])[] = [
  ['no octets', '', 'truncated', 0],
  ['tag 07 is not used', '07 00', 'bad-tag', 0],
  ['tag 08 is not used', '08', 'bad-tag', 0],
  ['tag 0b is not used', '0b', 'bad-tag', 0],
  ['tag 0e is not used', '0e', 'bad-tag', 0],
  ['tag 22 is not used', '22', 'bad-tag', 0],
  ['octets after the value', '00 00', 'trailing', 1],
  ['an integer cut short', '06 00 00', 'truncated', 1],
  ['an octet-string cut short', '09 05 01', 'truncated', 2],
  ['a date-time cut short', '19 07 ea', 'truncated', 1],
  ['an array without elements', '01 02', 'truncated', 1],
  ['an array of 2^31 elements', '01 84 7f ff ff ff', 'truncated', 1],
  ['a structure of 2^32 - 1 elements', '02 84 ff ff ff ff', 'truncated', 1],
  ['an array of one number that says two', '01 02 11 05', 'truncated', 4],
  ['an array of one structure that says three', '01 03 02 01 11 05', 'truncated', 6],
  ['a structure with one member too few', '02 02 02 01 11 05', 'truncated', 6],
  ['a length of more than 4 GiB', '09 85 01 00 00 00 00', 'limit', 1],
  ['a length of 127 octets', `09 ff${' ff'.repeat(127)}`, 'limit', 1],
  ['a length of 4 GiB - 1', '09 84 ff ff ff ff', 'truncated', 6],
  ['an indefinite length', '09 80 00 00', 'bad-length', 1],
  ['a bit-string of 2^32 - 1 bits', '04 84 ff ff ff ff', 'truncated', 6],
  ['an element with a bad tag', '02 02 00 07', 'bad-tag', 3],
  ['a compact-array within a type description', '13 13 00', 'bad-tag', 1],
  ['a compact-array with half an element', '13 12 03 00 01 02', 'truncated', 5],
  ['a compact-array of null-data with contents', '13 00 01 00', 'bad-length', 3],
  ['a compact-array longer than the octets', '13 11 05 01 02', 'truncated', 3],
];

/** Departures that are accepted by default and refused in strict mode. */
const DEVIATIONS: readonly (readonly [string, string, unknown])[] = [
  ['boolean-not-01', '03 ff', { t: 'boolean', v: true }],
  ['length-not-minimal', '09 81 02 aa bb', { t: 'octet-string', v: 'aabb' }],
  ['length-not-minimal', '09 82 00 02 aa bb', { t: 'octet-string', v: 'aabb' }],
  ['length-not-minimal', '09 88 00 00 00 00 00 00 00 02 aa bb', { t: 'octet-string', v: 'aabb' }],
  ['length-not-minimal', `09 82 00 80${' 01'.repeat(128)}`, { t: 'octet-string', v: '01'.repeat(128) }],
  ['bit-string-padding', '04 03 a1', { t: 'bit-string', v: '101' }],
  ['array-count-one-too-many', '01 02 02 01 11 05', { t: 'array', v: [{ t: 'structure', v: [unsigned(5)] }] }],
  ['utf8-string-not-utf8', '0c 01 e9', { t: 'utf8-string', v: '\u00e9' }],
];

describe('A-XDR Data', () => {
  for (const [hex, json] of VALUES) {
    it(`${hex} decodes, encodes and converts to JSON and back`, () => {
      const octets = fromHex(hex);
      const decoded = decodeData(octets, { strict: true, fields: true });
      assert.ok(decoded.ok);
      assert.deepEqual(dataToJson(decoded.value), json);
      assert.equal(toHex(encodeData(decoded.value)), toHex(octets));
      assert.equal(toHex(encodeData(dataFromJson(JSON.parse(JSON.stringify(json))))), toHex(octets));
      assertFieldsTile(decoded.fields ?? [], octets.length);
    });
  }

  for (const [what, hex, code, offset] of REFUSED) {
    it(`refuses ${what}`, () => {
      const decoded = decodeData(fromHex(hex));
      assert.ok(!decoded.ok);
      assert.equal(decoded.error.code, code);
      assert.equal(decoded.error.offset, offset);
      assert.equal(decoded.error.layer, 'axdr');
    });
  }

  for (const [id, hex, json] of DEVIATIONS) {
    it(`names ${id} in ${hex}, gives the same octets back, and refuses it in strict mode`, () => {
      const octets = fromHex(hex);
      const decoded = decodeData(octets);
      assert.ok(decoded.ok);
      assert.deepEqual(
        decoded.deviations.map((deviation) => deviation.id),
        [id],
      );
      assert.deepEqual(dataToJson(decoded.value), json);
      assert.equal(toHex(encodeData(decoded.value)), toHex(octets));
      const canonical = encodeData({ ...decoded.value });
      assert.notEqual(toHex(canonical), toHex(octets));
      assert.ok(decodeData(canonical, { strict: true }).ok);
      assert.equal(decodeData(octets, { strict: true }).ok, false);
    });
  }

  it('accepts octets after the value when asked to, keeps them, and says so', () => {
    const octets = fromHex('00 ff ff');
    assert.equal(decodeData(octets).ok, false);
    const decoded = decodeData(octets, { allowTrailing: true, fields: true });
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, { t: 'null-data' });
    assert.equal(decoded.deviations[0]?.id, 'trailing-octets');
    assert.equal(toHex(encodeData(decoded.value)), '00ffff');
    assertFieldsTile(decoded.fields ?? [], octets.length);
    assert.equal(decodeData(octets, { allowTrailing: true, strict: true }).ok, false);
    const other = decodeData(fromHex('00'));
    assert.ok(other.ok);
    assert.equal(toHex(encodeData(other.value)), '00');
  });

  it('writes lengths in the shortest form at every border', () => {
    const heads: readonly (readonly [number, string])[] = [
      [0x7f, '097f'],
      [0x80, '098180'],
      [0xff, '0981ff'],
      [0x100, '09820100'],
      [0xffff, '0982ffff'],
      [0x10000, '0983010000'],
      [0xffffff, '0983ffffff'],
      [0x1000000, '098401000000'],
    ];
    for (const [length, head] of heads) {
      const encoded = encodeData({ t: 'octet-string', v: new Uint8Array(length) });
      assert.equal(toHex(encoded.subarray(0, encoded.length - length)), head);
      const decoded = decodeData(encoded, { strict: true });
      assert.ok(decoded.ok && decoded.value.t === 'octet-string' && decoded.value.v.length === length);
    }
  });

  it('keeps the payload of a NaN through decode and encode', () => {
    const decoded = decodeData(fromHex('17 7f c0 12 34'));
    assert.ok(decoded.ok);
    assert.deepEqual(dataToJson(decoded.value), { t: 'float32', v: 'NaN' });
    assert.equal(toHex(encodeData(decoded.value)), '177fc01234');
    assert.deepEqual(dataFromJson({ t: 'float32', v: 'NaN' }), { t: 'float32', v: Number.NaN });
  });

  it(`accepts nesting up to ${MAX_DATA_DEPTH} levels and refuses more`, () => {
    const nested = (depth: number) => fromHex(`${'0101'.repeat(depth)}00`);
    assert.ok(decodeData(nested(MAX_DATA_DEPTH)).ok);
    const tooDeep = decodeData(nested(MAX_DATA_DEPTH + 1));
    assert.ok(!tooDeep.ok);
    assert.equal(tooDeep.error.code, 'limit');
    assert.equal(decodeData(nested(200_000)).ok, false);
    let data: Data = { t: 'null-data' };
    for (let depth = 0; depth <= MAX_DATA_DEPTH; depth++) data = { t: 'array', v: [data] };
    assert.throws(() => encodeData(data), RangeError);
  });

  it('refuses type descriptions nested too deep', () => {
    const decoded = decodeData(fromHex(`13${'010001'.repeat(MAX_DATA_DEPTH + 1)}1100`));
    assert.ok(!decoded.ok);
    assert.equal(decoded.error.code, 'limit');
  });

  it(`refuses a compact-array that unfolds to more than ${MAX_EMPTY_COMPACT_ELEMENTS} elements without octets`, () => {
    const started = process.hrtime.bigint();
    for (const fields of [false, true]) {
      const decoded = decodeData(fromHex('13 02 02 11 01 ff ff 01 ff ff 01 ff ff 00 01 07'), { fields });
      assert.ok(!decoded.ok);
      assert.equal(decoded.error.code, 'limit');
    }
    assert.ok(process.hrtime.bigint() - started < 2_000_000_000n);
  });

  it('takes a compact-array with as many elements as its octets allow', () => {
    const rows = 100_000;
    const description = { t: 'structure', of: [{ t: 'unsigned' }, { t: 'null-data' }] } as const;
    const row: Data = { t: 'structure', v: [{ t: 'unsigned', v: 5 }, { t: 'null-data' }] };
    const v = { of: description, elements: new Array<Data>(rows).fill(row) };
    // A row is three elements for one octet of contents, so each takes one of those allowed beyond that.
    assert.equal(decodeData(encodeData({ t: 'compact-array', v })).ok, false);
    const fewer = { of: description, elements: v.elements.slice(0, MAX_EMPTY_COMPACT_ELEMENTS) };
    const decoded = decodeData(encodeData({ t: 'compact-array', v: fewer }));
    assert.ok(decoded.ok && decoded.value.t === 'compact-array');
    assert.equal(decoded.value.v.elements.length, MAX_EMPTY_COMPACT_ELEMENTS);
  });

  it('hands out octets as views of the input', () => {
    const octets = fromHex('0903010203');
    const decoded = decodeData(octets);
    assert.ok(decoded.ok && decoded.value.t === 'octet-string');
    assert.equal(decoded.value.v.buffer, octets.buffer);
  });

  it('shows what was understood before an error', () => {
    const decoded = decodeData(fromHex('02 03 11 05 12 00'), { fields: true });
    assert.ok(!decoded.ok);
    assert.deepEqual(
      decoded.fields?.[0]?.children?.map((field) => [field.name, field.from, field.to]),
      [
        ['type', 0, 1],
        ['count', 1, 2],
        ['[0]', 2, 4],
        ['[1]', 4, 5],
      ],
    );
  });

  describe('encoding names the path to a value that does not fit', () => {
    const cases: readonly (readonly [Data, new () => Error, string])[] = [
      [{ t: 'unsigned', v: 300 }, RangeError, 'data.v: 300 is not an integer in 0..255'],
      [
        { t: 'structure', v: [{ t: 'null-data' }, { t: 'long', v: 40000 }] },
        RangeError,
        'data.v[1].v: 40000 is not an integer in -32768..32767',
      ],
      [{ t: 'double-long', v: 1.5 }, RangeError, 'data.v: 1.5 is not an integer in -2147483648..2147483647'],
      [{ t: 'long64', v: 1n << 63n }, RangeError, 'data.v: 9223372036854775808 is not in'],
      [{ t: 'date', v: new Uint8Array(4) }, RangeError, 'data.v: 4 octets instead of 5'],
      [{ t: 'bit-string', v: '012' }, TypeError, "data.v: '2' at bit 2, expected 0 or 1"],
      [{ t: 'visible-string', v: '\u20ac' }, RangeError, 'data.v: a visible-string with a character beyond FF'],
      [
        { t: 'compact-array', v: { of: { t: 'unsigned' }, elements: [{ t: 'long', v: 1 }] } },
        TypeError,
        '[0]: long where the description says unsigned',
      ],
    ];
    for (const [data, type, message] of cases) {
      it(message, () => {
        assert.throws(
          () => encodeData(data),
          (error: Error) => error instanceof type && error.message.includes(message),
        );
      });
    }
  });

  describe('JSON that is not Data is refused with its path', () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [null, 'data: null is not an object {t, v}'],
      [{ t: 'word', v: 1 }, 'data.t: "word" is not the name of a Data type'],
      [{ t: 'array', v: [{ t: 'octet-string', v: 'xyz' }] }, "data.v[0].v: hex text: 'x' at position 0"],
      [{ t: 'octet-string', v: 'abc' }, 'data.v: hex text: ends after half an octet'],
      [{ t: 'unsigned', v: '1' }, 'data.v: "1" is not a number'],
      [{ t: 'long64', v: 'one' }, 'data.v: "one" is not a 64-bit integer'],
      [{ t: 'compact-array', desc: 19, v: [] }, 'data.desc: 19 is not the tag of a simple type'],
    ];
    for (const [json, message] of cases) {
      it(message, () => {
        assert.throws(
          () => dataFromJson(json),
          (error: Error) => error instanceof TypeError && error.message.includes(message),
        );
      });
    }
  });
});
