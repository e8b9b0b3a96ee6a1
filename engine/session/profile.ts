import type { Data } from '../codec/axdr/data.ts';
import type { GetDataResult, SelectiveAccess } from '../codec/xdlms/types.ts';
import type { Association } from './association.ts';
import { costsOneRequest, SessionError } from './errors.ts';
import { elementsOf, integerOf } from './object-list.ts';
import { type Chunk, timeChunks } from './profile-chunks.ts';
import { describeColumns, isClockColumn, type ProfileColumn, readCaptureObjects } from './profile-columns.ts';
import { expandRows, type ProfileRow } from './profile-rows.ts';
import type { RequestControl } from './request-runner.ts';
import { type ClockForm, entrySelection, type Moment, momentData, rangeSelection } from './selection.ts';

const PROFILE_GENERIC = 7;
const BUFFER = 2;
const CAPTURE_OBJECTS = 3;
const CAPTURE_PERIOD = 4;
const SORT_METHOD = 5;
/** sort_method: the newest row comes first. */
const LIFO = 2;
/** What meters answer in place of an empty buffer when nothing was captured in a selection (quirk Q72). */
const NO_ROWS = 'object-unavailable';
const EMPTY_BUFFER: Data = { t: 'array', v: [] };
/** Answers in a row that bring no rows before reading entry after entry ends. */
const MOST_ENTRIES = 0xffff_ffff;

/** Which rows: captured from `from` to `to`, both included; by position from 1; or all. */
export type ProfileSelection =
  | { readonly from: Moment; readonly to: Moment }
  | { readonly fromEntry: number; readonly toEntry?: number }
  | 'all';

export interface ProfileOptions extends RequestControl {
  /** OBIS codes of the columns wanted; default all. The clock column is always read where rows are picked by time. */
  readonly columns?: readonly string[];
  /** How the ends of a range are coded; default octet-string. */
  readonly clockForm?: ClockForm;
  /** Read a range of time piece by piece, for meters with small buffers. */
  readonly chunk?: Chunk;
  /** Read entries so many at a time. */
  readonly chunkEntries?: number;
  /** Short name of the profile, where the object list is not to be read (SN). */
  readonly baseName?: number;
}

/** What a profile is made of. */
export interface ProfileShape {
  readonly columns: readonly ProfileColumn[];
  /** Seconds between rows; 0 = captured by events. */
  readonly periodSeconds: number;
  /** The newest row comes first. */
  readonly newestFirst: boolean;
}

/** Reads columns, with names and units, capture period and order of a profile. Throws SessionError. */
export async function readProfileShape(
  association: Association,
  obis: string,
  options: ProfileOptions = {},
): Promise<ProfileShape> {
  const get = (index: number) => association.get(profileAddress(obis, index, options), null, options);
  const captured = await get(CAPTURE_OBJECTS);
  if ('result' in captured) throw refused(obis, 'capture_objects', captured.result);
  const objects = readCaptureObjects(captured.data);
  const period = await orNothing(get(CAPTURE_PERIOD));
  const sortMethod = await orNothing(get(SORT_METHOD));
  return {
    columns: await describeColumns(association, objects, options),
    periodSeconds: period ?? 0,
    newestFirst: sortMethod === LIFO,
  };
}

/**
 * Reads the rows of a profile, one request at a time as they are asked for (BB 4.3.6). With `chunk` the pieces come
 * from the oldest to the newest, the rows of each in the order of the meter. Throws SessionError: `not-supported` when
 * selective access was not negotiated, `service-error` when the meter refuses, with what to try next.
 */
export async function* readProfile(
  association: Association,
  obis: string,
  selection: ProfileSelection,
  options: ProfileOptions = {},
): AsyncGenerator<ProfileRow> {
  const shape = await readProfileShape(association, obis, options);
  yield* readProfileRows(association, obis, shape, selection, options);
}

/** As `readProfile`, for a profile whose shape is known. */
export async function* readProfileRows(
  association: Association,
  obis: string,
  shape: ProfileShape,
  selection: ProfileSelection,
  options: ProfileOptions = {},
): AsyncGenerator<ProfileRow> {
  const wanted = wantedColumns(shape, obis, options.columns);
  const seconds = shape.newestFirst ? -shape.periodSeconds : shape.periodSeconds;
  for await (const { buffer, columns } of answers(association, obis, shape, wanted, selection, options))
    for (const row of expandRows(buffer, columns, { periodSeconds: seconds })) yield onlyWanted(row, wanted);
}

interface Answer {
  readonly buffer: Extract<GetDataResult, { data: unknown }>['data'];
  readonly columns: readonly ProfileColumn[];
}

async function* answers(
  association: Association,
  obis: string,
  shape: ProfileShape,
  wanted: readonly ProfileColumn[],
  selection: ProfileSelection,
  options: ProfileOptions,
): AsyncGenerator<Answer> {
  const read = async (selective: SelectiveAccess | null, columns: readonly ProfileColumn[]): Promise<Answer> => {
    requireSelectiveAccess(association, selective);
    const result = await association.get(profileAddress(obis, BUFFER, options), selective, options);
    if ('result' in result) {
      if (selective !== null && result.result === NO_ROWS) return { buffer: EMPTY_BUFFER, columns };
      throw refused(obis, 'buffer', result.result, selective);
    }
    // Meters that do not know selected columns send them all.
    const [first] = elementsOf(result.data);
    const all = first !== undefined && elementsOf(first).length === shape.columns.length;
    return { buffer: result.data, columns: all ? shape.columns : columns };
  };
  if (selection === 'all') yield await read(null, shape.columns);
  else if ('from' in selection) {
    const restricting = shape.columns.find(isClockColumn);
    if (restricting === undefined)
      throw new SessionError('not-supported', `${obis} has no clock column to pick rows by`, {
        next: 'pick them by entry',
      });
    const columns = shape.columns.filter((column) => column === restricting || wanted.includes(column));
    const some = columns.length < shape.columns.length;
    for (const { from, to } of timeChunks(selection.from, selection.to, options.chunk)) {
      const range = {
        restricting,
        from: momentData(from, options.clockForm),
        to: momentData(to, options.clockForm),
        ...(some ? { columns } : {}),
      };
      yield await read(rangeSelection(range), columns);
    }
  } else yield* entries(shape, wanted, selection, options.chunkEntries, read);
}

async function* entries(
  shape: ProfileShape,
  wanted: readonly ProfileColumn[],
  { fromEntry, toEntry = 0 }: { readonly fromEntry: number; readonly toEntry?: number },
  chunk: number | undefined,
  read: (selective: SelectiveAccess, columns: readonly ProfileColumn[]) => Promise<Answer>,
): AsyncGenerator<Answer> {
  // Columns are picked as one piece: the clock may lie in between.
  const indices = wanted.map((column) => shape.columns.indexOf(column));
  const first = Math.min(...indices);
  const last = Math.max(...indices);
  const whole = first === 0 && last === shape.columns.length - 1;
  const columns = shape.columns.slice(first, last + 1);
  const end = toEntry === 0 ? MOST_ENTRIES : toEntry;
  for (let from = fromEntry; from <= end; ) {
    const to = chunk === undefined ? toEntry : Math.min(end, from + Math.max(1, chunk) - 1);
    const columnRange = whole ? {} : { fromColumn: first + 1, toColumn: last + 1 };
    const answer = await read(entrySelection({ from, to, ...columnRange }), columns);
    yield answer;
    // Fewer rows than asked for: there are no more. More: the meter does not select, and has sent all it has.
    if (chunk === undefined || elementsOf(answer.buffer).length !== to - from + 1) return;
    from = to + 1;
  }
}

function wantedColumns(
  shape: ProfileShape,
  obis: string,
  columns: readonly string[] | undefined,
): readonly ProfileColumn[] {
  if (columns === undefined || columns.length === 0) return shape.columns;
  const unknown = columns.find((code) => shape.columns.every((column) => column.obis !== code));
  if (unknown !== undefined)
    throw new SessionError('object-unknown', `${unknown} is no column of ${obis}`, {
      next: `its columns are ${shape.columns.map((column) => column.obis).join(', ')}`,
    });
  return shape.columns.filter((column) => columns.includes(column.obis));
}

function onlyWanted(row: ProfileRow, wanted: readonly ProfileColumn[]): ProfileRow {
  if (row.cells.length === wanted.length) return row;
  return { ...row, cells: row.cells.filter((cell) => wanted.includes(cell.column)) };
}

function profileAddress(obis: string, index: number, { baseName }: ProfileOptions) {
  return { class: PROFILE_GENERIC, obis, index, ...(baseName === undefined ? {} : { baseName }) };
}

function requireSelectiveAccess(association: Association, selective: SelectiveAccess | null): void {
  const service = association.referencing === 'LN' ? 'selective-access' : 'parameterized-access';
  if (selective === null || association.negotiated.conformance.has(service)) return;
  throw new SessionError('not-supported', `the meter did not agree to ${service} for this client`, {
    next: 'read the whole profile, or associate as a client that may select',
  });
}

async function orNothing(read: Promise<GetDataResult>): Promise<number | undefined> {
  try {
    const result = await read;
    return 'data' in result ? integerOf(result.data) : undefined;
  } catch (error) {
    if (costsOneRequest(error)) return undefined;
    throw error;
  }
}

function refused(obis: string, what: string, result: string, selective: SelectiveAccess | null = null): SessionError {
  return new SessionError('service-error', `${what} of ${obis} is refused with ${result}`, {
    diagnostic: result,
    ...(selective === null
      ? {}
      : { next: 'select in the other way (time or entry), with the other form of date-time, or without columns' }),
  });
}
