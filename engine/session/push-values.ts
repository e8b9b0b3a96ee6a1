import type { Data } from '../codec/axdr/data.ts';
import { describeData } from '../cosem/describe-data.ts';
import { describeAttributeValue } from '../cosem/describe-value.ts';
import { formatScaled } from '../cosem/format-scaled.ts';
import { nameObis } from '../cosem/obis/name.ts';
import { formatObis } from '../cosem/obis/obis.ts';
import { readScalerUnit, type ScalerUnit } from '../cosem/scaler-unit.ts';
import type { NotificationApdu } from './notification.ts';

/** One value of a push, as a person reads it. */
export interface PushValue {
  /** Place among the values of the push, from 1. */
  readonly position: number;
  /** Absent where the push does not say what the value belongs to. */
  readonly obis?: string;
  readonly classId?: number;
  readonly attribute?: number;
  /** Of an information report. */
  readonly shortName?: number;
  /** Name by OBIS code; `value 3` where there is none. */
  readonly name: string;
  readonly text: string;
  readonly data: Data;
}

type Named = Pick<PushValue, 'obis' | 'classId' | 'attribute'>;
type Unnumbered = Omit<PushValue, 'position' | 'name'>;

const VALUE_ATTRIBUTE = 2;
const SCALER_ATTRIBUTE = 3;

/**
 * The values a push carries. Meters name them in three ways: a push object list (class 40 attribute 2) comes with them,
 * each is a structure of OBIS code, value and scaler, or codes and values take turns. What nothing names is told by its
 * position.
 */
export function pushValues(apdu: NotificationApdu): PushValue[] {
  return numbered(apdu).map((value, index) => {
    return { position: index + 1, name: nameOf(value, index + 1), ...value };
  });
}

function numbered(apdu: NotificationApdu): Unnumbered[] {
  switch (apdu.kind) {
    case 'event-notification': {
      const { class: classId, obis, index } = apdu.attr;
      return [described({ obis, classId, attribute: index }, apdu.data)];
    }
    case 'information-report':
      return apdu.values.map((data, index) => {
        const access = apdu.list[index];
        const named = access !== undefined && 'variable-name' in access;
        return { ...plain(data), ...(named ? { shortName: access['variable-name'] } : {}) };
      });
    case 'data-notification':
      return valuesOf(apdu.data);
  }
}

function valuesOf(data: Data): Unnumbered[] {
  const elements = elementsOf(data);
  if (elements === undefined) return [plain(data)];
  return byObjectList(elements) ?? byCodes(elements);
}

/** Values behind their push object list; the list may or may not name itself. */
function byObjectList(elements: readonly Data[]): Unnumbered[] | undefined {
  const objects = elementsOf(elements[0])?.map(pushObjectOf);
  if (objects === undefined || objects.length === 0 || elements.length < 2) return undefined;
  const known = objects.filter((object) => object !== undefined);
  const offset = elements.length - known.length;
  if (known.length !== objects.length || (offset !== 0 && offset !== 1)) return undefined;
  const values = known.map((object, index) => ({ object, data: elements[index + offset] ?? NOTHING }));
  const scalers = new Map<string | undefined, ScalerUnit | undefined>();
  for (const { object, data } of values) {
    if (object.attribute === SCALER_ATTRIBUTE) scalers.set(object.obis, readScalerUnit(data));
  }
  return values
    .slice(1 - offset)
    .map(({ object, data }) =>
      described(object, data, object.attribute === VALUE_ATTRIBUTE ? scalers.get(object.obis) : undefined),
    );
}

const NOTHING: Data = { t: 'null-data' };

/** Class, logical name, attribute index and data index of a push object. */
function pushObjectOf(data: Data): Required<Named> | undefined {
  const [classId, name, attribute, index] = data.t === 'structure' ? data.v : [];
  if (classId?.t !== 'long-unsigned' || attribute?.t !== 'integer' || index === undefined) return undefined;
  const obis = codeOf(name);
  return obis === undefined ? undefined : { obis, classId: classId.v, attribute: attribute.v };
}

/** Structures that begin with a code, or codes and values in turn. */
function byCodes(elements: readonly Data[]): Unnumbered[] {
  const values: Unnumbered[] = [];
  for (let at = 0; at < elements.length; at++) {
    const element = elements[at] ?? NOTHING;
    const own = coded(element);
    const next = elements[at + 1];
    if (own !== undefined) values.push(own);
    else if (codeOf(element) !== undefined && next !== undefined && codeOf(next) === undefined) {
      const after = elements[at + 2];
      const scaler = after === undefined ? undefined : readScalerUnit(after);
      values.push(quantity(codeOf(element), next, scaler));
      at += scaler === undefined ? 1 : 2;
    } else values.push(plain(element));
  }
  return values;
}

/** `{code, value}` and `{code, value, scaler_unit}`. */
function coded(data: Data): Unnumbered | undefined {
  if (data.t !== 'structure' || data.v.length < 2 || data.v.length > 3) return undefined;
  const [name, value, scaler] = data.v;
  const obis = codeOf(name);
  if (obis === undefined || value === undefined) return undefined;
  return quantity(obis, value, scaler === undefined ? undefined : readScalerUnit(scaler));
}

function quantity(obis: string | undefined, data: Data, scaler: ScalerUnit | undefined): Unnumbered {
  const number = 'v' in data && (typeof data.v === 'number' || typeof data.v === 'bigint') ? data.v : undefined;
  const text =
    number === undefined || scaler === undefined
      ? describeData(data)
      : formatScaled(number, scaler.scaler, scaler.unit);
  return { ...(obis === undefined ? {} : { obis }), text, data };
}

function described(named: Required<Named>, data: Data, scalerUnit?: ScalerUnit): Unnumbered {
  const text = describeAttributeValue(
    named.classId,
    named.attribute,
    data,
    scalerUnit === undefined ? {} : { scalerUnit },
  );
  return { ...named, text, data };
}

function plain(data: Data): Unnumbered {
  return { text: describeData(data), data };
}

function elementsOf(data: Data | undefined): readonly Data[] | undefined {
  if (data?.t === 'array' || data?.t === 'structure') return data.v;
  return data?.t === 'compact-array' ? data.v.elements : undefined;
}

/** Six octets that end like a logical name do, with a medium in front. */
function codeOf(data: Data | undefined): string | undefined {
  if (data?.t !== 'octet-string' || data.v.length !== 6 || data.v[5] !== 255 || (data.v[0] ?? 255) > 15)
    return undefined;
  return formatObis(data.v);
}

function nameOf({ obis, classId, shortName }: Unnumbered, position: number): string {
  if (obis !== undefined) return nameObis(obis, classId === undefined ? {} : { classId }).name;
  return shortName === undefined ? `value ${position}` : `short name ${shortName.toString(16).toUpperCase()}`;
}
