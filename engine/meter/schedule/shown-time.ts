import { localTime, shownTime } from '../classes/clock.ts';
import type { VirtualMeter } from '../meter.ts';
import { LocalCalendar } from './local-calendar.ts';

const CLOCK = 8;

/** What the meter's clock shows at a simulated time, milliseconds since the epoch. */
export function shownAt(meter: VirtualMeter, time: number): number {
  const object = meter.blueprint.firstOfClass(CLOCK);
  return object === undefined ? time : shownTime({ meter, object, time });
}

/** Days and times as the meter's clock shows them. */
export function calendarOf(meter: VirtualMeter): LocalCalendar {
  return new LocalCalendar((moment) => localTime(meter, moment).deviation);
}
