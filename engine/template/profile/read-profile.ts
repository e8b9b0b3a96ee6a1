import type { DataType } from '../../codec/axdr/data.ts';
import { parsePattern } from './pattern.ts';
import type {
  IgnoredObject,
  ObisPattern,
  ObisProfile,
  ProfileAttribute,
  ProfileCondition,
  ProfileObject,
  Quantity,
} from './types.ts';

/** A profile as it stands in its file, schema-valid. */
export interface RawProfile {
  readonly profile: string;
  readonly title?: string;
  readonly extends?: readonly string[];
  readonly applies_to?: {
    readonly flag?: readonly string[];
    readonly logical_device_name?: string;
    readonly referencing?: 'LN' | 'SN';
    readonly must_have?: readonly string[];
    readonly must_not_have?: readonly string[];
  };
  readonly objects: readonly RawObject[];
  readonly ignore?: readonly { readonly obis: string; readonly why?: string }[];
}

export interface RawObject {
  readonly id: string;
  readonly obis: string;
  readonly class: number;
  readonly versions?: readonly number[];
  readonly name: Readonly<Record<string, string>>;
  readonly presence?: 'required' | 'optional' | 'forbidden';
  readonly when?: string;
  readonly unit?: string;
  readonly attributes?: Readonly<
    Record<
      string,
      {
        readonly types?: readonly DataType[];
        readonly access?: Readonly<Record<string, 'none' | 'get' | 'set' | 'get-set'>>;
        readonly value?: unknown;
      }
    >
  >;
  readonly quantity?: Omit<Quantity, 'invertSign'> & { readonly invert_sign?: boolean };
  readonly notes?: string;
}

function patternOf(text: string): ObisPattern | undefined {
  const pattern = parsePattern(text);
  return 'problem' in pattern ? undefined : pattern;
}

function patternsOf(texts: readonly string[] | undefined): readonly ObisPattern[] {
  return (texts ?? []).flatMap((text) => patternOf(text) ?? []);
}

/** Puts a profile on top of those it extends: same id replaces, in place; the rest is added behind. */
export function layerProfile(raw: RawProfile, below: readonly ObisProfile[]): ObisProfile {
  const objects = new Map<string, ProfileObject>();
  for (const layer of below) for (const object of layer.objects) objects.set(object.id, object);
  for (const object of raw.objects) {
    const read = objectOf(object, raw.profile);
    if (read !== undefined) objects.set(read.id, read);
  }
  const condition = conditionOf(raw);
  return {
    profile: raw.profile,
    ...(raw.title === undefined ? {} : { title: raw.title }),
    layers: [...new Set([...below.flatMap((layer) => layer.layers), raw.profile])],
    ...(condition === undefined ? {} : { appliesTo: condition }),
    objects: [...objects.values()],
    ignore: [...below.flatMap((layer) => layer.ignore), ...(raw.ignore ?? []).flatMap((item) => ignoredOf(item) ?? [])],
  };
}

function ignoredOf(item: { readonly obis: string; readonly why?: string }): IgnoredObject | undefined {
  const obis = patternOf(item.obis);
  if (obis === undefined) return undefined;
  return item.why === undefined ? { obis } : { obis, why: item.why };
}

function conditionOf(raw: RawProfile): ProfileCondition | undefined {
  const from = raw.applies_to;
  if (from === undefined) return undefined;
  return {
    ...(from.flag === undefined ? {} : { flag: from.flag }),
    ...(from.logical_device_name === undefined ? {} : { logicalDeviceName: from.logical_device_name }),
    ...(from.referencing === undefined ? {} : { referencing: from.referencing }),
    mustHave: patternsOf(from.must_have),
    mustNotHave: patternsOf(from.must_not_have),
  };
}

function objectOf(raw: RawObject, from: string): ProfileObject | undefined {
  const obis = patternOf(raw.obis);
  if (obis === undefined) return undefined;
  return {
    id: raw.id,
    obis,
    class: raw.class,
    versions: raw.versions ?? [],
    name: raw.name,
    presence: raw.presence ?? 'optional',
    ...(raw.when === undefined ? {} : { when: raw.when }),
    ...(raw.unit === undefined ? {} : { unit: raw.unit }),
    attributes: Object.fromEntries(
      Object.entries(raw.attributes ?? {}).map(([index, item]) => [index, attributeOf(item)]),
    ),
    ...(raw.quantity === undefined ? {} : { quantity: quantityOf(raw.quantity) }),
    ...(raw.notes === undefined ? {} : { notes: raw.notes }),
    from,
  };
}

function attributeOf(raw: NonNullable<RawObject['attributes']>[string]): ProfileAttribute {
  return {
    types: raw.types ?? [],
    access: raw.access ?? {},
    ...(raw.value === undefined ? {} : { value: raw.value }),
  };
}

function quantityOf(raw: NonNullable<RawObject['quantity']>): Quantity {
  const { invert_sign: invertSign, ...rest } = raw;
  return invertSign === undefined ? rest : { ...rest, invertSign };
}
