import type { Data } from '../codec/axdr/data.ts';
import {
  type CosemDateTime,
  dateTimeFromMilliseconds,
  dateTimeToMilliseconds,
  decodeDateTime,
  encodeDateTime,
} from '../codec/axdr/date-time.ts';
import { describeAttributeValue } from '../cosem/describe-value.ts';
import { elementsOf, integerOf } from './object-list.ts';
import { isClockColumn, type ProfileColumn } from './profile-columns.ts';

/** One value of a row. */
export interface ProfileCell {
  readonly column: ProfileColumn;
  readonly data: Data;
  /** As a person reads it, with scaler and unit applied. */
  readonly text: string;
  /** The number with its scaler applied; absent for what is no number. */
  readonly value?: number;
  /** The meter sent null-data or a difference; the value is worked out from the row before. */
  readonly inferred?: true;
}

/** One row of a profile. */
export interface ProfileRow {
  readonly cells: readonly ProfileCell[];
  /** The time of the first clock column, if it has one. */
  readonly time?: CosemDateTime;
}

/** What null-data and differences of a row refer to. */
export interface RowExpansion {
  /** Seconds from row to row, negative where the newest comes first; 0 = unknown, a time left out stays unknown. */
  readonly periodSeconds: number;
}

/**
 * The rows of one answer. Null-data means "as in the row before", in a clock column "one capture period later" (BB
 * 4.3.6); differences (delta types) are added to the value before. The first row of an answer is taken as it is.
 */
export function expandRows(
  buffer: Data,
  columns: readonly ProfileColumn[],
  { periodSeconds }: RowExpansion,
): ProfileRow[] {
  const rows: ProfileRow[] = [];
  let previous: readonly ProfileCell[] | undefined;
  for (const row of elementsOf(buffer)) {
    const values = elementsOf(row);
    const cells = columns.map((column, index) =>
      cellOf(column, values[index] ?? { t: 'null-data' }, previous?.[index]?.data, periodSeconds),
    );
    previous = cells;
    const time = timeOf(cells);
    rows.push({ cells, ...(time === undefined ? {} : { time }) });
  }
  return rows;
}

function cellOf(column: ProfileColumn, sent: Data, before: Data | undefined, periodSeconds: number): ProfileCell {
  const data = expanded(column, sent, before, periodSeconds);
  const text = describeAttributeValue(column.class, column.attribute, data, {
    ...(column.scalerUnit === undefined ? {} : { scalerUnit: column.scalerUnit }),
  });
  const value = numberOf(data, column.scalerUnit?.scaler ?? 0);
  return {
    column,
    data,
    text: data.t === 'null-data' ? '' : text,
    ...(value === undefined ? {} : { value }),
    ...(data === sent ? {} : { inferred: true }),
  };
}

function expanded(column: ProfileColumn, sent: Data, before: Data | undefined, periodSeconds: number): Data {
  if (before === undefined) return sent;
  if (sent.t === 'null-data') return isClockColumn(column) ? later(before, periodSeconds) : before;
  return sent.t.startsWith('delta-') ? added(before, sent) : sent;
}

/** A clock value some seconds later, in the form and with the deviation it had; null-data where that is not known. */
function later(before: Data, seconds: number): Data {
  const unknown: Data = { t: 'null-data' };
  if (seconds === 0 || (before.t !== 'octet-string' && before.t !== 'date-time')) return unknown;
  const fields = decodeDateTime(before.v);
  const ms = fields === undefined ? undefined : dateTimeToMilliseconds(fields);
  if (fields === undefined || ms === undefined) return unknown;
  const moved = dateTimeFromMilliseconds(ms + seconds * 1000, fields.deviation ?? 0);
  const { deviation: _deviation, status: _status, dayOfWeek, ...rest } = moved;
  const next: CosemDateTime = {
    ...rest,
    ...(fields.dayOfWeek === undefined || dayOfWeek === undefined ? {} : { dayOfWeek }),
    ...(fields.deviation === undefined ? {} : { deviation: fields.deviation }),
    ...(fields.status === undefined ? {} : { status: fields.status }),
  };
  return { t: before.t, v: encodeDateTime(next) };
}

/** A number with a difference added, in the type it had. */
function added(before: Data, delta: Data): Data {
  const by = integerOf(delta);
  if (by === undefined || !('v' in before)) return delta;
  if (before.t === 'long64' || before.t === 'long64-unsigned') return { t: before.t, v: before.v + BigInt(by) };
  if (typeof before.v !== 'number' || before.t.startsWith('delta-')) return delta;
  return { ...before, v: before.v + by } as Data;
}

function timeOf(cells: readonly ProfileCell[]): CosemDateTime | undefined {
  const data = cells.find((cell) => isClockColumn(cell.column))?.data;
  return data?.t === 'octet-string' || data?.t === 'date-time' ? decodeDateTime(data.v) : undefined;
}

/** The decimal shift is done in text: 1234 and -2 are 12.34, not 12.340000000000002. */
function numberOf(data: Data, scaler: number): number | undefined {
  if (!('v' in data) || data.t === 'enum') return undefined;
  if (typeof data.v !== 'number' && typeof data.v !== 'bigint') return undefined;
  const text = String(data.v);
  return text.includes('e') ? Number(data.v) * 10 ** scaler : Number(`${text}e${scaler}`);
}
