import { HDLC_PARAMETER_LIMITS, type HdlcParameters } from '../codec/hdlc/parameters.ts';
import { MAX_SPEED, parseFormat } from '../serial/settings.ts';
import type { Connection } from '../session/connection.ts';
import { integer, oneOf } from './option-values.ts';

/** Options that say how to reach a meter, as the command line gives them. */
export interface WayOptions {
  /** `HOST:PORT`, IPv6 in brackets, or `serial:PATH`. */
  readonly meter: string;
  readonly framing?: string;
  readonly udp?: boolean;
  /** Speed of a serial line; with `modeE` the highest to choose. */
  readonly baud?: string;
  /** Character format of a serial line, `8N1`. */
  readonly line?: string;
  readonly modeE?: boolean;
  /** Device address of the mode E request. */
  readonly deviceAddress?: string;
  readonly wakeUp?: boolean;
  readonly hdlcInfo?: string;
  readonly hdlcWindow?: string;
  /** `NETWORK/ADDRESS` of a gateway, the address in hex. */
  readonly gateway?: string;
}

type Way = Pick<Connection, 'host' | 'port' | 'transport' | 'framing' | 'serial' | 'modeE' | 'gateway'>;

const SERIAL = 'serial:';
const LEAST_SPEED = 300;

/** Reads how a meter is to be reached. Throws Error with what to do. */
export function wayToMeter(options: WayOptions): Way {
  const { meter, udp, baud, line, gateway } = options;
  const serial = meter.startsWith(SERIAL);
  if (serial && udp === true) throw new Error('--udp: a serial port has no datagrams');
  if (!serial && line !== undefined) throw new Error('--line: only serial ports have a character format');
  const speed = baud === undefined ? undefined : integer('baud', baud, LEAST_SPEED, MAX_SPEED);
  const modeE = modeEOf(options, speed);
  if (!serial && speed !== undefined && modeE === undefined)
    throw new Error('--baud: only serial ports and meters behind the mode E opening have a speed');
  const needsHdlc = serial || modeE !== undefined;
  const framing = oneOf('framing', options.framing ?? (needsHdlc ? 'hdlc' : 'wrapper'), ['wrapper', 'hdlc']);
  return {
    ...(serial ? serialPort(meter, speed, line, modeE !== undefined) : hostAndPort(meter)),
    ...(udp === true ? { transport: 'udp' } : {}),
    framing,
    ...(modeE === undefined ? {} : { modeE }),
    ...(gateway === undefined ? {} : { gateway: gatewayOf(gateway) }),
  };
}

function serialPort(meter: string, speed: number | undefined, line: string | undefined, opens: boolean) {
  const path = meter.slice(SERIAL.length);
  if (path === '') throw new Error(`'${meter}' names no port: expected serial:/dev/ttyUSB0 or serial:COM3`);
  if (line !== undefined && parseFormat(line) === undefined)
    throw new Error(`--line ${line}: expected data bits, parity and stop bits, e.g. 8N1, 8E1 or 7E1`);
  const serial = {
    ...(speed === undefined || opens ? {} : { speed }),
    ...(line === undefined ? {} : { format: line }),
  };
  return { host: path, port: 0, transport: 'serial' as const, serial };
}

function modeEOf({ modeE, deviceAddress, wakeUp }: WayOptions, maxSpeed: number | undefined): Way['modeE'] {
  if (modeE !== true) {
    if (deviceAddress !== undefined) throw new Error('--device-address belongs to --mode-e');
    if (wakeUp === true) throw new Error('--wake-up belongs to --mode-e');
    return undefined;
  }
  return {
    ...(deviceAddress === undefined ? {} : { address: deviceAddress }),
    ...(wakeUp === undefined ? {} : { wakeUp }),
    ...(maxSpeed === undefined ? {} : { maxSpeed }),
  };
}

/** What the SNRM is to propose; undefined leaves it to the session. */
export function hdlcProposal({ hdlcInfo, hdlcWindow }: WayOptions): HdlcParameters | undefined {
  if (hdlcInfo === undefined && hdlcWindow === undefined) return undefined;
  const { minInfo, maxInfo, maxWindow } = HDLC_PARAMETER_LIMITS;
  const info = hdlcInfo === undefined ? undefined : integer('hdlc-info', hdlcInfo, minInfo, maxInfo);
  const window = hdlcWindow === undefined ? undefined : integer('hdlc-window', hdlcWindow, 1, maxWindow);
  return {
    ...(info === undefined ? {} : { maxInfoTx: info, maxInfoRx: info }),
    ...(window === undefined ? {} : { windowTx: window, windowRx: window }),
  };
}

function gatewayOf(text: string): NonNullable<Connection['gateway']> {
  const match = /^(\d{1,3})(?:\/((?:[0-9a-fA-F]{2})*))?$/.exec(text);
  if (match?.[1] === undefined) throw new Error(`--gateway ${text}: expected NETWORK/ADDRESS, e.g. 1/0011`);
  return { networkId: integer('gateway', match[1], 0, 0xff), address: (match[2] ?? '').toLowerCase() };
}

function hostAndPort(meter: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(meter);
  const host = match?.[1] ?? match?.[2];
  if (match === null || host === undefined)
    throw new Error(
      `'${meter}' is not HOST:PORT or serial:PATH, e.g. 127.0.0.1:4059, [::1]:4059 or serial:/dev/ttyUSB0`,
    );
  return { host, port: integer('port', match[3] ?? '', 1, 65_535) };
}
