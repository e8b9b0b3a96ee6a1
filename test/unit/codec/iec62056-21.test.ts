import assert from 'node:assert/strict';
import { digitOfSpeed, digitUpTo, speedOfDigit } from '../../../engine/codec/iec62056-21/baud.ts';
import {
  decodeIdentification,
  describeIdentification,
  encodeIdentification,
  parseIdentification,
  reactionTime,
} from '../../../engine/codec/iec62056-21/identification.ts';
import { LineSplitter, MAX_LINE_LENGTH } from '../../../engine/codec/iec62056-21/line-splitter.ts';
import {
  decodeOptionSelect,
  encodeOptionSelect,
  hdlcOption,
  isHdlcOption,
} from '../../../engine/codec/iec62056-21/option-select.ts';
import { addEvenParity, stripParity } from '../../../engine/codec/iec62056-21/parity.ts';
import {
  callsMeter,
  decodeRequestMessage,
  encodeRequestMessage,
} from '../../../engine/codec/iec62056-21/request-message.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

describe('IEC 62056-21: request message', () => {
  for (const address of ['', '1', '00012345', 'METER 7']) {
    it(`calls "${address}"`, () => {
      const line = encodeRequestMessage(address);
      assert.equal(text(line), `/?${address}!\r\n`);
      assert.deepEqual(decodeRequestMessage(line), { ok: true, value: { address }, deviations: [] });
    });
  }

  it('takes digits, letters and spaces only, at most 32', () => {
    for (const address of ['1!', 'a/b', 'é', '1'.repeat(33)]) {
      assert.throws(() => encodeRequestMessage(address), RangeError);
    }
  });

  it('is nothing else', () => {
    for (const line of ['', '/?!', '/?!\n', '?!\r\n', '/?1\r\n', '/APA5\\2NORAX30\r\n']) {
      const decoded = decodeRequestMessage(ascii(line));
      assert.equal(decoded.ok, false, line);
      assert.equal(!decoded.ok && decoded.error.code, 'bad-frame');
    }
  });

  const calls: readonly (readonly [string, string, boolean])[] = [
    ['', '4711', true],
    ['0000', '4711', true],
    ['4711', '4711', true],
    ['00004711', '4711', true],
    ['4711', '00004711', true],
    ['4712', '4711', false],
  ];
  for (const [called, own, expected] of calls) {
    it(`"${called}" ${expected ? 'calls' : 'does not call'} meter "${own}"`, () => {
      assert.equal(callsMeter(called, own), expected);
    });
  }
});

describe('IEC 62056-21: identification message', () => {
  const samples = [
    // Q02: Apator NORAX3
    { line: '/APA5\\2NORAX30', flag: 'APA', baudDigit: '5', speed: 9600, enhanced: '2', text: 'NORAX30' },
    { line: '/LGZ5\\2ZMD3104407.B32', flag: 'LGZ', baudDigit: '5', speed: 9600, enhanced: '2', text: 'ZMD3104407.B32' },
    { line: '/ISk5\\2MT382-1003', flag: 'ISk', baudDigit: '5', speed: 9600, enhanced: '2', text: 'MT382-1003' },
    { line: '/KAM6', flag: 'KAM', baudDigit: '6', speed: 19200, text: '' },
    { line: '/XXX0\\2', flag: 'XXX', baudDigit: '0', speed: 300, enhanced: '2', text: '' },
    // Mode B: a letter; there is no speed of mode E for it.
    { line: '/ABBEident', flag: 'ABB', baudDigit: 'E', text: 'ident' },
  ];
  for (const { line, ...expected } of samples) {
    it(line, () => {
      const octets = ascii(`${line}\r\n`);
      assert.deepEqual(decodeIdentification(octets), { ok: true, value: expected, deviations: [] });
      assert.deepEqual(encodeIdentification(expected), octets);
      assert.equal(describeIdentification(expected), line);
      assert.deepEqual(parseIdentification(line), expected);
    });
  }

  it('tells the reaction time by the case of the third letter', () => {
    assert.equal(reactionTime({ flag: 'ISK' }), 200);
    assert.equal(reactionTime({ flag: 'ISk' }), 20);
  });

  it('takes unusual ones with a deviation', () => {
    const long = decodeIdentification(ascii('/ABC5\\2a very long identification\r\n'));
    assert.deepEqual(
      long.deviations.map(({ id }) => id),
      ['identification-too-long'],
    );
    const digits = decodeIdentification(ascii('/1BC5\\2x\r\n'));
    assert.deepEqual(
      digits.deviations.map(({ id }) => id),
      ['flag-letters'],
    );
  });

  it('is nothing else', () => {
    for (const line of ['', '/', '/ABC\r\n', '/ABC5x', '/AB/5x\r\n', '/ABC5!\r\n', '/?!\r\n', '\x062525\r\n']) {
      assert.equal(decodeIdentification(ascii(line)).ok, false, JSON.stringify(line));
    }
  });

  it('cannot be encoded from parts that would read differently', () => {
    const good = { flag: 'ABC', baudDigit: '5', text: 'x' };
    for (const bad of [{ flag: 'AB' }, { flag: 'aBC' }, { baudDigit: '55' }, { text: 'a!' }, { text: 'a/b' }]) {
      assert.throws(() => encodeIdentification({ ...good, ...bad }), RangeError);
    }
  });
});

describe('IEC 62056-21: option select', () => {
  it('chooses HDLC with V and Y 2 (wire.md 2)', () => {
    const line = encodeOptionSelect(hdlcOption('5'));
    assert.deepEqual([...line], [0x06, 0x32, 0x35, 0x32, 0x0d, 0x0a]);
    const decoded = decodeOptionSelect(line);
    assert.ok(decoded.ok);
    assert.ok(isHdlcOption(decoded.value));
  });

  it('knows readout and programming of mode C from HDLC', () => {
    for (const option of ['050', '051', '252', '250', '052']) {
      const decoded = decodeOptionSelect(ascii(`\x06${option}\r\n`));
      assert.ok(decoded.ok);
      assert.equal(isHdlcOption(decoded.value), option === '252');
    }
  });

  it('is nothing else', () => {
    for (const line of ['', '\x06', '\x06252', '\x062522\r\n', '\x15252\r\n', '252\r\n']) {
      assert.equal(decodeOptionSelect(ascii(line)).ok, false, JSON.stringify(line));
    }
  });
});

describe('IEC 62056-21: speeds and parity', () => {
  it('digits 0 to 6 are 300 to 19200 bit/s', () => {
    const speeds = ['0', '1', '2', '3', '4', '5', '6'].map(speedOfDigit);
    assert.deepEqual(speeds, [300, 600, 1200, 2400, 4800, 9600, 19200]);
    assert.deepEqual(
      speeds.map((speed) => digitOfSpeed(speed ?? 0)),
      ['0', '1', '2', '3', '4', '5', '6'],
    );
    assert.equal(speedOfDigit('7'), undefined);
    assert.equal(speedOfDigit('A'), undefined);
    assert.equal(digitOfSpeed(115200), undefined);
    assert.deepEqual([200, 300, 9600, 10000, 115200].map(digitUpTo), ['0', '0', '5', '5', '6']);
  });

  it('AF CC 47 5A 35 is /LGZ5 with even parity in the top bit (Q03)', () => {
    const octets = Uint8Array.of(0xaf, 0xcc, 0x47, 0x5a, 0x35);
    assert.equal(text(stripParity(octets)), '/LGZ5');
    assert.deepEqual(addEvenParity(ascii('/LGZ5')), octets);
  });

  it('every character has an even number of bits set, and comes back', () => {
    const all = Uint8Array.from({ length: 128 }, (_, i) => i);
    const sent = addEvenParity(all);
    for (const octet of sent) assert.equal(octet.toString(2).replaceAll('0', '').length % 2, 0);
    assert.deepEqual(stripParity(sent), all);
  });
});

describe('IEC 62056-21: lines', () => {
  it('finds messages behind wake-up NULs and noise, in whatever pieces, parity taken off', () => {
    const stream = [...new Uint8Array(40), 0xff, 0x13, ...addEvenParity(ascii('/?!\r\n/APA5\\2NORAX30\r\n')), 0x06];
    for (const size of [1, 2, 3, 7, stream.length]) {
      const splitter = new LineSplitter();
      const lines: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        lines.push(...splitter.push(Uint8Array.from(stream.slice(at, at + size))).lines.map(text));
      }
      assert.deepEqual(lines, ['/?!\r\n', '/APA5\\2NORAX30\r\n'], `pieces of ${size}`);
      assert.equal(splitter.pendingOctets, 1);
    }
  });

  it('stops behind the line asked for: what follows may be HDLC', () => {
    const splitter = new LineSplitter();
    const { lines, used } = splitter.push(ascii('\x06252\r\n\x7e\xa0'), 1);
    assert.deepEqual(lines.map(text), ['\x06252\r\n']);
    assert.equal(used, 6);
  });

  it('keeps no more than a line may have', () => {
    const splitter = new LineSplitter();
    splitter.push(ascii(`/${'x'.repeat(100_000)}`));
    assert.equal(splitter.pendingOctets, MAX_LINE_LENGTH);
  });
});
