import assert from 'node:assert/strict';
import { fromHex } from '../../../engine/codec/hex.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { association, meterModel } from './support/models.ts';
import { ALL_LN, get, NOW, type OpenOptions, result, TestClient } from './support/test-client.ts';

const PASSWORD = new TextEncoder().encode('12345678');
const CHALLENGE = fromHex('000102030405060708090a0b0c0d0e0f');

const model = meterModel({
  associations: [
    association({ name: 'public' }),
    association({
      name: 'reader',
      clientSap: 2,
      mechanism: 'lls',
      secret: { literal: '12345678', encoding: 'text' },
      lock: { failures: 3, durationMs: 60_000 },
    }),
    association({ name: 'manager', clientSap: 3, mechanism: 'hls-md5', secret: { literal: '00ff', encoding: 'hex' } }),
    association({ name: 'signer', clientSap: 4, mechanism: 'hls-manufacturer' }),
    association({ name: 'keyless', clientSap: 5, mechanism: 'lls', secret: { secret: 'nobody/has-it' } }),
  ],
});

function client(sap: number): TestClient {
  return new TestClient(createMeter(model, { startedAt: NOW }), sap);
}

interface Case {
  readonly name: string;
  readonly sap: number;
  readonly open: OpenOptions;
  /** result/diagnostic. */
  readonly expected: string;
}

/** Results and diagnostics as the standard has them (wire.md 7). */
const cases: readonly Case[] = [
  { name: 'no security', sap: 16, open: {}, expected: 'accepted/null' },
  { name: 'no security with mechanism 0', sap: 16, open: { mechanism: 'lowest' }, expected: 'accepted/null' },
  {
    name: 'a password nobody asked for',
    sap: 16,
    open: { mechanism: 'lls', authValue: PASSWORD },
    expected: 'rejected-permanent/authentication-mechanism-name-not-recognised',
  },
  {
    name: 'context SN at an LN meter',
    sap: 16,
    open: { context: 'sn' },
    expected: 'rejected-permanent/application-context-name-not-supported',
  },
  {
    name: 'ciphered context without security',
    sap: 16,
    open: { context: 'ln-ciphered' },
    expected: 'rejected-permanent/application-context-name-not-supported',
  },
  {
    name: 'context outside of the DLMS arc',
    sap: 16,
    open: { aarq: { applicationContext: 'oid:60857405080109' } },
    expected: 'rejected-permanent/application-context-name-not-supported',
  },
  { name: 'LLS', sap: 2, open: { mechanism: 'lls', authValue: PASSWORD }, expected: 'accepted/null' },
  {
    name: 'LLS with a wrong password',
    sap: 2,
    open: { mechanism: 'lls', authValue: fromHex('3132333435363739') },
    expected: 'rejected-permanent/authentication-failure',
  },
  {
    name: 'LLS with the beginning of the password',
    sap: 2,
    open: { mechanism: 'lls', authValue: fromHex('31323334') },
    expected: 'rejected-permanent/authentication-failure',
  },
  {
    name: 'LLS with the password and a zero octet',
    sap: 2,
    open: { mechanism: 'lls', authValue: fromHex('313233343536373800') },
    expected: 'rejected-permanent/authentication-failure',
  },
  {
    name: 'LLS without a password',
    sap: 2,
    open: { mechanism: 'lls' },
    expected: 'rejected-permanent/authentication-failure',
  },
  { name: 'LLS asked for, nothing offered', sap: 2, open: {}, expected: 'rejected-permanent/authentication-required' },
  {
    name: 'a password without mechanism name',
    sap: 2,
    open: { authValue: PASSWORD },
    expected: 'rejected-permanent/authentication-mechanism-name-required',
  },
  {
    name: 'another mechanism than the one asked for',
    sap: 2,
    open: { mechanism: 'hls-md5', authValue: CHALLENGE },
    expected: 'rejected-permanent/authentication-mechanism-name-not-recognised',
  },
  {
    name: 'HLS, first pass',
    sap: 3,
    open: { mechanism: 'hls-md5', authValue: CHALLENGE },
    expected: 'accepted/authentication-required',
  },
  {
    name: 'HLS with a challenge of seven octets',
    sap: 3,
    open: { mechanism: 'hls-md5', authValue: CHALLENGE.subarray(0, 7) },
    expected: 'rejected-permanent/authentication-failure',
  },
  {
    name: 'a mechanism the emulator cannot complete',
    sap: 4,
    open: { mechanism: 'hls-manufacturer', authValue: CHALLENGE },
    expected: 'rejected-permanent/authentication-mechanism-name-not-recognised',
  },
  {
    name: 'a password that is not at hand',
    sap: 5,
    open: { mechanism: 'lls', authValue: new Uint8Array(0) },
    expected: 'rejected-permanent/authentication-failure',
  },
  {
    name: 'DLMS version 5',
    sap: 16,
    open: { initiate: { dlmsVersion: 5 } },
    expected: 'rejected-permanent/no-reason-given/initiate:dlms-version-too-low',
  },
  {
    name: 'a PDU of 11 octets',
    sap: 16,
    open: { initiate: { maxPdu: 11 } },
    expected: 'rejected-permanent/no-reason-given/initiate:pdu-size-too-short',
  },
  {
    name: 'nothing in common',
    sap: 16,
    open: { initiate: { conformance: ['read', 'write'] } },
    expected: 'rejected-permanent/no-reason-given/initiate:incompatible-conformance',
  },
  {
    name: 'no common ACSE version',
    sap: 16,
    open: { aarq: { protocolVersion: fromHex('0700') } },
    expected: 'rejected-permanent/no-common-acse-version',
  },
];

describe('opening an association', () => {
  for (const { name, sap, open, expected } of cases) {
    it(`${name}: ${expected}`, () => {
      const aare = client(sap).open(open);
      const information = aare.userInformation;
      const error = information?.kind === 'confirmed-service-error' ? `/${information.error}:${information.value}` : '';
      assert.equal(`${aare.result}/${aare.diagnostic.value}${error}`, expected);
    });
  }

  it('negotiates conformance as proposal AND own, and states its own PDU', () => {
    const aare = client(16).open({ initiate: { conformance: ['get', 'set', 'action', 'access'], maxPdu: 200 } });
    assert.ok(aare.userInformation?.kind === 'initiate-response');
    assert.deepEqual(aare.userInformation.conformance, ['get']);
    assert.equal(aare.userInformation.maxPdu, 1024);
    assert.equal(aare.userInformation.vaaName, 7);
  });

  it('announces no service it does not have, whatever the template says', () => {
    const bold = meterModel({
      associations: [
        association({
          name: 'public',
          conformance: ['attribute0-supported-with-set', 'delta-value-encoding', 'get', 'read'],
        }),
      ],
    });
    const aare = new TestClient(createMeter(bold, { startedAt: NOW }), 16).open({
      initiate: { conformance: [...ALL_LN, 'attribute0-supported-with-set', 'delta-value-encoding', 'read'] },
    });
    assert.ok(aare.userInformation?.kind === 'initiate-response');
    assert.deepEqual(aare.userInformation.conformance, ['get']);
  });

  it('gives the octets of the Green Book for accepted and rejected associations', () => {
    const meter = createMeter(
      meterModel({
        associations: [
          association({
            name: 'public',
            conformance: [
              'get',
              'set',
              'selective-access',
              'event-notification',
              'action',
              'block-transfer-with-get-or-read',
            ],
            maxPdu: 500,
          }),
        ],
      }),
      { startedAt: NOW },
    );
    const aarq = '601da109060760857405080101be10040e01000000065f1f0400007e1f04b0';
    assert.equal(
      new TestClient(meter, 16).hex(aarq),
      '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000101f01f40007',
    );
    assert.equal(
      new TestClient(meter, 16).hex(aarq.replace('080101', '080102')),
      '6129a109060760857405080102a203020101a305a103020102be10040e0800065f1f040000101f01f40007',
    );
    assert.equal(
      new TestClient(meter, 16).hex(aarq.replace('065f1f', '055f1f')),
      '611fa109060760857405080101a203020101a305a103020101be0604040e010601',
    );
  });

  it('opens without an AARE when the client wants no response', () => {
    const silent = client(16);
    const octets = fromHex('601ea109060760857405080101be11040f0100010000065f1f0400007e1f04b0');
    assert.equal(silent.raw(octets), undefined);
    assert.deepEqual(result(silent.plain(get('0-0:96.1.0.255'))), { t: 'octet-string', v: octetsOf('00000001') });
  });

  it('locks after three wrong passwords, and opens again when the time is over', () => {
    const locked = client(2);
    const wrong: OpenOptions = { mechanism: 'lls', authValue: fromHex('00') };
    const right: OpenOptions = { mechanism: 'lls', authValue: PASSWORD };
    for (let i = 0; i < 2; i += 1) assert.equal(locked.open(wrong).result, 'rejected-permanent');
    assert.equal(locked.open(right).result, 'accepted');
    for (let i = 0; i < 3; i += 1) assert.equal(locked.open(wrong).result, 'rejected-permanent');
    assert.equal(locked.open(right).result, 'rejected-transient');
    const other = new TestClient(locked.meter, 2);
    assert.equal(other.open(right).result, 'rejected-transient');
    other.now += 60_001;
    assert.equal(other.open(right).result, 'accepted');
  });

  it('releases with RLRE and is not associated afterwards', () => {
    const released = client(16);
    released.open();
    assert.equal(released.hex('6203800100'), '6303800100');
    assert.equal(released.hex('c001c1000100002a0000ff0200'), 'd80101');
    assert.equal(released.hex('6200'), '6303800101');
  });

  it('answers user-information of a release in kind', () => {
    const released = client(16);
    released.open();
    const rlre = released.plain({
      kind: 'rlrq',
      reason: 'normal',
      userInformation: {
        kind: 'initiate-request',
        dedicatedKey: null,
        responseAllowed: true,
        proposedQoS: null,
        dlmsVersion: 6,
        conformance: ['get'],
        maxPdu: 0,
      },
    });
    assert.ok(rlre.kind === 'rlre');
    assert.equal(rlre.userInformation?.kind, 'initiate-response');
  });
});

function octetsOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
