import type { VirtualMeter } from '../meter.ts';
import { type DueAction, type DueSource, dueBetween, lastDue, nextDue, RANK } from './due-source.ts';
import type { LocalCalendar } from './local-calendar.ts';
import { type ScheduleMemory, SMALL_SETTING } from './schedule-memory.ts';
import { calendarOf, shownAt, timeOfShown } from './shown-time.ts';
import { sourcesOf } from './sources-of.ts';

/** Times the schedules may change themselves while they are executed; then the rest waits for the next call. */
const MAX_CHANGES = 64;

/**
 * Executes everything the schedules and calendars of a meter had due since it was looked at last, in its order and with
 * the time it was due at, and sets `meter.dueAt` to when there is something again. To be called when `dueAt` is reached;
 * a meter nobody asks for anything costs nothing until then. Never throws.
 */
export function runDue(meter: VirtualMeter, time: number): void {
  const { schedules } = meter.blueprint;
  if (schedules === undefined) {
    meter.dueAt = Number.POSITIVE_INFINITY;
    return;
  }
  const calendar = calendarOf(meter);
  const shown = shownAt(meter, time);
  const memory = memoryOf(meter, shown);
  let sources: readonly DueSource[] = [];
  for (let changes = 0; changes <= MAX_CHANGES; changes += 1) {
    // What is executed may change schedules, which says so by putting `dueAt` back.
    meter.dueAt = Number.POSITIVE_INFINITY;
    sources = sourcesOf(schedules, { meter, time });
    if (memory.unsettled === true) settle(meter, sources, calendar);
    if (executeAll(meter, dueNow(sources, calendar, memory, shown))) break;
  }
  if (meter.dueAt === Number.NEGATIVE_INFINITY) return;
  // A clock that was corrected backwards shows some time again, which is not executed again.
  memory.doneTo = Math.max(memory.doneTo, shown);
  delete memory.forwardFrom;
  const next = Math.min(...sources.map((source) => nextDue(source, calendar, memory.doneTo)));
  meter.dueAt = next === Number.POSITIVE_INFINITY ? next : timeOfShown(meter, next);
}

/**
 * Where the meter stands. A new meter begins when it was switched on; after the clock was put back everything that comes
 * again is executed again.
 */
function memoryOf(meter: VirtualMeter, shown: number): ScheduleMemory {
  const begun = Math.min(shownAt(meter, meter.startedAt), shown);
  meter.state.schedule ??= { doneTo: begun, unsettled: true };
  const memory = meter.state.schedule;
  if (memory.doneTo - shown > SMALL_SETTING) {
    memory.doneTo = shown;
    memory.unsettled = true;
    delete memory.forwardFrom;
  }
  return memory;
}

/** The calendars' last action, so that the tariff is the one of the time. */
function settle(meter: VirtualMeter, sources: readonly DueSource[], calendar: LocalCalendar): void {
  const memory = meter.state.schedule;
  if (memory === undefined) return;
  delete memory.unsettled;
  for (const source of sources) {
    if (source.rank !== RANK.calendar) continue;
    lastDue(source, calendar, memory.doneTo)?.run(meter, timeOfShown(meter, memory.doneTo));
  }
}

interface Due extends DueAction {
  readonly rank: number;
}

function dueNow(
  sources: readonly DueSource[],
  calendar: LocalCalendar,
  { doneTo, forwardFrom }: ScheduleMemory,
  shown: number,
): readonly Due[] {
  if (doneTo >= shown) return [];
  const due = sources.flatMap((source) => {
    const { rank, lastOnly } = source;
    const found = dueBetween(source, calendar, doneTo, shown);
    const kept = forwardFrom === undefined ? found : madeUpFor(found, lastOnly === true, forwardFrom, shown);
    return kept.map((action) => ({ ...action, rank }));
  });
  return due.sort((a, b) => a.at - b.at || a.rank - b.rank);
}

/** After the clock was put forward: what was skipped is executed as long as it is valid, of calendars the last one. */
function madeUpFor(found: readonly DueAction[], lastOnly: boolean, forwardFrom: number, shown: number) {
  return found.filter(({ at, validFor }, index) => {
    if (at <= forwardFrom) return true;
    if (lastOnly) return index === found.length - 1;
    return validFor === undefined || shown - at <= validFor;
  });
}

/** False if something of it changed the schedules: what comes after that moment is to be asked for again. */
function executeAll(meter: VirtualMeter, due: readonly Due[]): boolean {
  for (const [index, { at, run }] of due.entries()) {
    const memory = meter.state.schedule;
    if (memory !== undefined) memory.doneTo = at;
    run(meter, timeOfShown(meter, at));
    if (meter.dueAt === Number.NEGATIVE_INFINITY && due[index + 1]?.at !== at) return false;
  }
  return true;
}
