import assert from 'node:assert/strict';
import {
  formatAddress,
  isListenAddress,
  isLoopback,
  listenHost,
  parseAddress,
  parseInteger,
  parseObisItems,
  parsePorts,
} from '../../../client/inputs/addresses.ts';

describe('what people type into input boxes', () => {
  const addresses: readonly (readonly [string, { host: string; port: number } | undefined])[] = [
    ['127.0.0.1:4059', { host: '127.0.0.1', port: 4059 }],
    [' meter.example:1 ', { host: 'meter.example', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65535 }],
    ['127.0.0.1', undefined],
    ['127.0.0.1:0', undefined],
    ['127.0.0.1:65536', undefined],
    ['::1:4059', undefined],
    ['http://127.0.0.1:4059', undefined],
    ['a b:4059', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of addresses) {
    it(`address '${text}'`, () => assert.deepEqual(parseAddress(text), expected));
  }

  it('writes an address so that it reads back', () => {
    for (const address of [
      { host: '127.0.0.1', port: 4059 },
      { host: '::1', port: 4059 },
    ]) {
      assert.deepEqual(parseAddress(formatAddress(address)), address);
    }
  });

  const ports: readonly (readonly [string, readonly number[] | undefined])[] = [
    ['4059', [4059]],
    ['4059, 4060-4062', [4059, 4060, 4061, 4062]],
    ['4059 4059;4060', [4059, 4060]],
    ['', undefined],
    ['0', undefined],
    ['4060-4059', undefined],
    ['65536', undefined],
    ['4059,x', undefined],
  ];
  for (const [text, expected] of ports) it(`ports '${text}'`, () => assert.deepEqual(parsePorts(text), expected));

  const listens: readonly (readonly [string, boolean, string])[] = [
    ['127.0.0.1:4059', true, '127.0.0.1'],
    ['127.0.0.1:4059-4100', true, '127.0.0.1'],
    ['127.1.0.0/16:4059', true, '127.1.0.0'],
    ['[::1]:4059', true, '::1'],
    ['0.0.0.0:4059', true, '0.0.0.0'],
    ['4059', false, '4059'],
    ['127.0.0.1:4059,4060', false, '127.0.0.1'],
  ];
  for (const [text, good, host] of listens) {
    it(`listen address '${text}'`, () => {
      assert.equal(isListenAddress(text), good);
      assert.equal(listenHost(text), host);
    });
  }

  it('tells loopback from addresses others can reach', () => {
    for (const host of ['127.0.0.1', '127.200.3.4', 'localhost', '::1']) assert.ok(isLoopback(host), host);
    for (const host of ['0.0.0.0', '192.168.1.1', '128.0.0.1', '127.0.0.1.example', '::'])
      assert.ok(!isLoopback(host), host);
  });

  it('takes OBIS codes with and without attribute', () => {
    assert.deepEqual(parseObisItems('1-0:1.8.0.255#2, 0-0:1.0.0.255'), ['1-0:1.8.0.255#2', '0-0:1.0.0.255']);
    for (const text of ['', '1.8.0', '1-0:1.8.0', '1-0:1.8.0.255#'])
      assert.equal(parseObisItems(text), undefined, text);
  });

  it('takes integers within limits', () => {
    assert.equal(parseInteger(' 7 ', 1, 10), 7);
    for (const text of ['', '0', '11', '1.5', '-1', '1e1', 'x'])
      assert.equal(parseInteger(text, 1, 10), undefined, text);
  });
});
