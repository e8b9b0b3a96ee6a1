import { localTime } from '../classes/clock.ts';
import type { VirtualMeter } from '../meter.ts';
import { LocalCalendar } from './local-calendar.ts';

/**
 * The time schedules go by at a simulated time: as a client has set the clock, without the drift of the template. Rows of
 * profiles do not have it either (profile-columns.ts), so that both agree on when a month ends.
 */
export function shownAt(meter: VirtualMeter, time: number): number {
  return time + meter.clockShift;
}

/** The simulated time at which schedules have a moment: whole milliseconds, and not before it. */
export function timeOfShown(meter: VirtualMeter, shown: number): number {
  return Math.ceil(shown - meter.clockShift);
}

/** Days and times as the meter's clock shows them. */
export function calendarOf(meter: VirtualMeter): LocalCalendar {
  return new LocalCalendar((moment) => localTime(meter, moment).deviation);
}
