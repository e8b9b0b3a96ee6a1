import assert from 'node:assert/strict';
import {
  acceptHdlcParameters,
  decodeHdlcParameters,
  encodeHdlcParameters,
  type HdlcParameters,
  negotiateHdlcParameters,
  stationParameters,
} from '../../../engine/codec/hdlc/parameters.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';

describe('HDLC parameters of SNRM and UA', () => {
  const all = (maxInfoTx: number, maxInfoRx: number, windowTx: number, windowRx: number) => {
    return { maxInfoTx, maxInfoRx, windowTx, windowRx };
  };
  const check = (name: string, hex: string, parameters: HdlcParameters, reencoded = hex): void => {
    it(name, () => {
      const decoded = decodeHdlcParameters(fromHex(hex));
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, parameters);
      assert.equal(toHex(encodeHdlcParameters(parameters)), reencoded);
    });
  };
  check('nothing', '', {});
  check('the defaults', '818012050180060180070400000001080400000001', all(128, 128, 1, 1));
  check('sizes above 255 in two octets', '81801405020400060207ee070400000007080400000001', all(1024, 2030, 7, 1));
  check('only sizes', '81800605018006013e', { maxInfoTx: 128, maxInfoRx: 62 });
  check(
    'windows in one octet, as some meters send them',
    '81800e0502008006020080070101080101',
    all(128, 128, 1, 1),
    '818012050180060180070400000001080400000001',
  );
  check('0 as the default', '818006050100060180', { maxInfoRx: 128 }, '818003060180');
  check('user data behind the group', '818003060140f003010203', { maxInfoRx: 64 }, '818003060140');

  const refuse = (name: string, hex: string, code: CodecErrorCode, offset: number): void => {
    it(`refuses ${name}`, () => {
      const decoded = decodeHdlcParameters(fromHex(hex));
      assert.ok(!decoded.ok);
      assert.deepEqual([decoded.error.code, decoded.error.offset], [code, offset]);
    });
  };
  refuse('another format identifier', '828003060140', 'bad-tag', 0);
  refuse('another group', '817003060140', 'bad-tag', 1);
  refuse('an unknown parameter', '818003090140', 'bad-tag', 3);
  refuse('a group beyond the end', '818004060140', 'truncated', 6);
  refuse('a parameter beyond its group', '818003060240', 'bad-length', 4);
  refuse('a parameter without length', '818001 06'.replace(' ', ''), 'bad-length', 4);

  it('negotiates as in table 8 of IEC 62056-46', () => {
    const secondary = negotiateHdlcParameters(all(128, 128, 1, 7), all(128, 64, 7, 7));
    assert.deepEqual(secondary, all(128, 64, 7, 1));
    const primary = acceptHdlcParameters(secondary, all(128, 128, 1, 7));
    assert.deepEqual(primary, all(64, 128, 1, 7));
  });

  it('takes absent parameters for the defaults', () => {
    assert.deepEqual(negotiateHdlcParameters({}, all(1024, 1024, 7, 7)), all(128, 128, 1, 1));
  });

  it('never uses more than was proposed, whatever the UA says', () => {
    assert.deepEqual(acceptHdlcParameters(all(2030, 2030, 7, 7), all(256, 512, 1, 3)), all(256, 512, 1, 3));
  });

  it("keeps a station's own values inside of class 23", () => {
    assert.deepEqual(
      stationParameters({ maxInfoTx: 5, maxInfoRx: 9000, windowTx: 0, windowRx: 12 }),
      all(32, 2030, 1, 7),
    );
  });
});
