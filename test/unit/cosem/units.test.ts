import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  derivative,
  dimensionOf,
  dividedBy,
  formatDimension,
  integral,
  sameDimension,
  times,
} from '../../../engine/cosem/dimension.ts';
import { formatScaled, formatScalerUnit } from '../../../engine/cosem/format-scaled.ts';
import {
  allUnits,
  convertUnit,
  parseUnit,
  sameQuantity,
  type Unit,
  unitById,
  unitBySymbol,
  unitsOfDimension,
} from '../../../engine/cosem/units.ts';
import { sharedJson } from './shared-facts.ts';

function unit(symbol: string): Unit {
  const found = unitBySymbol(symbol);
  assert.ok(found, symbol);
  return found;
}

describe('units', () => {
  it('are those of the fact table', function () {
    const facts = sharedJson<{ units: { id: number; symbol: string; quantity: string | null }[] }>(
      'facts',
      'obis.json',
    );
    if (facts === undefined) return this.skip();
    for (const fact of facts.units)
      assert.deepEqual([unitById(fact.id)?.symbol, unitById(fact.id)?.quantity], [fact.symbol, fact.quantity ?? '']);
    assert.equal(facts.units.length, 118);
    assert.equal(allUnits().length, 118);
  });

  it('all have a dimension but the extended table and "other"', () => {
    assert.deepEqual(
      allUnits()
        .filter((item) => item.dimension === undefined)
        .map((item) => item.id),
      [253, 254],
    );
    assert.ok(allUnits().every((item) => item.factor === undefined || item.factor > 0));
  });

  it('every symbol leads back to a unit of the same symbol', () => {
    for (const item of allUnits()) assert.equal(unitBySymbol(item.symbol)?.symbol, item.symbol);
    assert.equal(unitBySymbol('m³')?.id, 13, 'not the deprecated 14');
    assert.equal(unitBySymbol('m3/h')?.id, 15);
    assert.equal(unitBySymbol('degC')?.id, 9);
    assert.equal(unitBySymbol('WH'), undefined, 'symbols are case-sensitive');
    assert.equal(unitById(58), undefined, 'reserved');
  });

  const prefixed: readonly (readonly [text: string, id: number, exponent: number])[] = [
    ['kWh', 30, 3],
    ['MWh', 30, 6],
    ['Wh', 30, 0],
    ['mA', 33, -3],
    ['kV', 35, 3],
    ['min', 6, 0],
    ['m', 11, 0],
    ['d', 4, 0],
    ['kvarh', 32, 3],
    ['kg', 20, 0],
    ['mV', 35, -3],
    ['ms', 7, -3],
    ['kPa', 23, 3],
    ['%', 56, 0],
  ];
  for (const [text, id, exponent] of prefixed) {
    it(`${text} is unit ${id} with 10^${exponent}`, () => {
      const parsed = parseUnit(text);
      assert.deepEqual([parsed?.unit.id, parsed?.exponent], [id, exponent]);
    });
  }
  for (const text of ['k%', 'kmin', 'x', '', 'k', 'kWH']) {
    it(`${JSON.stringify(text)} is no unit`, () => assert.equal(parseUnit(text), undefined));
  }

  it('integrals of powers are energies, of flow is volume', () => {
    for (const [power, energy] of [
      ['W', 'Wh'],
      ['var', 'varh'],
      ['VA', 'VAh'],
      ['A', 'Ah'],
      ['m³/h', 'm³'],
    ] as const) {
      const result = integral(unit(power).dimension!);
      assert.ok(sameDimension(result, unit(energy).dimension!), `${power} ${formatDimension(result)}`);
      assert.equal(unitsOfDimension(result)[0]?.symbol, energy);
      assert.ok(sameDimension(derivative(result), unit(power).dimension!));
    }
  });

  it('units of the same quantity have the same dimension', () => {
    const byQuantity = Map.groupBy(
      allUnits().filter((item) => item.quantity !== '' && item.dimension !== undefined),
      (item) => item.quantity,
    );
    // dBm and dBµV are levels over different references: not comparable without an impedance.
    byQuantity.delete('signal strength');
    for (const [quantity, [first, ...others]] of byQuantity) {
      for (const other of others)
        assert.ok(sameQuantity(first!, other), `${quantity}: ${first?.symbol} and ${other.symbol}`);
    }
    assert.ok([...byQuantity.values()].filter((units) => units.length > 1).length > 10);
  });

  it('products and quotients', () => {
    const h = unit('h').dimension!;
    for (const [symbol, base] of [
      ['V²h', 'V'],
      ['A²h', 'A'],
    ] as const) {
      const squared = times(unit(base).dimension!, unit(base).dimension!);
      assert.ok(sameDimension(times(squared, h), unit(symbol).dimension!), symbol);
      assert.equal(formatDimension(times(unit(symbol).dimension!, unit(`1/(${symbol})`).dimension!)), '1');
    }
    for (const symbol of ['Wh', 'varh', 'VAh']) {
      assert.equal(formatDimension(times(unit(symbol).dimension!, unit(`1/(${symbol})`).dimension!)), '1');
    }
    assert.ok(sameDimension(times(unit('V').dimension!, unit('A').dimension!), unit('W').dimension!));
    assert.ok(sameDimension(dividedBy(unit('Wh').dimension!, unit('m³').dimension!), unit('Wh/m³').dimension!));
    assert.equal(formatDimension(dividedBy(unit('Wh').dimension!, unit('J').dimension!)), '1');
    assert.equal(formatDimension(dimensionOf('kg m2 s-3')), 'kg m2 s-3');
  });

  it('active, reactive and apparent are different quantities', () => {
    assert.ok(sameQuantity(unit('Wh'), unit('J')));
    for (const [a, b] of [
      ['W', 'var'],
      ['W', 'VA'],
      ['var', 'VA'],
      ['Wh', 'varh'],
      ['W', 'Wh'],
      ['V', 'A'],
      ['dBm', 'dB'],
    ] as const) {
      assert.ok(!sameQuantity(unit(a), unit(b)), `${a} ${b}`);
    }
    assert.ok(!sameQuantity(unitById(253)!, unitById(254)!));
    assert.ok(sameQuantity(unitById(254)!, unitById(254)!));
  });

  const conversions: readonly (readonly [value: number, from: string, to: string, expected: number])[] = [
    [1, 'Wh', 'J', 3600],
    [36, 'J/h', 'W', 0.01],
    [1, 'h', 's', 3600],
    [1000, 'l', 'm³', 1],
    [24, 'm³/d', 'm³/h', 1],
    [20, '°C', 'K', 293.15],
    [50, '°F', '°C', 10],
    [1, 'bar', 'Pa', 1e5],
    [1, 'ft', 'in', 12],
    [1, 'cu ft', 'cu in', 1728],
    [1, 'gal (US)', 'cu in', 231],
    [1, 'ac', 'sq ft', 43560],
    [1, 'psi', 'Pa', 6894.757293168361],
    [50, '%', 'count', 0.5],
    [1, 'thm(EC)', 'Btu', 100000],
    [491.67, '°R', 'K', 273.15],
  ];
  for (const [value, from, to, expected] of conversions) {
    it(`${value} ${from} is ${expected} ${to}`, () => {
      const result = convertUnit(value, unit(from), unit(to));
      assert.ok(result !== undefined && Math.abs(result - expected) <= Math.abs(expected) * 1e-5, `${result}`);
    });
  }
  it('what is not the same quantity is not converted', () => {
    assert.equal(convertUnit(1, unit('W'), unit('Wh')), undefined);
    assert.equal(convertUnit(5, unitById(254)!, unitById(254)!), 5);
  });
});

describe('scaled values', () => {
  const values: readonly (readonly [raw: number | bigint, scaler: number, unit: number | undefined, text: string])[] = [
    [4183, 2, 30, '418.3 kWh'],
    [4183021, 0, 30, '4183.021 kWh'],
    [2301, -1, 35, '230.1 V'],
    [2300, -1, 35, '230.0 V'],
    [5000, -2, 44, '50.00 Hz'],
    [0, 0, 30, '0 Wh'],
    [0, -3, 30, '0.000 Wh'],
    [0, 3, 30, '0 Wh'],
    [999, 0, 27, '999 W'],
    [1000, 0, 27, '1 kW'],
    [5, 3, 30, '5 kWh'],
    [-5, -1, 27, '-0.5 W'],
    [-1500, 0, 29, '-1.5 kvar'],
    [123456789, 0, 30, '123456.789 kWh'],
    [1234567890, 0, 30, '1234.56789 MWh'],
    [18446744073709551615n, 0, 30, '18446744073.709551615 GWh'],
    [-9223372036854775808n, -3, 30, '-9223372.036854775808 GWh'],
    [12345, -2, 33, '123.45 A'],
    [123456, 0, 35, '123456 V'],
    [98, -2, 255, '0.98'],
    [7, 0, undefined, '7'],
    [7, 0, 200, '7 unit 200'],
    [0.1, 0, 27, '0.1 W'],
    [1e-7, 0, 27, '0.0000001 W'],
    [1.5, 3, 27, '1.5 kW'],
    [Number.NaN, 0, 27, 'NaN W'],
    [Number.POSITIVE_INFINITY, -1, 35, 'Infinity V'],
    [-0, 0, 27, '0 W'],
    [1, 127, 30, '1*10^127 Wh'],
  ];
  for (const [raw, scaler, id, text] of values) {
    it(`${raw} with 10^${scaler} is ${text}`, () => assert.equal(formatScaled(raw, scaler, id), text));
  }
  it('without prefix', () => assert.equal(formatScaled(4183, 2, 30, { prefix: false }), '418300 Wh'));

  it('no digit is lost or made up', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
        fc.integer({ min: -9, max: 9 }),
        (raw, scaler) => {
          const text = formatScaled(raw, scaler, 33, { prefix: false }).replace(' A', '');
          const [whole = '', fraction = ''] = text.replace('-', '').split('.');
          assert.equal(fraction.length, Math.max(0, -scaler));
          const digits = BigInt(whole + fraction) * (text.startsWith('-') ? -1n : 1n);
          assert.equal(digits, scaler > 0 ? raw * 10n ** BigInt(scaler) : raw);
        },
      ),
      { seed: 3, numRuns: 1000 },
    );
  });

  it('scaler and unit', () => {
    assert.deepEqual(
      [
        formatScalerUnit(-1, 30),
        formatScalerUnit(0, 35),
        formatScalerUnit(3, 30),
        formatScalerUnit(0, 255),
        formatScalerUnit(-2, 60),
        formatScalerUnit(0, 199),
      ],
      ['10^-1 Wh', 'V', '10^3 Wh', 'count', '10^-2 Wh/m³', 'unit 199'],
    );
  });
});
