import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { decodeMbusFrame, encodeMbusFrame, MAX_MBUS_DATA, segmentCi } from '../../../engine/codec/mbus/frame.ts';
import { decodeMbusTelegram, segmentMbus } from '../../../engine/codec/mbus/telegram.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';
import { seeded } from '../link/line.ts';

const ADDRESS = { c: 0x53, a: 0xff, stsap: 1, dtsap: 0x67 };
/** C, A, CI, STSAP, DTSAP and two octets; checksum 53+ff+10+01+67+0f+00 = 1d9. */
const SINGLE = '680707 6853ff1001670f00d916'.replace(' ', '');

describe('M-Bus frame', () => {
  it('is encoded and decoded', () => {
    const decoded = decodeMbusFrame(fromHex(SINGLE));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value.frame, { ...ADDRESS, ci: 0x10, data: fromHex('0f00') });
    assert.equal(decoded.value.next, 13);
    assert.equal(toHex(encodeMbusFrame(decoded.value.frame)), SINGLE);
  });

  const refuse = (name: string, hex: string, code: CodecErrorCode, offset: number): void => {
    it(`refuses ${name}`, () => {
      const decoded = decodeMbusFrame(fromHex(hex));
      assert.ok(!decoded.ok);
      assert.deepEqual([decoded.error.code, decoded.error.offset], [code, offset]);
    });
  };
  refuse('nothing', '', 'truncated', 0);
  refuse('another start', SINGLE.replace('68', '10'), 'bad-frame', 0);
  refuse('two different lengths', SINGLE.replace('0707', '0708'), 'bad-length', 1);
  refuse('a length below the header', '6803036853ff10ba16', 'bad-length', 1);
  refuse('a missing end', SINGLE.slice(0, -4), 'truncated', 11);
  refuse('a wrong checksum', SINGLE.replace('d916', 'd816'), 'bad-checksum', 11);
  refuse('another stop octet', SINGLE.replace('d916', 'd917'), 'bad-frame', 12);

  it('accepts a length that counts modulo 256, and names the deviation (Q27)', () => {
    const data = new Uint8Array(252).fill(7);
    const body = [0x53, 0xff, 0x10, 1, 0x67, ...data];
    const sum = body.reduce((total, octet) => total + octet, 0) & 0xff;
    const decoded = decodeMbusFrame(Uint8Array.from([0x68, 1, 1, 0x68, ...body, sum, 0x16]));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value.frame.data, data);
    assert.deepEqual(
      decoded.deviations.map(({ id }) => id),
      ['mbus-length-overflow'],
    );
  });
});

describe('M-Bus telegram', () => {
  it('puts segments together, whatever the length', () => {
    const random = seeded(3);
    for (const length of [1, 249, MAX_MBUS_DATA, 251, 500, 501, 1999, 4000]) {
      const apdu = Uint8Array.from({ length }, () => Math.floor(random() * 256));
      const segments = segmentMbus(apdu, ADDRESS);
      assert.equal(segments.length, Math.ceil(length / MAX_MBUS_DATA));
      const decoded = decodeMbusTelegram(Uint8Array.from(segments.flatMap((segment) => [...segment])));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.apdu, apdu);
      assert.deepEqual(decoded.deviations, []);
    }
    assert.throws(() => segmentMbus(new Uint8Array(4001), ADDRESS), RangeError);
  });

  const frame = (number: number, last: boolean): string =>
    toHex(encodeMbusFrame({ ...ADDRESS, ci: segmentCi(number, last), data: fromHex('0f00') }));
  const check = (name: string, hex: string, code: CodecErrorCode): void => {
    it(`refuses ${name}`, () => {
      const decoded = decodeMbusTelegram(fromHex(hex));
      assert.equal(decoded.ok ? 'ok' : decoded.error.code, code);
    });
  };
  check('segments out of order', frame(0, false) + frame(2, true), 'bad-value');
  check('a last segment that is missing', frame(0, false) + frame(1, false), 'truncated');
  check('rubbish behind the first segment', `${frame(0, false)}00`, 'truncated');

  it('accepts a single segment without FIN, and names the deviation', () => {
    const decoded = decodeMbusTelegram(fromHex(frame(0, false)));
    assert.ok(decoded.ok);
    assert.deepEqual(
      decoded.deviations.map(({ id }) => id),
      ['mbus-fin-missing'],
    );
  });

  it('survives 2000 pieces of rubbish', () => {
    const random = seeded(11);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let i = 0; i < 2000; i++) {
      const octets = fromHex(SINGLE + SINGLE);
      for (let n = below(4); n >= 0; n--) octets[below(octets.length)] = below(256);
      const decoded = decodeMbusTelegram(octets.subarray(0, below(octets.length + 1)));
      if (!decoded.ok) assert.ok(decoded.error.offset <= octets.length);
    }
  });
});
