import type { linkQuirks } from '../../template/vocabulary/quirks/link-quirks.ts';
import type { Quirk } from './quirk.ts';

/** Deviations of connections: named here, done by the session and the device. */
export const connectionQuirks: Readonly<Record<keyof typeof linkQuirks, Quirk>> = {
  'echoes-requests': { habits: () => ({ echoes: true }) },
  'stays-silent': { habits: () => ({ silent: true }) },
  'writes-octet-by-octet': { habits: (pieces) => ({ pieces }) },
  'holds-old-connection': { habits: (holdsConnectionMs) => ({ holdsConnectionMs }) },
  'closes-on-old-counter': { habits: () => ({ closesOnReplay: true }) },
};
