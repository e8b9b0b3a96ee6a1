import type { Data } from '../codec/axdr/data.ts';
import type { GetDataResult } from '../codec/xdlms/types.ts';
import { nearestClass } from '../cosem/classes.ts';
import { nameObis } from '../cosem/obis/name.ts';
import { formatObis } from '../cosem/obis/obis.ts';
import { readScalerUnit, type ScalerUnit } from '../cosem/scaler-unit.ts';
import { unitById } from '../cosem/units.ts';
import type { Association } from './association.ts';
import { costsOneRequest } from './errors.ts';
import { elementsOf, integerOf } from './object-list.ts';
import type { RequestControl } from './request-runner.ts';
import type { CaptureObject } from './selection.ts';

const CLOCK = 8;
/** Attributes that scaler_unit of their object applies to: register, extended register, demand register (BB 4.3). */
const SCALED: ReadonlySet<string> = new Set(['3.2', '4.2', '5.2', '5.3']);

/** One column of a profile. */
export interface ProfileColumn extends CaptureObject {
  /** Name of the object by its OBIS code. */
  readonly name: string;
  /** Name of the attribute in the Blue Book; empty when the class is unknown. */
  readonly attributeName: string;
  /** From the object, where it could be read. */
  readonly scalerUnit?: ScalerUnit;
  /** Symbol of the unit, e.g. `Wh`. */
  readonly unit?: string;
}

/** capture_objects (attribute 3); rows that are no definition are left out, since meters append vendor columns. */
export function readCaptureObjects(data: Data): CaptureObject[] {
  return elementsOf(data).flatMap((item) => {
    const [classId, name, attribute, index] = elementsOf(item);
    const id = integerOf(classId);
    if (id === undefined || name?.t !== 'octet-string' || name.v.length !== 6) return [];
    return [
      { class: id, obis: formatObis(name.v), attribute: integerOf(attribute) ?? 0, dataIndex: integerOf(index) ?? 0 },
    ];
  });
}

/** True for the time of a clock. */
export function isClockColumn(column: CaptureObject): boolean {
  return column.class === CLOCK;
}

/** Names, scalers and units of the columns. What the meter refuses is left out. Throws SessionError if the session breaks. */
export async function describeColumns(
  association: Association,
  objects: readonly CaptureObject[],
  control: RequestControl,
): Promise<readonly ProfileColumn[]> {
  const scaled = objects.map((object) =>
    SCALED.has(`${object.class}.${object.attribute}`) ? scalerOf(object) : undefined,
  );
  const wanted = scaled.filter((address) => address !== undefined);
  const results = await getOrRefused(association, wanted, control);
  return objects.map((object, index) => {
    const at = scaled.slice(0, index).filter((address) => address !== undefined).length;
    const result = scaled[index] === undefined ? undefined : results[at];
    const scalerUnit = result !== undefined && 'data' in result ? readScalerUnit(result.data) : undefined;
    const unit = scalerUnit === undefined ? undefined : unitById(scalerUnit.unit)?.symbol;
    return {
      ...object,
      name: nameObis(object.obis, { classId: object.class }).name,
      attributeName: nearestClass(object.class, Number.MAX_SAFE_INTEGER)?.attributes[object.attribute - 1]?.name ?? '',
      ...(scalerUnit === undefined ? {} : { scalerUnit }),
      ...(unit === undefined ? {} : { unit }),
    };
  });
}

function scalerOf(object: CaptureObject): { class: number; obis: string; index: number } | undefined {
  const attribute = nearestClass(object.class, Number.MAX_SAFE_INTEGER)?.attributes.find(
    (item) => item.form === 'scaler-unit',
  );
  return attribute === undefined ? undefined : { class: object.class, obis: object.obis, index: attribute.index };
}

type Address = { class: number; obis: string; index: number };

/** All in one request where the meter can; one by one where it then refuses the list (quirk Q50). */
async function getOrRefused(
  association: Association,
  addresses: readonly Address[],
  control: RequestControl,
): Promise<readonly (GetDataResult | undefined)[]> {
  try {
    return await association.getMany(addresses, control);
  } catch (error) {
    if (!costsOneRequest(error)) throw error;
  }
  const results: (GetDataResult | undefined)[] = [];
  for (const address of addresses) {
    try {
      results.push(await association.get(address, null, control));
    } catch (error) {
      if (!costsOneRequest(error)) throw error;
      results.push(undefined);
    }
  }
  return results;
}
