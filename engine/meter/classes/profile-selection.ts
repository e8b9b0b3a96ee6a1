import type { Data } from '../../codec/axdr/data.ts';
import type { SelectiveAccess } from '../../codec/xdlms/types.ts';
import type { Expression } from '../../template/model.ts';
import { nameOf } from '../values/arguments.ts';
import { momentOf } from '../values/date-time.ts';
import { dataToNumber } from '../values/value.ts';
import type { Target } from './class-logic.ts';
import { localTime } from './clock.ts';
import { type Column, isClockColumn, readColumn, sameColumn } from './profile-columns.ts';

/** Selectors of the buffer (Blue Book 4.3.6). */
export const BY_RANGE = 1;
export const BY_ENTRY = 2;

/** What a client asked for of a buffer. */
export type BufferSelection =
  | { readonly kind: 'all' }
  /** Rows captured from `from` to `to`, milliseconds since the epoch, both included. */
  | { readonly kind: 'times'; readonly from: number; readonly to: number; readonly columns: readonly Column[] }
  /** Rows whose value in `column` lies between two numbers, both included. */
  | {
      readonly kind: 'values';
      readonly column: Column;
      readonly from: number;
      readonly to: number;
      readonly columns: readonly Column[];
    }
  /** Rows and columns by position, from 1, both ends included. */
  | { readonly kind: 'entries'; readonly from: number; readonly to: number; readonly columns: readonly Column[] };

export const WHOLE_BUFFER: BufferSelection = { kind: 'all' };

/** Whether a profile understands a selector; without a word about it, it understands both. */
export function understands(setting: Expression | undefined, selector: number): boolean {
  if (setting === undefined) return selector === BY_RANGE || selector === BY_ENTRY;
  const names = setting.k === 'list' ? setting.items.map(nameOf) : [nameOf(setting)];
  return names.includes(selector === BY_RANGE ? 'by-range' : 'by-entry');
}

/** Reads a selection; undefined if it cannot be read or names a column the profile does not have. */
export function readSelection(
  target: Target,
  columns: readonly Column[],
  { selector, params }: SelectiveAccess,
): BufferSelection | undefined {
  if (!understands(target.object.model.settings.selective_access, selector)) return undefined;
  if (params.t !== 'structure' || params.v.length !== 4) return undefined;
  return selector === BY_RANGE ? readRange(target, columns, params.v) : readEntries(columns, params.v);
}

function readRange(target: Target, columns: readonly Column[], parts: readonly Data[]): BufferSelection | undefined {
  const [restricting, fromData, toData, selected] = parts;
  const wanted = readColumn(target, restricting);
  const column = wanted === undefined ? undefined : columns.find((item) => sameColumn(item, wanted));
  const chosen = selectedColumns(target, columns, selected);
  if (column === undefined || chosen === undefined || fromData === undefined || toData === undefined) return undefined;
  if (isClockColumn(column)) {
    return {
      kind: 'times',
      from: moment(target, fromData) ?? Number.NEGATIVE_INFINITY,
      to: moment(target, toData) ?? Number.POSITIVE_INFINITY,
      columns: chosen,
    };
  }
  return { kind: 'values', column, from: bound(fromData, -1), to: bound(toData, 1), columns: chosen };
}

/** A date-time, as octet-string or with its own tag; undefined where it names no year. */
function moment(target: Target, data: Data): number | undefined {
  if (data.t !== 'octet-string' && data.t !== 'date-time' && data.t !== 'date') {
    // Unix time, for profiles that capture it.
    const seconds = dataToNumber(data);
    return Number.isNaN(seconds) ? undefined : seconds * 1000;
  }
  const standard = momentOf(data.v, target.meter.deviation);
  if (standard === undefined) return undefined;
  return momentOf(data.v, localTime(target.meter, standard).deviation);
}

function bound(data: Data, sign: 1 | -1): number {
  const value = dataToNumber(data);
  return Number.isNaN(value) ? sign * Number.POSITIVE_INFINITY : value;
}

/** selected_values: an empty array means all columns. */
function selectedColumns(
  target: Target,
  columns: readonly Column[],
  data: Data | undefined,
): readonly Column[] | undefined {
  if (data?.t !== 'array') return undefined;
  if (data.v.length === 0) return columns;
  const chosen = data.v.map((item) => {
    const wanted = readColumn(target, item);
    return wanted === undefined ? undefined : columns.find((column) => sameColumn(column, wanted));
  });
  return chosen.every((column) => column !== undefined) ? chosen : undefined;
}

function readEntries(columns: readonly Column[], parts: readonly Data[]): BufferSelection | undefined {
  const [from, to, fromColumn, toColumn] = parts.map(dataToNumber);
  if (from === undefined || to === undefined || fromColumn === undefined || toColumn === undefined) return undefined;
  if ([from, to, fromColumn, toColumn].some(Number.isNaN) || from < 1 || fromColumn < 1) return undefined;
  return {
    kind: 'entries',
    from,
    to: to === 0 ? Number.POSITIVE_INFINITY : to,
    columns: columns.slice(fromColumn - 1, toColumn === 0 ? undefined : toColumn),
  };
}
