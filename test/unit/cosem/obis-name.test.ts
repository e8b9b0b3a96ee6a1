import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { nameObis } from '../../../engine/cosem/obis/name.ts';
import { obis } from '../../../engine/cosem/obis/obis.ts';
import { exampleOf, exampleText, findPattern, obisPatterns } from '../../../engine/cosem/obis/patterns.ts';
import { sharedJson, sharedPath } from './shared-facts.ts';

/** A name reads well: no placeholder left, no clause twice, no stray punctuation. */
function assertReadsWell(name: string): void {
  assert.doesNotMatch(name, /[{}]|undefined|NaN|, ,|,,| {2}|^[, ]|[, ]$/, name);
  const clauses = name.split(', ');
  assert.equal(new Set(clauses).size, clauses.length, `${name}: a clause twice`);
}

describe('names of OBIS codes', () => {
  const samples: readonly (readonly [obis: string, name: string, unit?: number])[] = [
    ['1-0:1.8.0.255', 'Active energy import (+A), total', 30],
    ['1-0:1.8.1.255', 'Active energy import (+A), rate 1', 30],
    ['1-0:2.8.0.255', 'Active energy export (-A), total', 30],
    ['1-0:3.8.0.255', 'Reactive energy import (+R), total', 32],
    ['1-0:5.8.2.255', 'Reactive energy QI, rate 2', 32],
    ['1-0:9.8.0.255', 'Apparent energy import (+VA), total', 31],
    ['1-0:15.8.0.255', 'Active energy absolute (|+A|+|-A|), total', 30],
    ['1-0:21.8.0.255', 'Active energy import (+A) L1, total', 30],
    ['1-0:1.8.0.101', 'Active energy import (+A), total, last billing period', 30],
    ['1-0:1.8.0.3', 'Active energy import (+A), total, billing period 3', 30],
    ['1-0:1.8.0.103', 'Active energy import (+A), total, billing period 3 back', 30],
    ['1-1:1.8.0.255', 'Active energy import (+A), total, channel 1', 30],
    ['1-0:1.29.0.255', 'Active energy import (+A), recording interval 1, total', 30],
    ['1-0:1.9.1.255', 'Active energy import (+A), billing period, rate 1', 30],
    ['1-0:1.7.0.255', 'Active power import (+A), instantaneous', 27],
    ['1-0:1.6.0.255', 'Active power import (+A), maximum 1', 27],
    ['1-0:1.6.2.255', 'Active power import (+A), maximum 1, rate 2', 27],
    ['1-0:1.4.0.255', 'Active power import (+A), current average 1', 27],
    ['1-0:32.7.0.255', 'Voltage L1', 35],
    ['1-0:52.7.0.255', 'Voltage L2', 35],
    ['1-0:31.7.0.255', 'Current L1', 33],
    ['1-0:91.7.0.255', 'Current N', 33],
    ['1-0:31.7.5.255', 'Current L1, harmonic 5', 33],
    ['1-0:32.7.124.255', 'Voltage L1, THD', 35],
    ['1-0:13.7.0.255', 'Power factor', 255],
    ['1-0:14.7.0.255', 'Supply frequency', 44],
    ['1-0:81.7.4.255', 'Phase angle, from I(L1) to U(L1)', 8],
    ['1-0:32.32.0.255', 'Voltage L1, under limit occurrence counter', 255],
    ['1-0:32.31.0.255', 'Voltage L1, under limit threshold', 35],
    ['1-0:32.31.0.2', 'Voltage L1, under limit threshold, threshold 2', 35],
    ['1-0:12.32.11.255', 'Voltage, under limit occurrence counter, dip 85>U>70 %, 0.1-0.5 s', 255],
    ['1-0:12.32.0.255', 'Voltage, under limit occurrence counter, dip 90>U>85 %, 0.01-0.1 s', 255],
    ['1-0:88.8.0.255', 'Ampere-squared hours, total', 49],
    ['1-0:124.7.0.255', 'Line voltage L1-L2', 35],
    ['0-0:1.0.0.255', 'Clock'],
    ['0-0:1.0.1.255', 'Clock #2'],
    ['0-0:42.0.0.255', 'COSEM logical device name'],
    ['0-0:96.1.0.255', 'Device ID 1'],
    ['0-0:96.3.10.255', 'Disconnect control'],
    ['0-0:40.0.0.255', 'Current association'],
    ['0-0:40.0.2.255', 'Association #2'],
    ['0-0:43.0.0.255', 'Security setup'],
    ['0-0:43.1.1.255', 'Invocation (frame) counter #1'],
    ['0-1:24.1.0.255', 'M-Bus client, channel 1'],
    ['0-1:24.2.1.255', 'M-Bus value 1, channel 1'],
    ['0-0:65.1.3.255', 'ANSI standard table 131'],
    ['0-0:65.17.3.255', 'ANSI manufacturer table 131'],
    ['0-0:19.12.0.255', 'Credit (account 2)'],
    ['0-0:25.9.0.255', 'Push setup'],
    ['0-0:99.98.1.255', 'Event log #1'],
    ['0-0:96.10.2.101', 'Status register 2, last billing period'],
    ['0-1:44.0.0.255', 'Image transfer, channel 1'],
    ['1-0:99.1.0.255', 'Load profile, recording period 1'],
    ['1-0:0.2.0.255', 'Active firmware identifier'],
    ['7-0:13.2.0.255', 'Forward absolute converter volume, current index at base conditions (converted), gas'],
    [
      '7-0:99.13.2.255',
      'Load profile of Forward absolute converter volume, current index at base conditions (converted), gas',
    ],
    ['7-0:99.99.0.255', 'Load profile, gas'],
    ['7-0:0.0.0.255', 'Gas ID 1'],
    ['6-0:1.0.0.255', 'Energy, current value, heat'],
    ['8-0:1.0.0.255', 'Accumulated volume, current value, cold water'],
    ['0-0:94.47.0.255', 'Country specific (Norway, E=0)'],
    ['0-0:93.1.0.255', 'Consortia specific (abstract, D=1, E=0)'],
    ['0-65:1.0.0.255', 'Utility specific (abstract, B=65)'],
    ['0-0:128.0.0.255', 'Manufacturer specific (abstract, C=128)'],
    ['1-0:1.8.0.128', 'Manufacturer specific (electricity, F=128)'],
    ['0-0:10.0.8.255', 'Script table object, D=0, E=8'],
  ];
  for (const [code, name, unit] of samples) {
    it(`${code} ${name}`, () => {
      const named = nameObis(code);
      assert.equal(named.name, name);
      assert.equal(named.unit, unit);
      assertReadsWell(name);
    });
  }

  it('every pattern names its codes', () => {
    let others = 0;
    for (const pattern of obisPatterns) {
      const text = exampleText(pattern);
      const named = nameObis(text);
      assert.ok(named.known, text);
      assertReadsWell(named.name);
      if (named.source !== 'pattern') others++;
      else if (findPattern(exampleOf(pattern)) === pattern) {
        assert.deepEqual(named.expectedClasses ?? [], pattern.classes, text);
      }
    }
    assert.equal(obisPatterns.length, 596);
    assert.equal(others, 3, 'C=96 with D=50..99 is manufacturer specific, for three media');
    console.log(`      ${obisPatterns.length} patterns named`);
  });

  it('the space of a code comes before its patterns', () => {
    const sources = [
      '0-128:1.0.0.255',
      '0-66:1.0.0.255',
      '0-0:93.0.0.255',
      '0-0:94.7.0.255',
      '0-0:96.50.0.255',
      '0-0:1.0.0.255',
      '1-0:1.8.0.255',
    ];
    assert.deepEqual(
      sources.map((code) => nameObis(code).source),
      ['manufacturer', 'utility', 'consortia', 'country', 'manufacturer', 'pattern', 'composed'],
    );
  });

  it('the class chooses between patterns and never takes a name away', () => {
    assert.deepEqual(nameObis('0-0:96.5.0.255', { classId: 63 }).name, 'Internal operating status, global');
    assert.equal(nameObis('0-0:1.0.0.255', { classId: 3 }).name, 'Clock');
  });

  it('groups say what each number means', () => {
    assert.deepEqual(
      nameObis('1-1:32.7.0.255').groups.map(({ group, value, meaning }) => `${group} ${value} ${meaning}`),
      [
        'A 1 Electricity',
        'B 1 channel 1',
        'C 32 Voltage L1',
        'D 7 instantaneous value',
        'E 0 total',
        'F 255 not used, current value',
      ],
    );
    assert.equal(nameObis('0-0:94.47.0.255').groups[3]?.meaning, 'Norway');
  });

  it('text that is no code is named as such', () => {
    const named = nameObis('1-0:999');
    assert.deepEqual([named.known, named.name], [false, '1-0:999 (no OBIS code)']);
    assert.equal(nameObis(new Uint8Array(3)).known, false);
  });

  it('any code has a name that reads well', () => {
    const group = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(group, group, group, group, group, group), ([a, b, c, d, e, f]) => {
        for (const medium of [a, 0, 1, 4, 5, 6, 7, 8, 15]) {
          const named = nameObis(obis(medium, b % 3, c, d, e, f % 2 === 0 ? 255 : f));
          assertReadsWell(named.name);
          assert.equal(named.groups.length, 6);
        }
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('objects of companion standards are known', function () {
    const folder = sharedPath('vendors', 'companion');
    if (folder === undefined) return this.skip();
    const codes = new Set<string>();
    for (const file of readdirSync(folder)) {
      const model = sharedJson<{ objects: [number, number, string][] }>('vendors', 'companion', file);
      for (const [, , code] of model?.objects ?? []) codes.add(code.replace('.x.', '.1.'));
    }
    const unknown = [...codes].filter((code) => !nameObis(code).known);
    for (const code of codes) assertReadsWell(nameObis(code).name);
    console.log(`      ${codes.size} codes, ${unknown.length} unknown: ${unknown.join(' ')}`);
    assert.ok(codes.size > 300);
    assert.ok(unknown.length <= 5, unknown.join(' '));
  });

  it('names 10,000 codes a second and more, none of them seen before', () => {
    const count = 20_000;
    const from = performance.now();
    for (let i = 0; i < count; i++) nameObis(obis(i % 2, (i >> 1) % 3, (i * 7) % 100, i % 60, (i * 13) % 64, 255));
    const rate = count / ((performance.now() - from) / 1000);
    console.log(`      ${Math.round(rate)} names/s`);
    assert.ok(rate > 10_000, `${rate}`);
  });
});
