import assert from 'node:assert/strict';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduFromJson, apduToJson } from '../../../engine/codec/apdu-json.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import type { CodecErrorCode } from '../../../engine/codec/result.ts';
import { assertFieldsTile } from './field-coverage.ts';

/** InitiateRequest and InitiateResponse of the Green Book's worked associations. */
const REQUEST_HEX = '01 00 00 00 06 5f 1f 04 00 00 7e 1f 04 b0';
const RESPONSE_HEX = '08 00 06 5f 1f 04 00 00 50 1f 01 f4 00 07';
const REQUEST = {
  kind: 'initiate-request',
  dedicatedKey: null,
  responseAllowed: true,
  proposedQoS: null,
  dlmsVersion: 6,
  conformance: [
    'priority-mgmt-supported',
    'attribute0-supported-with-get',
    'block-transfer-with-get-or-read',
    'block-transfer-with-set-or-write',
    'block-transfer-with-action',
    'multiple-references',
    'get',
    'set',
    'selective-access',
    'event-notification',
    'action',
  ],
  maxPdu: 1200,
};
const RESPONSE = {
  kind: 'initiate-response',
  negotiatedQoS: null,
  dlmsVersion: 6,
  conformance: [
    'priority-mgmt-supported',
    'block-transfer-with-get-or-read',
    'get',
    'set',
    'selective-access',
    'event-notification',
    'action',
  ],
  maxPdu: 500,
  vaaName: 7,
};
const LN = 'a1 09 06 07 60 85 74 05 08 01 01';
const ACCEPTED = 'a2 03 02 01 00 a3 05 a1 03 02 01 00';
const TITLE = '4d 4d 4d 00 00 bc 61 4e';

/** BER: one-octet tag and length before content. */
function tlv(tag: string, content: string): string {
  return `${tag} ${fromHex(content).length.toString(16).padStart(2, '0')} ${content}`;
}

const VALUES: readonly (readonly [string, string, unknown])[] = [
  [
    'AARQ without security',
    tlv('60', `${LN} be 10 04 0e ${REQUEST_HEX}`),
    { kind: 'aarq', applicationContext: 'ln', userInformation: REQUEST },
  ],
  [
    'AARQ with LLS password',
    tlv(
      '60',
      `${LN} 8a 02 07 80 8b 07 60 85 74 05 08 02 01 ac 0a 80 08 31 32 33 34 35 36 37 38 be 10 04 0e ${REQUEST_HEX}`,
    ),
    {
      kind: 'aarq',
      applicationContext: 'ln',
      acseRequirements: '0780',
      mechanism: 'lls',
      authValue: { form: 'charstring', hex: '3132333435363738' },
      userInformation: REQUEST,
    },
  ],
  [
    'AARQ with every component',
    tlv(
      '60',
      `80 02 07 80 a1 09 06 07 60 85 74 05 08 01 04 a2 04 04 02 aa 01 a3 04 04 02 aa 02 a4 03 02 01 03 a5 04 02 02 00 84
       a6 0a 04 08 ${TITLE} a7 03 04 01 05 a8 03 02 01 06 a9 06 02 04 12 34 56 78 8a 02 07 80
       8b 07 60 85 74 05 08 02 05 ac 04 81 02 00 ff bd 03 04 01 09 be 10 04 0e ${REQUEST_HEX}`,
    ),
    {
      kind: 'aarq',
      protocolVersion: '0780',
      applicationContext: 'sn-ciphered',
      calledApTitle: 'aa01',
      calledAeQualifier: 'aa02',
      calledApInvocationId: 3,
      calledAeInvocationId: 0x84,
      callingApTitle: '4d4d4d0000bc614e',
      callingAeQualifier: '05',
      callingApInvocationId: 6,
      callingAeInvocationId: 0x12345678,
      acseRequirements: '0780',
      mechanism: 'hls-gmac',
      authValue: { form: 'bitstring', hex: '00ff' },
      implementationInformation: '040109',
      userInformation: REQUEST,
    },
  ],
  [
    'AARQ with names outside of the DLMS arc and manufacturer HLS',
    tlv('60', 'a1 05 06 03 2a 03 04 8b 07 60 85 74 05 08 02 02 ac 02 a3 00'),
    {
      kind: 'aarq',
      applicationContext: 'oid:2a0304',
      mechanism: 'hls',
      authValue: { form: 'other', hex: '' },
    },
  ],
  [
    'AARQ in a ciphered context',
    tlv(
      '60',
      `a1 09 06 07 60 85 74 05 08 01 03 a6 0a 04 08 ${TITLE} be 34 04 32 21 30 30 01 23 45 67
       80 13 02 ff 8a 78 74 13 3d 41 4c ed 25 b4 25 34 d2 8d b0 04 77 20 60 6b 17 5b d5 22 11 be 68
       41 db 20 4d 39 ee 6f db 8e 35 68 55`,
    ),
    {
      kind: 'aarq',
      applicationContext: 'ln-ciphered',
      callingApTitle: '4d4d4d0000bc614e',
      userInformation: {
        kind: 'glo-initiate-request',
        security: {
          sc: '30',
          suite: 0,
          authenticated: true,
          encrypted: true,
          keySet: 'unicast',
          compressed: false,
          ic: 0x01234567,
          payload: '801302ff8a7874133d414ced25b42534d28db0047720606b175bd52211be68',
          tag: '41db204d39ee6fdb8e356855',
        },
      },
    },
  ],
  [
    'AARE accepted',
    tlv('61', `${LN} ${ACCEPTED} be 10 04 0e ${RESPONSE_HEX}`),
    {
      kind: 'aare',
      applicationContext: 'ln',
      result: 'accepted',
      diagnostic: { source: 'acse-service-user', value: 'null' },
      userInformation: RESPONSE,
    },
  ],
  [
    'AARE with a challenge',
    tlv(
      '61',
      `${LN} a2 03 02 01 00 a3 05 a1 03 02 01 0e a4 0a 04 08 ${TITLE} 88 02 07 80 89 07 60 85 74 05 08 02 05
       aa 0a 80 08 50 36 77 52 4a 32 31 46 be 10 04 0e ${RESPONSE_HEX}`,
    ),
    {
      kind: 'aare',
      applicationContext: 'ln',
      result: 'accepted',
      diagnostic: { source: 'acse-service-user', value: 'authentication-required' },
      respondingApTitle: '4d4d4d0000bc614e',
      acseRequirements: '0780',
      mechanism: 'hls-gmac',
      authValue: { form: 'charstring', hex: '503677524a323146' },
      userInformation: RESPONSE,
    },
  ],
  [
    'AARE with every other component, refused by the service provider',
    tlv(
      '61',
      `80 02 07 80 ${LN} a2 03 02 01 01 a3 05 a2 03 02 01 02 a5 03 04 01 01 a6 03 02 01 02 a7 03 02 01 03 bd 00
       be 06 04 04 0e 01 06 01`,
    ),
    {
      kind: 'aare',
      protocolVersion: '0780',
      applicationContext: 'ln',
      result: 'rejected-permanent',
      diagnostic: { source: 'acse-service-provider', value: 'no-common-acse-version' },
      respondingAeQualifier: '01',
      respondingApInvocationId: 2,
      respondingAeInvocationId: 3,
      implementationInformation: '',
      userInformation: {
        kind: 'confirmed-service-error',
        service: 'initiate-error',
        error: 'initiate',
        value: 'dlms-version-too-low',
      },
    },
  ],
  [
    'AARE with a diagnostic that has no name',
    tlv('61', `${LN} a2 03 02 01 02 a3 05 a1 03 02 01 63`),
    {
      kind: 'aare',
      applicationContext: 'ln',
      result: 'rejected-transient',
      diagnostic: { source: 'acse-service-user', value: 'unknown(99)' },
    },
  ],
  ['RLRQ without components', '62 00', { kind: 'rlrq' }],
  ['RLRQ urgent', '62 03 80 01 01', { kind: 'rlrq', reason: 'urgent' }],
  [
    'RLRQ with user-information',
    tlv('62', `80 01 00 be 10 04 0e ${REQUEST_HEX}`),
    { kind: 'rlrq', reason: 'normal', userInformation: REQUEST },
  ],
  ['RLRE without components', '63 00', { kind: 'rlre' }],
  ['RLRE with a reason that has no name', '63 03 80 01 07', { kind: 'rlre', reason: 'unknown(7)' }],
  [
    'RLRE with user-information',
    tlv('63', `80 01 1e be 10 04 0e ${RESPONSE_HEX}`),
    { kind: 'rlre', reason: 'user-defined', userInformation: RESPONSE },
  ],
];

/** Well-formed octets the encoder would write in another way: the same octets come back, and nothing is reported. */
const LONGER_FORMS: readonly (readonly [string, string])[] = [
  ['a length of three octets', `62 82 00 03 80 01 00`],
  ['response-allowed TRUE written out', tlv('60', `${LN} be 11 04 0f 01 00 01 01 00 06 5f 1f 04 00 00 7e 1f 04 b0`)],
  ['an INTEGER with a leading zero', tlv('60', `${LN} a8 04 02 02 00 06`)],
];

const DEVIATIONS: readonly (readonly [string, string])[] = [
  ['conformance-tag-one-octet', tlv('60', `${LN} be 0f 04 0d 01 00 00 00 06 5f 04 00 18 1a 20 00 00`)],
  ['acse-component-order', tlv('60', `8a 02 07 80 ${LN}`)],
  ['acse-component-order', tlv('60', `${LN} ${LN}`)],
  ['acse-component-unknown', tlv('60', `${LN} b0 02 aa bb`)],
  ['user-information-undecodable', tlv('60', `${LN} be 04 04 02 01 00`)],
  ['user-information-undecodable', tlv('60', `${LN} be 06 04 04 c0 01 c1 00`)],
  // The deviation of a part that is given up is given up with it.
  ['user-information-undecodable', tlv('60', `${LN} be 0b 04 09 01 00 00 00 06 5f 04 00 18`)],
  ['user-information-undecodable', tlv('60', `${LN} be 11 04 0f ${REQUEST_HEX} 00`)],
  // Refusals carry anything there.
  ['user-information-undecodable', tlv('61', `${LN} a2 03 02 01 01 a3 05 a1 03 02 01 01 be 02 05 00`)],
  ['user-information-undecodable', tlv('61', `${LN} a2 03 02 01 01 a3 05 a1 03 02 01 01 be 03 04 05 00`)],
  ['release-lengths-short', `63 11 80 01 00 be 0f 04 0e ${RESPONSE_HEX}`],
];

const REFUSED: readonly (readonly [string, string, CodecErrorCode])[] = [
  ['an AARQ without context', '60 00', 'bad-value'],
  ['an AARE without result', tlv('61', LN), 'bad-value'],
  ['an AARE without diagnostic', tlv('61', `${LN} a2 03 02 01 00`), 'bad-value'],
  ['an AARE cut short', `61 29 ${LN} a2 03 02 01 00`, 'truncated'],
  ['an AARE with result 3', tlv('61', `${LN} a2 03 02 01 03 a3 05 a1 03 02 01 00`), 'bad-value'],
  ['an AARE with a negative result', tlv('61', `${LN} a2 03 02 01 ff a3 05 a1 03 02 01 00`), 'bad-value'],
  ['a diagnostic of neither user nor provider', tlv('61', `${LN} a2 03 02 01 00 a3 05 a0 03 02 01 00`), 'bad-tag'],
  ['AARE components under the AARQ tag', tlv('60', `${LN} ${ACCEPTED}`), 'bad-tag'],
  ['a component longer than the AARQ', tlv('60', 'a1 0a 06 07 60 85 74 05 08 01 01'), 'truncated'],
  ['octets after the name in its component', tlv('60', 'a1 0a 06 07 60 85 74 05 08 01 01 00'), 'trailing'],
  ['user-information that is no OCTET STRING', tlv('60', `${LN} be 02 05 00`), 'bad-tag'],
  ['the same in an AARE that accepts', tlv('61', `${LN} ${ACCEPTED} be 02 05 00`), 'bad-tag'],
  ['an indefinite length', `60 80 ${LN} 00 00`, 'bad-length'],
  [
    'the answer of a gas corrector whose lengths of AA and BE are wrong',
    `61 41 ${LN} a2 03 02 01 00 a3 05 a1 03 02 01 00 88 02 07 80 89 07 60 85 74 05 08 02 01 aa 02 80 08
     35 35 35 35 35 35 35 35 be 0f 04 0e 08 00 06 5f 1f 04 00 00 00 1d 01 90 fa 00`,
    'truncated',
  ],
  [
    'an RLRE with short lengths that ends early',
    `63 11 80 01 00 be 0f 04 0e 08 00 06 5f 1f 04 00 00 50 1f`,
    'truncated',
  ],
  ['an RLRE with another length', `63 12 80 01 00 be 0f 04 0e ${RESPONSE_HEX}`, 'truncated'],
  ['octets after an RLRE', '63 00 00', 'trailing'],
];

describe('ACSE', () => {
  for (const [what, hex, json] of VALUES) {
    it(`${what} decodes, encodes and converts to JSON and back`, () => {
      const octets = fromHex(hex);
      const decoded = decodeApdu(octets, { strict: true, fields: true });
      assert.ok(decoded.ok);
      assert.deepEqual(apduToJson(decoded.value), json);
      assert.equal(toHex(encodeApdu({ ...decoded.value })), toHex(octets));
      assert.equal(toHex(encodeApdu(apduFromJson(json))), toHex(octets));
      assertFieldsTile(decoded.fields ?? [], octets.length);
    });
  }

  for (const [what, hex] of LONGER_FORMS) {
    it(`gives ${what} back as received`, () => {
      const octets = fromHex(hex);
      const decoded = decodeApdu(octets, { strict: true });
      assert.ok(decoded.ok);
      assert.equal(toHex(encodeApdu(decoded.value)), toHex(octets));
      assert.ok(encodeApdu({ ...decoded.value }).length < octets.length);
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
      assert.equal(decodeApdu(octets, { strict: true }).ok, false);
      assertFieldsTile(decoded.fields ?? [], octets.length);
    });
  }

  for (const [what, hex, code] of REFUSED) {
    it(`refuses ${what}`, () => {
      const decoded = decodeApdu(fromHex(hex));
      assert.ok(!decoded.ok);
      assert.equal(decoded.error.code, code);
    });
  }

  it('keeps user-information that cannot be decoded, with the reason', () => {
    const decoded = decodeApdu(fromHex(tlv('60', `${LN} be 04 04 02 01 00`)));
    assert.ok(decoded.ok && decoded.value.kind === 'aarq');
    const information = decoded.value.userInformation;
    assert.ok(information?.kind === 'undecodable');
    assert.equal(toHex(information.octets), '0100');
    assert.match(information.why, /truncated at octet 19/);
  });

  it('encodes a changed copy of a deviating APDU canonically', () => {
    const decoded = decodeApdu(fromHex(`63 11 80 01 00 be 0f 04 0e ${RESPONSE_HEX}`));
    assert.ok(decoded.ok);
    assert.equal(toHex(encodeApdu({ ...decoded.value })), toHex(fromHex(`63 15 80 01 00 be 10 04 0e ${RESPONSE_HEX}`)));
  });

  it('refuses to encode names and numbers that do not exist', () => {
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ kind: 'aarq', applicationContext: 'lan' }, /applicationContext: 'lan' is not an application context/],
      [{ kind: 'aarq', applicationContext: 'ln', mechanism: 'md5' }, /mechanism: 'md5' is not an authentication/],
      [{ kind: 'aarq', applicationContext: 'ln', callingApInvocationId: -1 }, /callingApInvocationId: -1 is not/],
      [
        { kind: 'aarq', applicationContext: 'ln', userInformation: { ...REQUEST, maxPdu: 70000 } },
        /userInformation\.maxPdu: 70000 is not an integer in 0\.\.65535/,
      ],
      [
        { kind: 'aarq', applicationContext: 'ln', userInformation: { ...REQUEST, conformance: ['fly'] } },
        /userInformation\.conformance: one of 'fly' is not a conformance bit/,
      ],
      [{ kind: 'rlrq', reason: 'tired' }, /reason: 'tired' is not a release request reason \(normal, urgent/],
    ];
    for (const [json, message] of wrong) assert.throws(() => encodeApdu(apduFromJson(json)), message);
  });
});
