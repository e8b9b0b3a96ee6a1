import type { Data } from '../../codec/axdr/data.ts';
import { type CosemDateTime, decodeDate, decodeDateTime, decodeTime } from '../../codec/axdr/date-time.ts';
import { dataToNumber } from '../values/value.ts';

/** Elements of an array or a structure; none for anything else. */
export function elementsOf(data: Data | undefined): readonly Data[] {
  if (data?.t === 'compact-array') return data.v.elements;
  return data?.t === 'array' || data?.t === 'structure' ? data.v : [];
}

/** Octets of an octet-string, date, time or date-time. */
export function octetsIn(data: Data | undefined): Uint8Array | undefined {
  switch (data?.t) {
    case 'octet-string':
    case 'date':
    case 'time':
    case 'date-time':
      return data.v;
    default:
      return undefined;
  }
}

/** A date, a time or both, by the number of octets: 5, 4 or 12. */
export function patternIn(data: Data | undefined): CosemDateTime | undefined {
  const octets = octetsIn(data);
  switch (octets?.length) {
    case 4:
      return decodeTime(octets);
    case 5:
      return decodeDate(octets);
    case 12:
      return decodeDateTime(octets);
    default:
      return undefined;
  }
}

/** A number, NaN where there is none. */
export function numberIn(data: Data | undefined): number {
  return data === undefined ? Number.NaN : dataToNumber(data);
}

/** A script as schedules name it: the logical name of its table and its number (Blue Book 4.5.2). */
export interface ScriptReference {
  readonly table: Uint8Array;
  readonly selector: number;
}

export function scriptIn(table: Data | undefined, selector: Data | undefined): ScriptReference | undefined {
  const name = octetsIn(table);
  const number = numberIn(selector);
  return name?.length === 6 && Number.isInteger(number) ? { table: name, selector: number } : undefined;
}

/** Names of seasons and weeks as keys: any octets. */
export function keyIn(data: Data | undefined): string | undefined {
  if (data?.t === 'visible-string' || data?.t === 'utf8-string') return data.v;
  const octets = octetsIn(data);
  return octets && String.fromCharCode(...octets);
}
