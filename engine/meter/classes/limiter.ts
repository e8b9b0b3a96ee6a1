import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData } from '../attribute-access.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { momentOf } from '../values/date-time.ts';
import { dataToNumber } from '../values/value.ts';
import type { ClassLogic, Target } from './class-logic.ts';
import { localTime } from './clock.ts';
import { monitoredNumber, runAction } from './monitored-value.ts';
import { isGiven } from './register.ts';

const MONITORED_VALUE = 2;
const THRESHOLD_ACTIVE = 3;
const THRESHOLD_NORMAL = 4;
const THRESHOLD_EMERGENCY = 5;
const MIN_OVER = 6;
const MIN_UNDER = 7;
const EMERGENCY_PROFILE = 8;
const GROUPS = 9;
const EMERGENCY_ACTIVE = 10;
const ACTIONS = 11;

/** Whether the emergency profile is in force: from its activation time for its duration, if its id is in the list. */
function isEmergency(target: Target): boolean {
  const [id, activation, duration] = elementsOf(readAttributeData(target, EMERGENCY_PROFILE));
  if (id === undefined || duration === undefined) return false;
  if (activation?.t !== 'octet-string' && activation?.t !== 'date-time') return false;
  const begin = momentOf(activation.v, localTime(target.meter, target.time).deviation);
  if (begin === undefined || target.time < begin) return false;
  if (target.time >= begin + dataToNumber(duration) * 1000) return false;
  const group = dataToNumber(id);
  return elementsOf(readAttributeData(target, GROUPS)).some((item) => dataToNumber(item) === group);
}

/** The threshold in force; the template's threshold_active where it names no normal one. */
function activeThreshold(target: Target): Data | undefined {
  if (isEmergency(target) && isGiven(target, THRESHOLD_EMERGENCY))
    return readAttributeData(target, THRESHOLD_EMERGENCY);
  return isGiven(target, THRESHOLD_NORMAL) ? readAttributeData(target, THRESHOLD_NORMAL) : undefined;
}

/** Milliseconds of a duration attribute, given in seconds. */
function durationOf(target: Target, attribute: number): number {
  return (dataToNumber(readAttributeData(target, attribute)) || 0) * 1000;
}

/**
 * One look at the value: above the threshold for long enough it acts, and below it for long enough it takes that back.
 */
function watch(target: Target): void {
  const { meter, object, time } = target;
  if (!isGiven(target, ACTIONS)) return;
  const value = monitoredNumber(target, readAttributeData(target, MONITORED_VALUE));
  const threshold = dataToNumber(readAttributeData(target, THRESHOLD_ACTIVE));
  if (Number.isNaN(value) || Number.isNaN(threshold)) return;
  const { overSince, underSince, limiting = false } = meter.remembered(object.index) ?? {};
  const [whenOver, whenUnder] = elementsOf(readAttributeData(target, ACTIONS));
  const isOver = value > threshold;
  if (isOver === limiting) {
    if (overSince !== undefined || underSince !== undefined) {
      meter.remember(object.index, { overSince: undefined, underSince: undefined });
    }
    return;
  }
  const since = (isOver ? overSince : underSince) ?? time;
  if (time - since < durationOf(target, isOver ? MIN_OVER : MIN_UNDER)) {
    meter.remember(object.index, isOver ? { overSince: since } : { underSince: since });
    return;
  }
  meter.remember(object.index, { overSince: undefined, underSince: undefined, limiting: isOver });
  runAction(target, isOver ? whenOver : whenUnder);
}

/** Limiter (class 71, Blue Book 4.5.9): acts when a value is above its threshold for too long. */
export const limiter: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null) return undefined;
    if (attribute === EMERGENCY_ACTIVE) return { data: { t: 'boolean', v: isEmergency(target) } };
    const data = attribute === THRESHOLD_ACTIVE ? activeThreshold(target) : undefined;
    return data === undefined ? undefined : { data };
  },
  write: (_target, attribute) =>
    attribute === THRESHOLD_ACTIVE || attribute === EMERGENCY_ACTIVE ? 'read-write-denied' : undefined,
  act: watch,
};
