import type { Data } from '../codec/axdr/data.ts';

/** The structure scal_unit_type of registers (Blue Book 4.3.2): value = raw * 10^scaler in a unit of the table. */
export interface ScalerUnit {
  /** -128..127. */
  readonly scaler: number;
  /** Unit id. */
  readonly unit: number;
}

/** Reads structure(integer scaler, enum unit). Meters that send other integer types are understood. */
export function readScalerUnit(data: Data): ScalerUnit | undefined {
  if (data.t !== 'structure' || data.v.length !== 2) return undefined;
  const [scaler, unit] = data.v.map((item) => ('v' in item && typeof item.v === 'number' ? item.v : undefined));
  if (scaler === undefined || unit === undefined || !Number.isInteger(scaler) || !Number.isInteger(unit))
    return undefined;
  // An unsigned scaler octet is a signed one from a careless sender.
  return { scaler: scaler > 127 && scaler < 256 ? scaler - 256 : scaler, unit };
}

/** The structure as Data. */
export function scalerUnitData({ scaler, unit }: ScalerUnit): Data {
  return {
    t: 'structure',
    v: [
      { t: 'integer', v: scaler },
      { t: 'enum', v: unit },
    ],
  };
}
