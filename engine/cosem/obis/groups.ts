import { areaOf } from './areas.ts';
import { electricityE } from './compose-electricity.ts';
import type { Obis, ObisGroup } from './obis.ts';
import type { ObisNameSource } from './source.ts';
import { composedMedia, countries, electricity, gas, media } from './tables.ts';

/** One value group of a code with what it says there. */
export interface GroupMeaning {
  readonly group: ObisGroup;
  readonly value: number;
  readonly meaning: string;
}

function meaningB(b: number): string {
  if (b === 0) return 'no channel';
  if (b <= 64) return `channel ${b}`;
  if (b <= 127) return 'utility specific';
  return b <= 199 ? 'manufacturer specific' : 'reserved';
}

function meaningC(code: Obis): string {
  const { a, c } = code;
  if ((c >= 128 && c <= 199) || c === 240) return 'manufacturer specific';
  if (a === 0) return areaOf(a, c) ?? 'abstract object';
  if (a === 1) {
    const quantity = electricity.quantities.get(c);
    if (quantity !== undefined) return quantity.phase === '' ? quantity.formal : `${quantity.formal} ${quantity.phase}`;
  }
  if (c === 0) return 'general purpose';
  const quantities = a === 7 ? gas.quantities : composedMedia.get(a)?.quantities;
  return quantities?.get(c) ?? areaOf(a, c) ?? 'reserved';
}

/** D and E only have a meaning of their own where codes are composed; else the name as a whole says it. */
function meaningD(code: Obis, source: ObisNameSource): string {
  if (code.d >= 128 && code.d <= 254) return 'manufacturer specific';
  if (source === 'country') return countries.get(code.d) ?? 'country reserved';
  if (source !== 'composed') return '';
  if (code.a === 1) return electricity.processing.get(code.d) ?? 'reserved';
  return composedMedia.get(code.a)?.processing.get(code.d) ?? '';
}

function meaningE(code: Obis, source: ObisNameSource): string {
  if (code.e >= 128 && code.e <= 254) return 'manufacturer specific';
  if (source !== 'composed') return '';
  if (code.a === 1) return electricityE(code) === '' ? 'total' : electricityE(code);
  return code.e === 0 ? 'total' : `rate ${code.e}`;
}

function meaningF(code: Obis): string {
  if (code.f === 255) return 'not used, current value';
  if (code.f === 101) return 'last billing period';
  if (code.f >= 102 && code.f <= 125) return `billing period ${code.f - 100} back`;
  if (code.f === 126) return 'unspecified number of last billing periods';
  return code.f <= 99 ? `billing period ${code.f}` : 'manufacturer specific';
}

/** The meaning of each value group of a code, for hovers and detail views. */
export function groupMeanings(code: Obis, source: ObisNameSource): readonly GroupMeaning[] {
  return [
    { group: 'A', value: code.a, meaning: media.get(code.a) ?? 'reserved' },
    { group: 'B', value: code.b, meaning: meaningB(code.b) },
    { group: 'C', value: code.c, meaning: meaningC(code) },
    { group: 'D', value: code.d, meaning: meaningD(code, source) },
    { group: 'E', value: code.e, meaning: meaningE(code, source) },
    { group: 'F', value: code.f, meaning: meaningF(code) },
  ];
}
