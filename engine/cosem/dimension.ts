/**
 * A physical dimension as exponents of base names, without zeros: W is `{ kg: 1, m: 2, s: -3 }`. Besides the SI bases
 * there are `reactive` and `apparent` (so that var and VA are no W), `angle`, `currency` and the decibel levels.
 */
export type Dimension = Readonly<Record<string, number>>;

/** Reads `kg m2 s-3`. */
export function dimensionOf(text: string): Dimension {
  const result: Record<string, number> = {};
  for (const part of text.split(' ').filter((item) => item !== '')) {
    const [, name = '', exponent = '1'] = /^([A-Za-z]+)(-?\d+)?$/.exec(part) ?? [];
    result[name] = Number(exponent);
  }
  return result;
}

/** Dimension of a product. */
export function times(a: Dimension, b: Dimension): Dimension {
  const result: Record<string, number> = { ...a };
  for (const [name, exponent] of Object.entries(b)) {
    const sum = (result[name] ?? 0) + exponent;
    if (sum === 0) delete result[name];
    else result[name] = sum;
  }
  return result;
}

/** Dimension of a power. */
export function raised(a: Dimension, exponent: number): Dimension {
  return Object.fromEntries(Object.entries(a).map(([name, own]) => [name, own * exponent]));
}

/** Dimension of a quotient. */
export function dividedBy(a: Dimension, b: Dimension): Dimension {
  return times(a, raised(b, -1));
}

/** Dimension of the time integral: W -> Wh, A -> Ah, m³/h -> m³. */
export function integral(a: Dimension): Dimension {
  return times(a, { s: 1 });
}

/** Dimension of the rate of change: Wh -> W. */
export function derivative(a: Dimension): Dimension {
  return times(a, { s: -1 });
}

/** True if values of the two can be added and compared after conversion. */
export function sameDimension(a: Dimension, b: Dimension): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** For messages: `kg m2 s-3`; `1` for a number without dimension. */
export function formatDimension(a: Dimension): string {
  const parts = Object.entries(a).map(([name, exponent]) => (exponent === 1 ? name : `${name}${exponent}`));
  return parts.length === 0 ? '1' : parts.join(' ');
}
