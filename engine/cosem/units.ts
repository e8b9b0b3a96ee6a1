import unitRows from './data/units.json' with { type: 'json' };
import { type Dimension, sameDimension } from './dimension.ts';
import { columns } from './rows.ts';
import { unitMagnitudes, ZERO_POINTS } from './unit-dimensions.ts';

/** A unit of the Blue Book's unit enumeration (4.3.2). */
export interface Unit {
  /** Value of the enum in scaler_unit. */
  readonly id: number;
  readonly symbol: string;
  readonly name: string;
  /** What is measured: `active energy`. */
  readonly quantity: string;
  /** Absent for `extended` (253) and `other` (254). */
  readonly dimension?: Dimension;
  /** Value in the coherent SI unit = value * factor (+ zero point, for temperatures). */
  readonly factor?: number;
  /** Kelvin at 0 of this scale; absent where the scale starts at zero. */
  readonly zeroPoint?: number;
}

/** A unit with a decimal prefix, as people write it: `kWh` is Wh with 3. */
export interface PrefixedUnit {
  readonly unit: Unit;
  /** Power of ten: k is 3, m is -3. */
  readonly exponent: number;
}

const units: readonly Unit[] = unitRows.map((line) => {
  const [id = '', symbol = '', name = '', quantity = ''] = columns(line, 4);
  const number = Number(id);
  const zeroPoint = ZERO_POINTS[number];
  return {
    id: number,
    symbol,
    name: name === '' ? symbol : name,
    quantity,
    ...unitMagnitudes.get(number),
    ...(zeroPoint === undefined ? {} : { zeroPoint }),
  };
});

const byId: ReadonlyMap<number, Unit> = new Map(units.map((unit) => [unit.id, unit]));

/** Other ways to write a symbol on a keyboard. */
const SYMBOL_ALIASES: Readonly<Record<string, string>> = {
  m3: 'm³',
  'm3/h': 'm³/h',
  'm3/d': 'm³/d',
  L: 'l',
  deg: '°',
  degC: '°C',
  ohm: 'Ω',
  V2h: 'V²h',
  A2h: 'A²h',
  dBuV: 'dBµV',
  pulses: 'count',
  imp: 'count',
  '1': 'count',
};

/** Of units with the same symbol the lowest id wins: 14, 16, 18 are deprecated uses, 151, 161, 166 meter constants. */
const bySymbol: ReadonlyMap<string, Unit> = new Map(units.toReversed().map((unit) => [unit.symbol, unit]));

const PREFIXES: Readonly<Record<string, number>> = { G: 9, M: 6, k: 3, m: -3, µ: -6, u: -6 };

/** Units that are written with a prefix in the field. Others (`min`, `d`, `kg`) would be read wrongly with one. */
const PREFIXABLE: ReadonlySet<number> = new Set([
  11, 19, 23, 24, 25, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 38, 40, 41, 43, 44, 48, 49, 51, 57, 7,
]);

/** All units of the table in the order of their ids. */
export function allUnits(): readonly Unit[] {
  return units;
}

/** The unit of an id; undefined for reserved ids. */
export function unitById(id: number): Unit | undefined {
  return byId.get(id);
}

/** The unit of a symbol without prefix: `Wh`, `m³/h`, `m3/h`, `°C`, `degC`. Symbols are case-sensitive. */
export function unitBySymbol(symbol: string): Unit | undefined {
  return bySymbol.get(symbol) ?? bySymbol.get(SYMBOL_ALIASES[symbol] ?? '');
}

/** Reads a symbol with or without decimal prefix: `kWh` -> Wh, 3; `mA` -> A, -3; `V` -> V, 0. */
export function parseUnit(symbol: string): PrefixedUnit | undefined {
  const plain = unitBySymbol(symbol);
  if (plain !== undefined) return { unit: plain, exponent: 0 };
  const exponent = PREFIXES[symbol.charAt(0)];
  const unit = unitBySymbol(symbol.slice(1));
  return exponent !== undefined && unit !== undefined && PREFIXABLE.has(unit.id) ? { unit, exponent } : undefined;
}

/** True if the unit may carry a decimal prefix such as k. */
export function isPrefixable(unit: Unit): boolean {
  return PREFIXABLE.has(unit.id);
}

/** True if values of the two units measure the same thing and can be converted: Wh and J yes, W and var no. */
export function sameQuantity(a: Unit, b: Unit): boolean {
  if (a.dimension === undefined || b.dimension === undefined) return a.id === b.id;
  return sameDimension(a.dimension, b.dimension);
}

/** Converts a value; undefined if the units do not measure the same thing. Temperatures keep their zero points. */
export function convertUnit(value: number, from: Unit, to: Unit): number | undefined {
  if (from.id === to.id) return value;
  if (!sameQuantity(from, to) || from.factor === undefined || to.factor === undefined) return undefined;
  return (value * from.factor + (from.zeroPoint ?? 0) - (to.zeroPoint ?? 0)) / to.factor;
}

/**
 * Units of a dimension, the one people use for it in metering first: for energy Wh before J, for volume m³ before l.
 * For naming the result of an expression.
 */
export function unitsOfDimension(dimension: Dimension): readonly Unit[] {
  const found = units.filter((unit) => unit.dimension !== undefined && sameDimension(unit.dimension, dimension));
  return found.toSorted((a, b) => Number(PREFERRED.has(b.id)) - Number(PREFERRED.has(a.id)));
}

const PREFERRED: ReadonlySet<number> = new Set([7, 9, 11, 13, 15, 20, 23, 27, 30, 57, 255]);
