import type { Data } from '../../codec/axdr/data.ts';
import type { Expression } from '../../template/model.ts';
import { evaluateAttribute, readAttributeData } from '../attribute-access.ts';
import type { Blueprint } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import { dateTimeOctets, type LocalTime, momentOf } from '../values/date-time.ts';
import { dataToNumber } from '../values/value.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { DEFAULT_BEGIN, DEFAULT_END, isDaylightSaving, switchingRule } from './daylight-saving.ts';

const TIME = 2;
const TIME_ZONE = 3;
const STATUS = 4;
const BEGIN = 5;
const END = 6;
const SAVING = 7;
const ENABLED = 8;
const STATUS_DAYLIGHT_SAVING = 0x80;

/** Minutes of a literal: `60 minutes`, `1h`, `-60`. */
function minutesOf(expression: Expression | undefined): number | undefined {
  if (expression?.k === 'duration') return expression.ms / 60_000;
  if (expression?.k === 'number') return expression.unit === 'h' ? expression.value * 60 : expression.value;
  if (expression?.k === 'unary') {
    const minutes = minutesOf(expression.of);
    return minutes === undefined || expression.op === '+' ? minutes : -minutes;
  }
  return undefined;
}

/** Minutes from standard time to UTC of a model's clock (its time_zone); 0 without a clock. */
function templateDeviation(blueprint: Blueprint): number {
  const known = blueprint.shared.get('deviation');
  if (typeof known === 'number') return known;
  const minutes = minutesOf(blueprint.firstOfClass(8)?.attributes.get(TIME_ZONE)?.expression) ?? 0;
  blueprint.shared.set('deviation', minutes);
  return minutes;
}

/** Minutes to add to a meter's standard time to get UTC. */
export function standardDeviation(meter: VirtualMeter): number {
  const clockObject = meter.blueprint.firstOfClass(8);
  const written = clockObject && meter.written(clockObject.index, TIME_ZONE);
  return written === undefined ? templateDeviation(meter.blueprint) : dataToNumber(written);
}

/** How the meter's clock writes a moment: standard time, or put forward while daylight saving is on. */
export function localTime(meter: VirtualMeter, ms: number): LocalTime {
  const deviation = standardDeviation(meter);
  const object = meter.blueprint.firstOfClass(8);
  if (object === undefined) return { deviation };
  const target: Target = { meter, object, time: ms };
  if (dataToNumber(readAttributeData(target, ENABLED)) !== 1) return { deviation };
  const saving = dataToNumber(readAttributeData(target, SAVING)) || 60;
  const begin = ruleOf(target, BEGIN) ?? DEFAULT_BEGIN;
  const end = ruleOf(target, END) ?? DEFAULT_END;
  if (!isDaylightSaving(ms - deviation * 60_000, saving, begin, end)) return { deviation };
  return { deviation: deviation - saving, daylightSaving: true };
}

function ruleOf(target: Target, attribute: number) {
  const data = readAttributeData(target, attribute);
  return data.t === 'octet-string' || data.t === 'date-time' ? switchingRule(data.v) : undefined;
}

/** The moment the clock shows at a moment: the template's drift, and what a client set it off by. */
export function shownTime(target: Target): number {
  const value = evaluateAttribute(target, TIME);
  const shown = typeof value === 'object' && 'k' in value && value.k === 'instant' ? value.ms : target.time;
  return shown + target.meter.clockShift;
}

function timeData(target: Target): Data {
  const written = target.object.attributes.get(TIME)?.type;
  const ms = shownTime(target);
  const octets = dateTimeOctets(ms, localTime(target.meter, ms));
  return { t: written === 'date-time' ? 'date-time' : 'octet-string', v: octets };
}

/** Turns the clock so that it shows `ms` at the target's time. */
function setTime(target: Target, ms: number): void {
  target.meter.clockShift += ms - shownTime(target);
}

function roundTo(target: Target, step: number): void {
  setTime(target, Math.round(shownTime(target) / step) * step);
}

/** Clock (class 8, Blue Book 4.5.1): simulated time in the meter's time zone, with daylight saving. */
export const clock: ClassLogic = {
  enumerations: {
    9: {
      'not-defined': 0,
      'internal-crystal': 1,
      'mains-50hz': 2,
      'mains-60hz': 3,
      gps: 4,
      'radio-controlled': 5,
    },
  },
  read(target, attribute, selection) {
    if (selection !== null) return undefined;
    if (attribute === TIME) return { data: timeData(target) };
    if (attribute === TIME_ZONE) return { data: { t: 'long', v: clampLong(standardDeviation(target.meter)) } };
    if (attribute === STATUS) {
      const saving = localTime(target.meter, shownTime(target)).daylightSaving === true;
      return { data: { t: 'unsigned', v: saving ? STATUS_DAYLIGHT_SAVING : 0 } };
    }
    return undefined;
  },
  write(target, attribute, data) {
    if (attribute !== TIME) return undefined;
    if (data.t !== 'octet-string' && data.t !== 'date-time') return 'type-unmatched';
    const ms = momentOf(data.v, localTime(target.meter, target.time).deviation ?? 0);
    if (ms === undefined) return 'type-unmatched';
    setTime(target, ms);
    return 'success';
  },
  invoke(target, method, params) {
    switch (method) {
      case 1:
        roundTo(target, 900_000);
        return SUCCESS;
      case 3:
        roundTo(target, 60_000);
        return SUCCESS;
      case 6: {
        const seconds = params === null ? Number.NaN : dataToNumber(params);
        if (!Number.isInteger(seconds) || Math.abs(seconds) > 900) return { result: 'type-unmatched' };
        setTime(target, shownTime(target) + seconds * 1000);
        return SUCCESS;
      }
      default:
        return undefined;
    }
  },
};

function clampLong(minutes: number): number {
  return Number.isFinite(minutes) ? Math.min(Math.max(Math.round(minutes), -0x8000), 0x7fff) : 0;
}
