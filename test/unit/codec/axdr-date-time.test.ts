import assert from 'node:assert/strict';
import {
  type CosemDateTime,
  dateTimeFromMilliseconds,
  dateTimeToMilliseconds,
  decodeDate,
  decodeDateTime,
  decodeTime,
  encodeDate,
  encodeDateTime,
  encodeTime,
} from '../../../engine/codec/axdr/date-time.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';

const DATE_TIMES: readonly (readonly [string, CosemDateTime])[] = [
  [
    '07ea 0b 17 01 09 3b 20 00 ffc4 80',
    {
      year: 2026,
      month: 11,
      day: 23,
      dayOfWeek: 1,
      hour: 9,
      minute: 59,
      second: 32,
      hundredths: 0,
      deviation: -60,
      status: 0x80,
    },
  ],
  ['ffff ff ff ff ff ff ff ff 8000 ff', {}],
  [
    'ffff fe fd 07 02 00 00 ff 8000 ff',
    { month: 'daylight-saving-begin', day: 'second-last', dayOfWeek: 7, hour: 2, minute: 0, second: 0 },
  ],
  ['ffff fd fe ff ff ff ff ff 02d0 00', { month: 'daylight-saving-end', day: 'last', deviation: 720, status: 0 }],
];

const WRONG: readonly (readonly [string, string])[] = [
  ['11 octets', '07ea0b1701093b2000ffc4'],
  ['month 13', '07ea0d1701093b2000ffc480'],
  ['month 0', '07ea001701093b2000ffc480'],
  ['day 32', '07ea0b2001093b2000ffc480'],
  ['day of week 8', '07ea0b1708093b2000ffc480'],
  ['hour 24', '07ea0b1701183b2000ffc480'],
  ['minute 60', '07ea0b1701093c2000ffc480'],
  ['second 60', '07ea0b1701093b3c00ffc480'],
  ['hundredths 100', '07ea0b1701093b2064ffc480'],
  ['deviation 841', '07ea0b1701093b2000034980'],
];

describe('COSEM date-time (BB 4.1.6.1)', () => {
  for (const [hex, value] of DATE_TIMES) {
    it(`${hex} keeps its wildcards both ways`, () => {
      const octets = fromHex(hex);
      assert.deepEqual(decodeDateTime(octets), value);
      assert.equal(toHex(encodeDateTime(value)), toHex(octets));
    });
  }

  for (const [what, hex] of WRONG) {
    it(`has no value for ${what}`, () => assert.equal(decodeDateTime(fromHex(hex)), undefined));
  }

  it('reads day of week 0 as not specified', () => {
    assert.equal(decodeDateTime(fromHex('07ea0b1700093b2000ffc480'))?.dayOfWeek, undefined);
  });

  it('decodes and encodes date and time alone', () => {
    assert.deepEqual(decodeDate(fromHex('07e80b15ff')), { year: 2024, month: 11, day: 21 });
    assert.equal(toHex(encodeDate({ year: 2024, month: 11, day: 21 })), '07e80b15ff');
    assert.deepEqual(decodeTime(fromHex('081e0f17')), { hour: 8, minute: 30, second: 15, hundredths: 23 });
    assert.equal(toHex(encodeTime({ hour: 8, minute: 30, second: 15, hundredths: 23 })), '081e0f17');
    assert.equal(decodeDate(fromHex('07e80b15')), undefined);
    assert.equal(decodeTime(fromHex('081e0f')), undefined);
  });

  it('refuses to encode fields out of range', () => {
    assert.throws(() => encodeDateTime({ hour: 24 }), /hour: 24 is not an integer in 0\.\.23/);
    assert.throws(() => encodeDateTime({ deviation: 841 }), RangeError);
    assert.throws(() => encodeDate({ year: 65535 }), RangeError);
    assert.throws(() => encodeDate({ month: 13 }), RangeError);
  });

  it('years below 100 are those of the first century', () => {
    const never = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, deviation: 0 };
    assert.equal(new Date(dateTimeToMilliseconds(never) ?? 0).getUTCFullYear(), 0);
    assert.equal(new Date(dateTimeToMilliseconds({ ...never, year: 26 }) ?? 0).getUTCFullYear(), 26);
  });

  it('counts deviation from local time to UTC: Central European Time is -60', () => {
    const value = { year: 2026, month: 1, day: 1, hour: 1, minute: 0, second: 0, deviation: -60 };
    assert.equal(dateTimeToMilliseconds(value), Date.UTC(2026, 0, 1));
    assert.equal(dateTimeToMilliseconds({ year: 2026 }), undefined);
    assert.equal(dateTimeToMilliseconds({ ...value, month: 'daylight-saving-end' }), undefined);
    assert.deepEqual(dateTimeFromMilliseconds(Date.UTC(2026, 0, 1, 0, 0, 0, 250), -60), {
      year: 2026,
      month: 1,
      day: 1,
      dayOfWeek: 4,
      hour: 1,
      minute: 0,
      second: 0,
      hundredths: 25,
      deviation: -60,
      status: 0,
    });
  });
});
