import type { Data } from '../../codec/axdr/data.ts';
import type { GetDataResult } from '../../codec/xdlms/types.ts';
import { momentOctets, shownTime } from '../classes/clock.ts';
import { mapData } from './map-data.ts';
import { joined } from './octets.ts';
import type { Quirk, QuirkAttribute } from './quirk.ts';

const CLOCK = 8;
const TIME = 2;
const PROFILE = 7;
const DEVIATION_AT = 9;
const STATUS_AT = 11;
const NOT_SPECIFIED = 0x8000;
const DAYLIGHT_SAVING = 0x80;
/** Classes whose twelve-octet strings are date-times: demand and extended registers, profiles, clocks. */
const DATED: ReadonlySet<number> = new Set([4, 5, PROFILE, CLOCK]);

/** Twelve octets that can be a date-time: month, day and hour are ones, or not specified. */
export function isDateTime(octets: Uint8Array): boolean {
  if (octets.length !== 12) return false;
  const within = (at: number, most: number): boolean => (octets[at] ?? 0) <= most || (octets[at] ?? 0) === 0xff;
  const month = octets[2] ?? 0;
  return (month <= 12 || month >= 0xfd) && within(5, 23) && within(6, 59) && within(7, 59);
}

function eachDateTime(data: Data, change: (octets: Uint8Array) => Uint8Array): Data {
  return mapData(data, (element) =>
    (element.t === 'octet-string' || element.t === 'date-time') && isDateTime(element.v)
      ? { t: element.t, v: change(element.v) }
      : element,
  );
}

function reversed(octets: Uint8Array): Uint8Array {
  const deviation = ((octets[DEVIATION_AT] ?? 0) << 8) | (octets[DEVIATION_AT + 1] ?? 0);
  if (deviation === NOT_SPECIFIED) return octets;
  const opposite = -((deviation << 16) >> 16) & 0xffff;
  return joined(
    octets.subarray(0, DEVIATION_AT),
    Uint8Array.of(opposite >> 8, opposite & 0xff),
    octets.subarray(STATUS_AT),
  );
}

function unspecified(octets: Uint8Array): Uint8Array {
  const status = octets[STATUS_AT] ?? 0xff;
  const standard = status === 0xff ? status : status & ~DAYLIGHT_SAVING;
  return joined(octets.subarray(0, DEVIATION_AT), Uint8Array.of(0x80, 0x00, standard));
}

function toldWith(change: (octets: Uint8Array) => Uint8Array): NonNullable<Quirk['told']> {
  return (read: GetDataResult, { object }: QuirkAttribute) =>
    'data' in read && DATED.has(object.model.class) ? { data: eachDateTime(read.data, change) } : read;
}

/** Deviations of clocks and of the time zone in date-times. */
export const dateTimeQuirks = {
  'deviation-reversed': {
    told: toldWith(reversed),
    heard: (data, { object }) => (DATED.has(object.model.class) ? eachDateTime(data, reversed) : data),
  },
  'deviation-not-specified': { told: toldWith(unspecified) },
  'clock-ahead': {
    told(read, { object, attribute, target, value }) {
      if (object.model.class !== CLOCK || attribute !== TIME || !('data' in read)) return read;
      if (read.data.t !== 'octet-string' && read.data.t !== 'date-time') return read;
      return { data: { t: read.data.t, v: momentOctets(target.meter, shownTime(target) + value) } };
    },
  },
} as const satisfies Readonly<Record<string, Quirk>>;
