import assert from 'node:assert/strict';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { dataFromJson } from '../../../engine/codec/axdr/data-json.ts';
import { MAX_DATA_DEPTH } from '../../../engine/codec/axdr/data-types.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import { isDeeperThan, shownJson } from '../../../engine/codec/json-shape.ts';
import { MAX_DEVIATIONS, MAX_OCTETS_WITH_FIELDS } from '../../../engine/codec/reader.ts';
import { MAX_JSON_DEPTH, octetsFromTranslation } from '../../../engine/codec/translate/octets-from-json.ts';

/** `structure` of so many elements of one octet each. */
function structureOf(count: number, element: readonly number[]): Uint8Array {
  const head = [0x02, 0x84, count >>> 24, (count >>> 16) & 0xff, (count >>> 8) & 0xff, count & 0xff];
  const octets = new Uint8Array(head.length + count * element.length);
  octets.set(head);
  for (let i = 0; i < count; i++) octets.set(element, head.length + i * element.length);
  return octets;
}

function nestedArrays(depth: number): string {
  return `${'{"t":"array","v":['.repeat(depth)}{"t":"null-data"}${']}'.repeat(depth)}`;
}

describe('input made to use up memory', () => {
  it('elements too long for fields are decoded without them, and say so', () => {
    for (const element of [0x00, 0x07]) {
      const decoded = decodeData(structureOf(MAX_OCTETS_WITH_FIELDS, [element]), { fields: true });
      assert.equal(decoded.ok, element === 0x00);
      assert.equal(decoded.fields?.length, 1);
      assert.match(decoded.fields?.[0]?.value ?? '', /1048582 octets: fields are shown up to 1048576/);
    }
    const longest = decodeData(structureOf(MAX_OCTETS_WITH_FIELDS - 6, [0x00]), { fields: true });
    assert.equal(longest.fields?.[0]?.children?.length, MAX_OCTETS_WITH_FIELDS - 6 + 2);
  });

  it('more deviations than are kept are tolerated all the same', () => {
    const decoded = decodeData(structureOf(MAX_DEVIATIONS + 5, [0x03, 0xff]));
    assert.ok(decoded.ok);
    assert.equal(decoded.deviations.length, MAX_DEVIATIONS);
  });

  for (const [what, octets] of [
    ['array', '0101'],
    ['structure', '0201'],
  ] as const) {
    it(`10,000 levels of ${what} are refused with the place`, () => {
      const decoded = decodeData(Buffer.from(`${octets.repeat(10_000)}00`, 'hex'));
      assert.ok(!decoded.ok);
      assert.equal(decoded.error.code, 'limit');
      assert.equal(decoded.error.offset, 2 * MAX_DATA_DEPTH);
    });
  }

  for (const claim of ['84ffffffff', '88ffffffffffffffff', `ff${'ff'.repeat(127)}`]) {
    for (const [what, before] of [
      ['octet-string', 'c401c10009'],
      ['bit-string', 'c401c10004'],
      ['array', 'c401c10001'],
      ['contents of a compact-array', 'c401c1001311'],
      ['AARQ', '60'],
      ['ciphered APDU', 'c8'],
      ['general block', 'e00000010000'],
      ['list of SN', '05'],
    ] as const) {
      it(`${what} of ${claim.slice(0, 10)}... octets is refused`, () => {
        const decoded = decodeApdu(Buffer.from(`${before}${claim}00`, 'hex'));
        assert.ok(!decoded.ok);
        assert.ok(decoded.error.code === 'truncated' || decoded.error.code === 'limit', decoded.error.code);
      });
    }
  }

  it('JSON nested deeper than Data may be is refused with its path', () => {
    const json: unknown = JSON.parse(nestedArrays(20_000));
    assert.throws(() => dataFromJson(json), { name: 'RangeError', message: /^data\.v\[0\].*nested deeper than 64$/ });
    assert.throws(() => octetsFromTranslation(json), { name: 'RangeError', message: /nested deeper than/ });
    assert.throws(
      () => octetsFromTranslation(JSON.parse(`${'{"ok":true,"value":'.repeat(20_000)}1${'}'.repeat(20_000)}`)),
      {
        name: 'RangeError',
        message: /nested deeper than/,
      },
    );
    assert.throws(
      () => octetsFromTranslation(JSON.parse(`{"kind":"rlrq","reason":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)),
      { name: 'RangeError' },
    );
  });

  it('JSON nested as deep as Data may be is encoded', () => {
    const octets = octetsFromTranslation(JSON.parse(nestedArrays(MAX_DATA_DEPTH)));
    assert.equal(toHex(octets), `${'0101'.repeat(MAX_DATA_DEPTH)}00`);
    assert.ok(decodeData(octets).ok);
  });

  it('messages about JSON are short, whatever it is', () => {
    assert.equal(shownJson(Array(1_000_000).fill(0)), 'a list of 1000000');
    assert.equal(shownJson({ a: 1 }), 'an object');
    assert.equal(shownJson('x'.repeat(1_000_000)).length, 63);
    assert.equal(shownJson(undefined), 'undefined');
    assert.throws(
      () => dataFromJson({ t: 'array', v: 'y'.repeat(100_000) }),
      (error) => {
        return error instanceof TypeError && error.message.length < 200;
      },
    );
  });

  it('depth is counted in levels', () => {
    assert.equal(isDeeperThan([[]], 2), false);
    assert.equal(isDeeperThan([[[]]], 2), true);
    assert.equal(isDeeperThan(5, 0), false);
    assert.ok(MAX_JSON_DEPTH > 2 * MAX_DATA_DEPTH);
  });
});
