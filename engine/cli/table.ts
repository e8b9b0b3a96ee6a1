/** Text as a terminal may show it: control characters of a meter's answer become `.`, they could move the cursor. */
export function printable(text: string): string {
  // biome's noControlCharactersInRegex is why this is a loop over code points.
  let clean = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    clean += code < 0x20 || (code >= 0x7f && code < 0xa0) ? '.' : character;
  }
  return clean;
}

/** Rows as columns of text, aligned, two spaces apart; the last column is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  ');
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...all.slice(1).map(line)].join('\n')}\n`;
}
