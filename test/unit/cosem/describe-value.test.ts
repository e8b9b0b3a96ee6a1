import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { formatDate, formatDateTime, formatDeviation, formatTime } from '../../../engine/codec/axdr/date-time-text.ts';
import { allClasses } from '../../../engine/cosem/classes.ts';
import { describeData } from '../../../engine/cosem/describe-data.ts';
import { type DescribeOptions, describeAttributeValue } from '../../../engine/cosem/describe-value.ts';
import {
  enumerationOf,
  enumerationValue,
  securityPolicyMask,
  securityPolicyNames,
  sortMethods,
} from '../../../engine/cosem/enumerations.ts';
import { readScalerUnit, scalerUnitData } from '../../../engine/cosem/scaler-unit.ts';

const os = (hex: string): Data => ({ t: 'octet-string', v: Uint8Array.from(Buffer.from(hex, 'hex')) });
const text = (value: string): Data => ({ t: 'octet-string', v: Uint8Array.from(Buffer.from(value, 'latin1')) });
const en = (v: number): Data => ({ t: 'enum', v });
const unsigned = (v: number): Data => ({ t: 'unsigned', v });
const lu = (v: number): Data => ({ t: 'long-unsigned', v });
const dlu = (v: number): Data => ({ t: 'double-long-unsigned', v });
const structure = (...v: Data[]): Data => ({ t: 'structure', v });
const array = (...v: Data[]): Data => ({ t: 'array', v });

const capture = (classId: number, name: string, index: number, within = 0): Data =>
  structure(lu(classId), os(name), { t: 'integer', v: index }, lu(within));

describe('attribute values in words', () => {
  const cases: readonly (readonly [
    what: string,
    classId: number,
    attribute: number,
    data: Data,
    text: string,
    options?: DescribeOptions,
  ])[] = [
    ['logical name', 3, 1, os('0100010800FF'), '1-0:1.8.0.255'],
    ['logical name of a class nobody knows', 9000, 1, os('0100010800FF'), '1-0:1.8.0.255'],
    ['logical name of wrong length', 3, 1, os('0100'), '0100'],
    ['scaler_unit', 3, 3, structure({ t: 'integer', v: -1 }, en(30)), '10^-1 Wh'],
    ['scaler_unit, no scaling', 3, 3, structure({ t: 'integer', v: 0 }, en(35)), 'V'],
    ['scaler_unit that is none', 3, 3, structure(en(1)), '{1}'],
    ['value', 3, 2, dlu(4183), '4183'],
    ['value with scaler and unit', 3, 2, dlu(4183), '418.3 kWh', { scalerUnit: { scaler: 2, unit: 30 } }],
    [
      '64-bit value with unit',
      3,
      2,
      { t: 'long64-unsigned', v: 2n ** 63n },
      '9223372036.854775808 GWh',
      { scalerUnit: { scaler: 0, unit: 30 } },
    ],
    ['value that is no number', 3, 2, text('none'), '"none"', { scalerUnit: { scaler: 2, unit: 30 } }],
    ['demand', 5, 3, lu(12), '120 W', { scalerUnit: { scaler: 1, unit: 27 } }],
    ['status is not scaled', 4, 4, unsigned(7), '7', { scalerUnit: { scaler: 1, unit: 27 } }],
    ['capture time', 4, 5, os('07E8031F07020000FFFFC400'), '2024-03-31T02:00:00+01:00'],
    [
      'clock in summer',
      8,
      2,
      os('07E8070F01 0C1E2D00 FF88 80'.replaceAll(' ', '')),
      '2024-07-15T12:30:45+02:00 (daylight saving)',
    ],
    [
      'clock as tag 25',
      8,
      2,
      { t: 'date-time', v: Uint8Array.from(Buffer.from('07E8031F0702000000FFC400', 'hex')) },
      '2024-03-31T02:00:00+01:00',
    ],
    ['time zone', 8, 3, { t: 'long', v: -60 }, '-60 min'],
    ['clock status', 8, 4, unsigned(0x81), 'invalid, daylight saving (129)'],
    ['clock status, good', 8, 4, unsigned(0), 'good (0)'],
    [
      'begin of summer time',
      8,
      5,
      os('FFFF03FE07020000 00FFC4 00'.replaceAll(' ', '')),
      '****-03-<last> SunT02:00:00+01:00',
    ],
    ['clock base', 8, 9, en(1), 'internal-crystal (1)'],
    ['clock base out of range', 8, 9, en(77), '77'],
    ['rows of a profile', 7, 2, array(structure(dlu(1)), structure(dlu(2))), '2 rows'],
    ['one row', 7, 2, array(structure(dlu(1))), '1 row'],
    [
      'capture objects',
      7,
      3,
      array(capture(8, '0000010000FF', 2), capture(3, '0100010800FF', 2)),
      '0-0:1.0.0.255 time, 1-0:1.8.0.255 value',
    ],
    ['capture object with data index', 7, 3, array(capture(7, '0100630100FF', 2, 3)), '1-0:99.1.0.255 buffer [3]'],
    [
      'capture object of a class nobody knows',
      7,
      3,
      array(capture(9000, '0100630100FF', 2)),
      '1-0:99.1.0.255 attribute 2',
    ],
    ['no capture objects', 7, 3, array(), 'no objects'],
    [
      'many capture objects',
      7,
      3,
      array(...Array.from({ length: 6 }, () => capture(8, '0000010000FF', 2))),
      '0-0:1.0.0.255 time, 0-0:1.0.0.255 time, 0-0:1.0.0.255 time, 0-0:1.0.0.255 time, ... 6 objects',
    ],
    ['capture period', 7, 4, dlu(900), '900 s'],
    ['sort method', 7, 5, en(1), 'fifo (1)'],
    ['sort object', 7, 6, capture(8, '0000010000FF', 2), '0-0:1.0.0.255 time'],
    ['object list', 15, 2, array(structure(), structure(), structure()), '3 objects'],
    ['application context as OID', 15, 4, os('60857405080101'), 'LN'],
    [
      'application context as structure',
      15,
      4,
      structure(...[2, 16, 756, 5, 8, 1, 3].map(unsigned)),
      'LN with ciphering',
    ],
    ['mechanism', 15, 6, os('60857405080205'), 'HLS GMAC'],
    [
      'xDLMS context',
      15,
      5,
      structure({ t: 'bit-string', v: '000000000001000000010000' }, lu(1024), lu(512)),
      'block-transfer-with-get-or-read, get; PDU 1024 in, 512 out',
    ],
    ['association status', 15, 8, en(2), 'associated (2)'],
    ['SAP list', 17, 2, array(structure(lu(1), text('ABC12345'))), '1: ABC12345'],
    ['image status', 18, 6, en(3), 'verification-successful (3)'],
    ['baud', 23, 2, en(5), '9600 (5)'],
    ['execution time', 22, 4, array(structure(os('000000FF'), os('FFFFFF01FF'))), '****-**-01 00:00:00'],
    ['push destination', 40, 3, structure(en(0), text('192.0.2.1:4059'), en(0)), 'tcp 192.0.2.1:4059'],
    ['IP address', 42, 3, dlu(0xc0000201), '192.0.2.1'],
    ['MAC address', 43, 2, os('00005E005301'), '00:00:5e:00:53:01'],
    ['security policy v0', 64, 2, en(3), 'authenticated-and-encrypted (3)', { version: 0 }],
    ['security policy v1', 64, 2, en(0x0c), 'authenticated-request, encrypted-request (12)'],
    ['security policy v1, none', 64, 2, en(0), 'nothing required (0)', { version: 1 }],
    ['suite', 64, 3, en(0), 'aes-gcm-128 (0)'],
    ['control state', 70, 3, en(1), 'connected (1)'],
    ['output state', 70, 2, { t: 'boolean', v: true }, 'true'],
    ['logical device name', 1, 2, text('LGZ1030655933512'), '"LGZ1030655933512"'],
    ['padded text', 1, 2, os('41424300'), '"ABC"'],
    ['octets that are no text', 1, 2, os('DEADBEEF'), 'DEADBEEF'],
    ['long octets', 1, 2, os('00'.repeat(40)), `${'00'.repeat(24)}... (40 octets)`],
    ['nothing', 1, 2, { t: 'null-data' }, 'null'],
    ['empty', 1, 2, os(''), '(empty)'],
    ['twelve characters are text', 1, 2, text('ABCDEFGHIJKL'), '"ABCDEFGHIJKL"'],
    ['a structure', 1, 2, structure(unsigned(1), text('x'), array()), '{1, "x", []}'],
    ['manufacturer attribute', 3, -1, unsigned(5), '5'],
  ];
  for (const [what, classId, attribute, data, expected, options] of cases) {
    it(`${what}: ${expected}`, () => assert.equal(describeAttributeValue(classId, attribute, data, options), expected));
  }

  const leaf: fc.Arbitrary<Data> = fc.oneof(
    fc.constant<Data>({ t: 'null-data' }),
    fc.boolean().map<Data>((v) => ({ t: 'boolean', v })),
    fc.integer().map<Data>((v) => ({ t: 'double-long', v })),
    fc.nat(255).map<Data>((v) => ({ t: 'enum', v })),
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map<Data>((v) => ({ t: 'long64-unsigned', v })),
    fc.uint8Array({ maxLength: 14 }).map<Data>((v) => ({ t: 'octet-string', v })),
    fc.uint8Array({ minLength: 12, maxLength: 12 }).map<Data>((v) => ({ t: 'date-time', v })),
    fc.string().map<Data>((v) => ({ t: 'visible-string', v })),
    fc.double().map<Data>((v) => ({ t: 'float64', v })),
    fc.constantFrom('', '1', '0101').map<Data>((v) => ({ t: 'bit-string', v })),
  );
  const anyData = fc.letrec<{ data: Data }>((tie) => ({
    data: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('data'), { maxLength: 5 }).map<Data>((v) => ({ t: 'structure', v })),
      fc.array(tie('data'), { maxLength: 5 }).map<Data>((v) => ({ t: 'array', v })),
    ),
  })).data;

  it('any value of any attribute of any class gives one line', () => {
    const attributes = allClasses().flatMap((item) =>
      item.attributes.map(({ index }) => [item.id, index, item.version] as const),
    );
    fc.assert(
      fc.property(fc.constantFrom(...attributes), anyData, ([classId, index, version], data) => {
        for (const options of [{}, { version }, { version, scalerUnit: { scaler: -128, unit: 255 } }]) {
          assert.doesNotMatch(describeAttributeValue(classId, index, data, options), /undefined|\[object|\n/);
        }
      }),
      { seed: 4, numRuns: 3000 },
    );
  });

  it('depth and breadth are bounded', () => {
    let data: Data = unsigned(1);
    for (let depth = 0; depth < 30; depth++) data = array(...Array.from({ length: 20 }, () => data));
    const from = performance.now();
    assert.ok(describeData(data).length < 100_000);
    assert.ok(performance.now() - from < 1000);
  });
});

describe('dates in words', () => {
  it('deviation has the opposite sign of ISO 8601', () => {
    assert.deepEqual([-60, 0, 300, -330, 840].map(formatDeviation), ['+01:00', '+00:00', '-05:00', '+05:30', '-14:00']);
  });
  it('wildcards and special days', () => {
    assert.equal(formatDate({}), '****-**-**');
    assert.equal(
      formatDate({ month: 'daylight-saving-begin', day: 'second-last', dayOfWeek: 7 }),
      '****-<dst begin>-<second last> Sun',
    );
    assert.equal(formatDate({ year: 2024, month: 2, day: 29, dayOfWeek: 4 }), '2024-02-29');
    assert.equal(formatTime({ hour: 1, hundredths: 5 }), '01:**:**.05');
    assert.equal(
      formatDateTime({ year: 2024, month: 1, day: 1, hour: 0, minute: 0, second: 0, status: 3 }),
      '2024-01-01T00:00:00 (invalid, doubtful)',
    );
  });
});

describe('enumerations', () => {
  it('names and values lead to each other', () => {
    for (const [value, name] of sortMethods) assert.equal(enumerationValue(sortMethods, name), value);
    assert.equal(enumerationValue(sortMethods, 'NEAREST_TO_ZERO'), 5);
    assert.equal(enumerationValue(sortMethods, 'newest'), undefined);
    assert.equal(enumerationOf(70, 3)?.get(2), 'ready-for-reconnection');
    assert.equal(enumerationOf(64, 2, 1), undefined, 'a mask, no enumeration');
    assert.equal(enumerationOf(3, 2), undefined);
  });
  it('security policy bits', () => {
    assert.equal(
      securityPolicyMask([
        'authenticated-request',
        'encrypted-request',
        'authenticated-response',
        'encrypted-response',
      ]),
      0x6c,
    );
    assert.deepEqual(securityPolicyNames(0x90), ['signed-request', 'signed-response']);
  });
});

describe('scaler_unit', () => {
  it('survives Data', () => {
    for (const scaler of [-128, -1, 0, 3, 127])
      assert.deepEqual(readScalerUnit(scalerUnitData({ scaler, unit: 30 })), { scaler, unit: 30 });
  });
  it('is read from careless senders and refused where it is none', () => {
    assert.deepEqual(readScalerUnit(structure(unsigned(255), unsigned(27))), { scaler: -1, unit: 27 });
    for (const data of [
      unsigned(1),
      structure(unsigned(1)),
      structure(text('a'), en(1)),
      structure(unsigned(1), en(1), en(1)),
    ]) {
      assert.equal(readScalerUnit(data), undefined);
    }
  });
});
