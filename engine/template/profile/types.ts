import type { DataType } from '../../codec/axdr/data.ts';

/** An OBIS profile (`*.obis.yaml`), with what it extends already taken over. */
export interface ObisProfile {
  readonly profile: string;
  readonly title?: string;
  /** Names of the profiles it was built from, the first one lowest. */
  readonly layers: readonly string[];
  readonly appliesTo?: ProfileCondition;
  readonly objects: readonly ProfileObject[];
  readonly ignore: readonly IgnoredObject[];
}

/** When a scan may choose a profile; every stated condition must hold. */
export interface ProfileCondition {
  readonly flag?: readonly string[];
  readonly logicalDeviceName?: string;
  readonly referencing?: 'LN' | 'SN';
  readonly mustHave: readonly ObisPattern[];
  readonly mustNotHave: readonly ObisPattern[];
}

export interface IgnoredObject {
  readonly obis: ObisPattern;
  readonly why?: string;
}

/** An entry of a profile. */
export interface ProfileObject {
  readonly id: string;
  readonly obis: ObisPattern;
  readonly class: number;
  readonly versions: readonly number[];
  /** Language -> name; English is always there. */
  readonly name: Readonly<Record<string, string>>;
  readonly presence: 'required' | 'optional' | 'forbidden';
  readonly when?: string;
  readonly unit?: string;
  /** Attribute number -> expectation. */
  readonly attributes: Readonly<Record<string, ProfileAttribute>>;
  readonly quantity?: Quantity;
  readonly notes?: string;
  /** Profile the entry was written in. */
  readonly from: string;
}

export interface ProfileAttribute {
  readonly types: readonly DataType[];
  readonly access: Readonly<Record<string, 'none' | 'get' | 'set' | 'get-set'>>;
  readonly value?: unknown;
}

/** What a value means in the terms of the head-end system. `tariff` and `phase` may name a group: `{tariff}`. */
export interface Quantity {
  readonly is: string;
  readonly direction?: 'import' | 'export' | 'net' | 'none';
  readonly phase?: string;
  readonly tariff?: number | string;
  readonly kind?: string;
  readonly unit?: string;
  readonly multiply?: number;
  readonly invertSign?: boolean;
  readonly rollover?: number;
}

/** One value group of a pattern: a range of numbers, with a name where the pattern gives one. */
export interface ObisGroupPattern {
  readonly low: number;
  readonly high: number;
  readonly name?: string;
}

/** A pattern of OBIS codes: six groups, and how it was written. */
export interface ObisPattern {
  readonly text: string;
  readonly groups: readonly ObisGroupPattern[];
}
