import assert from 'node:assert/strict';
import {
  clientAddress,
  describeHdlcAddress,
  type HdlcAddress,
  hdlcAddressWidth,
  readHdlcAddress,
  sameStation,
  serverAddress,
  writeHdlcAddress,
} from '../../../engine/codec/hdlc/address.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';

describe('HDLC address field', () => {
  const check = (hex: string, address: HdlcAddress): void => {
    it(`${hex} is ${describeHdlcAddress(address)}`, () => {
      const octets = fromHex(hex);
      const width = hdlcAddressWidth(octets, 0);
      assert.ok(width === 1 || width === 2 || width === 4);
      assert.deepEqual(readHdlcAddress(octets, 0, width), address);
      const written = new Uint8Array(octets.length);
      assert.equal(writeHdlcAddress(address, written, 0), octets.length);
      assert.equal(toHex(written), hex);
    });
  };
  check('21', { bytes: 1, value: 16 });
  check('03', { bytes: 1, value: 1 });
  check('cd', { bytes: 1, value: 102 });
  check('0223', { bytes: 2, upper: 1, lower: 17 });
  check('ceff', { bytes: 2, upper: 103, lower: 127 });
  check('00020023', { bytes: 4, upper: 1, lower: 17 });
  check('4868feff', { bytes: 4, upper: 0x1234, lower: 0x3fff });
  check('0002fefd', { bytes: 4, upper: 1, lower: 0x3ffe });

  it('takes the narrowest width that carries a server address', () => {
    assert.equal(serverAddress(1).bytes, 1);
    assert.equal(serverAddress(1, 17).bytes, 2);
    assert.equal(serverAddress(1, 200).bytes, 4);
    assert.equal(serverAddress(200).bytes, 4);
    assert.deepEqual(serverAddress(1, 17, 4), { bytes: 4, upper: 1, lower: 17 });
  });

  it('refuses addresses that do not fit their width', () => {
    assert.throws(() => clientAddress(128), RangeError);
    assert.throws(() => serverAddress(128, 1, 2), RangeError);
    assert.throws(() => serverAddress(1, 0x4000, 4), RangeError);
    assert.throws(() => serverAddress(-1), RangeError);
  });

  it('finds widths that are not legal, and unfinished fields', () => {
    assert.equal(hdlcAddressWidth(fromHex('10de91'), 0), 3);
    assert.equal(hdlcAddressWidth(fromHex('000000000001'), 0), 5);
    assert.equal(hdlcAddressWidth(fromHex('0002'), 0), 0);
  });

  it('compares stations by value, not by octets (Q15, Q16)', () => {
    assert.ok(sameStation(serverAddress(1, 17, 2), serverAddress(1, 17, 4)));
    assert.ok(sameStation(serverAddress(1), serverAddress(1, 17, 4)));
    assert.ok(!sameStation(serverAddress(1, 17), serverAddress(1, 18)));
    assert.ok(!sameStation(serverAddress(1), serverAddress(2)));
  });
});
