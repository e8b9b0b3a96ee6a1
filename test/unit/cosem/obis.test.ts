import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  compareObis,
  formatObis,
  obis,
  obisFromOctets,
  obisToOctets,
  parseObis,
} from '../../../engine/cosem/obis/obis.ts';

describe('OBIS codes', () => {
  const forms: readonly (readonly [text: string, canonical: string])[] = [
    ['1-0:1.8.0.255', '1-0:1.8.0.255'],
    ['1-0:1.8.0*255', '1-0:1.8.0.255'],
    ['1.0.1.8.0.255', '1-0:1.8.0.255'],
    ['0100010800FF', '1-0:1.8.0.255'],
    ['0x0100010800ff', '1-0:1.8.0.255'],
    [' 1-0:1.8.0.255 ', '1-0:1.8.0.255'],
    ['1-0:1.8.0', '1-0:1.8.0.255'],
    ['1-0:1.8', '1-0:1.8.0.255'],
    ['1-1:1.8.2*03', '1-1:1.8.2.3'],
    ['1.8.1', '1-0:1.8.1.255'],
    ['1.8.1*03', '1-0:1.8.1.3'],
    ['1.8.1&03', '1-0:1.8.1.3'],
    ['1.8*03', '1-0:1.8.0.3'],
    ['1.8', '1-0:1.8.0.255'],
    ['1.8.0.101', '1-0:1.8.0.101'],
    ['2:1.8.0', '1-2:1.8.0.255'],
    ['C.1.0', '1-0:96.1.0.255'],
    ['0-0:C.1.0', '0-0:96.1.0.255'],
    ['F.F', '1-0:97.97.0.255'],
    ['P.1', '1-0:99.1.0.255'],
    ['l.1', '1-0:98.1.0.255'],
    ['0-0:96.1.255.255', '0-0:96.1.255.255'],
  ];
  for (const [text, canonical] of forms) {
    it(`${text} is ${canonical}`, () => {
      const code = parseObis(text);
      assert.ok(code);
      assert.equal(formatObis(code), canonical);
    });
  }

  for (const text of [
    '',
    '1',
    '1-0:1',
    '1-0:1.8.0.256',
    '256-0:1.8.0.255',
    '1.0.1.8.0',
    '1.0.1.8.0.255.1',
    'A.B',
    '1-0:1.8.0.255x',
    '1-:1.8',
    '0100010800',
  ]) {
    it(`${JSON.stringify(text)} is no code`, () => assert.equal(parseObis(text), undefined));
  }

  it('a medium and a channel can be given for reduced forms', () => {
    assert.equal(formatObis(parseObis('3.0.0', { medium: 7, channel: 1 })!), '7-1:3.0.0.255');
  });

  it('any code survives text and octets', () => {
    const group = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(group, group, group, group, group, group), ([a, b, c, d, e, f]) => {
        const code = obis(a, b, c, d, e, f);
        assert.deepEqual(parseObis(formatObis(code)), code);
        assert.deepEqual(obisFromOctets(obisToOctets(code)), code);
        assert.deepEqual(parseObis(Buffer.from(obisToOctets(code)).toString('hex')), code);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('display takes what comes', () => {
    assert.equal(formatObis(Uint8Array.of(0, 0, 42, 0, 0, 255)), '0-0:42.0.0.255');
    assert.equal(formatObis(Uint8Array.of(1, 2)), '0102');
    assert.equal(formatObis('no code'), 'no code');
  });

  it('octets of text that is no code are an error with a code', () => {
    assert.throws(() => obisToOctets('1-0:1.8.0.999'), {
      name: 'CosemError',
      code: 'bad-obis',
      message: /1-0:1\.8\.0\.999/,
    });
    assert.equal(obisFromOctets(new Uint8Array(5)), undefined);
    assert.equal(obisFromOctets(new Uint8Array(7)), undefined);
  });

  it('codes are ordered group by group', () => {
    const sorted = ['1-0:2.8.0.255', '0-0:96.1.0.255', '1-0:1.8.10.255', '1-0:1.8.2.255']
      .map((text) => parseObis(text)!)
      .toSorted(compareObis);
    assert.deepEqual(sorted.map(formatObis), ['0-0:96.1.0.255', '1-0:1.8.2.255', '1-0:1.8.10.255', '1-0:2.8.0.255']);
  });
});
