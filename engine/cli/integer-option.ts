import { InvalidArgumentError } from 'commander';

/** Reads a whole number of an option, decimal or 0x.., and says the range when it is none. */
export function integerOption(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^(?:\d+|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Found "${text}", expected a whole number from ${least} to ${most}.`);
  };
}

/** Reads a number of an option, decimal, and says the range when it is none. */
export function numberOption(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Found "${text}", expected a number from ${least} to ${most}.`);
  };
}
