/** A table as text for a file. Pure. */
export interface ExportColumn<R> {
  readonly name: string;
  readonly value: (row: R) => string | number | undefined;
}

/**
 * CSV after RFC 4180 with a header line. Text that a spreadsheet would take for a formula gets an apostrophe in front:
 * what a meter says about itself must not run anything in the reader's office. Plain numbers are none.
 */
export function toCsv<R>(rows: readonly R[], columns: readonly ExportColumn<R>[]): string {
  const lines = [
    columns.map(({ name }) => csvField(name)),
    ...rows.map((row) => columns.map(({ value }) => csvField(value(row)))),
  ];
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('');
}

/** An array of objects; absent values are left out. */
export function toJson<R>(rows: readonly R[], columns: readonly ExportColumn<R>[]): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map(({ name, value }) => [name, value(row)]).filter(([, value]) => value !== undefined)),
  );
  return `${JSON.stringify(objects, undefined, 2)}\n`;
}

function csvField(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const formula = /^[=+\-@\t\r\n]/.test(value) && !/^[+-]\d+(?:\.\d+)?$/.test(value);
  const guarded = formula ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
