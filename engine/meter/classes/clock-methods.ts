import type { Data } from '../../codec/axdr/data.ts';
import { decodeDateTime } from '../../codec/axdr/date-time.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { ClockPreset } from '../object-memory.ts';
import { momentOf } from '../values/date-time.ts';
import { dataToNumber } from '../values/value.ts';
import { SUCCESS, type Target } from './class-logic.ts';
import { localTime, setTime, shownTime } from './clock.ts';

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
/** Classes with a measuring period, and the attribute that says how long it is: demand registers before profiles. */
const PERIODS: readonly (readonly [number, number])[] = [
  [5, 8],
  [7, 4],
];
const MAX_SHIFT = 900;
const WRONG_TYPE: ActionOutcome = { result: 'type-unmatched' };

/** Sets the clock to the nearest multiple of a step, counted from local midnight. */
function roundTo(target: Target, step: number): void {
  const offset = target.meter.deviation * MINUTE;
  setTime(target, Math.round((shownTime(target) - offset) / step) * step + offset);
}

/** Milliseconds of the first measuring period of the meter; a quarter of an hour without one. */
function measuringPeriod({ meter, time }: Target): number {
  for (const [classId, attribute] of PERIODS) {
    for (const object of meter.blueprint.objects) {
      if (object.model.class !== classId) continue;
      const seconds = dataToNumber(readAttributeData({ meter, object, time }, attribute));
      if (seconds > 0) return seconds * 1000;
    }
  }
  return QUARTER;
}

function momentIn(target: Target, data: Data | undefined): number | undefined {
  if (data?.t !== 'octet-string' && data?.t !== 'date-time') return undefined;
  if (data.v.length !== 12) return undefined;
  return momentOf(data.v, localTime(target.meter, target.time).deviation);
}

/** preset_adjusting_time: the time to be set, and between which times of the clock it may be. */
function preset(target: Target, params: Data | null): ActionOutcome {
  const parts = params?.t === 'structure' && params.v.length === 3 ? params.v : [];
  const [to, from, until] = parts.map((part) => momentIn(target, part));
  if (to === undefined || from === undefined || until === undefined) return WRONG_TYPE;
  const kept: ClockPreset = { to, from, until };
  target.meter.remember(target.object.index, { preset: kept });
  return SUCCESS;
}

/** adjust_to_preset_time: outside of the interval nothing happens, and that is no success. */
function adjustToPreset(target: Target): ActionOutcome {
  const known = target.meter.remembered(target.object.index)?.preset;
  const shown = shownTime(target);
  if (known === undefined || shown < known.from || shown > known.until) return { result: 'temporary-failure' };
  setTime(target, known.to);
  return SUCCESS;
}

function shift(target: Target, params: Data | null): ActionOutcome {
  const seconds = params === null ? Number.NaN : dataToNumber(params);
  if (!Number.isInteger(seconds) || Math.abs(seconds) > MAX_SHIFT) return WRONG_TYPE;
  setTime(target, shownTime(target) + seconds * 1000);
  return SUCCESS;
}

/** Methods of the clock (Blue Book 4.5.1). */
export function clockMethod(target: Target, method: number, params: Data | null): ActionOutcome | undefined {
  switch (method) {
    case 1:
      roundTo(target, QUARTER);
      return SUCCESS;
    case 2:
      roundTo(target, measuringPeriod(target));
      return SUCCESS;
    case 3:
      roundTo(target, MINUTE);
      return SUCCESS;
    case 4:
      return adjustToPreset(target);
    case 5:
      return preset(target, params);
    case 6:
      return shift(target, params);
    default:
      return undefined;
  }
}

/** What may be written to the attributes beside the time; absent for those that may not be written. */
const VALUES: Readonly<Record<number, (data: Data) => boolean>> = {
  3: (data) => data.t === 'long' && Math.abs(data.v) <= 840,
  5: isSwitching,
  6: isSwitching,
  7: (data) => data.t === 'integer' && Math.abs(data.v) <= 120,
  8: (data) => data.t === 'boolean',
  9: (data) => data.t === 'enum' && data.v <= 5,
};

function isSwitching(data: Data): boolean {
  return (data.t === 'octet-string' || data.t === 'date-time') && decodeDateTime(data.v) !== undefined;
}

export function isClockValue(attribute: number, data: Data): boolean | undefined {
  return VALUES[attribute]?.(data);
}
