import assert from 'node:assert/strict';
import {
  allFlagManufacturers,
  flagFromLogicalDeviceName,
  flagFromMbusId,
  flagManufacturer,
  manufacturerLabel,
  mbusIdFromFlag,
} from '../../../engine/cosem/flag-ids.ts';
import { describeSystemTitle, parseSystemTitle } from '../../../engine/cosem/system-title.ts';
import { sharedJson } from './shared-facts.ts';

describe('FLAG ids', () => {
  it('are those of the fact table, and so are the M-Bus ids', function () {
    const facts = sharedJson<{ flags: Record<string, { name: string; country?: string; mbus16: string }> }>(
      'facts',
      'flag-ids.json',
    );
    if (facts === undefined) return this.skip();
    const codes = Object.entries(facts.flags).filter(([flag]) => flag.length === 3);
    for (const [flag, fact] of codes) {
      const known = flagManufacturer(flag);
      assert.deepEqual([known?.name, known?.country], [fact.name, fact.country]);
      assert.equal(mbusIdFromFlag(flag), Number.parseInt(fact.mbus16, 16));
      assert.equal(flagFromMbusId(Number.parseInt(fact.mbus16, 16)), flag);
    }
    assert.equal(allFlagManufacturers().length, codes.length);
    console.log(`      ${allFlagManufacturers().length} manufacturers`);
  });

  it('case does not matter, the brand is known', () => {
    assert.equal(flagManufacturer('lgz')?.family, 'Landis+Gyr');
    assert.equal(flagManufacturer('ADN')?.country, 'Finland');
    assert.equal(manufacturerLabel(flagManufacturer('KFM')!), 'Kaifa');
    assert.equal(manufacturerLabel(flagManufacturer('ELV')!), flagManufacturer('ELV')?.name);
    assert.equal(flagManufacturer('???'), undefined);
    assert.equal(flagManufacturer(''), undefined);
  });

  const names: readonly (readonly [name: string | Uint8Array, flag: string | undefined])[] = [
    ['LGZ1030655933512', 'LGZ'],
    ['kfm1200200042', 'KFM'],
    ['1234', undefined],
    ['LG', undefined],
    ['', undefined],
    [Uint8Array.from(Buffer.from('ISK1030775213859')), 'ISK'],
    [Uint8Array.of(0, 1, 2, 3), undefined],
  ];
  for (const [name, flag] of names) {
    it(`logical device name ${typeof name === 'string' ? JSON.stringify(name) : `of ${name.length} octets`} gives ${flag}`, () => {
      assert.equal(flagFromLogicalDeviceName(name), flag);
    });
  }

  it('letters outside of A to Z have no M-Bus id', () => {
    assert.equal(mbusIdFromFlag('A1B'), undefined);
    assert.equal(mbusIdFromFlag('ABCD'), undefined);
  });
});

describe('system titles', () => {
  const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

  it('of Elvaco (security.md 9)', () => {
    const title = parseSystemTitle(octets('454C560000F42400'));
    assert.deepEqual([title?.flag, title?.uniqueNumber, title?.hex], ['ELV', 16_000_000, '454C560000F42400']);
    assert.match(title?.manufacturer?.name ?? '', /Elvaco/);
    assert.match(describeSystemTitle(octets('454C560000F42400')), /^ELV 0000F42400 \(Elvaco/);
  });

  it('of an IDIS device: type, function and a number of 28 bits', () => {
    const title = parseSystemTitle(octets('49534B6512345678'));
    assert.deepEqual(title?.idis, { deviceType: 0x65, function: 1, serialNumber: 0x2345678 });
  });

  it('without letters, not registered, or not eight octets', () => {
    assert.equal(parseSystemTitle(octets('0000000000000001'))?.flag, undefined);
    assert.equal(describeSystemTitle(octets('0000000000000001')), '0000000000000001');
    assert.equal(parseSystemTitle(octets('4D4D4D0000000001'))?.flag, 'MMM');
    assert.equal(parseSystemTitle(new Uint8Array(0)), undefined);
    assert.equal(describeSystemTitle(new Uint8Array(0)), '(empty)');
    assert.equal(describeSystemTitle(octets('4D4D')), '4D4D');
  });

  it('reads a title inside of a larger buffer', () => {
    const inside = octets('FFFF454C560000F42400FF').subarray(2, 10);
    assert.equal(parseSystemTitle(inside)?.uniqueNumber, 16_000_000);
  });
});
