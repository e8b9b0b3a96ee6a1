import assert from 'node:assert/strict';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduFromJson, apduToJson } from '../../../engine/codec/apdu-json.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';
import { invokeIdAndPriority } from '../../../engine/codec/xdlms/invoke.ts';
import { logicalNameFromText } from '../../../engine/codec/xdlms/logical-name.ts';
import { assertFieldsTile } from './field-coverage.ts';
import { XDLMS_VECTORS } from './xdlms-vectors.ts';

const DEVIATIONS: readonly (readonly [string, string])[] = [
  ['date-time-with-data-tag', '0f 40 00 00 00 09 0c 07 e3 02 04 01 17 34 16 ff 80 00 00 00'],
  ['date-time-with-data-tag', 'd9 40 00 00 00 09 0c 07 e3 02 04 01 17 34 16 ff 80 00 00 00 00'],
  ['presence-not-01', 'c0 01 c1 00 01 01 00 00 2a 00 ff 02 ff 01 00'],
  ['boolean-not-01', 'c4 02 c1 ff 00 00 00 01 01 13'],
  ['length-not-minimal', 'c0 03 c1 81 00'],
  ['conformance-tag-one-octet', '01 00 00 00 06 5f 04 00 18 1a 20 00 00'],
  ['invocation-counter-absent', 'd8 02 06'],
  ['return-parameters-absent', 'c7 01 c1 00'],
  ['success-as-error', '0d 01 01 00'],
  // A push of meters of Central European consumer interfaces: rows of a descriptor and a value.
  [
    'attribute-descriptor-untagged',
    '0f 00 00 00 01 00 02 02 16 01 01 01 02 02 00 03 01 00 01 07 00 ff 02 06 00 00 00 2a',
  ],
  [
    'attribute-descriptor-untagged',
    '0f 00 00 00 01 00 01 02 02 02 00 03 01 00 01 07 00 ff 02 11 05 02 02 00 01 00 00 60 0d 00 ff 02 09 00',
  ],
];

/** Octets that are refused: code, layer, offset. */
const REFUSED: readonly (readonly [string, string, CodecErrorCode, string, number])[] = [
  ['no octets', '', 'truncated', 'xdlms', 0],
  ['a tag that is not assigned', 'c6 01', 'bad-tag', 'xdlms', 0],
  ['an unknown choice of GET.response', 'c4 81 c1 00', 'bad-tag', 'xdlms', 1],
  ['choice 0', 'c0 00 c1', 'bad-tag', 'xdlms', 1],
  ['GET without access-selection octet', 'c0 01 c1 00 01 00 00 2a 00 00 ff 02', 'truncated', 'xdlms', 12],
  ['a logical name cut short', 'c0 01 c1 00 01 01 00 01', 'truncated', 'xdlms', 5],
  ['octets after the value', 'c4 01 c1 00 ff 00', 'trailing', 'xdlms', 5],
  ['a result choice of 2', 'c4 01 c1 02', 'bad-tag', 'xdlms', 3],
  ['an array of 2^31 elements', 'c4 01 c1 00 01 84 7f ff ff ff', 'truncated', 'axdr', 5],
  ['a structure of 2^32 elements in a push', '0f 00 00 00 01 00 02 84 ff ff ff ff', 'truncated', 'axdr', 7],
  ['a list of more requests than octets', 'c0 03 c1 05 00 01', 'truncated', 'xdlms', 3],
  ['a block of 4 GiB', 'c4 02 c1 00 00 00 00 01 00 84 ff ff ff ff', 'truncated', 'xdlms', 14],
  ['a date-time of 5 octets', '0f 00 00 00 01 05 07 e3 02 04 01 00', 'bad-length', 'xdlms', 5],
  ['conformance of 16 bits', '01 00 00 00 06 5f 1f 03 00 7e 1f 04 b0', 'bad-tag', 'xdlms', 7],
  ['a variable access of choice 3', '05 01 03 fa 00', 'bad-tag', 'xdlms', 2],
  ['an access specification of choice 6', 'd9 00 00 00 00 00 01 06', 'bad-tag', 'xdlms', 7],
  ['half an invocation counter', 'd8 02 06 00 00', 'truncated', 'xdlms', 3],
  ['a Data type that does not exist in a list', 'c1 04 c1 00 01 08', 'bad-tag', 'axdr', 5],
];

describe('xDLMS services', () => {
  for (const [what, hex, json] of XDLMS_VECTORS) {
    it(`${what} decodes, encodes and converts to JSON and back`, () => {
      const octets = fromHex(hex);
      const decoded = decodeApdu(octets, { strict: true, fields: true });
      assert.ok(decoded.ok);
      assert.deepEqual(apduToJson(decoded.value), json);
      assert.equal(toHex(encodeApdu({ ...decoded.value })), toHex(octets));
      assert.equal(toHex(encodeApdu(apduFromJson(JSON.parse(JSON.stringify(json))))), toHex(octets));
      assertFieldsTile(decoded.fields ?? [], octets.length);
    });

    it(`${what} cut at any octet is refused`, () => {
      const octets = fromHex(hex);
      // A gateway APDU ends where the octets end.
      const open = json.kind === 'gateway-request' || json.kind === 'gateway-response';
      for (let length = 0; length < octets.length; length++) {
        const decoded = decodeApdu(octets.subarray(0, length), { fields: true, strict: true });
        assert.ok(!decoded.ok || open, `accepted at ${length}`);
      }
    });
  }

  for (const [id, hex] of DEVIATIONS) {
    it(`names ${id}, gives the same octets back, and refuses it in strict mode`, () => {
      const octets = fromHex(hex);
      const decoded = decodeApdu(octets, { fields: true });
      assert.ok(decoded.ok);
      assert.deepEqual(
        decoded.deviations.map((deviation) => deviation.id),
        [id],
      );
      assert.equal(toHex(encodeApdu(decoded.value)), toHex(octets));
      const canonical = encodeApdu({ ...decoded.value });
      assert.ok(decodeApdu(canonical, { strict: true }).ok);
      assert.equal(decodeApdu(octets, { strict: true }).ok, false);
      assertFieldsTile(decoded.fields ?? [], octets.length);
    });
  }

  for (const [what, hex, code, layer, offset] of REFUSED) {
    it(`refuses ${what}`, () => {
      const decoded = decodeApdu(fromHex(hex));
      assert.ok(!decoded.ok);
      assert.deepEqual([decoded.error.code, decoded.error.layer, decoded.error.offset], [code, layer, offset]);
    });
  }

  it('names the fields of a GET with their octets, values and clause', () => {
    const decoded = decodeApdu(fromHex('c0 01 c1 00 03 01 00 01 08 00 ff 02 00'), { fields: true });
    const flat: string[] = [];
    const visit = (fields: typeof decoded.fields, depth: number): void => {
      for (const field of fields ?? []) {
        flat.push(
          `${'  '.repeat(depth)}${field.from}-${field.to} ${field.name}: ${field.value ?? ''} [${field.clause}]`,
        );
        visit(field.children, depth + 1);
      }
    };
    visit(decoded.fields, 0);
    assert.deepEqual(flat, [
      '0-13 get-request: normal [GB 9.5]',
      '  0-1 tag: get-request (c0) [GB 9.5]',
      '  1-2 type: normal (1) [GB 9.5]',
      '  2-3 invoke-id-and-priority: id 1, confirmed, high priority [GB 9.5]',
      '  3-12 cosem-attribute-descriptor: class 3, 1-0:1.8.0.255, attribute 2 [GB 9.5]',
      '    3-5 class-id: 3 [GB 9.5]',
      '    5-11 instance-id: 1-0:1.8.0.255 [GB 9.5]',
      '    11-12 index: 2 [GB 9.5]',
      '  12-13 access-selection presence: absent (0) [GB 9.5]',
    ]);
  });

  it('reads values behind untagged descriptors as the structures they would be, with their fields', () => {
    const octets = fromHex('0f 00 00 00 01 00 02 02 16 01 01 01 02 02 00 03 01 00 01 07 00 ff 02 06 00 00 00 2a');
    const decoded = decodeApdu(octets, { fields: true });
    assert.ok(decoded.ok);
    const descriptor = {
      t: 'structure',
      v: [
        { t: 'long-unsigned', v: 3 },
        { t: 'octet-string', v: '0100010700ff' },
        { t: 'integer', v: 2 },
      ],
    };
    const row = { t: 'structure', v: [descriptor, { t: 'double-long-unsigned', v: 42 }] };
    const data = {
      t: 'structure',
      v: [
        { t: 'enum', v: 1 },
        { t: 'array', v: [row] },
      ],
    };
    assert.deepEqual(apduToJson(decoded.value).data, data);
    assertFieldsTile(decoded.fields ?? [], octets.length);
  });

  it('takes a body that is Data for Data, and reports the error of one that is neither', () => {
    const data = decodeApdu(fromHex('0f 00 00 00 01 00 01 01 02 02 00 11 03'));
    assert.ok(data.ok && data.deviations.length === 0);
    const neither = decodeApdu(fromHex('0f 00 00 00 01 00 02 02 16 01 01 01 02 02 00 03 01 00 01 07 00 ff 02 07'));
    assert.ok(!neither.ok);
    assert.equal(neither.error.code, 'trailing');
  });

  it('makes the octet of invoke-id-and-priority', () => {
    assert.deepEqual(invokeIdAndPriority(1), { raw: 0xc1, id: 1, confirmed: true, highPriority: true });
    assert.deepEqual(invokeIdAndPriority(5, true, false), { raw: 0x45, id: 5, confirmed: true, highPriority: false });
  });

  it('reads logical names with dots as well, and nothing else', () => {
    assert.deepEqual(logicalNameFromText('1-0:1.8.0.255'), fromHex('0100010800ff'));
    assert.deepEqual(logicalNameFromText('1.0.1.8.0.255'), fromHex('0100010800ff'));
    for (const text of [
      '',
      '1-0:1.8.0',
      '1-0:1.8.0.256',
      '1:0-1.8.0.255',
      '1-0:1.8.0.255.',
      '-0:1.8.0.255',
      '1-0:1.8.0.2 5',
    ]) {
      assert.equal(logicalNameFromText(text), undefined, text);
    }
  });

  it('names the path to a value that does not fit', () => {
    const attr = { class: 3, obis: '1-0:1.8.0.255', index: 2 };
    const invoke = { raw: 0xc1, id: 1, confirmed: true, highPriority: true };
    const wrong: readonly (readonly [object, RegExp])[] = [
      [
        { kind: 'get-request', type: 'half', invoke },
        /^type: 'half' is not a get-request type \(normal, next, with-list/,
      ],
      [{ kind: 'get-request', type: 'normal', attr, selective: null }, /^invoke: undefined instead of an object/],
      [{ kind: 'get-request', type: 'normal', invoke, selective: null }, /^attr: undefined instead of an object/],
      [
        { kind: 'get-request', type: 'normal', invoke, attr: { ...attr, obis: '1.8.0' }, selective: null },
        /^attr\.obis: '1\.8\.0' is not a logical name/,
      ],
      [
        { kind: 'get-request', type: 'with-list', invoke, list: [attr, { ...attr, class: -1 }] },
        /^list\[1\]\.class: -1 is not an integer in 0\.\.65535/,
      ],
      [{ kind: 'get-response', type: 'with-list', invoke, list: 3 }, /^list: number instead of a list/],
      [
        { kind: 'set-request', type: 'with-list', invoke, list: [], values: [{ t: 'unsigned', v: 256 }] },
        /^values\[0\]\.v: 256 is not an integer in 0\.\.255/,
      ],
      [{ kind: 'general-block-transfer', window: 64 }, /^window: 64 is not an integer in 0\.\.63/],
    ];
    for (const [json, message] of wrong) assert.throws(() => encodeApdu(apduFromJson(json)), { message });
  });
});
