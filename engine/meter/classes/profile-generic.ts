import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome, GetDataResult, SelectiveAccess } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { type Column, cell, columnData, columnsOf, readColumn } from './profile-columns.ts';
import { capacityOf, firstRowAt, MAX_ROWS, type RowTimes, rowTimes } from './profile-rows.ts';
import { type BufferSelection, BY_ENTRY, BY_RANGE, readSelection, WHOLE_BUFFER } from './profile-selection.ts';
import { isGiven } from './register.ts';

const BUFFER = 2;
const CAPTURE_OBJECTS = 3;
const CAPTURE_PERIOD = 4;
const SORT_METHOD = 5;
const SORT_OBJECT = 6;
const ENTRIES_IN_USE = 7;
const PROFILE_ENTRIES = 8;
const RESET = 1;
const CAPTURE = 2;
const BY_RANGE_METHOD = 3;
const BY_ENTRY_METHOD = 4;

/** sort_method values (Blue Book 4.3.6); the others sort by value. */
const FIFO = 1;
const LIFO = 2;
const FARTHEST_FROM_ZERO = 6;
/** Order of two numbers under the sort methods 3 to 6. */
const BY_VALUE: Readonly<Record<number, (a: number, b: number) => number>> = {
  3: (a, b) => b - a,
  4: (a, b) => a - b,
  5: (a, b) => Math.abs(a) - Math.abs(b),
  6: (a, b) => Math.abs(b) - Math.abs(a),
};

function sortMethod(target: Target): number {
  const method = dataToNumber(readAttributeData(target, SORT_METHOD));
  return method >= FIFO && method <= FARTHEST_FROM_ZERO ? method : FIFO;
}

/** sort_object of the template (a reference) or as written (a definition); undefined if there is none. */
function sortColumn(target: Target, columns: readonly Column[]): Column | undefined {
  const written = target.meter.written(target.object.index, SORT_OBJECT);
  if (written !== undefined) return readColumn(target, written);
  const reference = target.meter.blueprint.compiler.reference(target.object.attributes.get(SORT_OBJECT)?.expression);
  return columns.find(
    (column) => column.object?.index === reference?.object && column.attribute === reference?.attribute,
  );
}

/** The buffer's moments in the order of its sort method. */
function sortedTimes(target: Target, columns: readonly Column[]): RowTimes {
  const rows = rowTimes(target);
  const method = sortMethod(target);
  if (method === LIFO) return { count: rows.count, at: (index) => rows.at(rows.count - 1 - index) };
  const order = BY_VALUE[method];
  const column = order === undefined ? undefined : sortColumn(target, columns);
  if (order === undefined || column === undefined) return rows;
  const keyed = Array.from({ length: rows.count }, (_, index) => {
    const time = rows.at(index);
    return { time, value: dataToNumber(cell(target, column, time)) };
  }).sort((a, b) => order(a.value, b.value));
  return { count: keyed.length, at: (index) => keyed[index]?.time ?? 0 };
}

function row(target: Target, columns: readonly Column[], time: number): Data {
  return { t: 'structure', v: columns.map((column) => cell(target, column, time)) };
}

function between(target: Target, columns: readonly Column[], rows: RowTimes, from: number, to: number): Data[] {
  const result: Data[] = [];
  for (let index = Math.max(0, from); index < Math.min(to, rows.count); index += 1) {
    result.push(row(target, columns, rows.at(index)));
  }
  return result;
}

/** The rows a selection asks for, in the order of the sort method. */
function selectRows(target: Target, columns: readonly Column[], selection: BufferSelection): Data[] {
  switch (selection.kind) {
    case 'all': {
      const rows = sortedTimes(target, columns);
      return between(target, columns, rows, 0, rows.count);
    }
    case 'entries':
      return between(target, selection.columns, sortedTimes(target, columns), selection.from - 1, selection.to);
    case 'times': {
      if (BY_VALUE[sortMethod(target)] !== undefined) return timesInOrder(target, columns, selection);
      const rows = rowTimes(target);
      const first = firstRowAt(rows, selection.from);
      const end = selection.to === Number.POSITIVE_INFINITY ? rows.count : firstRowAt(rows, selection.to + 1);
      const found = between(target, selection.columns, rows, first, end);
      return sortMethod(target) === LIFO ? found.reverse() : found;
    }
    case 'values': {
      const rows = sortedTimes(target, columns);
      const found: Data[] = [];
      for (let index = 0; index < rows.count; index += 1) {
        const time = rows.at(index);
        const value = dataToNumber(cell(target, selection.column, time));
        if (value >= selection.from && value <= selection.to) found.push(row(target, selection.columns, time));
      }
      return found;
    }
  }
}

/** Rows of a stretch of time in the order of their values. */
function timesInOrder(
  target: Target,
  columns: readonly Column[],
  selection: Extract<BufferSelection, { kind: 'times' }>,
): Data[] {
  const rows = sortedTimes(target, columns);
  const found: Data[] = [];
  for (let index = 0; index < rows.count; index += 1) {
    const time = rows.at(index);
    if (time >= selection.from && time <= selection.to) found.push(row(target, selection.columns, time));
  }
  return found;
}

function readBuffer(target: Target, selection: SelectiveAccess | null): GetDataResult {
  const columns = columnsOf(target);
  const wanted = selection === null ? WHOLE_BUFFER : readSelection(target, columns, selection);
  if (wanted === undefined) return { result: 'scope-of-access-violated' };
  return { data: { t: 'array', v: selectRows(target, columns, wanted) } };
}

function sortObjectData(target: Target): Data {
  const column = sortColumn(target, columnsOf(target));
  if (column !== undefined) return columnData(column);
  // No sort object: all parts zero.
  return columnData({ classId: 0, logicalName: new Uint8Array(6), attribute: 0, dataIndex: 0, object: undefined });
}

function reset(target: Target): void {
  target.meter.remember(target.object.index, { clearedAt: target.time, captures: [] });
}

/** Attributes that describe the buffer, and what may be written to them. */
const STRUCTURE: Readonly<Record<number, (target: Target, data: Data) => boolean>> = {
  [CAPTURE_OBJECTS]: (target, data) =>
    data.t === 'array' && data.v.every((item) => readColumn(target, item) !== undefined),
  [CAPTURE_PERIOD]: (_target, data) => data.t === 'double-long-unsigned',
  [SORT_METHOD]: (_target, data) => data.t === 'enum' && data.v >= FIFO && data.v <= FARTHEST_FROM_ZERO,
  [SORT_OBJECT]: (target, data) => readColumn(target, data) !== undefined,
  [PROFILE_ENTRIES]: (_target, data) => data.t === 'double-long-unsigned' && data.v > 0 && data.v <= MAX_ROWS,
};

/** get_buffer_by_range and get_buffer_by_index of version 0: selective access as a method. */
function bufferMethod(target: Target, method: number, params: Data | null): ActionOutcome | undefined {
  if (target.object.model.version !== 0) return undefined;
  if (params === null) return { result: 'type-unmatched' };
  const selector = method === BY_RANGE_METHOD ? BY_RANGE : BY_ENTRY;
  const answer = readBuffer(target, { selector, params });
  return 'data' in answer ? { result: 'success', return: answer } : answer;
}

function capture(target: Target): void {
  const { meter, object, time } = target;
  const known = meter.remembered(object.index)?.captures ?? [];
  meter.remember(object.index, { captures: [...known, time].slice(-Math.max(1, capacityOf(target))) });
}

/**
 * Profile generic (class 7, Blue Book 4.3.6). The buffer is not stored: every row is worked out again from the moment
 * it was captured at.
 */
export const profileGeneric: ClassLogic = {
  enumerations: {
    [SORT_METHOD]: { fifo: 1, lifo: 2, largest: 3, smallest: 4, 'nearest-to-zero': 5, 'farthest-from-zero': 6 },
  },
  selectors: { [BUFFER]: [BY_RANGE, BY_ENTRY] },
  read(target, attribute, selection) {
    if (attribute === BUFFER) return readBuffer(target, selection);
    if (selection !== null) return undefined;
    if (attribute === CAPTURE_OBJECTS) return { data: { t: 'array', v: columnsOf(target).map(columnData) } };
    if (attribute === SORT_OBJECT) return { data: sortObjectData(target) };
    if (attribute === SORT_METHOD && !isGiven(target, SORT_METHOD)) return { data: { t: 'enum', v: FIFO } };
    if (attribute === ENTRIES_IN_USE) {
      return { data: { t: 'double-long-unsigned', v: rowTimes(target).count } };
    }
    return undefined;
  },
  write(target, attribute, data) {
    if (attribute === BUFFER || attribute === ENTRIES_IN_USE) return 'read-write-denied';
    const accepts = STRUCTURE[attribute];
    if (accepts === undefined) return undefined;
    if (!accepts(target, data)) return 'type-unmatched';
    // Whatever describes the buffer resets it: what was captured before does not fit (Blue Book 4.3.6).
    reset(target);
    return undefined;
  },
  invoke(target, method, params) {
    if (method === RESET) {
      reset(target);
      return SUCCESS;
    }
    if (method === BY_RANGE_METHOD || method === BY_ENTRY_METHOD) return bufferMethod(target, method, params);
    if (method !== CAPTURE) return undefined;
    capture(target);
    return SUCCESS;
  },
};
