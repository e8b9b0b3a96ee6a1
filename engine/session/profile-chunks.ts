import { type CosemDateTime, dateTimeFromMilliseconds, dateTimeToMilliseconds } from '../codec/axdr/date-time.ts';
import { SessionError } from './errors.ts';
import { type Moment, momentFields } from './selection.ts';

/** Length of a piece: calendar days or months of the range's own clock, or seconds. */
export type Chunk = 'day' | 'month' | number;

/** Pieces of one range at most; more is a mistake in its ends. */
export const MAX_CHUNKS = 10_000;

export interface TimeChunk {
  readonly from: Moment;
  readonly to: Moment;
}

/**
 * Cuts a range into pieces that do not overlap, oldest first: each ends one second before the next begins, since both
 * ends of a range are included. Without `chunk`, or with wildcards in its ends, the range is one piece. Throws
 * SessionError `limit` beyond MAX_CHUNKS.
 */
export function timeChunks(from: Moment, to: Moment, chunk: Chunk | undefined): TimeChunk[] {
  const first = momentFields(from);
  const start = localMilliseconds(first);
  const end = localMilliseconds(momentFields(to));
  if (chunk === undefined || start === undefined || end === undefined) return [{ from, to }];
  const pieces: TimeChunk[] = [];
  for (let at = start; at <= end; ) {
    if (pieces.length >= MAX_CHUNKS)
      throw new SessionError('limit', `the range has more than ${MAX_CHUNKS} pieces`, { next: 'use longer pieces' });
    const next = nextStart(at, chunk);
    const last = next > end;
    pieces.push({
      from: at === start ? from : fieldsAt(at, first),
      to: last ? to : fieldsAt(next - 1000, first),
    });
    at = next;
  }
  return pieces.length === 0 ? [{ from, to }] : pieces;
}

/** Wall-clock time as if it were UTC, so that days and months are those of the clock that is asked. */
function localMilliseconds(fields: CosemDateTime): number | undefined {
  const { deviation: _deviation, ...local } = fields;
  return dateTimeToMilliseconds(local);
}

function nextStart(at: number, chunk: Chunk): number {
  if (typeof chunk === 'number') return at + Math.max(1, Math.floor(chunk)) * 1000;
  const date = new Date(at);
  return chunk === 'day'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1)
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** A wall-clock time with the deviation and status of the range's start. */
function fieldsAt(local: number, like: CosemDateTime): CosemDateTime {
  const { deviation: _deviation, status: _status, dayOfWeek, ...fields } = dateTimeFromMilliseconds(local, 0);
  return {
    ...fields,
    ...(like.dayOfWeek === undefined || dayOfWeek === undefined ? {} : { dayOfWeek }),
    ...(like.deviation === undefined ? {} : { deviation: like.deviation }),
    ...(like.status === undefined ? {} : { status: like.status }),
  };
}
