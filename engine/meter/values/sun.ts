import { type DayValues, HOURS, has, middleOf } from './day-values.ts';
import { unit } from './random.ts';
import { DAY, INTEGRATION_EPOCH, type Signal } from './signal.ts';

const RADIANS = Math.PI / 180;
const OBLIQUITY = 23.44 * RADIANS;
/** Day of the year of the vernal equinox. */
const EQUINOX = 80;
/** Days of which the height of the sun is kept for one place: eleven years, 200 octets each. */
const MAX_DAYS_KEPT = 4096;
const EPOCH_DAY = INTEGRATION_EPOCH / DAY;

/**
 * Sunshine at a place, 0..1: the sine of the sun's elevation (0 at night) times the clouds of the day. All meters of
 * a fleet stand under the same clouds. Latitude and longitude in degrees, north and east positive.
 */
export function sun(latitude: number, longitude: number): Signal {
  const elevation = elevationAt(latitude, longitude);
  const days = new Map<number, Float64Array>();
  const heightsOn = (day: number): Float64Array => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const heights = Float64Array.from({ length: HOURS }, (_, hour) => elevation(middleOf(day, hour)));
    if (days.size < MAX_DAYS_KEPT) days.set(day, heights);
    return heights;
  };
  const day: DayValues = (source, number, out, wanted) => {
    const heights = heightsOn(number);
    const clear = clearness(source.seed, number + EPOCH_DAY);
    for (let hour = 0; hour < HOURS; hour += 1) {
      if (has(wanted, hour)) out[hour] = shining(heights[hour] ?? 0, clear);
    }
  };
  return {
    constant: false,
    fleetWide: true,
    at: (source, time) => {
      const height = elevation(time);
      return height <= 0 ? 0 : shining(height, clearness(source.seed, Math.floor(time / DAY)));
    },
    day,
    least: () => 0,
  };
}

function shining(elevation: number, clear: number): number {
  return elevation <= 0 ? 0 : elevation * clear;
}

/** What the clouds of a day let through. */
function clearness(seed: number, day: number): number {
  return 0.25 + 0.75 * unit(seed, day);
}

/** Sine of the sun's elevation at a place. */
function elevationAt(latitude: number, longitude: number): (time: number) => number {
  const phi = latitude * RADIANS;
  // The day asked for last: profiles ask row after row.
  let known = Number.NaN;
  let sines = 0;
  let cosines = 0;
  return (time) => {
    const day = Math.floor(time / DAY);
    if (day !== known) {
      const dayOfYear = (day + 0.5) % 365.25;
      const declination = OBLIQUITY * Math.sin((2 * Math.PI * (dayOfYear - EQUINOX)) / 365.25);
      sines = Math.sin(phi) * Math.sin(declination);
      cosines = Math.cos(phi) * Math.cos(declination);
      known = day;
    }
    const hourAngle = ((time - day * DAY) / DAY) * 2 * Math.PI - Math.PI + longitude * RADIANS;
    return sines + cosines * Math.cos(hourAngle);
  };
}
