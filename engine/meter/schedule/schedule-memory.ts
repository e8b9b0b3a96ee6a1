import type { VirtualMeter } from '../meter.ts';

/** How far a meter's schedules have been executed, all by the time they go by (shown-time.ts), milliseconds. */
export interface ScheduleMemory {
  /** Everything due up to here has been executed. */
  doneTo: number;
  /** The calendar's last action is to be executed again: its tables, or the time, are others now. */
  unsettled?: boolean;
  /** What the clock showed before it was put forward; until the schedules have caught up. */
  forwardFrom?: number;
}

/** Settings of the clock up to this, ms, correct it: nothing is lost and nothing repeated (Blue Book 4.5.3). */
export const SMALL_SETTING = 60_000;

/**
 * A schedule, calendar or special days table says something else from a moment on: only what comes after it counts.
 * `settle` executes the calendar's last action again.
 */
export function scheduleChanged(meter: VirtualMeter, shown: number, settle = false): void {
  if (meter.blueprint.schedules === undefined) return;
  const memory = meter.state.schedule;
  if (memory !== undefined) {
    memory.doneTo = shown;
    if (settle) memory.unsettled = true;
  }
  meter.dueAt = Number.NEGATIVE_INFINITY;
  meter.rescheduled?.();
}

/** The clock was set from one time to another. */
export function clockSet(meter: VirtualMeter, from: number, to: number): void {
  if (meter.blueprint.schedules === undefined) return;
  const memory = meter.state.schedule;
  if (memory !== undefined && to - from > SMALL_SETTING) memory.forwardFrom ??= from;
  meter.dueAt = Number.NEGATIVE_INFINITY;
  meter.rescheduled?.();
}
