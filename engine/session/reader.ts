import type { Data } from '../codec/axdr/data.ts';
import { dataToJson } from '../codec/axdr/data-json.ts';
import type { GetDataResult } from '../codec/xdlms/types.ts';
import { nearestClass } from '../cosem/classes.ts';
import { describeAttributeValue } from '../cosem/describe-value.ts';
import { nameObis } from '../cosem/obis/name.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import { readScalerUnit, type ScalerUnit } from '../cosem/scaler-unit.ts';
import type { Association } from './association.ts';
import { costsOneRequest, SessionError } from './errors.ts';
import { holdsSecret } from './secret-attributes.ts';

/** What to read: one attribute, or the value (attribute 2) of an object. */
export interface ReadItem {
  readonly obis: string;
  readonly attribute?: number;
}

/** One attribute as it was read, plain JSON. */
export interface ReadValue {
  readonly obis: string;
  readonly class: number;
  readonly attribute: number;
  /** Name of the object by its OBIS code. */
  readonly name: string;
  /** Name of the attribute in the Blue Book; empty when the class is unknown. */
  readonly attributeName: string;
  /** Data in {t, v} notation, absent when refused. */
  readonly data?: unknown;
  /** As a person reads it, with scaler and unit applied. */
  readonly text: string;
  /** data-access-result when refused, code of the SessionError when the answer could not be used. */
  readonly error?: string;
}

const VALUE_ATTRIBUTE = 2;
const DATA_CLASS = 1;

/**
 * Reads items one by one, so that what came before a failure is kept; throws SessionError when the association breaks.
 * Classes, versions and base names come from the object list; an object that is not listed is asked for with the class
 * its code usually has.
 */
export async function* readItems(association: Association, items: readonly ReadItem[]): AsyncGenerator<ReadValue> {
  const objects = await listOrNothing(association);
  const scalers = new ScalerUnits(association);
  for (const item of items) {
    const object = objects.find((entry) => entry.logicalName === item.obis) ?? unlisted(item.obis, association);
    yield await readOne(association, object, item.attribute ?? VALUE_ATTRIBUTE, scalers);
  }
}

/** Reads every attribute the object list allows, except logical names, which the list has told, and passwords. */
export async function* readEverything(association: Association): AsyncGenerator<ReadValue> {
  const scalers = new ScalerUnits(association);
  for (const object of await association.objectList()) {
    for (const attribute of readableAttributes(object)) yield await readOne(association, object, attribute, scalers);
  }
}

/** Indices worth reading: those with a read right, or all of the class where the list has no rights (SN). */
export function readableAttributes(object: ObjectListEntry): number[] {
  const known = nearestClass(object.classId, object.version)?.attributes.map((attribute) => attribute.index) ?? [
    VALUE_ATTRIBUTE,
  ];
  const allowed = object.attributes?.filter((right) => right.access.read).map((right) => right.index) ?? known;
  return allowed.filter((index) => index > 1 && !holdsSecret({ class: object.classId, index }));
}

async function readOne(
  association: Association,
  object: ObjectListEntry,
  attribute: number,
  scalers: ScalerUnits,
): Promise<ReadValue> {
  const about = {
    obis: object.logicalName,
    class: object.classId,
    attribute,
    name: nameObis(object.logicalName, { classId: object.classId }).name,
    attributeName: nearestClass(object.classId, object.version)?.attributes[attribute - 1]?.name ?? '',
  };
  let result: GetDataResult;
  try {
    result = await association.get(addressOf(object, attribute));
  } catch (error) {
    if (!costsOneRequest(error)) throw error;
    return { ...about, text: error.message, error: error.code };
  }
  if ('result' in result) return { ...about, text: result.result, error: result.result };
  if (holdsSecret({ class: object.classId, index: attribute })) return { ...about, text: '(secret, not shown)' };
  const scalerUnit = isNumber(result.data) ? await scalers.of(object) : undefined;
  const text = describeAttributeValue(object.classId, attribute, result.data, {
    version: object.version,
    ...(scalerUnit === undefined ? {} : { scalerUnit }),
  });
  return { ...about, data: dataToJson(result.data), text };
}

function addressOf(
  object: ObjectListEntry,
  index: number,
): { class: number; obis: string; index: number; baseName?: number } {
  return {
    class: object.classId,
    obis: object.logicalName,
    index,
    ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
  };
}

/** A meter may keep its list to itself and still answer for single objects. */
async function listOrNothing(association: Association): Promise<readonly ObjectListEntry[]> {
  try {
    return await association.objectList();
  } catch (error) {
    if (costsOneRequest(error)) return [];
    throw error;
  }
}

function unlisted(obis: string, association: Association): ObjectListEntry {
  if (association.referencing === 'SN')
    throw new SessionError('object-unknown', `${obis} is not in the object list of the meter`, {
      next: 'read the list: dlms read without OBIS',
    });
  return { classId: nameObis(obis).expectedClasses?.[0] ?? DATA_CLASS, version: 0, logicalName: obis };
}

function isNumber(data: Data): boolean {
  return 'v' in data && (typeof data.v === 'number' || typeof data.v === 'bigint');
}

/** Scaler and unit of each register, asked for once. */
class ScalerUnits {
  readonly #association: Association;
  readonly #known = new Map<string, ScalerUnit | undefined>();

  constructor(association: Association) {
    this.#association = association;
  }

  async of(object: ObjectListEntry): Promise<ScalerUnit | undefined> {
    const attribute = nearestClass(object.classId, object.version)?.attributes.find(
      (item) => item.form === 'scaler-unit',
    );
    if (attribute === undefined) return undefined;
    const key = `${object.classId} ${object.logicalName}`;
    if (!this.#known.has(key))
      this.#known.set(key, scalerUnitOf(await getOrNothing(this.#association, object, attribute.index)));
    return this.#known.get(key);
  }
}

/** Meters without a scaler, or with one that is none, still have a value to show (quirk Q65). */
function scalerUnitOf(result: GetDataResult | undefined): ScalerUnit | undefined {
  return result !== undefined && 'data' in result ? readScalerUnit(result.data) : undefined;
}

async function getOrNothing(
  association: Association,
  object: ObjectListEntry,
  index: number,
): Promise<GetDataResult | undefined> {
  try {
    return await association.get(addressOf(object, index));
  } catch (error) {
    if (costsOneRequest(error)) return undefined;
    throw error;
  }
}
