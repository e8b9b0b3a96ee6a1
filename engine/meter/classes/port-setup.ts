import type { Data } from '../../codec/axdr/data.ts';
import { utf8FromText } from '../../codec/axdr/text.ts';
import { mix } from '../values/random.ts';
import type { ClassLogic, Target } from './class-logic.ts';
import { isGiven } from './register.ts';

const DEFAULT_PORT = 4059;
const DEFAULT_MSS = 1460;
/** Baud rates by their enumeration (classes.md, 19). */
const BAUDS = [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];
/** First octet of a MAC address nobody administers, for one station. */
const LOCALLY_ADMINISTERED = 0x02;
const MAC_STREAM = 0x4d4143;

/** Reads attributes the template leaves out as the meter is really set. */
function toldBy(fromModel: (target: Target, attribute: number) => Data | undefined): ClassLogic {
  return {
    read(target, attribute, selection) {
      if (selection !== null || isGiven(target, attribute)) return undefined;
      const data = fromModel(target, attribute);
      return data === undefined ? undefined : { data };
    },
  };
}

function baudCode(baud: number | undefined): number {
  const code = BAUDS.indexOf(baud ?? 9600);
  return code < 0 ? 5 : code;
}

/** TCP-UDP setup (class 41, Blue Book 4.9.1): the port, sessions and idle time of the meter's first IP transport. */
export const tcpUdpSetup: ClassLogic = toldBy(({ meter }, attribute) => {
  const transport = meter.model.transports.find(({ kind }) => kind !== 'serial');
  switch (attribute) {
    case 2:
      return { t: 'long-unsigned', v: transport?.port ?? DEFAULT_PORT };
    case 4:
      return { t: 'long-unsigned', v: DEFAULT_MSS };
    case 5:
      return { t: 'unsigned', v: Math.min(transport?.sessions || 1, 0xff) };
    case 6:
      return { t: 'long-unsigned', v: Math.min(Math.round((transport?.idleTimeoutMs ?? 0) / 1000), 0xffff) };
    default:
      return undefined;
  }
});

/** IEC local port setup (class 19, Blue Book 4.7.1): whether the port opens in mode E, at which speed, for which address. */
export const iecLocalPortSetup: ClassLogic = toldBy(({ meter }, attribute) => {
  const serial = meter.model.transports.find(({ kind, modeE }) => kind === 'serial' || modeE !== undefined);
  switch (attribute) {
    case 2:
      return { t: 'enum', v: serial?.modeE === undefined ? 1 : 0 };
    case 3:
      return { t: 'enum', v: serial?.modeE === undefined ? baudCode(serial?.baud) : 0 };
    case 4:
      return { t: 'enum', v: baudCode(serial?.baud) };
    case 5:
      return { t: 'enum', v: 1 };
    case 6:
      return { t: 'octet-string', v: utf8FromText(serial?.modeE?.address ?? meter.serial) };
    default:
      return undefined;
  }
});

/** MAC address setup (class 43, Blue Book 4.9.4): an address of its own for every meter. */
export const macAddressSetup: ClassLogic = toldBy(({ meter }, attribute) => {
  if (attribute !== 2) return undefined;
  const drawn = mix(meter.key, MAC_STREAM);
  const v = Uint8Array.of(LOCALLY_ADMINISTERED, meter.number >>> 24, drawn >>> 24, drawn >>> 16, drawn >>> 8, drawn);
  return { t: 'octet-string', v };
});
