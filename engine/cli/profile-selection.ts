import type { CosemDateTime } from '../codec/axdr/date-time.ts';
import { formatObis, parseObis } from '../cosem/obis/obis.ts';
import type { ProfileOptions, ProfileSelection } from '../session/profile.ts';
import type { Moment } from '../session/selection.ts';

/** Options that pick rows of a profile, as the command line gives them. */
export interface SelectionOptions {
  readonly from?: string;
  readonly to?: string;
  /** `1-10`, `5-` or `3`. */
  readonly entries?: string;
  /** OBIS codes, separated by commas. */
  readonly columns?: string;
  /** `day`, `month` or a number of entries. */
  readonly chunk?: string;
}

/** Rows to read of each profile, and how. */
export interface RowsToRead {
  readonly selection: ProfileSelection;
  readonly options: ProfileOptions;
}

/** Ends of a range that is open on one side. */
const BEGINNING: CosemDateTime = { year: 2000, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
const END: CosemDateTime = { year: 2099, month: 12, day: 31, hour: 23, minute: 59, second: 59 };
const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Reads the options; undefined when none is given. Throws Error with what to do. */
export function rowsToRead(given: SelectionOptions): RowsToRead | undefined {
  const { from, to, entries, columns, chunk } = given;
  const byTime = from !== undefined || to !== undefined;
  if (byTime && entries !== undefined) throw new Error('--entries and --from/--to cannot be combined: use one of them');
  if (!byTime && entries === undefined) {
    if (columns !== undefined || chunk !== undefined)
      throw new Error('--columns and --chunk need rows to apply to: give --from, --to or --entries');
    return undefined;
  }
  const options = { ...columnOptions(columns), ...chunkOptions(chunk, byTime) };
  if (entries !== undefined) return { selection: entryRange(entries), options };
  return {
    selection: {
      from: from === undefined ? BEGINNING : momentOf('from', from),
      to: to === undefined ? END : momentOf('to', to),
    },
    options,
  };
}

/** Without `Z` or an offset it is the local time of the meter. */
function momentOf(option: string, text: string): Moment {
  const match = TIME.exec(text);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1, 7).map((part) => Number(part ?? 0));
  const ms = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  const real = match !== null && new Date(ms).toISOString().startsWith(`${match[1]}-${match[2]}-${match[3]}`);
  if (!real || year === undefined || (hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59)
    throw new Error(
      `--${option} ${text}: expected a date or time such as 2026-11-01, 2026-11-01T05:30 or 2026-11-01T05:30Z`,
    );
  const zone = match?.[7];
  if (zone !== undefined) return Date.parse(text.replace(' ', 'T'));
  return { year, month: month ?? 1, day: day ?? 1, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 };
}

function entryRange(text: string): { fromEntry: number; toEntry?: number } {
  const match = /^(\d{1,9})(-(\d{1,9})?)?$/.exec(text);
  const fromEntry = Number(match?.[1] ?? 0);
  const toEntry = match?.[2] === undefined ? fromEntry : Number(match[3] ?? 0);
  if (fromEntry < 1 || (toEntry !== 0 && toEntry < fromEntry) || match?.[3] === '0')
    throw new Error(`--entries ${text}: expected positions from 1, such as 1-10, 5- or 3`);
  return toEntry === 0 ? { fromEntry } : { fromEntry, toEntry };
}

function columnOptions(text: string | undefined): ProfileOptions {
  if (text === undefined) return {};
  const columns = text.split(',').map((part) => {
    const code = parseObis(part.trim());
    if (code === undefined) throw new Error(`--columns ${text}: '${part}' is no OBIS code`);
    return formatObis(code);
  });
  return { columns };
}

function chunkOptions(text: string | undefined, byTime: boolean): ProfileOptions {
  if (text === undefined) return {};
  if (byTime && (text === 'day' || text === 'month')) return { chunk: text };
  if (!byTime && /^[1-9]\d{0,6}$/.test(text)) return { chunkEntries: Number(text) };
  throw new Error(`--chunk ${text}: expected ${byTime ? 'day or month' : 'a number of entries'}`);
}
