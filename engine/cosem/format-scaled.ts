import { isPrefixable, type Unit, unitById } from './units.ts';

/** Options of `formatScaled`. */
export interface FormatScaledOptions {
  /** Choose k, M or G for energies and powers: `418.3 kWh` instead of `418300 Wh`. Default true. */
  readonly prefix?: boolean;
}

/** Units shown in thousands when they grow: powers and energies. Volts and amperes stay as they are. */
const THOUSANDS: ReadonlySet<number> = new Set([25, 27, 28, 29, 30, 31, 32, 48, 49]);

/** Scalers are one signed octet; a shift beyond this gives a number nobody can read. */
const LONGEST_SHIFT = 60;

/** Sign, digits and number of decimals: value = digits * 10^-decimals. */
interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly decimals: number;
}

function toDecimal(raw: number | bigint): Decimal {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(raw)) ?? [];
  return { negative: sign === '-', digits: whole + fraction, decimals: fraction.length - Number(exponent) };
}

/** `digits * 10^-decimals` in plain notation, without superfluous zeros before the point. */
function plain(digits: string, decimals: number): string {
  const padded = decimals <= 0 ? digits + '0'.repeat(-decimals) : digits.padStart(decimals + 1, '0');
  const point = padded.length - Math.max(decimals, 0);
  const whole = padded.slice(0, point).replace(/^0+(?=\d)/, '');
  return decimals > 0 ? `${whole}.${padded.slice(point)}` : whole;
}

/** Number of digits before the point of `digits * 10^-decimals`; 0 for values below 1. */
function magnitude(digits: string, decimals: number): number {
  const significant = digits.replace(/^0+/, '');
  return significant === '' ? 0 : significant.length - decimals;
}

function prefixFor(unit: Unit | undefined, size: number): readonly [symbol: string, exponent: number] {
  if (unit === undefined || !THOUSANDS.has(unit.id) || !isPrefixable(unit)) return ['', 0];
  if (size > 12) return ['G', 9];
  if (size > 9) return ['M', 6];
  return size > 3 ? ['k', 3] : ['', 0];
}

/**
 * A raw value with scaler and unit as people read it, exact to the last digit: `formatScaled(4183, 2, 30)` is
 * `418.3 kWh`, `formatScaled(2301n, -1, 35)` is `230.1 V`. Decimals that the scaler gives are kept (`230.0 V`);
 * those that come from a prefix lose trailing zeros. `unit` is a unit or its id; unitless values have no symbol.
 */
export function formatScaled(
  raw: number | bigint,
  scaler: number,
  unit?: Unit | number,
  options: FormatScaledOptions = {},
): string {
  const known = typeof unit === 'number' ? unitById(unit) : unit;
  const symbol =
    known === undefined ? (unit === undefined ? '' : `unit ${unit}`) : known.id === 255 ? '' : known.symbol;
  if (typeof raw === 'number' && !Number.isFinite(raw)) return `${raw} ${symbol}`.trimEnd();
  if (Math.abs(scaler) > LONGEST_SHIFT) return `${raw}*10^${scaler} ${symbol}`.trimEnd();
  const { negative, digits, decimals } = toDecimal(raw);
  const scaled = decimals - scaler;
  const [prefix, exponent] =
    (options.prefix ?? true) ? prefixFor(known, magnitude(digits, scaled)) : (['', 0] as const);
  const text = plain(digits, scaled + exponent);
  const short = exponent > 0 && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return `${negative && /[1-9]/.test(short) ? '-' : ''}${short} ${prefix}${symbol}`.trimEnd();
}

/** Scaler and unit as written in templates and books: `10^-1 V`; the power is left out for scaler 0. */
export function formatScalerUnit(scaler: number, unit: number): string {
  const symbol = unitById(unit)?.symbol ?? `unit ${unit}`;
  return scaler === 0 ? symbol : `10^${scaler} ${symbol}`;
}
