import assert from 'node:assert/strict';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { fromHex } from '../../../engine/codec/hex.ts';
import type { NotificationApdu } from '../../../engine/session/notification.ts';
import { pushValues } from '../../../engine/session/push-values.ts';

const code = (hex: string): Data => ({ t: 'octet-string', v: fromHex(hex) });
const structure = (...v: readonly Data[]): Data => ({ t: 'structure', v });
const array = (...v: readonly Data[]): Data => ({ t: 'array', v });
const u32 = (v: number): Data => ({ t: 'double-long-unsigned', v });
const u16 = (v: number): Data => ({ t: 'long-unsigned', v });
const scaler = (power: number, unit: number): Data => structure({ t: 'integer', v: power }, { t: 'enum', v: unit });
const text = (v: string): Data => ({ t: 'visible-string', v });
const pushObject = (classId: number, hex: string, attribute: number): Data =>
  structure(u16(classId), code(hex), { t: 'integer', v: attribute }, u16(0));

const notification = (data: Data): NotificationApdu => ({
  kind: 'data-notification',
  longInvokeId: 1,
  dateTime: new Uint8Array(0),
  data,
});

/** `OBIS name = text`, or the position where there is no code. */
function shown(apdu: NotificationApdu): string[] {
  return pushValues(apdu).map(({ position, obis, attribute, name, text: value }) => {
    return `${position}: ${obis ?? '-'}${attribute === undefined ? '' : `:${attribute}`} ${name} = ${value}`;
  });
}

describe('values of pushes', () => {
  const cases: readonly (readonly [name: string, data: Data, expected: readonly string[]])[] = [
    [
      'structures of code, value and scaler (Aidon)',
      array(
        structure(code('0101000281ff'), text('AIDON_V0001')),
        structure(code('0100010700ff'), u32(280), scaler(0, 27)),
        structure(code('0100200700ff'), u16(2308), scaler(-1, 35)),
      ),
      [
        '1: 1-1:0.2.129.255 Manufacturer specific (electricity, E=129) = "AIDON_V0001"',
        '2: 1-0:1.7.0.255 Active power import (+A), instantaneous = 280 W',
        '3: 1-0:32.7.0.255 Voltage L1 = 230.8 V',
      ],
    ],
    [
      'codes and values in turn, with a list version first (Kamstrup)',
      structure(text('Kamstrup_V0001'), code('0101010700ff'), u32(280), code('0101200700ff'), u16(230)),
      [
        '1: - value 1 = "Kamstrup_V0001"',
        '2: 1-1:1.7.0.255 Active power import (+A), instantaneous, channel 1 = 280',
        '3: 1-1:32.7.0.255 Voltage L1, channel 1 = 230',
      ],
    ],
    [
      'both in one structure (Kaifa, Tyrol)',
      structure(
        code('0000010000ff'),
        code('07e50713010f2e2300ff8880'),
        structure(code('0100010800ff'), u32(9108), scaler(0, 30)),
      ),
      [
        '1: 0-0:1.0.0.255 Clock = 2021-07-19T15:46:35+02:00 (daylight saving)',
        '2: 1-0:1.8.0.255 Active energy import (+A), total = 9.108 kWh',
      ],
    ],
    [
      'codes, values and scalers in turn',
      structure(code('0100200700ff'), u16(2308), scaler(-1, 35), code('01001f0700ff'), u16(15), scaler(-1, 33)),
      ['1: 1-0:32.7.0.255 Voltage L1 = 230.8 V', '2: 1-0:31.7.0.255 Current L1 = 1.5 A'],
    ],
    [
      'values of a list that names nothing (Kaifa, Norway)',
      structure(code('4b464d5f303031'), u32(9745), u32(0)),
      ['1: - value 1 = "KFM_001"', '2: - value 2 = 9745', '3: - value 3 = 0'],
    ],
    [
      'a push object list that comes with its values and names itself (L+G E450)',
      structure(
        array(pushObject(40, '0008190900ff', 2), pushObject(3, '0100010800ff', 2), pushObject(3, '0100010800ff', 3)),
        u32(418_300),
        scaler(0, 30),
      ),
      [
        '1: 1-0:1.8.0.255:2 Active energy import (+A), total = 418.3 kWh',
        '2: 1-0:1.8.0.255:3 Active energy import (+A), total = Wh',
      ],
    ],
    [
      'a push object list beside its values',
      structure(
        array(pushObject(1, '0000600100ff', 2), pushObject(8, '0000010000ff', 2)),
        text('4711'),
        code('07e50713010f2e2300ff8880'),
      ),
      [
        '1: 0-0:96.1.0.255:2 Device ID 1 = "4711"',
        '2: 0-0:1.0.0.255:2 Clock = 2021-07-19T15:46:35+02:00 (daylight saving)',
      ],
    ],
    ['one value that is nothing else', u32(7), ['1: - value 1 = 7']],
    ['nothing', structure(), []],
    [
      'a code that is no name: two of them, or the last element',
      structure(code('0100010800ff'), code('0100020800ff'), u32(1), code('0100030800ff')),
      [
        '1: - value 1 = 1-0:1.8.0.255',
        '2: 1-0:2.8.0.255 Active energy export (-A), total = 1',
        '3: - value 3 = 1-0:3.8.0.255',
      ],
    ],
  ];
  for (const [name, data, expected] of cases) {
    it(name, () => assert.deepEqual(shown(notification(data)), expected));
  }

  it('an event names its attribute, an information report has short names', () => {
    const attr = { class: 1, obis: '0-0:97.98.0.255', index: 2 };
    assert.deepEqual(shown({ kind: 'event-notification', time: null, attr, data: u32(32) }), [
      '1: 0-0:97.98.0.255:2 Alarm register 1 = 32',
    ]);
    const list = [{ 'variable-name': 0xfa00 }];
    assert.deepEqual(shown({ kind: 'information-report', time: null, list, values: [u32(1)] }), [
      '1: - short name FA00 = 1',
    ]);
  });
});
