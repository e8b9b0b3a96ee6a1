import assert from 'node:assert/strict';
import { fcs16, readFcs, writeFcs } from '../../../engine/codec/hdlc/fcs.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';

describe('HDLC check sequence', () => {
  const check = (name: string, octets: Uint8Array, wire: string): void => {
    it(`${name} gives ${wire} on the wire`, () => {
      const frame = new Uint8Array(octets.length + 2);
      frame.set(octets);
      writeFcs(frame, 0, octets.length);
      assert.equal(toHex(frame.subarray(octets.length)), wire);
      assert.equal(readFcs(frame, octets.length), fcs16(octets));
      assert.equal(fcs16(frame) ^ 0xffff, 0xf0b8, 'residue over octets and check sequence');
    });
  };
  check('GB 8.5.1 example 03 3F', fromHex('033f'), '5bec');
  check('CRC-16/X-25 check value', new TextEncoder().encode('123456789'), '6e90');
  check('nothing', new Uint8Array(0), '0000');
});
