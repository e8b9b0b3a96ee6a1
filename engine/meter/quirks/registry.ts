import type { QuirkId } from '../../template/vocabulary/quirks.ts';
import { associationQuirks } from './association-quirks.ts';
import { attributeQuirks } from './attribute-quirks.ts';
import { connectionQuirks } from './connection-quirks.ts';
import { frameQuirks } from './frame-quirks.ts';
import type { Quirk } from './quirk.ts';
import { serviceQuirks } from './service-quirks.ts';

/** What the quirks of the catalogue do. One without an entry here does not compile. */
export const quirks: Readonly<Record<QuirkId, Quirk>> = {
  ...connectionQuirks,
  ...frameQuirks,
  ...associationQuirks,
  ...serviceQuirks,
  ...attributeQuirks,
};
