import type { QuirkId } from '../../../../engine/template/vocabulary/quirks.ts';
import {
  AARQ_SN,
  aarq,
  action,
  get,
  getList,
  next,
  RLRQ,
  range,
  read,
  set,
  WITHOUT_BLOCKS,
  write,
} from './quirk-requests.ts';

/** What goes in over the wrapper, and what the last of it is answered with: as the standard says, and with the quirk. */
export interface QuirkCase {
  readonly id: QuirkId;
  /** What `with` says. */
  readonly with?: string;
  /** Client SAP. Default 16. */
  readonly client?: number;
  /** APDUs in hex, each answered before the next. */
  readonly asks: readonly string[];
  readonly standard: readonly string[];
  readonly deviating: readonly string[];
}

const AARQ = aarq();
const SMALL = aarq(undefined, {}, 32);
const LONG = get(1, '0-0:96.51.0.255');
const SHORT = get(1, '0-0:96.50.0.255');
const WRONG_CONTEXT = aarq(undefined, { applicationContext: 'ln-ciphered' });
const PROFILE = '1-0:99.1.0.255';
const CLOCK = '0-0:1.0.0.255';
/** Rows of the object list for some classes. */
const listOf = (...classes: readonly number[]): string =>
  get(15, '0-0:40.0.0.255', 2, {
    selector: 2,
    params: { t: 'array', v: classes.map((v) => ({ t: 'long-unsigned', v })) },
  });
const LOCAL_TIME = Uint8Array.from([7, 0xea, 11, 23, 0xff, 14, 0, 0, 0, 0xff, 0xc4, 0]);

/** Quirks that show in APDUs over the wrapper, without keys. */
export const quirkCases: readonly QuirkCase[] = [
  // Connections
  {
    id: 'echoes-requests',
    asks: [AARQ, SHORT],
    standard: ['c401c1001107'],
    deviating: ['c001c100010000603200ff0200', 'c401c1001107'],
  },
  {
    id: 'stays-silent',
    asks: [AARQ],
    standard: ['6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e5d04000007'],
    deviating: [],
  },
  {
    id: 'writes-octet-by-octet',
    with: '8',
    asks: [AARQ, SHORT],
    standard: ['c401c1001107'],
    deviating: ['0001000100100006', 'c401c1001107'],
  },
  // Opening and release
  {
    id: 'omits-user-information-on-reject',
    asks: [WRONG_CONTEXT],
    standard: ['6129a109060760857405080103a203020101a305a103020102be10040e0800065f1f0400001e5d04000007'],
    deviating: ['6117a109060760857405080103a203020101a305a103020102'],
  },
  {
    id: 'junk-in-user-information-on-reject',
    asks: [WRONG_CONTEXT],
    standard: ['6129a109060760857405080103a203020101a305a103020102be10040e0800065f1f0400001e5d04000007'],
    deviating: ['611fa109060760857405080103a203020101a305a103020102be060404ff55aaff'],
  },
  { id: 'no-release', asks: [AARQ, RLRQ], standard: ['6303800100'], deviating: [] },
  {
    id: 'junk-after-release',
    with: '4',
    asks: [AARQ, RLRQ],
    standard: ['6303800100'],
    deviating: ['6303800100', 'ffffffff'],
  },
  {
    id: 'conformance-tag-one-octet',
    asks: [AARQ],
    standard: ['6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f0400001e5d04000007'],
    deviating: ['6128a109060760857405080101a203020100a305a103020100be0f040d0800065f0400001e5d04000007'],
  },
  { id: 'serves-without-aarq', with: '16', asks: [SHORT], standard: ['d80101'], deviating: ['c401c1001107'] },
  // Services
  {
    id: 'refuses-negotiated-lists',
    asks: [AARQ, getList([1, '0-0:96.50.0.255'], [3, '1-0:1.8.0.255'])],
    standard: ['c403c102001107000600001267'],
    deviating: ['d80102'],
  },
  {
    id: 'refuses-negotiated-lists',
    client: 48,
    asks: [AARQ_SN, read(0x2008, 0x2108)],
    standard: ['0c0200090430303432001107'],
    deviating: ['0e050302'],
  },
  {
    id: 'blocks-without-negotiation',
    asks: [aarq(WITHOUT_BLOCKS, {}, 64), LONG],
    standard: ['c401c101fa'],
    deviating: [
      'c402c100000000010034093c7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878',
    ],
  },
  {
    id: 'first-block-0',
    asks: [SMALL, LONG],
    standard: ['c402c100000000010014093c787878787878787878787878787878787878'],
    deviating: ['c402c100000000000014093c787878787878787878787878787878787878'],
  },
  {
    id: 'first-block-0',
    asks: [SMALL, LONG, next(0)],
    standard: ['c402c101000000000113'],
    deviating: ['c402c1000000000100147878787878787878787878787878787878787878'],
  },
  {
    id: 'answers-get-in-blocks-only',
    asks: [AARQ, SHORT],
    standard: ['c401c1001107'],
    deviating: ['c402c1010000000100021107'],
  },
  {
    id: 'answers-get-in-blocks-only',
    asks: [AARQ, getList([1, '0-0:96.50.0.255'], [3, '1-0:1.8.0.255'])],
    standard: ['c403c102001107000600001267'],
    deviating: ['c402c10100000001000a02001107000600001267'],
  },
  {
    id: 'block-numbers-go-on',
    asks: [SMALL, LONG, next(1), next(2), next(3), LONG],
    standard: ['c402c100000000010014093c787878787878787878787878787878787878'],
    deviating: ['c402c100000000050014093c787878787878787878787878787878787878'],
  },
  {
    id: 'return-parameters-absent',
    asks: [AARQ, action(9, '0-0:10.0.100.255', 1, { t: 'long-unsigned', v: 1 })],
    standard: ['c701c10000'],
    deviating: ['c701c100'],
  },
  {
    id: 'success-as-error',
    client: 48,
    asks: [AARQ_SN, write(0x2108, { t: 'unsigned', v: 3 })],
    standard: ['0d0100'],
    deviating: ['0d010100'],
  },
  {
    id: 'error-for-empty-range',
    asks: [AARQ, get(7, PROFILE, 2, range(8, CLOCK, 1, 0, 1))],
    standard: ['c401c1000100'],
    deviating: ['c401c1010b'],
  },
  {
    id: 'error-for-empty-range',
    with: '250',
    asks: [AARQ, get(7, PROFILE, 2, range(8, CLOCK, 1, 0, 1))],
    standard: ['c401c1000100'],
    deviating: ['c401c101fa'],
  },
  {
    id: 'range-by-sort-object-only',
    asks: [AARQ, get(7, PROFILE, 2, range(3, '1-0:1.8.0.255', 23, 12, 13))],
    standard: [
      'c401c10001030202090c07ea0b17010b000000ffc40006000012670202090c07ea0b17010c000000ffc40006000012670202090c07ea0b17010d000000ffc4000600001267',
    ],
    deviating: ['c401c1010d'],
  },
  {
    id: 'refuses-deviation-in-date-time',
    asks: [AARQ, set(8, CLOCK, { t: 'octet-string', v: LOCAL_TIME })],
    standard: ['c501c100'],
    deviating: ['c501c10c'],
  },
  {
    id: 'hardware-fault-for-empty-image',
    asks: [AARQ, get(18, '0-0:44.0.0.255', 7)],
    standard: ['c401c1000100'],
    deviating: ['c401c10101'],
  },
  // What attributes hold
  {
    id: 'array-count-one-too-many',
    asks: [AARQ, listOf(9)],
    standard: ['c401c100010102041200091100090600000a0064ff0202010202030f0116010002030f02160300010102020f011601'],
    deviating: ['c401c100010202041200091100090600000a0064ff0202010202030f0116010002030f02160300010102020f011601'],
  },
  {
    id: 'association-object-last',
    asks: [AARQ, listOf(15, 9)],
    standard: [
      'c401c1000102020412000f110309060000280000ff0202010b02030f0116010002030f02160301040f010f020f030f0402030f0316030002030f0416030002030f0516030002030f0616030002030f0716030002030f0816030002030f0916030002030f0a16030002030f0b160300010602020f01160102020f02160102020f03160102020f04160102020f05160102020f06160102041200091100090600000a0064ff0202010202030f0116010002030f02160300010102020f011601',
    ],
    deviating: [
      'c401c100010202041200091100090600000a0064ff0202010202030f0116010002030f02160300010102020f011601020412000f110309060000280000ff0202010b02030f0116010002030f02160301040f010f020f030f0402030f0316030002030f0416030002030f0516030002030f0616030002030f0716030002030f0816030002030f0916030002030f0a16030002030f0b160300010602020f01160102020f02160102020f03160102020f04160102020f05160102020f061601',
    ],
  },
  {
    id: 'sparse-access-rights',
    asks: [AARQ, listOf(42)],
    standard: [
      'c401c1000101020412002a110009060000190100ff0202010a02030f0116010002030f0216010002030f0316010002030f0416010002030f0516010002030f0616010002030f0716010002030f0816010002030f0916010002030f0a160100010302020f01160002020f02160002020f031600',
    ],
    deviating: [
      'c401c1000101020412002a110009060000190100ff0202010a02030f0116010002030f0216010002030f0316010002030f0416010002030f0516010002030f0616010002030f0716010002030f0816010002030f0916010002030f0a1601000100',
    ],
  },
  {
    id: 'negative-attribute-ids',
    asks: [AARQ, listOf(9)],
    standard: ['c401c100010102041200091100090600000a0064ff0202010202030f0116010002030f02160300010102020f011601'],
    deviating: [
      'c401c100010102041200091100090600000a0064ff0202010302030fff16010002030f0116010002030f02160300010102020f011601',
    ],
  },
  {
    id: 'method-access-without-array',
    asks: [AARQ, listOf(9)],
    standard: ['c401c100010102041200091100090600000a0064ff0202010202030f0116010002030f02160300010102020f011601'],
    deviating: ['c401c100010102041200091100090600000a0064ff0202010202030f0116010002030f0216030002020f011601'],
  },
  {
    id: 'capture-index-0',
    asks: [AARQ, get(7, PROFILE, 3)],
    standard: ['c401c1000102020412000809060000010000ff0f02120000020412000309060100010800ff0f02120000'],
    deviating: ['c401c1000102020412000809060000010000ff0f00120000020412000309060100010800ff0f00120000'],
  },
  {
    id: 'null-status',
    asks: [AARQ, get(4, '1-0:1.6.0.255', 4)],
    standard: ['c401c1001101'],
    deviating: ['c401c10000'],
  },
  {
    id: 'script-table-as-structure',
    asks: [AARQ, get(9, '0-0:10.0.100.255')],
    standard: ['c401c1000101020212000101010205160112000109060000603200ff0f021101'],
    deviating: ['c401c1000201020212000101010205160112000109060000603200ff0f021101'],
  },
  {
    id: 'scaler-unit-of-other-class',
    asks: [AARQ, get(3, '1-0:1.8.0.255', 3)],
    standard: ['c401c10002020f00161e'],
    deviating: ['c401c1000600001267'],
  },
  {
    id: 'time-instead-of-date-time',
    asks: [AARQ, get(20, '0-0:13.0.0.255', 10)],
    standard: ['c401c100090c07ea0b17ff0d000000800000'],
    deviating: ['c401c10009040d000000'],
  },
  {
    id: 'deviation-reversed',
    asks: [AARQ, get(8, CLOCK)],
    standard: ['c401c100090c07ea0b17010d001e00ffc400'],
    deviating: ['c401c100090c07ea0b17010d001e00003c00'],
  },
  {
    id: 'deviation-reversed',
    asks: [AARQ, set(8, CLOCK, { t: 'octet-string', v: LOCAL_TIME }), get(8, CLOCK)],
    standard: ['c401c100090c07ea0b17010e000000ffc400'],
    deviating: ['c401c100090c07ea0b170110000000003c00'],
  },
  {
    id: 'deviation-not-specified',
    asks: [AARQ, get(8, CLOCK)],
    standard: ['c401c100090c07ea0b17010d001e00ffc400'],
    deviating: ['c401c100090c07ea0b17010d001e00800000'],
  },
  {
    id: 'deviation-not-specified',
    asks: [AARQ, get(7, PROFILE, 2, range(8, CLOCK, 23, 13, 13))],
    standard: ['c401c10001010202090c07ea0b17010d000000ffc4000600001267'],
    deviating: ['c401c10001010202090c07ea0b17010d0000008000000600001267'],
  },
  {
    id: 'clock-ahead',
    with: '90s',
    asks: [AARQ, get(8, CLOCK)],
    standard: ['c401c100090c07ea0b17010d001e00ffc400'],
    deviating: ['c401c100090c07ea0b17010d020000ffc400'],
  },
  {
    id: 'capture-period-zero',
    asks: [AARQ, get(7, PROFILE, 4)],
    standard: ['c401c1000600000e10'],
    deviating: ['c401c1000600000000'],
  },
  {
    id: 'texts-as-octet-string',
    asks: [AARQ, get(1, '0-0:96.52.0.255')],
    standard: ['c401c1000c03455552'],
    deviating: ['c401c1000903455552'],
  },
  {
    id: 'current-user-as-text',
    asks: [AARQ, get(15, '0-0:40.0.0.255', 11)],
    standard: ['c401c100020211000a00'],
    deviating: ['c401c1000a00'],
  },
  {
    id: 'ip-address-empty',
    asks: [AARQ, get(42, '0-0:25.1.0.255', 3)],
    standard: ['c401c100067f000001'],
    deviating: ['c401c1000900'],
  },
  {
    id: 'dates-with-own-tags',
    asks: [AARQ, get(22, '0-0:15.0.0.255', 4)],
    standard: ['c401c100010102020904000000000905ffffff01ff'],
    deviating: ['c401c100010102021b000000001affffff01ff'],
  },
];
