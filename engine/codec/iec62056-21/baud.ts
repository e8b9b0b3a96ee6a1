/** Speeds of IEC 62056-21 modes C and E by their digit, bit/s. */
const SPEEDS: readonly number[] = [300, 600, 1200, 2400, 4800, 9600, 19200];

/** Speed at which every opening begins, bit/s. */
export const OPENING_SPEED = 300;

/** Speed of a baud digit `0`..`6`; undefined for other characters (mode A has none, mode B uses letters). */
export function speedOfDigit(digit: string): number | undefined {
  return /^[0-6]$/.test(digit) ? SPEEDS[Number(digit)] : undefined;
}

/** Digit of a speed, or undefined when the standard has none for it. */
export function digitOfSpeed(speed: number): string | undefined {
  const index = SPEEDS.indexOf(speed);
  return index < 0 ? undefined : `${index}`;
}

/** Digit of the highest speed that is not above `limit`, bit/s. The lowest is 300 bit/s. */
export function digitUpTo(limit: number): string {
  return `${Math.max(
    0,
    SPEEDS.findLastIndex((speed) => speed <= limit),
  )}`;
}
