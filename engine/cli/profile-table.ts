import { dataToJson } from '../codec/axdr/data-json.ts';
import { nameObis } from '../cosem/obis/name.ts';
import type { ProfileColumn } from '../session/profile-columns.ts';
import type { ProfileCell, ProfileRow } from '../session/profile-rows.ts';
import { table } from './table.ts';

const CLOCK = 8;

/** Rows read of one profile. */
export interface ProfileRead {
  readonly obis: string;
  readonly rows: readonly ProfileRow[];
}

/** The rows as a table: the unit stands in the head, the numbers below it. */
export function profileTable({ obis, rows }: ProfileRead): string {
  const title = `${obis}  ${nameObis(obis, { classId: 7 }).name}, ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}\n`;
  const [first] = rows;
  if (first === undefined) return title;
  return `${title}${table(
    first.cells.map((cell) => head(cell.column)),
    rows.map((row) => row.cells.map(shown)),
  )}`;
}

function head(column: ProfileColumn): string {
  if (column.class === CLOCK) return 'time';
  const attribute = column.attribute === 2 ? '' : `:${column.attribute}`;
  return `${column.obis}${attribute}${column.unit === undefined ? '' : ` [${column.unit}]`}`;
}

function shown(cell: ProfileCell): string {
  return cell.column.unit !== undefined && cell.value !== undefined ? String(cell.value) : cell.text;
}

/** The rows as plain JSON. */
export function profileJson({ obis, rows }: ProfileRead): object {
  return {
    obis,
    name: nameObis(obis, { classId: 7 }).name,
    columns: (rows[0]?.cells ?? []).map(({ column }) => ({
      obis: column.obis,
      class: column.class,
      attribute: column.attribute,
      name: column.name,
      attributeName: column.attributeName,
      ...(column.unit === undefined ? {} : { unit: column.unit }),
    })),
    rows: rows.map((row) =>
      row.cells.map((cell) => ({
        data: dataToJson(cell.data),
        text: cell.text,
        ...(cell.value === undefined ? {} : { value: cell.value }),
        ...(cell.inferred === true ? { inferred: true } : {}),
      })),
    ),
  };
}
