import type { VirtualMeter } from './meter.ts';

const MINUTE = 60_000;
/** Moments looked at for one stretch of time, a day of minutes; of longer stretches every n-th minute is looked at. */
const MAX_MOMENTS = 1440;

/**
 * Lets a meter's objects do what they do by themselves from one moment to another, minute by minute and each minute in
 * the order of the template, so that what one of them does is seen by the others. Nothing happens while nobody asks:
 * an idle meter costs nothing, and finds out what it did when it is asked again. Yields up to when it is done.
 */
export function actUntil(meter: VirtualMeter, from: number, until: number): number {
  const first = Math.floor(from / MINUTE) + 1;
  const last = Math.floor(until / MINUTE);
  // A clock that was set back: what happened has happened.
  if (last < first) return Math.min(until, from);
  const stride = Math.ceil((last - first + 1) / MAX_MOMENTS);
  for (let minute = last - Math.floor((last - first) / stride) * stride; minute <= last; minute += stride) {
    for (const object of meter.blueprint.selfActing) {
      object.logic.act?.({ meter, object, time: minute * MINUTE, local: true });
    }
  }
  return last * MINUTE;
}
