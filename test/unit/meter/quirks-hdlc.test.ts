import assert from 'node:assert/strict';
import { clientAddress, type HdlcAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { encodeLpdu } from '../../../engine/codec/llc/llc.ts';
import type { QuirkId } from '../../../engine/template/vocabulary/quirks.ts';
import { QuirkLine, quirkMeter } from './support/quirk-meter.ts';
import { aarq } from './support/quirk-requests.ts';

const NARROW = serverAddress(1);

function frame(control: HdlcControl, information = '', destination: HdlcAddress = NARROW): string {
  const source = clientAddress(16);
  return toHex(
    encodeHdlcFrame({
      ...control,
      destination,
      source,
      pollFinal: true,
      segmented: false,
      information: fromHex(information),
    }),
  );
}

const SNRM = frame({ kind: 'SNRM' });
const AARQ = frame({ kind: 'I', ns: 0, nr: 0 }, toHex(encodeLpdu('command', fromHex(aarq()))));

interface HdlcCase {
  readonly id: QuirkId;
  readonly with?: string;
  /** Further quirks that are needed to see this one. */
  readonly also?: string;
  readonly asks: readonly string[];
  readonly standard: readonly string[];
  readonly deviating: readonly string[];
}

const cases: readonly HdlcCase[] = [
  {
    id: 'echoes-requests',
    asks: [SNRM],
    standard: ['7ea01e210373c37a818012050180060180070400000001080400000001533b7e'],
    deviating: ['7ea0070321930f017e', '7ea01e210373c37a818012050180060180070400000001080400000001533b7e'],
  },
  {
    id: 'double-flags',
    asks: [SNRM, AARQ],
    standard: [
      '7ea0372103306c7ce6e7006129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e5d04000007c2677e',
    ],
    deviating: [
      '7e7ea0372103306c7ce6e7006129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e5d04000007c2677e',
    ],
  },
  {
    id: 'pushes-before-ua',
    asks: [SNRM],
    standard: ['7ea01e210373c37a818012050180060180070400000001080400000001533b7e'],
    deviating: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'segments-pushes',
    with: '16',
    also: 'quirk "pushes-before-ua"',
    asks: [SNRM],
    standard: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
    deviating: [
      '7ea819210313c414e6e7000f000000000c07ea0b17010d0045ad7e',
      '7ea019210313e44e1e00ffc400020109075a5a5130303432dad17e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'wide-client-address-in-pushes',
    also: 'quirk "pushes-before-ua"',
    asks: [SNRM],
    standard: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
    deviating: [
      '7ea02a20ff0313a61ae6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'wide-server-address-in-pushes',
    also: 'quirk "pushes-before-ua"',
    asks: [SNRM],
    standard: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
    deviating: [
      '7ea02c21000200231304bfe6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'llc-concatenated',
    with: '2',
    also: 'quirk "pushes-before-ua"',
    asks: [SNRM],
    standard: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
    deviating: [
      '7ea049210313f29be6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a5130303432e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a51303034324ef37e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'pushes-as-i-frames',
    also: 'quirk "pushes-before-ua"',
    asks: [SNRM],
    standard: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
    deviating: [
      '7ea029010310b633e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'date-time-with-data-tag',
    also: 'quirk "pushes-before-ua"',
    asks: [SNRM],
    standard: [
      '7ea0292103131602e6e7000f000000000c07ea0b17010d001e00ffc400020109075a5a513030343213277e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
    deviating: [
      '7ea02a210313db27e6e7000f00000000090c07ea0b17010d001e00ffc400020109075a5a5130303432415b7e',
      '7ea01e210373c37a818012050180060180070400000001080400000001533b7e',
    ],
  },
  {
    id: 'answers-with-wide-address',
    asks: [SNRM],
    standard: ['7ea01e210373c37a818012050180060180070400000001080400000001533b7e'],
    deviating: ['7ea0212100020023734df2818012050180060180070400000001080400000001533b7e'],
  },
  {
    id: 'one-address-width',
    with: '2',
    asks: [SNRM],
    standard: ['7ea01e210373c37a818012050180060180070400000001080400000001533b7e'],
    deviating: [],
  },
  {
    id: 'one-address-width',
    with: '1',
    asks: [frame({ kind: 'SNRM' }, '', serverAddress(1, 17, 4))],
    standard: ['7ea0212100020023734df2818012050180060180070400000001080400000001533b7e'],
    deviating: [],
  },
  {
    id: 'wants-hdlc-parameters',
    asks: [SNRM],
    standard: ['7ea01e210373c37a818012050180060180070400000001080400000001533b7e'],
    deviating: ['7ea00721031f6be97e'],
  },
  {
    id: 'all-station-is-own-address',
    asks: [frame({ kind: 'SNRM' }, '', serverAddress(1, 127, 2))],
    standard: [],
    deviating: ['7ea01f2102ff737d31818012050180060180070400000001080400000001533b7e'],
  },
];

function last(quirks: string, { asks }: HdlcCase): string[] {
  const line = new QuirkLine(quirkMeter(quirks), 'hdlc');
  return asks.map((ask) => line.link(ask)).at(-1) ?? [];
}
describe('quirks of HDLC', () => {
  for (const item of cases) {
    const { id, also = '', with: setting } = item;
    const own = setting === undefined ? `quirk "${id}"` : `quirk "${id}" { with: ${setting} }`;
    it(`${id}${setting === undefined ? '' : ` with ${setting}`}: frames without and with it`, () => {
      assert.deepEqual(last(also, item), item.standard);
      assert.deepEqual(last(`${also}\n${own}`, item), item.deviating);
      assert.notDeepEqual(item.standard, item.deviating);
    });
  }
});
