/** Names of electricity codes (A = 1) by quantity, processing, tariff and billing period (Blue Book 7.5). */
import type { Obis } from './obis.ts';
import { electricity } from './tables.ts';

/** What composing gives: the parts of the name, first the most important one. */
export interface Composition {
  readonly parts: readonly string[];
  readonly unit?: number;
  readonly classes: readonly number[];
  /** False if no table knows C or D: the parts then show the numbers. */
  readonly known: boolean;
}

/** Unitless. */
const COUNT = 255;
const SECOND = 7;

/** Quantities with harmonics in E, where D is 7, 24 or 56. */
const HARMONIC_QUANTITIES: ReadonlySet<number> = new Set([11, 12, 15, 31, 32, 35, 51, 52, 55, 71, 72, 75, 90, 91, 92]);
const HARMONIC_PROCESSING: ReadonlySet<number> = new Set([7, 24, 56]);
const DIP_QUANTITIES: ReadonlySet<number> = new Set([12, 32, 52, 72]);
const OCCURRENCE_COUNTERS: ReadonlySet<number> = new Set([32, 36, 40]);
const DURATIONS: ReadonlySet<number> = new Set([33, 37, 41, 43, 44, 45]);
const THRESHOLDS: ReadonlySet<number> = new Set([31, 35, 39]);
const AVERAGES: ReadonlySet<number> = new Set([0, 4, 5, 14, 15, 24, 25, 27, 28, 49, 50, 55, 56]);
const EXTREMES: ReadonlySet<number> = new Set([1, 2, 3, 6, 11, 12, 13, 16, 21, 22, 23, 26, 51, 52, 53, 54]);
const ANGLE = 81;
const LOSSES = 83;
const INSTANTANEOUS = 7;
const TOTAL_SINCE_START = 8;

/** Meaning of E: rate, harmonic, dip class or loss, whichever C and D ask for. Empty if it adds nothing. */
export function electricityE(code: Obis): string {
  const { c, d, e } = code;
  if (c === LOSSES) return electricity.losses.get(e) ?? `loss ${e}`;
  if (c === ANGLE && d === INSTANTANEOUS) {
    const to = electricity.angles.get(Math.floor(e / 10));
    const from = electricity.angles.get(e % 10);
    return from === undefined || to === undefined || from === to ? `angle ${e}` : `from ${from} to ${to}`;
  }
  // Without a phase E = 0 is the first cell of the table of dips; meters count all dips of a phase there.
  if (DIP_QUANTITIES.has(c) && d === 32 && (e > 0 || c === 12) && electricity.dipDepths.has(Math.floor(e / 10))) {
    const duration = electricity.dipDurations.get(e % 10);
    if (duration !== undefined) return `dip ${electricity.dipDepths.get(Math.floor(e / 10))}, ${duration}`;
  }
  if (HARMONIC_QUANTITIES.has(c) && HARMONIC_PROCESSING.has(d)) {
    if (e === 0) return '';
    if (e <= 120) return e === 1 ? 'fundamental' : `harmonic ${e}`;
    return electricity.harmonics.get(e) ?? `E=${e}`;
  }
  if (e === 0) return electricity.integrals.has(d) ? 'total' : '';
  return e <= 63 ? `rate ${e}` : `E=${e}`;
}

function unitOf(code: Obis): number | undefined {
  const quantity = electricity.quantities.get(code.c);
  if (OCCURRENCE_COUNTERS.has(code.d)) return COUNT;
  if (DURATIONS.has(code.d)) return SECOND;
  return electricity.integrals.has(code.d) ? (quantity?.integralUnit ?? integralOfHours(code.c)) : quantity?.unit;
}

/** Ampere- and volt-squared hours (C = 88, 89) are integrals already: their unit stands in the first column. */
function integralOfHours(c: number): number | undefined {
  return c === 88 || c === 89 ? electricity.quantities.get(c)?.unit : undefined;
}

/**
 * Classes that hold such a value, the usual one first: maxima have a capture time, averages a demand register;
 * counts may be plain data, and a threshold may be that of a register monitor.
 */
function classesOf(d: number): readonly number[] {
  if (OCCURRENCE_COUNTERS.has(d) || DURATIONS.has(d)) return [3, 1, 4];
  if (THRESHOLDS.has(d)) return [3, 4, 21];
  if (EXTREMES.has(d)) return [4, 3];
  return AVERAGES.has(d) ? [5, 3, 4, 21] : [3, 4];
}

/** Processing in words; instantaneous is only said where a power could be taken for a demand. */
function processingOf(code: Obis, isPower: boolean): string {
  if (code.d === TOTAL_SINCE_START) return '';
  if (code.d === INSTANTANEOUS) return isPower ? 'instantaneous' : '';
  const text = electricity.processing.get(code.d) ?? `D=${code.d}`;
  return electricity.integrals.has(code.d) ? text.replace(/^time integral \d+ \((.*)\)$/, '$1') : text;
}

/** Composes an electricity code. */
export function composeElectricity(code: Obis): Composition {
  const quantity = electricity.quantities.get(code.c);
  const integral = electricity.integrals.has(code.d);
  const name =
    quantity === undefined ? `Electricity quantity C=${code.c}` : integral ? quantity.integralName : quantity.name;
  const alreadyIntegral = code.c === 88 || code.c === 89;
  const named = alreadyIntegral && quantity !== undefined ? quantity.name : name;
  const phased = quantity === undefined || quantity.phase === '' ? named : `${named} ${quantity.phase}`;
  const isPower = quantity?.integralUnit !== undefined;
  const unit = unitOf(code);
  return {
    parts: [phased, processingOf(code, isPower), electricityE(code)].filter((part) => part !== ''),
    ...(unit === undefined ? {} : { unit }),
    classes: classesOf(code.d),
    known: quantity !== undefined && electricity.processing.has(code.d),
  };
}
