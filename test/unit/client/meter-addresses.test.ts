import assert from 'node:assert/strict';
import {
  formatAddress,
  parseGateway,
  parseMeterAddress,
  parseSerialLine,
  parseSystemTitle,
} from '../../../client/inputs/addresses.ts';

describe('ways to a meter as people type them', () => {
  const addresses: readonly (readonly [string, ReturnType<typeof parseMeterAddress>])[] = [
    ['127.0.0.1:4059', { host: '127.0.0.1', port: 4059 }],
    ['udp:[::1]:4059', { host: '::1', port: 4059, over: 'udp' }],
    ['serial:/dev/ttyUSB0', { host: '/dev/ttyUSB0', port: 0, over: 'serial' }],
    ['serial:COM3', { host: 'COM3', port: 0, over: 'serial' }],
    ['serial:', undefined],
    ['udp:127.0.0.1', undefined],
    ['tcp', undefined],
  ];
  for (const [text, address] of addresses) {
    it(`address ${text}`, () => {
      assert.deepEqual(parseMeterAddress(text), address);
      if (address !== undefined) assert.equal(formatAddress(address), text);
    });
  }

  const lines: readonly (readonly [string, ReturnType<typeof parseSerialLine>])[] = [
    ['9600', { speed: 9600, format: '8N1' }],
    [' 2400  8e1 ', { speed: 2400, format: '8E1' }],
    ['299', undefined],
    ['1000000', undefined],
    ['9600 9N1', undefined],
  ];
  for (const [text, line] of lines) it(`line ${text}`, () => assert.deepEqual(parseSerialLine(text), line));

  const gateways: readonly (readonly [string, ReturnType<typeof parseGateway>])[] = [
    ['1/00AB', { networkId: 1, address: '00ab' }],
    ['255', { networkId: 255, address: '' }],
    ['256/00', undefined],
    ['1/0', undefined],
    ['', undefined],
  ];
  for (const [text, gateway] of gateways) it(`gateway ${text}`, () => assert.deepEqual(parseGateway(text), gateway));

  it('system titles with and without separators', () => {
    assert.equal(parseSystemTitle('4D 4D 4D 00:00-BC 61 4E'), '4d4d4d0000bc614e');
    assert.equal(parseSystemTitle('4d4d4d'), undefined);
  });
});
