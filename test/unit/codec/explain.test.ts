import assert from 'node:assert/strict';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { explainField } from '../../../engine/codec/explain/explain-field.ts';
import { explainFields } from '../../../engine/codec/explain/explain-fields.ts';
import { CONFORMANCE_FIELDS } from '../../../engine/codec/explain/initiate-fields.ts';
import { clientAddress, serverAddress } from '../../../engine/codec/hdlc/address.ts';
import type { HdlcControl } from '../../../engine/codec/hdlc/control.ts';
import { encodeHdlcFrame } from '../../../engine/codec/hdlc/frame.ts';
import { encodeFrameReject } from '../../../engine/codec/hdlc/frame-reject.ts';
import { encodeHdlcParameters } from '../../../engine/codec/hdlc/parameters.ts';
import { fromHex } from '../../../engine/codec/hex.ts';
import { segmentMbus } from '../../../engine/codec/mbus/telegram.ts';
import { concatOctets } from '../../../engine/codec/octets.ts';
import type { Field } from '../../../engine/codec/result.ts';
import { translate } from '../../../engine/codec/translate/translate.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { CONFORMANCE_BITS } from '../../../engine/codec/xdlms/conformance.ts';
import { frameItems } from './shared-material.ts';
import { OTHER_VECTORS, XDLMS_VECTORS } from './xdlms-vectors.ts';

const NOTHING = new Uint8Array(0);
const GET_REQUEST = fromHex('c001c100030100010800ff0200');

/** Paths of the fields that no table explains. */
function unexplained(fields: readonly Field[], outer: readonly string[] = []): string[] {
  return fields.flatMap(({ name, children }) => {
    const path = [...outer, name];
    const inside = unexplained(children ?? [], path);
    return explainField(path) === undefined ? [path.join(' > '), ...inside] : inside;
  });
}

function frame(control: HdlcControl, information: Uint8Array, segmented = false): Uint8Array {
  const destination = serverAddress(1, 17);
  return encodeHdlcFrame({
    ...control,
    destination,
    source: clientAddress(16),
    information,
    segmented,
    pollFinal: true,
  });
}

const rejected = { kind: 'I', ns: 0, nr: 0, pollFinal: true } as const;
/** One message for each kind of framing. */
const FRAMED: readonly (readonly [what: string, octets: Uint8Array])[] = [
  [
    'SNRM with parameters',
    frame({ kind: 'SNRM' }, encodeHdlcParameters({ maxInfoTx: 512, maxInfoRx: 512, windowTx: 1, windowRx: 7 })),
  ],
  ['SNRM with user data', frame({ kind: 'SNRM' }, fromHex('818003050180f00101'))],
  ...(['UA', 'DISC', 'DM'] as const).map((kind) => [kind, frame({ kind }, NOTHING)] as const),
  ['FRMR', frame({ kind: 'FRMR' }, encodeFrameReject(rejected, 1, 2, 'invalid-nr'))],
  ['RR', frame({ kind: 'RR', nr: 3 }, NOTHING)],
  ['RNR', frame({ kind: 'RNR', nr: 3 }, NOTHING)],
  ['UI', frame({ kind: 'UI' }, concatOctets([fromHex('e6e600'), GET_REQUEST]))],
  [
    'segments',
    concatOctets([
      frame({ kind: 'I', ns: 0, nr: 0 }, fromHex('e6e600c001'), true),
      frame({ kind: 'I', ns: 1, nr: 0 }, GET_REQUEST.subarray(2)),
    ]),
  ],
  ['wrapper', encodeWrapper({ source: 16, destination: 1, apdu: GET_REQUEST })],
  ['M-Bus', concatOctets(segmentMbus(GET_REQUEST, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 }))],
];

describe('explanations of fields', () => {
  for (const [what, hex] of [...XDLMS_VECTORS, ...OTHER_VECTORS]) {
    it(`explain every field of ${what}`, () => {
      const { fields } = translate(fromHex(hex.replaceAll(' ', '')), { layer: 'apdu', fields: true });
      assert.ok(fields !== undefined && fields.length > 0);
      assert.deepEqual(unexplained(fields), []);
    });
  }

  for (const [what, octets] of FRAMED) {
    it(`explain every field of ${what}`, () => {
      const translation = translate(octets, { fields: true });
      assert.ok(translation.ok, what);
      assert.deepEqual(unexplained(translation.fields ?? []), []);
    });
  }

  it('explain every field of values of each kind', () => {
    for (const hex of ['0408a5', '1302020b0603110201000901', '0900', '010202020f0116ff0000', '17402df854']) {
      assert.deepEqual(unexplained(decodeData(fromHex(hex), { fields: true }).fields ?? []), [], hex);
    }
  });

  it('explain every field of the shared frames', function () {
    const items = frameItems();
    if (items === undefined) return this.skip();
    const missing = new Set<string>();
    for (const { hex } of items) {
      const { fields } = translate(fromHex(hex), { fields: true });
      for (const path of unexplained(fields ?? [])) missing.add(path);
    }
    assert.deepEqual([...missing], []);
  });

  it('explain all bits of a conformance block, and nothing else as one', () => {
    assert.deepEqual(Object.keys(CONFORMANCE_FIELDS).toSorted(), CONFORMANCE_BITS.toSorted());
    assert.equal(explainField(['proposed-conformance', 'conformance bits', 'no-bit']), undefined);
  });

  const cases: readonly (readonly [path: readonly string[], expected: RegExp | undefined])[] = [
    [[], undefined],
    [['no such field'], undefined],
    [['no such field length'], undefined],
    [['toString'], undefined],
    [['get-request', 'type'], /^Form of the service/],
    [['inside: get-request', 'get-request', 'type'], /^Form of the service/],
    [['get-response', 'data', '[3]', 'type'], /^Type of the value/],
    [['aare', 'result', 'result'], /as number/],
    [['get-response', 'result', '[1]'], /^An element of result/],
    [['[0]'], /^An element of a list/],
    [['exception-response', 'service-error'], /not decipherable/],
    [['confirmed-service-error', 'service-error'], /^Group of the error/],
    [['wrapper', 'length'], /65535/],
    [['aarq', 'length'], /that follow/],
    [['M-Bus frame', 'control'], /^C field/],
    [['I frame', 'control'], /N\(S\)/],
    [['glo-get-request'], /get-request, ciphered with the global key/],
    [['initiate-request', 'dedicated-key length'], /^Length of dedicated-key in octets/],
    [['component bf', 'content length'], /^Length of content/],
  ];
  for (const [path, expected] of cases) {
    it(`${path.join(' > ') || 'no path'}: ${expected ?? 'nothing'}`, () => {
      const explanation = explainField(path);
      if (expected === undefined) assert.equal(explanation, undefined);
      else assert.match(explanation ?? '', expected);
    });
  }

  it('are put beside the fields of a copy', () => {
    const { fields = [] } = translate(GET_REQUEST, { layer: 'apdu', fields: true });
    const before = structuredClone(fields);
    const explained = explainFields(fields);
    assert.deepEqual(fields, before);
    assert.match(explained[0]?.children?.[3]?.children?.[1]?.explanation ?? '', /OBIS/);
  });
});
