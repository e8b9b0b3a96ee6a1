import { utf8FromText } from '../../codec/axdr/text.ts';
import { decodeWrapper } from '../../codec/wrapper/wrapper.ts';
import type { linkQuirks } from '../../template/vocabulary/quirks/link-quirks.ts';
import type { Quirk } from './quirk.ts';

const DATA_NOTIFICATION = 0x0f;

/** Deviations of connections: named here, done by the session and the device. */
export const connectionQuirks: Readonly<Record<keyof typeof linkQuirks, Quirk>> = {
  'echoes-requests': { habits: () => ({ echoes: true }) },
  'stays-silent': { habits: () => ({ silent: true }) },
  'writes-octet-by-octet': { habits: (pieces) => ({ pieces }) },
  'holds-old-connection': { habits: (holdsConnectionMs) => ({ holdsConnectionMs }) },
  'pushes-plain-text': {
    frame: (octets) => {
      const decoded = decodeWrapper(octets);
      const isPush = decoded.ok && decoded.value.message.apdu[0] === DATA_NOTIFICATION;
      return [isPush ? utf8FromText('TEST') : octets];
    },
  },
  'closes-on-old-counter': { habits: () => ({ closesOnReplay: true }) },
};
