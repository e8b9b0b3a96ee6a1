import assert from 'node:assert/strict';
import { toHex } from '../../../engine/codec/hex.ts';
import { parseHexInput } from '../../../engine/codec/translate/parse-hex-input.ts';

describe('hex input', () => {
  const check = (name: string, text: string, hex: string): void => {
    it(name, () => {
      const input = parseHexInput(text);
      assert.ok(input.ok, input.ok ? '' : input.message);
      assert.equal(toHex(input.octets), hex);
    });
  };
  check('plain', '7ea0', '7ea0');
  check('upper case with blanks and line ends', '7E A0\r\n07 03\n', '7ea00703');
  check('0x and commas', '0x7E, 0xa0,0X07', '7ea007');
  check('a C array', '{ 0x7e, 0xA0, 0x7 };', '7ea007');
  check('colons', '7E:A0:07:03', '7ea00703');
  check('colons that look like a time', '12:34:56', '123456');
  check('dashes', '7E-A0-07', '7ea007');
  check('escapes', '"\\x7e\\xa0\\x07"', '7ea007');
  check('comments', '7e # flag\na0 07 // format\n/* address\n 03 */ 03 21', '7ea0070321');
  check('a hex dump of xxd', '00000000: 7ea0 0703 2193 0f01 7e                     ~...!...~', '7ea0070321930f017e');
  check(
    'a hex dump of hexdump -C',
    '00000000  7e a0 07 03 21 93 0f 01  7e 7e a0 07 03 21 93 0f  |~...!...~~...!..|\n00000010  01 7e                                             |.~|\n00000012',
    '7ea0070321930f017e7ea0070321930f017e',
  );
  check('a hex dump of Wireshark', '0000   7e a0 07 03 21 93 0f 01 7e', '7ea0070321930f017e');
  check('octets that begin like an offset', '0000 7ea0', '00007ea0');
  check('lines broken inside of octets', '7EA0070-\n321930F01-\r\n7E', '7ea0070321930f017e');
  check('a bytes literal', "b'~\\xa0\\x07\\x03!\\x93\\n\\'\\x01~'", '7ea00703' + '21930a27017e');
  check('a bytearray', 'bytearray(b"~\\xa0(\\x07")', '7ea02807');
  check('a bytes literal of hex digits', "b'7ea007'", '7ea007');
  check('a list of octets in brackets', '[0x7e, 0xA0]', '7ea0');
  check('octets in brackets', '[7E] [A0] 07', '7ea007');
  check('words behind a prefix', '[I] start\n7ea0', '7ea0');
  check('nothing', '', '');
  check('only a comment', '# nothing here', '');

  const log = (
    name: string,
    text: string,
    expected: readonly (readonly [string | undefined, string, number])[],
  ): void => {
    it(`a log: ${name}`, () => {
      const input = parseHexInput(text);
      assert.ok(input.ok, input.ok ? '' : input.message);
      assert.deepEqual(
        input.messages.map((message) => [message.direction, toHex(message.octets), message.line]),
        expected,
      );
    });
  };
  log('TX and RX', 'TX: 7EA0\nRX: 7E A1\n', [
    ['TX', '7ea0', 1],
    ['RX', '7ea1', 2],
  ]);
  log('words and times in both orders', '12:00:01.234 RX 7E A1\nTX: 10:00:00\t7E A0\n[2024-05-01T10:00:00Z] Sent: 01', [
    ['RX', '7ea1', 1],
    ['TX', '7ea0', 2],
    ['TX', '01', 3],
  ]);
  log('arrows', '>> 7ea0\n<< 7ea1\n-> 01\n<- 02', [
    ['TX', '7ea0', 1],
    ['RX', '7ea1', 2],
    ['TX', '01', 3],
    ['RX', '02', 4],
  ]);
  log('messages over several lines', 'RX: 7E\n   A0 07\nTX: 01', [
    ['RX', '7ea007', 1],
    ['TX', '01', 3],
  ]);
  log('only times', '2024-05-01 10:00:00,5 7ea0\n2024-05-01 10:00:01,5 7ea1', [
    [undefined, '7ea0', 1],
    [undefined, '7ea1', 2],
  ]);
  log(
    'levels and sources of embedded devices',
    '[16:58:09.396][VV][dlms_meter:030]: 7EA0070321\n[16:58:09.399][VV][dlms_meter:030]: 930F017E',
    [
      [undefined, '7ea0070321', 1],
      [undefined, '930f017e', 2],
    ],
  );
  log('a direction behind tags', '[11:40:01][D][uart_debug:114]: <<< 7E:A0:07\n[11:40:02][D][uart_debug:114]: >>> 01', [
    ['RX', '7ea007', 1],
    ['TX', '01', 2],
  ]);
  log('what the program says between octets', '(V) HDLC frame:\n(V) 7E A0 07  03\n(D) 243 bytes\n(V) 21 93', [
    [undefined, '7ea00703', 2],
    [undefined, '2193', 4],
  ]);
  log('times before words and before octets', '13:06:54.260 decoded 3 bytes\n13:06:54.261 :>02 0f 01', [
    [undefined, '020f01', 2],
  ]);
  log('labels of a port monitor', 'Length: 0003, Data: 7E A0 07\nLength: 0002, Data: 03 21', [
    [undefined, '7ea007', 1],
    [undefined, '0321', 2],
  ]);
  log('lines without octets', 'TX:\nRX: 01\n# end', [['RX', '01', 2]]);

  const refuse = (name: string, text: string, position: number, line: number, column: number): void => {
    it(`refuses ${name} and says where`, () => {
      const input = parseHexInput(text);
      assert.ok(!input.ok);
      assert.deepEqual([input.position, input.line, input.column], [position, line, column]);
      assert.match(input.message, new RegExp(`line ${line}, column ${column}`));
    });
  };
  refuse('another letter', '7E A0\n07 G3', 9, 2, 4);
  refuse('another letter behind a prefix', '[D] 7E A0\n[D] 7G A0', 14, 2, 5);
  refuse('words without a prefix', 'dump\n7ea0', 0, 1, 1);
  refuse('half an octet', '7E A 07', 3, 1, 4);
  refuse('half an octet at the end', '7E A', 3, 1, 4);
  refuse('half an octet before the next message', 'TX: 7\nRX: 01', 4, 1, 5);
  refuse('words', 'hello', 0, 1, 1);
});
