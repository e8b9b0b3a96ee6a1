import assert from 'node:assert/strict';
import { dottedOid } from '../../../engine/codec/acse/names.ts';
import { octetStringMeaning } from '../../../engine/codec/explain/data-meaning.ts';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { encodeHdlcParameters } from '../../../engine/codec/hdlc/parameters.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { Field } from '../../../engine/codec/result.ts';
import { translate } from '../../../engine/codec/translate/translate.ts';

/** The first field with this name, outermost first. */
function find(fields: readonly Field[], name: string): Field | undefined {
  const here = fields.find((field) => field.name === name);
  if (here !== undefined) return here;
  for (const { children } of fields) {
    const inside = find(children ?? [], name);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

const AARQ = '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0';
const HLS_AARE =
  '6142a109060760857405080101a203020100a305a10302010e88020780890760857405080205' +
  'aa0a8008503677524a323146be10040e0800065f1f040000501f01f40007';
const SNRM = toHex(
  encodeHdlcFrame({
    kind: 'SNRM',
    destination: serverAddress(1, 17),
    source: clientAddress(16),
    information: encodeHdlcParameters({ maxInfoTx: 512, maxInfoRx: 512, windowTx: 1, windowRx: 1 }),
    segmented: false,
    pollFinal: true,
  }),
);

const shown: readonly (readonly [hex: string, name: string, value: string])[] = [
  [AARQ, 'application-context-name', 'ln (2.16.756.5.8.1.1)'],
  [AARQ, 'client-max-receive-pdu-size', '1200 octets'],
  ['600ba10906076085740508017f', 'application-context-name', '2.16.756.5.8.1.127'],
  [HLS_AARE, 'mechanism-name', 'hls-gmac (2.16.756.5.8.2.5)'],
  [HLS_AARE, 'result', 'accepted (0)'],
  [HLS_AARE, 'result-source-diagnostic', 'acse-service-user: authentication-required (14)'],
  [HLS_AARE, 'vaa-name', '7 (logical names)'],
  ['0800065f1f04001c032001f4fa00', 'vaa-name', 'fa00 (short names)'],
  ['6203800100', 'reason', 'normal (0)'],
  ['c001c100030100010800ff0200', 'invoke-id-and-priority', 'id 1, confirmed, high priority'],
  ['c0010500030100010800ff0200', 'invoke-id-and-priority', 'id 5, unconfirmed, normal priority'],
  ['c001c100030100010800ff0200', 'cosem-attribute-descriptor', 'class 3, 1-0:1.8.0.255, attribute 2'],
  ['c301c100030100010800ff0100', 'cosem-method-descriptor', 'class 3, 1-0:1.8.0.255, method 1'],
  ['c002c100000003', 'get-request', 'next, block 3'],
  ['c402c101000000030002aabb', 'get-response', 'with-datablock, block 3, last'],
  ['c402c100000000030002aabb', 'get-response', 'with-datablock, block 3'],
  ['c401c10103', 'data-access-result', 'read-write-denied (3)'],
  ['c401c10009060000010000ff', 'data', 'octet-string 0000010000ff (0-0:1.0.0.255)'],
  ['c401c1000904746573 74', 'data', 'octet-string 74657374 ("test")'],
  [
    'c401c100090c07dc030c07161e0000ff8880',
    'data',
    'octet-string 07dc030c07161e0000ff8880 (2012-03-12T22:30:00+02:00 (daylight saving))',
  ],
  [
    'c401c10019 07dc030c07161e0000ff8880',
    'data',
    'date-time 07dc030c07161e0000ff8880 (2012-03-12T22:30:00+02:00 (daylight saving))',
  ],
  ['c401c1001a07dc030c07', 'data', 'date 07dc030c07 (2012-03-12)'],
  ['c401c1001b161e0000', 'data', 'time 161e0000 (22:30:00)'],
  ['c401c100020211e8 161e', '[1]', 'enum 30'],
  ['0f4000000100 0f01', 'long-invoke-id-and-priority', 'id 1, confirmed, normal priority'],
  [
    '0fb000000100 0f01',
    'long-invoke-id-and-priority',
    'id 1, unconfirmed, high priority, self-descriptive, break on error',
  ],
  ['0f0000000100 0f01', 'date-time', 'not sent'],
  ['e0c100020001 02aabb', 'block-control', 'last, streaming, window 1'],
  ['e00300020001 02aabb', 'block-control', 'more blocks follow, not streaming, window 3'],
  ['e08100020001 02aabb', 'general-block-transfer', 'block 2, last'],
  [
    'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b',
    'security-control',
    '30: suite 0, authenticated, encrypted, unicast key',
  ],
  ['db084d4d4d0000bc614e074000000001aabb', 'security-control', '40: suite 0, not protected, broadcast key'],
  ['db084d4d4d0000bc614e072000000001aabb', 'system-title', '4d4d4d0000bc614e (MMM)'],
  ['db084d4d4d0000bc614e072000000001aabb', 'invocation-counter', '1'],
  ['dd000000000001020101 02 cccc 0720000000 01aabb', 'key-parameters', 'one-pass (01)'],
  ['050102fa08', 'variable-name', '64008 (fa08)'],
  [SNRM, 'frame format', 'type 3, length 33'],
  [SNRM, 'destination address', 'server 1/17'],
  [SNRM, 'source address', 'client 16'],
  [SNRM, 'control', 'SNRM P'],
  [SNRM, 'maximum information field length, transmit', '512 octets'],
  [SNRM, 'window size, receive', '1 frame'],
];

describe('values of fields as people read them', () => {
  for (const [hex, name, value] of shown) {
    it(`${name}: ${value}`, () => {
      const { fields = [] } = translate(fromHex(hex.replaceAll(' ', '')), { fields: true, layer: layerOf(hex) });
      assert.equal(find(fields, name)?.value, value);
    });
  }

  it('name each set bit of a conformance block with its place', () => {
    const { fields = [] } = translate(fromHex(AARQ), { fields: true, layer: 'apdu' });
    const block = find(fields, 'conformance bits');
    assert.deepEqual(block?.children?.map(({ name, from, to, value }) => [name, value, from, to]).slice(0, 3), [
      ['priority-mgmt-supported', 'bit 9', 27, 28],
      ['attribute0-supported-with-get', 'bit 10', 27, 28],
      ['block-transfer-with-get-or-read', 'bit 11', 27, 28],
    ]);
    assert.equal(block?.children?.length, 11);
  });

  const meanings: readonly (readonly [hex: string, meaning: string | undefined])[] = [
    ['', undefined],
    ['41', undefined],
    ['0000600100ff', '0-0:96.1.0.255'],
    ['010001080001', '1-0:1.8.0.1'],
    ['000000000000', undefined],
    ['000000001234', undefined],
    ['ffffffffffff', undefined],
    ['4b464d313030', '"KFM100"'],
    ['4b464d313030303030303031', '"KFM100000001"'],
    ['ffffffffffffffffff800000', '****-**-**T**:**:**'],
    ['07dc0d0c07161e0000ff8880', undefined],
    ['07dc03', undefined],
  ];
  for (const [hex, meaning] of meanings) {
    it(`octet-string '${hex}' ${meaning === undefined ? 'means nothing in particular' : `is ${meaning}`}`, () => {
      assert.equal(octetStringMeaning(fromHex(hex)), meaning);
    });
  }

  it('write object identifiers with dots', () => {
    assert.equal(dottedOid(fromHex('60857405080101')), '2.16.756.5.8.1.1');
    assert.equal(dottedOid(fromHex('2a864886f70d')), '1.2.840.113549');
    assert.equal(dottedOid(fromHex('')), undefined);
    assert.equal(dottedOid(fromHex('608574050801ff')), undefined);
  });
});

function layerOf(hex: string): 'hdlc' | 'apdu' {
  return hex.startsWith('7e') ? 'hdlc' : 'apdu';
}
