import type { Data } from '../../codec/axdr/data.ts';
import { type CosemDateTime, encodeDateTime } from '../../codec/axdr/date-time.ts';
import type { Expression } from '../../template/model.ts';
import { evaluateAttribute, templateData } from '../attribute-access.ts';
import type { Blueprint } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import { clockSet } from '../schedule/schedule-memory.ts';
import { nameOf } from '../values/arguments.ts';
import { dateTimeOctets, type LocalTime, momentOf } from '../values/date-time.ts';
import { dataToNumber } from '../values/value.ts';
import type { ClassLogic, Target } from './class-logic.ts';
import { clockMethod, isClockValue } from './clock-methods.ts';
import { DEFAULT_BEGIN, DEFAULT_END, isDaylightSaving, parseSwitchingRule, switchingRule } from './daylight-saving.ts';

const CLOCK = 8;
const TIME = 2;
const TIME_ZONE = 3;
const STATUS = 4;
const BEGIN = 5;
const END = 6;
const SAVING = 7;
const ENABLED = 8;
const STATUS_DAYLIGHT_SAVING = 0x80;
/** Where in a date-time its status stands. */
const STATUS_AT = 11;
const DEVIATION_AT = 9;
const DEVIATION_UNSPECIFIED = Uint8Array.of(0x80, 0x00);

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

/** What a template says about its clock, worked out once per model. */
export interface ClockFacts {
  /** Minutes from standard time to UTC (time_zone); 0 without a clock. */
  readonly deviation: number;
  readonly saving: DaylightSaving;
}

function clockFacts(blueprint: Blueprint): ClockFacts {
  blueprint.clockFacts ??= {
    deviation: minutesOf(blueprint.firstOfClass(CLOCK)?.attributes.get(TIME_ZONE)?.expression) ?? 0,
    saving: templateSaving(blueprint),
  };
  return blueprint.clockFacts;
}

/** Minutes to add to a meter's standard time to get UTC. */
export function standardDeviation(meter: VirtualMeter): number {
  const clockObject = meter.blueprint.firstOfClass(CLOCK);
  const written = clockObject && meter.written(clockObject.index, TIME_ZONE);
  return written === undefined ? clockFacts(meter.blueprint).deviation : dataToNumber(written);
}

/** Daylight saving of a model's clock as its `daylight_savings` setting says. */
export interface DaylightSaving {
  readonly enabled: boolean;
  readonly minutes: number;
  readonly begin: CosemDateTime;
  readonly end: CosemDateTime;
}

const NO_SAVING: DaylightSaving = { enabled: false, minutes: 60, begin: DEFAULT_BEGIN, end: DEFAULT_END };

function templateSaving(blueprint: Blueprint): DaylightSaving {
  const setting = blueprint.firstOfClass(CLOCK)?.model.settings.daylight_savings;
  const parts = setting?.k === 'list' ? setting.items : setting === undefined ? [] : [setting];
  const texts = parts.flatMap((part) => (part.k === 'text' ? [part.value] : []));
  const minutes = parts.map(minutesOf).find((found) => found !== undefined);
  return {
    enabled: parts.some((part) => part.k === 'boolean' && part.value),
    minutes: minutes ?? NO_SAVING.minutes,
    begin: parseSwitchingRule(texts[0] ?? '') ?? DEFAULT_BEGIN,
    end: parseSwitchingRule(texts[1] ?? '') ?? DEFAULT_END,
  };
}

/** An attribute of the clock as written or templated; undefined where only the setting speaks of it. */
function ownData(target: Target, attribute: number): Data | undefined {
  const written = target.meter.written(target.object.index, attribute);
  if (written !== undefined) return written;
  return target.object.attributes.has(attribute) ? templateData(target, attribute) : undefined;
}

function savingOf(target: Target): DaylightSaving {
  const base = clockFacts(target.meter.blueprint).saving;
  const enabled = ownData(target, ENABLED);
  const minutes = ownData(target, SAVING);
  return {
    enabled: enabled === undefined ? base.enabled : dataToNumber(enabled) === 1,
    minutes: minutes === undefined ? base.minutes : dataToNumber(minutes),
    begin: ruleOf(ownData(target, BEGIN)) ?? base.begin,
    end: ruleOf(ownData(target, END)) ?? base.end,
  };
}

function ruleOf(data: Data | undefined): CosemDateTime | undefined {
  return data?.t === 'octet-string' || data?.t === 'date-time' ? switchingRule(data.v) : undefined;
}

/** How the meter's clock writes a moment: standard time, or put forward while daylight saving is on. */
export function localTime(meter: VirtualMeter, ms: number): LocalTime & { readonly deviation: number } {
  const deviation = standardDeviation(meter);
  const object = meter.blueprint.firstOfClass(CLOCK);
  if (object === undefined) return { deviation };
  const saving = savingOf({ meter, object, time: ms });
  if (!saving.enabled) return { deviation };
  if (!isDaylightSaving(ms - deviation * 60_000, saving.minutes, saving.begin, saving.end)) return { deviation };
  return { deviation: deviation - saving.minutes, daylightSaving: true };
}

/** A moment as the meter writes it: 12 octets, without deviation where the template says so. */
export function momentOctets(meter: VirtualMeter, ms: number): Uint8Array {
  const local = localTime(meter, ms);
  const setting = meter.blueprint.firstOfClass(CLOCK)?.model.settings.deviation;
  if (nameOf(setting) !== 'unspecified') return dateTimeOctets(ms, local);
  const shifted = dateTimeOctets(ms, local);
  shifted.set(DEVIATION_UNSPECIFIED, DEVIATION_AT);
  return shifted;
}

/** The moment the clock shows at a moment: the template's drift, and what a client set it off by. */
export function shownTime(target: Target): number {
  const value = evaluateAttribute(target, TIME);
  const shown = typeof value === 'object' && 'k' in value && value.k === 'instant' ? value.ms : target.time;
  return shown + target.meter.clockShift;
}

/** What the template says is wrong with the clock (invalid, doubtful, another base), and whether summer time is on. */
function statusOf(target: Target, shown: number): number {
  const own = target.object.attributes.has(STATUS) ? dataToNumber(templateData(target, STATUS)) : 0;
  const saving = localTime(target.meter, shown).daylightSaving === true ? STATUS_DAYLIGHT_SAVING : 0;
  return (own & ~STATUS_DAYLIGHT_SAVING & 0xff) | saving;
}

function timeData(target: Target): Data {
  const written = target.object.attributes.get(TIME)?.type;
  const ms = shownTime(target);
  const octets = momentOctets(target.meter, ms);
  if (target.object.attributes.has(STATUS)) octets[STATUS_AT] = statusOf(target, ms);
  return { t: written === 'date-time' ? 'date-time' : 'octet-string', v: octets };
}

/** Attributes 5 to 8 where the template gives them by its `daylight_savings` setting. */
function settingData(target: Target, attribute: number): Data | undefined {
  if (ownData(target, attribute) !== undefined) return undefined;
  const { saving } = clockFacts(target.meter.blueprint);
  switch (attribute) {
    case BEGIN:
      return { t: 'octet-string', v: encodeDateTime(saving.begin) };
    case END:
      return { t: 'octet-string', v: encodeDateTime(saving.end) };
    case SAVING:
      return { t: 'integer', v: saving.minutes };
    case ENABLED:
      return { t: 'boolean', v: saving.enabled };
    default:
      return undefined;
  }
}

/** Turns the clock so that it shows `ms` at the target's time. */
export function setTime(target: Target, ms: number): void {
  const shown = shownTime(target);
  target.meter.clockShift += ms - shown;
  clockSet(target.meter, shown, ms);
}

/** Clock (class 8, Blue Book 4.5.1): simulated time in the meter's time zone, with daylight saving. */
export const clock: ClassLogic = {
  enumerations: {
    9: {
      'not-defined': 0,
      'internal-crystal': 1,
      'mains-50-hz': 2,
      'mains-60-hz': 3,
      gps: 4,
      'radio-controlled': 5,
    },
  },
  read(target, attribute, selection) {
    if (selection !== null) return undefined;
    if (attribute === TIME) return { data: timeData(target) };
    if (attribute === TIME_ZONE) return { data: { t: 'long', v: clampLong(standardDeviation(target.meter)) } };
    if (attribute === STATUS) {
      return { data: { t: 'unsigned', v: statusOf(target, shownTime(target)) } };
    }
    const data = settingData(target, attribute);
    return data === undefined ? undefined : { data };
  },
  write(target, attribute, data) {
    if (attribute === STATUS) return 'read-write-denied';
    if (attribute !== TIME) return isClockValue(attribute, data) === false ? 'type-unmatched' : undefined;
    if (data.t !== 'octet-string' && data.t !== 'date-time') return 'type-unmatched';
    const ms = momentOf(data.v, localTime(target.meter, target.time).deviation);
    if (ms === undefined) return 'type-unmatched';
    setTime(target, ms);
    return 'success';
  },
  invoke: (target, method, params) => clockMethod(target, method, params),
};

function clampLong(minutes: number): number {
  return Number.isFinite(minutes) ? Math.min(Math.max(Math.round(minutes), -0x8000), 0x7fff) : 0;
}
