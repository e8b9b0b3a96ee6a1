import type { Data } from '../../codec/axdr/data.ts';
import type { CosemDateTime } from '../../codec/axdr/date-time.ts';
import { type DueSource, lastDue, nextDue, RANK } from '../schedule/due-source.ts';
import type { LocalCalendar } from '../schedule/local-calendar.ts';
import { elementsOf, patternIn } from '../schedule/schedule-data.ts';
import { momentsOn } from '../schedule/single-actions.ts';

/** When a push may be sent: from `start` to `end`, again and again where they have wildcards. */
export interface CommunicationWindow {
  readonly start: CosemDateTime;
  readonly end: CosemDateTime;
}

/** communication_window: array of start_time and end_time as date-times (Blue Book 4.4.8). */
export function windowsIn(data: Data): readonly CommunicationWindow[] {
  return elementsOf(data).flatMap((window) => {
    const [start, end] = elementsOf(window).map(patternIn);
    return start === undefined || end === undefined ? [] : [{ start, end }];
  });
}

/**
 * The first moment from `from` on at which a window is open, by what the meter's clock shows; `from` itself if there are
 * no windows, infinite if none opens any more.
 */
export function openFrom(windows: readonly CommunicationWindow[], from: number, calendar: LocalCalendar): number {
  if (windows.length === 0) return from;
  return Math.min(...windows.map((window) => opening(window, from, calendar)));
}

function opening({ start, end }: CommunicationWindow, from: number, calendar: LocalCalendar): number {
  const starts = sourceOf(start);
  const lastStart = lastDue(starts, calendar, from)?.at;
  if (lastStart !== undefined && nextDue(sourceOf(end), calendar, lastStart) > from) return from;
  return nextDue(starts, calendar, from);
}

function sourceOf(pattern: CosemDateTime): DueSource {
  return {
    rank: RANK.single,
    on: (day, calendar) => momentsOn(pattern, day, calendar).map((at) => ({ at, run: () => {} })),
  };
}
