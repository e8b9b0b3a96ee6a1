import { associationQuirks } from './quirks/association-quirks.ts';
import { dataQuirks } from './quirks/data-quirks.ts';
import { hdlcQuirks } from './quirks/hdlc-quirks.ts';
import { linkQuirks } from './quirks/link-quirks.ts';
import type { QuirkSpec } from './quirks/quirk-spec.ts';
import { serviceQuirks } from './quirks/service-quirks.ts';

export type { QuirkSpec, QuirkValue } from './quirks/quirk-spec.ts';

/**
 * The catalogue: deviations of real meters by name, for `quirk "name"` and `deviates: "name"`. Where decoders know the
 * same deviation it has the same name there (engine/codec/deviations.ts). engine/meter/quirks does what is said here.
 */
export const QUIRKS = {
  ...linkQuirks,
  ...hdlcQuirks,
  ...associationQuirks,
  ...serviceQuirks,
  ...dataQuirks,
} as const;

export type QuirkId = keyof typeof QUIRKS;

/** Names of the catalogue, in its order. */
export const quirkIds = Object.keys(QUIRKS) as readonly QuirkId[];

export function isQuirkId(name: string): name is QuirkId {
  return Object.hasOwn(QUIRKS, name);
}

/** An entry of the catalogue. */
export function quirkSpec(id: QuirkId): QuirkSpec;
export function quirkSpec(name: string): QuirkSpec | undefined;
export function quirkSpec(name: string): QuirkSpec | undefined {
  return isQuirkId(name) ? QUIRKS[name] : undefined;
}
