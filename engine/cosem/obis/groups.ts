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

/** C above 90 has the same meaning for every medium (Blue Book 7.3, 7.4). */
const COMMON_C: ReadonlyMap<number, string> = new Map([
  [0, 'general purpose'],
  [93, 'consortia specific'],
  [94, 'country specific'],
  [96, 'general and service entry'],
  [97, 'errors'],
  [98, 'list'],
  [99, 'profile'],
  [127, 'inactive object'],
]);

const ABSTRACT_C: ReadonlyMap<number, string> = new Map([
  [1, 'clock'],
  [2, 'modem'],
  [10, 'script table'],
  [11, 'special days table'],
  [12, 'schedule'],
  [13, 'activity calendar'],
  [14, 'register activation'],
  [15, 'single action schedule'],
  [16, 'register or parameter monitor'],
  [17, 'limiter'],
  [18, 'array manager'],
  [19, 'payment metering'],
  [20, 'local port setup'],
  [21, 'standard readout'],
  [22, 'HDLC setup'],
  [23, 'twisted pair setup'],
  [24, 'M-Bus'],
  [25, 'internet and mobile setup'],
  [26, 'S-FSK PLC setup'],
  [27, 'ISO/IEC 8802-2 LLC setup'],
  [28, 'PRIME PLC setup'],
  [29, 'G3-PLC setup'],
  [30, 'ZigBee setup'],
  [31, 'wireless mode Q'],
  [33, 'HS-PLC setup'],
  [40, 'association'],
  [41, 'SAP assignment'],
  [42, 'logical device name'],
  [43, 'security'],
  [44, 'image transfer, function control, port protection'],
  [65, 'utility table'],
  [66, 'compact data'],
]);

function meaningB(b: number): string {
  if (b === 0) return 'no channel';
  if (b <= 64) return `channel ${b}`;
  if (b <= 127) return 'utility specific';
  return b <= 199 ? 'manufacturer specific' : 'reserved';
}

function meaningC(code: Obis): string {
  const { a, c } = code;
  if ((c >= 128 && c <= 199) || c === 240) return 'manufacturer specific';
  if (a === 0) return ABSTRACT_C.get(c) ?? COMMON_C.get(c) ?? 'abstract object';
  if (a === 1) {
    const quantity = electricity.quantities.get(c);
    if (quantity !== undefined) return quantity.phase === '' ? quantity.formal : `${quantity.formal} ${quantity.phase}`;
  }
  if (c === 0) return 'general purpose';
  const quantities = a === 7 ? gas.quantities : composedMedia.get(a)?.quantities;
  return quantities?.get(c) ?? COMMON_C.get(c) ?? 'reserved';
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
