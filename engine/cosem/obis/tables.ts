/** The OBIS fact table (data/obis.json) as maps. */
import data from '../data/obis.json' with { type: 'json' };
import { columns, numberedNames, optionalNumber } from '../rows.ts';

/** An electricity quantity: value group C of medium 1 (Blue Book 7.5.1). */
export interface ElectricityQuantity {
  /** `L1`, `L2`, `L3`, `N`, or empty for the sum or where phases do not matter. */
  readonly phase: string;
  /** Unit id of the quantity itself. */
  readonly unit?: number;
  /** Unit id of its time integral. */
  readonly integralUnit?: number;
  /** Name in the book's notation: `Active power+ (QI+QIV)`. */
  readonly formal: string;
  /** Name as a power or other direct quantity: `Active power import (+A)`. */
  readonly name: string;
  /** Name as a time integral: `Active energy import (+A)`. */
  readonly integralName: string;
}

/** Quantity (C) and processing (D) names of a medium whose codes are composed of both. */
export interface ComposedMedium {
  readonly quantities: ReadonlyMap<number, string>;
  readonly processing: ReadonlyMap<number, string>;
}

function readQuantity(line: string): readonly [number, ElectricityQuantity] {
  const [c = '', phase = '', unit, integral, formal = '', wording = ''] = columns(line, 6);
  const unitId = optionalNumber(unit);
  const integralUnit = optionalNumber(integral);
  return [
    Number(c),
    {
      phase,
      ...(unitId === undefined ? {} : { unit: unitId }),
      ...(integralUnit === undefined ? {} : { integralUnit }),
      formal,
      name: wording.replace('*', 'power'),
      integralName: wording.includes('*') ? wording.replace('*', 'energy') : `${wording}, time integral`,
    },
  ];
}

function composed(source: { quantities: string[]; processing: string[] }): ComposedMedium {
  return { quantities: numberedNames(source.quantities), processing: numberedNames(source.processing) };
}

/** Value group A. */
export const media = numberedNames(data.media);
/** Value group D where C = 94. */
export const countries = numberedNames(data.countries);

/** Medium 1. */
export const electricity = {
  quantities: new Map(data.electricity.quantities.map(readQuantity)) as ReadonlyMap<number, ElectricityQuantity>,
  processing: numberedNames(data.electricity.processing),
  /** Values of D that are time integrals. */
  integrals: new Set(data.electricity.integrals) as ReadonlySet<number>,
  harmonics: numberedNames(data.electricity.harmonics),
  angles: numberedNames(data.electricity.angles),
  losses: numberedNames(data.electricity.losses),
  dipDepths: numberedNames(data.electricity.dipDepths),
  dipDurations: numberedNames(data.electricity.dipDurations),
};

/** Medium 7. */
export const gas = {
  quantities: numberedNames(data.gas.quantities),
  analysis: numberedNames(data.gas.analysis),
  index: numberedNames(data.gas.index),
  flow: numberedNames(data.gas.flow),
  process: numberedNames(data.gas.process),
  factors: numberedNames(data.gas.factors),
  factorAverages: numberedNames(data.gas.factorAverages),
};

/** Media 4, 5, 6, 8 and 9. */
export const composedMedia: ReadonlyMap<number, ComposedMedium> = new Map([
  [4, composed(data.heatCostAllocator)],
  [5, composed(data.thermal)],
  [6, composed(data.thermal)],
  [8, composed(data.water)],
  [9, composed(data.water)],
]);

/** The lines `pattern|class ids|name` in the order in which they are tried. */
export const patternLines: readonly string[] = data.patterns;
