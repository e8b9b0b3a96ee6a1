import { readAttributeData } from '../attribute-access.ts';
import type { Target } from '../classes/class-logic.ts';
import { scheduleChanged } from './schedule-memory.ts';
import { shownAt } from './shown-time.ts';

/** calendar_name, season, week and day tables: the active ones, and how far behind them the passive ones are. */
const ACTIVE = [2, 3, 4, 5];
const TO_PASSIVE = 4;

/** Copies the passive tables of an activity calendar to the active ones (Blue Book 4.5.5). */
export function activatePassiveCalendar(target: Target): void {
  const { meter, object, time } = target;
  const passive = ACTIVE.map((attribute) => readAttributeData(target, attribute + TO_PASSIVE));
  for (const [index, attribute] of ACTIVE.entries()) {
    const data = passive[index];
    if (data !== undefined) meter.write(object.index, attribute, data);
  }
  scheduleChanged(meter, shownAt(meter, time), true);
}
