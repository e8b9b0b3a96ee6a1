/** One of the words an option may have. Throws Error that names them. */
export function oneOf<const T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new Error(`--${option} ${value}: expected ${allowed.join(', ')}`);
  return found;
}

/** A whole number of an option, decimal or 0x... Throws Error that names the range. */
export function integer(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text)
    ? Number(text)
    : /^0[xX][0-9a-fA-F]+$/.test(text)
      ? Number.parseInt(text, 16)
      : Number.NaN;
  if (!(value >= least && value <= most))
    throw new Error(`--${option} ${text}: expected a number from ${least} to ${most}`);
  return value;
}
