import { scheduleChanged } from '../schedule/schedule-memory.ts';
import { shownAt } from '../schedule/shown-time.ts';
import type { ClassLogic } from './class-logic.ts';

/** Single action schedule (class 22, Blue Book 4.5.7): when it executes its script stands in schedule/single-actions. */
export const singleActionSchedule: ClassLogic = {
  write({ meter, time }) {
    scheduleChanged(meter, shownAt(meter, time));
    return undefined;
  },
};
