import type { Data } from '../../codec/axdr/data.ts';
import { templateData } from '../attribute-access.ts';
import { argument } from '../values/arguments.ts';
import { findCall, periodOf } from '../values/functions.ts';
import { startOfPeriod } from '../values/maximum.ts';
import { toData } from '../values/to-data.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { momentOctets } from './clock.ts';
import { clientOfValue, lastMBusCapture } from './mbus-capture.ts';
import { maskedValue } from './register-activation.ts';

const VALUE = 2;
const CAPTURE_TIME = 5;
const RESET = 1;

/** What a register counts by its masks; undefined where the template's value is shown as it is. */
function masked(target: Target): Data | undefined {
  if (target.meter.blueprint.activations.length === 0) return undefined;
  const value = maskedValue(target);
  return value === undefined ? undefined : toData(value, templateData(target, VALUE).t);
}

/** The template's value as far as it counts, from the last reset. */
function countedValue(target: Target, attribute: number): Data | undefined {
  const { meter, object } = target;
  const { offset, clearedAt = 0 } = meter.remembered(object.index) ?? {};
  if (meter.written(object.index, attribute) !== undefined) return undefined;
  // What was captured before the reset stays what it was.
  if (offset === undefined || target.time < clearedAt || beganAnew(target, attribute, clearedAt)) return masked(target);
  const data = masked(target) ?? templateData(target, attribute);
  const value = dataToNumber(data);
  return Number.isNaN(value) ? data : toData(value - offset, data.t);
}

/** A maximum begins anew with its period: what it was reset by in the one before does not count any more. */
function beganAnew({ meter, object, time }: Target, attribute: number, clearedAt: number): boolean {
  const expression = object.attributes.get(attribute)?.expression;
  const maximum = expression && findCall(expression, 'maximum');
  if (maximum === undefined) return false;
  const period = periodOf(argument(maximum, 'since', 2));
  return period !== 'start' && startOfPeriod(period, time - 1, meter.deviation) >= clearedAt;
}

/** Resets a register to zero: what it shows from now on counts from here. */
function reset(target: Target, attribute: number): void {
  const value = dataToNumber(masked(target) ?? templateData(target, attribute));
  if (!Number.isNaN(value)) target.meter.remember(target.object.index, { offset: value, clearedAt: target.time });
}

/** Register (class 3, Blue Book 4.3.2). */
export const register: ClassLogic = {
  read(target, attribute, selection) {
    if (attribute !== VALUE || selection !== null) return undefined;
    const data = countedValue(target, VALUE);
    return data === undefined ? undefined : { data };
  },
  invoke(target, method) {
    if (method !== RESET) return undefined;
    reset(target, VALUE);
    return SUCCESS;
  },
};

/** The moment whose value an extended register shows: for the values of M-Bus devices, when they were captured. */
function shownAt(target: Target): Target {
  const client = clientOfValue(target);
  const time = client && lastMBusCapture({ ...target, object: client });
  return time === undefined ? target : { ...target, time };
}

/** Extended register (class 4, Blue Book 4.3.3): without a capture time of its own, it captures when it is read. */
export const extendedRegister: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null) return undefined;
    const shown = shownAt(target);
    if (attribute === CAPTURE_TIME && !isGiven(target, CAPTURE_TIME)) {
      return { data: { t: 'octet-string', v: momentOctets(target.meter, shown.time) } };
    }
    if (attribute !== VALUE || target.meter.written(target.object.index, VALUE) !== undefined) return undefined;
    return register.read?.(shown, attribute, selection) ?? { data: templateData(shown, VALUE) };
  },
  invoke: (target, method, params) => register.invoke?.(target, method, params),
};

/** Whether template or client gave an attribute a value. */
export function isGiven(target: Target, attribute: number): boolean {
  return target.object.attributes.has(attribute) || target.meter.written(target.object.index, attribute) !== undefined;
}
