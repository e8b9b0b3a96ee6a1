import type { Data } from '../codec/axdr/data.ts';
import { type CosemDateTime, dateTimeFromMilliseconds, encodeDateTime } from '../codec/axdr/date-time.ts';
import type { SelectiveAccess } from '../codec/xdlms/types.ts';
import { obisToOctets } from '../cosem/obis/obis.ts';

/** Selectors of the buffer of a profile (BB 4.3.6, wire.md 10). */
const BY_RANGE = 1;
const BY_ENTRY = 2;

/** capture_object_definition (BB 4.3.6). */
export interface CaptureObject {
  readonly class: number;
  /** `A-B:C.D.E.F`. */
  readonly obis: string;
  /** 0 = the whole object. */
  readonly attribute: number;
  /** 0 = the whole attribute. */
  readonly dataIndex: number;
}

/**
 * A moment of a range. Milliseconds since the epoch and Date are sent as UTC; CosemDateTime as it is, so that one
 * without deviation means the local time of the meter.
 */
export type Moment = number | Date | CosemDateTime;

/** How a moment is coded: meters know either octet-string(12) or the type date-time, tag 25. */
export type ClockForm = 'octet-string' | 'date-time';

/** A moment as fields. */
export function momentFields(moment: Moment): CosemDateTime {
  if (typeof moment === 'number') return dateTimeFromMilliseconds(moment, 0);
  return moment instanceof Date ? dateTimeFromMilliseconds(moment.getTime(), 0) : moment;
}

/** A moment as Data. @throws {RangeError} naming the field that is out of range. */
export function momentData(moment: Moment, form: ClockForm = 'octet-string'): Data {
  return { t: form, v: encodeDateTime(momentFields(moment)) };
}

/** capture_object_definition as Data: class, logical name, attribute, data index. */
export function captureObjectData(object: CaptureObject): Data {
  return {
    t: 'structure',
    v: [
      { t: 'long-unsigned', v: object.class },
      { t: 'octet-string', v: obisToOctets(object.obis) },
      { t: 'integer', v: object.attribute },
      { t: 'long-unsigned', v: object.dataIndex },
    ],
  };
}

/** Rows whose value in the column `restricting` lies from `from` to `to`, both included; of `columns` only, or all. */
export interface RangeOfValues {
  readonly restricting: CaptureObject;
  readonly from: Data;
  readonly to: Data;
  /** Empty or absent: all columns. */
  readonly columns?: readonly CaptureObject[];
}

/** range_descriptor, selector 1. */
export function rangeSelection(range: RangeOfValues): SelectiveAccess {
  const columns: Data = { t: 'array', v: (range.columns ?? []).map(captureObjectData) };
  return {
    selector: BY_RANGE,
    params: { t: 'structure', v: [captureObjectData(range.restricting), range.from, range.to, columns] },
  };
}

/** Rows and columns by position, from 1, both ends included; `to` 0 or absent is the last one. */
export interface RangeOfEntries {
  readonly from: number;
  readonly to?: number;
  readonly fromColumn?: number;
  readonly toColumn?: number;
}

/** entry_descriptor, selector 2. */
export function entrySelection(range: RangeOfEntries): SelectiveAccess {
  return {
    selector: BY_ENTRY,
    params: {
      t: 'structure',
      v: [
        { t: 'double-long-unsigned', v: range.from },
        { t: 'double-long-unsigned', v: range.to ?? 0 },
        { t: 'long-unsigned', v: range.fromColumn ?? 1 },
        { t: 'long-unsigned', v: range.toColumn ?? 0 },
      ],
    },
  };
}
