import type { Data } from '../../codec/axdr/data.ts';
import { templateData } from '../attribute-access.ts';
import type { BlueprintAttribute } from '../blueprint.ts';
import { integralOf } from '../values/integral.ts';
import type { Scope } from '../values/scope.ts';
import { HOUR, type Signal } from '../values/signal.ts';
import { toData } from '../values/to-data.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { momentOctets } from './clock.ts';
import { demandPeriods, type Window } from './demand-periods.ts';
import { isGiven } from './register.ts';

const CURRENT_AVERAGE = 2;
const LAST_AVERAGE = 3;
const CAPTURE_TIME = 6;
const START_TIME_CURRENT = 7;
const RESET = 1;
const NEXT_PERIOD = 2;
/** Ends of periods by method that are remembered. */
const MAX_ENDED = 64;
/** Moments a value without a closed integral is looked at in a window. */
const SAMPLES = 60;

const signals = new WeakMap<BlueprintAttribute, Signal<Scope>>();

/** The value whose averages a register shows: what the template says of either of them. */
function demandOf(target: Target, attribute: number): Signal<Scope> | undefined {
  const { object, meter } = target;
  const index = object.attributes.has(attribute)
    ? attribute
    : attribute === LAST_AVERAGE
      ? CURRENT_AVERAGE
      : LAST_AVERAGE;
  const found = object.attributes.get(index);
  if (found === undefined) return undefined;
  const known = signals.get(found);
  if (known !== undefined) return known;
  const made = meter.blueprint.compiler.signal(found.expression, `${object.model.name}.${index}`);
  signals.set(found, made);
  return made;
}

/** Integral of a value over a window in (unit) x hours. */
function amount(signal: Signal<Scope>, scope: Scope, { from, to }: Window): number {
  if (!(to > from)) return 0;
  if (signal.integral !== undefined) {
    const integral = integralOf(signal);
    return integral(scope, to) - integral(scope, from);
  }
  const step = (to - from) / SAMPLES;
  let sum = 0;
  for (let at = from + step / 2; at < to; at += step) sum += signal.at(scope, at);
  return (sum * step) / HOUR;
}

function average(target: Target, attribute: number): Data | undefined {
  const signal = demandOf(target, attribute);
  // A number in a template is meant as it stands.
  if (signal === undefined || signal.constant) return undefined;
  const { span, current, last } = demandPeriods(target);
  const mean = (amount(signal, target.meter, attribute === CURRENT_AVERAGE ? current : last) * HOUR) / span;
  const given = target.object.attributes.has(attribute) ? attribute : CURRENT_AVERAGE + LAST_AVERAGE - attribute;
  return toData(mean, templateData(target, given).t);
}

function time(target: Target, attribute: number): Data | undefined {
  if (isGiven(target, attribute)) return undefined;
  const { current, last } = demandPeriods(target);
  return { t: 'octet-string', v: momentOctets(target.meter, attribute === CAPTURE_TIME ? last.to : current.from) };
}

/**
 * Demand register (class 5, Blue Book 4.3.4). The averages are worked out from the value the template names, so that
 * they agree with the energy registers; period and number of periods may be written.
 */
export const demandRegister: ClassLogic = {
  read(target, attribute, selection) {
    if (selection !== null || target.meter.written(target.object.index, attribute) !== undefined) return undefined;
    const isAverage = attribute === CURRENT_AVERAGE || attribute === LAST_AVERAGE;
    const isTime = attribute === CAPTURE_TIME || attribute === START_TIME_CURRENT;
    const data = isAverage ? average(target, attribute) : isTime ? time(target, attribute) : undefined;
    return data === undefined ? undefined : { data };
  },
  invoke(target, method) {
    const { meter, object, time: now } = target;
    if (method === RESET) {
      meter.remember(object.index, { clearedAt: now, captures: [] });
      return SUCCESS;
    }
    if (method !== NEXT_PERIOD) return undefined;
    const ended = meter.remembered(object.index)?.captures ?? [];
    meter.remember(object.index, { captures: [...ended, now].slice(-MAX_ENDED) });
    return SUCCESS;
  },
};
