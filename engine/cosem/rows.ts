/**
 * Splits a `a|b|c` line of the data files into `count` columns; the last one keeps further bars.
 * A missing column is the empty string.
 */
export function columns(line: string, count: number): string[] {
  const parts = line.split('|');
  const head = parts.slice(0, count - 1);
  while (head.length < count - 1) head.push('');
  return [...head, parts.slice(count - 1).join('|')];
}

/** `number|name` lines as a map. */
export function numberedNames(lines: readonly string[]): ReadonlyMap<number, string> {
  return new Map(
    lines.map((line) => {
      const [number = '', name = ''] = columns(line, 2);
      return [Number(number), name] as const;
    }),
  );
}

/** A number column that may be empty. */
export function optionalNumber(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}
