import type { Obis } from './obis.ts';
import type { ObisNameSource } from './source.ts';
import { countries, media } from './tables.ts';

/** A code whose meaning others define. */
export interface ReservedSpace {
  readonly source: Exclude<ObisNameSource, 'pattern' | 'composed'>;
  readonly name: string;
  /** C = 96 with D = 50..99: manufacturer specific, but the pattern table has names for the media. */
  readonly display: boolean;
}

const within = (value: number, from: number, to: number): boolean => value >= from && value <= to;

function isManufacturerSpecific({ b, c, d, e, f }: Obis): boolean {
  return (
    within(b, 128, 199) ||
    within(c, 128, 199) ||
    c === 240 ||
    within(d, 128, 254) ||
    within(e, 128, 254) ||
    within(f, 128, 254)
  );
}

/** The group that makes a code manufacturer specific, for its name. */
function reason(code: Obis): string {
  if (within(code.b, 128, 199)) return `B=${code.b}`;
  if (within(code.c, 128, 199) || code.c === 240) return `C=${code.c}`;
  if (within(code.d, 128, 254)) return `D=${code.d}`;
  return within(code.e, 128, 254) ? `E=${code.e}` : `F=${code.f}`;
}

/** The space a code belongs to if its meaning is not the Blue Book's to give (Blue Book 7.2, 7.3). */
export function reservedSpace(code: Obis): ReservedSpace | undefined {
  const medium = (media.get(code.a) ?? `medium ${code.a}`).toLowerCase();
  if (isManufacturerSpecific(code)) {
    return { source: 'manufacturer', name: `Manufacturer specific (${medium}, ${reason(code)})`, display: false };
  }
  if (within(code.b, 65, 127))
    return { source: 'utility', name: `Utility specific (${medium}, B=${code.b})`, display: false };
  if (code.c === 93)
    return { source: 'consortia', name: `Consortia specific (${medium}, D=${code.d}, E=${code.e})`, display: false };
  if (code.c === 94) {
    const country = countries.get(code.d) ?? `country ${code.d}`;
    return { source: 'country', name: `Country specific (${country}, E=${code.e})`, display: false };
  }
  if (code.c === 96 && within(code.d, 50, 99)) {
    return { source: 'manufacturer', name: `Manufacturer specific (${medium}, D=${code.d})`, display: true };
  }
  return undefined;
}
