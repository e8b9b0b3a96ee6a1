import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  canonicalConformanceName,
  conformanceBits,
  conformanceMask,
  conformanceNames,
  legalConformance,
  legalConformanceMask,
} from '../../../engine/cosem/conformance.ts';
import { sharedJson, sharedPath } from './shared-facts.ts';

interface WireFacts {
  conformanceBits: { bit: number; name: string; ln: boolean; sn: boolean; mask24: string }[];
  conformanceExamples: Record<string, string[]>;
}

describe('conformance block', () => {
  it('agrees with the fact table, bit by bit', function () {
    const facts = sharedJson<WireFacts>('facts', 'wire.json');
    if (facts === undefined) return this.skip();
    assert.deepEqual(
      conformanceBits.map(({ bit, name, mask, referencing }) => [
        bit,
        name,
        mask,
        referencing.includes('LN'),
        referencing.includes('SN'),
      ]),
      facts.conformanceBits.map(({ bit, name, mask24, ln, sn }) => [
        bit,
        name.split(' ')[0],
        Number.parseInt(mask24, 16),
        ln,
        sn,
      ]),
    );
    for (const [mask, names] of Object.entries(facts.conformanceExamples)) {
      assert.deepEqual(conformanceNames(Number.parseInt(mask, 16)), names);
      assert.equal(conformanceMask(names), Number.parseInt(mask, 16));
    }
  });

  it('uses the names of the decoded frames', function () {
    const file = sharedPath('frames', 'frames.jsonl');
    if (file === undefined) return this.skip();
    const names = new Set<string>();
    for (const match of readFileSync(file, 'utf8').matchAll(/"conformance": \[([^\]]*)\]/g)) {
      for (const name of (match[1] ?? '').split(', ').filter((part) => part !== '')) names.add(JSON.parse(name));
    }
    const known = new Set(conformanceBits.map((bit) => bit.name));
    assert.deepEqual(
      [...names].filter((name) => !known.has(name)),
      [],
    );
    assert.ok(names.size >= 20);
    console.log(`      ${names.size} names of frames known`);
  });

  it('bit 0 is the most significant of 24', () => {
    assert.deepEqual(
      conformanceBits.map((bit) => bit.mask),
      Array.from({ length: 24 }, (_, bit) => 0x800000 >> bit),
    );
  });

  it('every mask survives names, in the order of the bits', () => {
    for (let mask = 1; mask < 0x1000000; mask = mask * 3 + 1)
      assert.equal(conformanceMask(conformanceNames(mask & 0xffffff)), mask & 0xffffff);
    assert.deepEqual(conformanceNames(conformanceMask(['action', 'get', 'general-protection'])), [
      'general-protection',
      'get',
      'action',
    ]);
  });

  it('a name given twice counts once', () => assert.equal(conformanceMask(['get', 'GET']), 0x10));

  const aliases: readonly (readonly [alias: string, name: string])[] = [
    ['priority-management', 'priority-mgmt-supported'],
    ['block-transfer-with-get', 'block-transfer-with-get-or-read'],
    ['Block_Transfer_With_Set', 'block-transfer-with-set-or-write'],
    ['attribute-0-supported-with-get', 'attribute0-supported-with-get'],
    ['parameterised-access', 'parameterized-access'],
    ['GET', 'get'],
  ];
  for (const [alias, name] of aliases)
    it(`${alias} is ${name}`, () => assert.equal(canonicalConformanceName(alias), name));

  it('an unknown name is an error with a code', () => {
    assert.equal(canonicalConformanceName('gets'), undefined);
    assert.throws(() => conformanceMask(['get', 'gets']), { code: 'bad-conformance', message: /"gets"/ });
  });

  it('LN and SN each have their services', () => {
    const names = (referencing: 'LN' | 'SN'): string[] => legalConformance(referencing).map((bit) => bit.name);
    assert.ok(names('LN').includes('get') && !names('LN').includes('read'));
    assert.ok(names('SN').includes('read') && !names('SN').includes('selective-access'));
    assert.equal(
      legalConformanceMask('LN') & legalConformanceMask('SN'),
      conformanceMask([
        'general-protection',
        'general-block-transfer',
        'delta-value-encoding',
        'block-transfer-with-get-or-read',
        'block-transfer-with-set-or-write',
        'multiple-references',
        'data-notification',
      ]),
    );
    assert.equal(
      (legalConformanceMask('LN') | legalConformanceMask('SN')) & 0x810000,
      0,
      'reserved bits belong to nobody',
    );
  });
});
