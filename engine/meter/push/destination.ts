import type { PushRefusal } from './push-order.ts';

/** Where a push goes. */
export type PushWay =
  /** A connection of its own, or a datagram. IPv6 addresses without their brackets. */
  | {
      readonly kind: 'tcp' | 'udp';
      readonly framing: 'wrapper' | 'hdlc';
      readonly host: string;
      readonly port: number;
    }
  /** Over every connection clients have open with this framing. */
  | { readonly kind: 'line'; readonly framing: 'wrapper' | 'hdlc' };

/** transport_service of send_destination_and_method (Blue Book 4.4.8). */
const SERVICES = [
  'TCP',
  'UDP',
  'FTP',
  'SMTP',
  'SMS',
  'HDLC',
  'M-Bus',
  'ZigBee',
  'DLMS gateway',
  'reliable CoAP',
  'unreliable CoAP',
];
const TCP = 0;
const UDP = 1;
const HDLC = 5;
/** message: the APDU in A-XDR. */
const A_XDR = 0;
/** Port of DLMS/COSEM over IP, where the destination names none. */
const DEFAULT_PORT = 4059;

const BRACKETED = /^\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?$/;
const PLAIN = /^([^\s:[\]]+)(?::(\d{1,5}))?$/;

/** The way send_destination_and_method means: `127.0.0.1:4059`, `[::1]:4059`, or nothing for lines that are open. */
export function pushWay(service: number, destination: string, message: number): PushWay | PushRefusal {
  const kind = service === UDP ? 'udp' : service === TCP || service === HDLC ? 'tcp' : undefined;
  if (kind === undefined) {
    const name = SERVICES[service] ?? `transport service ${service}`;
    return { code: 'unsupported', message: `found ${name}, expected TCP, UDP or HDLC as transport service` };
  }
  if (message !== A_XDR) {
    return { code: 'unsupported', message: `found message type ${message}, expected 0: the APDU in A-XDR` };
  }
  const framing = service === HDLC ? 'hdlc' : 'wrapper';
  const text = destination.replace(/\0+$/, '').trim();
  if (text === '') {
    if (kind !== 'udp') return { kind: 'line', framing };
    return { code: 'no-destination', message: 'the push setup does not say where its datagrams go' };
  }
  const [, host, port = String(DEFAULT_PORT)] = BRACKETED.exec(text) ?? PLAIN.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 0xffff) {
    return { code: 'bad-destination', message: `found "${text}", expected a destination such as 127.0.0.1:4059` };
  }
  return { kind, framing, host, port: Number(port) };
}

export function isRefusal(found: object): found is PushRefusal {
  return 'code' in found;
}
