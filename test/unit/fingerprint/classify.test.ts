import assert from 'node:assert/strict';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import { classify } from '../../../engine/fingerprint/classify.ts';
import { abbreviates, manufacturerNamed } from '../../../engine/fingerprint/name-match.ts';
import { finding, read, text } from './findings.ts';

interface Case {
  readonly name: string;
  readonly parts: Partial<MeterFinding>;
  readonly vendor: string;
  readonly model: string;
  /** Bounds of the confidence. */
  readonly from: number;
  readonly to: number;
}

const cases: readonly Case[] = [
  {
    name: 'a maker nobody registered, told by text and fitting letters',
    parts: {
      logicalDeviceName: read('ACM00000001'),
      serial: read('00000001'),
      texts: [
        text('0-0:96.1.0.255', '00000001'),
        text('0-0:96.1.1.255', 'Acme Energy'),
        text('0-0:96.1.2.255', 'A1000'),
      ],
    },
    vendor: 'Acme Energy',
    model: 'A1000',
    from: 0.7,
    to: 0.95,
  },
  {
    name: 'registered letters alone',
    parts: { logicalDeviceName: read('KAM1234567890123') },
    vendor: 'Kamstrup',
    model: 'unknown',
    from: 0.5,
    to: 0.8,
  },
  {
    name: 'registered letters in name and title',
    parts: { logicalDeviceName: read('KAM1234567890123'), systemTitle: read('4B414D0000000001') },
    vendor: 'Kamstrup',
    model: 'unknown',
    from: 0.8,
    to: 0.9,
  },
  {
    name: 'unregistered letters alone name nobody',
    parts: { logicalDeviceName: read('QQX00000001') },
    vendor: 'unknown',
    model: 'unknown',
    from: 0,
    to: 0,
  },
  {
    name: 'a type without a maker',
    parts: { texts: [text('0-0:96.1.2.255', 'Z900')] },
    vendor: 'unknown',
    model: 'Z900',
    from: 0.1,
    to: 0.5,
  },
  { name: 'nothing at all', parts: {}, vendor: 'unknown', model: 'unknown', from: 0, to: 0 },
  {
    name: 'serial number, firmware and hex octets are neither maker nor type',
    parts: {
      serial: read('AB123'),
      firmware: read('V4.07'),
      texts: [
        text('0-0:96.1.1.255', 'AB123'),
        text('0-0:96.1.3.255', 'V4.07'),
        text('0-0:96.1.4.255', '0102030405060708'),
        text('0-0:96.1.5.255', '2.14.0'),
      ],
    },
    vendor: 'unknown',
    model: 'unknown',
    from: 0,
    to: 0,
  },
  {
    name: 'a registered maker that names itself',
    parts: { texts: [text('0-0:96.1.1.255', 'Landis+Gyr'), text('0-0:96.1.2.255', 'E650')] },
    vendor: 'Landis+Gyr',
    model: 'E650',
    from: 0.7,
    to: 0.95,
  },
];

describe('classification', () => {
  for (const { name, parts, vendor, model, from, to } of cases) {
    it(name, () => {
      const classification = classify(finding(parts));
      assert.equal(classification.vendor, vendor, classification.because.join('; '));
      assert.equal(classification.model, model);
      assert.ok(
        classification.confidence >= from && classification.confidence <= to,
        `confidence ${classification.confidence}`,
      );
      assert.ok(classification.because.length > 0, 'says why');
    });
  }

  it('letters that contradict the text cost confidence and become an alternative', () => {
    const parts = { texts: [text('0-0:96.1.1.255', 'Acme Energy'), text('0-0:96.1.2.255', 'A1000')] };
    const agreed = classify(finding(parts));
    const contradicted = classify(finding({ ...parts, logicalDeviceName: read('KAM1234567890123') }));
    assert.equal(contradicted.vendor, 'Acme Energy');
    assert.ok(contradicted.confidence < agreed.confidence);
    assert.equal(contradicted.alternatives[0]?.vendor, 'Kamstrup');
  });

  it('is a pure function of the finding', () => {
    const one = finding(cases[0]!.parts);
    const before = JSON.stringify(one);
    assert.deepEqual(classify(one), classify(structuredClone(one)));
    assert.equal(JSON.stringify(one), before);
  });

  it('names of manufacturers match without case, punctuation and legal form', () => {
    assert.ok(manufacturerNamed('KAMSTRUP A/S') !== undefined || manufacturerNamed('Kamstrup') !== undefined);
    assert.equal(manufacturerNamed('No Such Maker At All'), undefined);
    assert.equal(manufacturerNamed(''), undefined);
  });

  const letters: readonly (readonly [string, string, boolean])[] = [
    ['ACM', 'Acme Energy', true],
    ['ZNP', 'Zenith Power', true],
    ['QLT', 'Quillon Instruments', true],
    ['KAM', 'Acme Energy', false],
    ['XYZ', 'Zenith Power', false],
    ['', 'Zenith Power', false],
  ];
  for (const [flag, name, fits] of letters) {
    it(`'${flag}' is ${fits ? '' : 'not '}short for '${name}'`, () => assert.equal(abbreviates(flag, name), fits));
  }
});
