import { activatePassiveCalendar } from '../schedule/activate-calendar.ts';
import { scheduleChanged } from '../schedule/schedule-memory.ts';
import { shownAt } from '../schedule/shown-time.ts';
import { type ClassLogic, SUCCESS } from './class-logic.ts';

const CALENDAR_NAME_ACTIVE = 2;
const DAY_PROFILE_TABLE_ACTIVE = 5;
const ACTIVATE_PASSIVE_CALENDAR = 1;

/** Activity calendar (class 20, Blue Book 4.5.5): what it executes stands in schedule/tariff-calendar. */
export const activityCalendar: ClassLogic = {
  write({ meter, time }, attribute) {
    const active = attribute > CALENDAR_NAME_ACTIVE && attribute <= DAY_PROFILE_TABLE_ACTIVE;
    scheduleChanged(meter, shownAt(meter, time), active);
    return undefined;
  },
  invoke(target, method) {
    if (method !== ACTIVATE_PASSIVE_CALENDAR) return undefined;
    activatePassiveCalendar(target);
    return SUCCESS;
  },
};
