import fc from 'fast-check';
import type { Data, NumberType, TypeDescription } from '../../../engine/codec/axdr/data.ts';

const INTEGERS: readonly (readonly [NumberType, number, number])[] = [
  ['double-long', -0x80000000, 0x7fffffff],
  ['double-long-unsigned', 0, 0xffffffff],
  ['bcd', 0, 0xff],
  ['integer', -0x80, 0x7f],
  ['long', -0x8000, 0x7fff],
  ['unsigned', 0, 0xff],
  ['long-unsigned', 0, 0xffff],
  ['enum', 0, 0xff],
  ['delta-integer', -0x80, 0x7f],
  ['delta-long', -0x8000, 0x7fff],
  ['delta-double-long', -0x80000000, 0x7fffffff],
  ['delta-unsigned', 0, 0xff],
  ['delta-long-unsigned', 0, 0xffff],
  ['delta-double-long-unsigned', 0, 0xffffffff],
];

export const octets = (length?: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array(length === undefined ? { maxLength: 300 } : { minLength: length, maxLength: length });
const latin1 = fc.uint8Array({ maxLength: 200 }).map((codes) => String.fromCharCode(...codes));
const bits = fc.array(fc.constantFrom('0', '1'), { maxLength: 40 }).map((all) => all.join(''));

/** Simple values by type, so that compact arrays can be filled from a description. */
const SIMPLE: readonly fc.Arbitrary<Data>[] = [
  fc.constantFrom<Data>({ t: 'null-data' }, { t: 'dont-care' }),
  fc.boolean().map((v): Data => ({ t: 'boolean', v })),
  bits.map((v): Data => ({ t: 'bit-string', v })),
  ...INTEGERS.map(([t, min, max]) => fc.integer({ min, max }).map((v): Data => ({ t, v }))),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }).map((v): Data => ({ t: 'long64', v })),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((v): Data => ({ t: 'long64-unsigned', v })),
  fc.float({ noNaN: true }).map((v): Data => ({ t: 'float32', v })),
  fc.double({ noNaN: true }).map((v): Data => ({ t: 'float64', v })),
  octets().map((v): Data => ({ t: 'octet-string', v })),
  octets(12).map((v): Data => ({ t: 'date-time', v })),
  octets(5).map((v): Data => ({ t: 'date', v })),
  octets(4).map((v): Data => ({ t: 'time', v })),
  latin1.map((v): Data => ({ t: 'visible-string', v })),
  fc.string({ unit: 'grapheme', maxLength: 60 }).map((v): Data => ({ t: 'utf8-string', v })),
];
const simple = fc.oneof(...SIMPLE);

/** Elements of one description: the same simple types in the same places. */
const compactArray: fc.Arbitrary<Data> = fc
  .array(fc.integer({ min: 1, max: SIMPLE.length - 1 }), { minLength: 1, maxLength: 4 })
  .chain((types) =>
    fc.array(fc.tuple(...types.map((type) => SIMPLE[type]!)), { minLength: 1, maxLength: 5 }).map((rows): Data => {
      const of: TypeDescription = {
        t: 'structure',
        of: rows[0]!.map((data) => ({ t: data.t }) as TypeDescription),
      };
      return { t: 'compact-array', v: { of, elements: rows.map((v) => ({ t: 'structure', v })) } };
    }),
  );

/** Any Data, a few levels deep. */
export const { data } = fc.letrec<{ data: Data; list: readonly Data[] }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    simple,
    compactArray,
    tie('list').map((v): Data => ({ t: 'structure', v })),
    tie('list').map((v): Data => ({ t: 'array', v })),
  ),
  list: fc.array(tie('data'), { maxLength: 6 }),
}));
