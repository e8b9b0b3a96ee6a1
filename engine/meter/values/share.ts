/** Typical parts of one to four tariffs, in thousandths; further tariffs get nothing. */
const PARTS: readonly (readonly number[])[] = [[1000], [680, 320], [550, 320, 130], [480, 290, 150, 80]];

/**
 * Units of a total that fall to one tariff. Out of every thousand units each tariff gets a fixed run, so that the
 * tariff registers never fall and always add up to the total.
 */
export function tariffShare(total: number, tariff: number, tariffs: readonly number[]): number {
  if (!Number.isFinite(total)) return 0;
  const position = tariffs.indexOf(tariff);
  const parts = PARTS[Math.min(tariffs.length, PARTS.length) - 1];
  const width = parts?.[position];
  if (parts === undefined || width === undefined) return 0;
  const from = parts.slice(0, position).reduce((sum, part) => sum + part, 0);
  const units = Math.trunc(total);
  const whole = Math.floor(units / 1000);
  return whole * width + Math.min(Math.max(units - whole * 1000 - from, 0), width);
}
