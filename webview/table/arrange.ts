/** What the person sees of a table: the rows that contain the filter's words, in the order of one column. Pure. */
export interface Arrangement {
  /** Words, all of which must occur in a row's text; case does not matter. */
  readonly filter: string;
  /** Column id; absent = the order in which rows came. */
  readonly sort?: string;
  readonly descending: boolean;
}

/** How a column's values compare and read. */
export interface ColumnValues<R> {
  readonly id: string;
  readonly text: (row: R) => string;
  /** Sort key; default is the text, with numbers inside compared as numbers (`127.0.0.2` before `127.0.0.10`). */
  readonly order?: (row: R) => number;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export function arrange<R>(
  rows: readonly R[],
  columns: readonly ColumnValues<R>[],
  { filter, sort, descending }: Arrangement,
): readonly R[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = words.length === 0 ? rows : rows.filter((row) => containsAll(row, columns, words));
  const column = columns.find(({ id }) => id === sort);
  if (column === undefined) return kept;
  const sign = descending ? -1 : 1;
  const { order } = column;
  if (order !== undefined) return kept.toSorted((a, b) => sign * (order(a) - order(b)));
  return kept.toSorted((a, b) => sign * collator.compare(column.text(a), column.text(b)));
}

function containsAll<R>(row: R, columns: readonly ColumnValues<R>[], words: readonly string[]): boolean {
  const all = columns.map((column) => column.text(row).toLowerCase()).join('\n');
  return words.every((word) => all.includes(word));
}
