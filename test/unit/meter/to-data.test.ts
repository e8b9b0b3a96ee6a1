import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Data, DataType } from '../../../engine/codec/axdr/data.ts';
import { DATA_TAGS } from '../../../engine/codec/axdr/data-types.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import { dateTimeOctets, momentOf, parseDateTime } from '../../../engine/meter/values/date-time.ts';
import { toData } from '../../../engine/meter/values/to-data.ts';
import type { Value } from '../../../engine/meter/values/value.ts';

const cases: readonly (readonly [Value, DataType | undefined, Data])[] = [
  [300, 'unsigned', { t: 'unsigned', v: 255 }],
  [-5, 'long-unsigned', { t: 'long-unsigned', v: 0 }],
  [1.5, 'long', { t: 'long', v: 2 }],
  [Number.NaN, 'long', { t: 'long', v: 0 }],
  [Number.POSITIVE_INFINITY, 'double-long', { t: 'double-long', v: 0x7fffffff }],
  [Number.POSITIVE_INFINITY, 'long64-unsigned', { t: 'long64-unsigned', v: 0xffffffffffffffffn }],
  [1e30, 'long64', { t: 'long64', v: 0x7fffffffffffffffn }],
  [Number.NaN, 'float32', { t: 'float32', v: 0 }],
  ['12', 'unsigned', { t: 'unsigned', v: 12 }],
  ['text', 'unsigned', { t: 'unsigned', v: 0 }],
  ['AB', 'octet-string', { t: 'octet-string', v: Uint8Array.of(0x41, 0x42) }],
  ['grün€', 'visible-string', { t: 'visible-string', v: 'grün?' }],
  ['0101x', 'bit-string', { t: 'bit-string', v: '0101' }],
  [5, 'bit-string', { t: 'bit-string', v: '00000101' }],
  [true, 'enum', { t: 'enum', v: 1 }],
  [2, 'boolean', { t: 'boolean', v: true }],
  [{ k: 'duration', ms: 900_000 }, 'double-long-unsigned', { t: 'double-long-unsigned', v: 900 }],
  [
    { k: 'scaler-unit', scaler: -1, unit: 35 },
    undefined,
    {
      t: 'structure',
      v: [
        { t: 'integer', v: -1 },
        { t: 'enum', v: 35 },
      ],
    },
  ],
  [7, undefined, { t: 'double-long-unsigned', v: 7 }],
  [-7, undefined, { t: 'double-long', v: -7 }],
  [0.5, undefined, { t: 'float64', v: 0.5 }],
  [undefined, undefined, { t: 'null-data' }],
  [undefined, 'array', { t: 'array', v: [] }],
  [
    [1, 'A'],
    'array',
    {
      t: 'array',
      v: [
        { t: 'double-long-unsigned', v: 1 },
        { t: 'octet-string', v: Uint8Array.of(0x41) },
      ],
    },
  ],
];

describe('values in wire types', () => {
  for (const [value, type, expected] of cases) {
    it(`${JSON.stringify(value) ?? String(value)} as ${type ?? 'whatever fits'}`, () => {
      assert.deepEqual(toData(value, type), expected);
    });
  }

  it('any value becomes any type without throwing, and can be encoded', () => {
    const value = fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.uint8Array({ maxLength: 20 }),
      fc.constant(undefined),
      fc.record({ k: fc.constant('instant' as const), ms: fc.double() }),
      fc.record({ k: fc.constant('duration' as const), ms: fc.double() }),
      fc.array(fc.double(), { maxLength: 3 }),
    );
    const types = Object.keys(DATA_TAGS) as DataType[];
    fc.assert(
      fc.property(value, fc.constantFrom(...types), (some, type) => {
        const data = toData(some, type);
        assert.equal(data.t, type);
        encodeData(data);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});

describe('moments', () => {
  it('are written in local time with the deviation', () => {
    const at = Date.UTC(2026, 6, 1, 22, 30, 5, 120);
    assert.deepEqual(
      [...dateTimeOctets(at, { deviation: -120, daylightSaving: true })],
      [0x07, 0xea, 7, 2, 4, 0, 30, 5, 12, 0xff, 0x88, 0x80],
    );
    assert.deepEqual([...dateTimeOctets(at).subarray(9)], [0x80, 0x00, 0x00]);
    assert.equal(momentOf(dateTimeOctets(at, { deviation: -120 }), 0), at);
  });

  it('are read with wildcards as their earliest, and not without a year', () => {
    const octets = Uint8Array.of(0x07, 0xea, 2, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0xff);
    assert.equal(momentOf(octets, -60), Date.UTC(2026, 1, 27, 23));
    octets[0] = 0xff;
    octets[1] = 0xff;
    assert.equal(momentOf(octets, 0), undefined);
    assert.equal(momentOf(Uint8Array.of(1, 2, 3), 0), undefined);
  });

  it('are read from text', () => {
    assert.equal(parseDateTime('2026-07-01T22:30:05Z'), Date.UTC(2026, 6, 1, 22, 30, 5));
    assert.equal(parseDateTime('2026-07-02 00:30+02:00'), Date.UTC(2026, 6, 1, 22, 30));
    assert.equal(parseDateTime('2026-07-01'), Date.UTC(2026, 6, 1));
    assert.equal(parseDateTime('tomorrow'), undefined);
  });
});
