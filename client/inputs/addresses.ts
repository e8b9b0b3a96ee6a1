/** What people type into the input boxes, read and checked. A check gives the reason it is not taken, or undefined. Pure. */

export interface Address {
  readonly host: string;
  readonly port: number;
}

const maxPort = 65535;

/** `127.0.0.1:4059`, `meter.example:4059`, `[::1]:4059`. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9a-f:.%\w]+)\]|([^\s:[\]/]+)):(\d{1,5})$/i.exec(text.trim());
  const [, six, other, digits] = match ?? [];
  const host = six ?? other;
  const port = Number(digits);
  return host === undefined || port < 1 || port > maxPort ? undefined : { host, port };
}

/** Where a meter is: an address, or with `serial` the path of a port as host. */
export interface MeterAddress extends Address {
  /** Default TCP. */
  readonly over?: 'udp' | 'serial';
}

const serialPrefix = 'serial:';
const udpPrefix = 'udp:';

/** `127.0.0.1:4059`, `udp:127.0.0.1:4059`, `serial:/dev/ttyUSB0`, `serial:COM3`. */
export function parseMeterAddress(text: string): MeterAddress | undefined {
  const typed = text.trim();
  if (typed.startsWith(serialPrefix)) {
    const host = typed.slice(serialPrefix.length);
    return host === '' ? undefined : { host, port: 0, over: 'serial' };
  }
  const udp = typed.startsWith(udpPrefix);
  const address = parseAddress(udp ? typed.slice(udpPrefix.length) : typed);
  return address === undefined || !udp ? address : { ...address, over: 'udp' };
}

/** As `parseMeterAddress` reads it. */
export function formatAddress({ host, port, over }: MeterAddress): string {
  if (over === 'serial') return `${serialPrefix}${host}`;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return over === 'udp' ? `${udpPrefix}${address}` : address;
}

/** The address in the parameters of a connection, where TCP may be said or not. */
export function addressOfConnection({
  host,
  port,
  transport,
}: Address & { readonly transport?: 'tcp' | 'udp' | 'serial' }): MeterAddress {
  return { host, port, ...(transport === undefined || transport === 'tcp' ? {} : { over: transport }) };
}

/** Speed and character format of a serial line. */
export interface SerialLine {
  readonly speed: number;
  readonly format: string;
}

const leastSpeed = 300;
const mostSpeed = 921_600;

/** `9600 8N1`, or the speed alone. */
export function parseSerialLine(text: string): SerialLine | undefined {
  const match = /^\s*(\d{3,6})(?:\s+([78][neo][12]))?\s*$/i.exec(text);
  const speed = Number(match?.[1]);
  if (match === null || speed < leastSpeed || speed > mostSpeed) return undefined;
  return { speed, format: (match[2] ?? '8N1').toUpperCase() };
}

/** `1/0011`: network id and physical device address in hex, which may be missing. */
export function parseGateway(text: string): { readonly networkId: number; readonly address: string } | undefined {
  const match = /^\s*(\d{1,3})(?:\/((?:[0-9a-f]{2})*))?\s*$/i.exec(text);
  const networkId = Number(match?.[1]);
  return match === null || networkId > 0xff ? undefined : { networkId, address: (match[2] ?? '').toLowerCase() };
}

/** 16 hex digits, blanks, colons and hyphens between them left out; undefined when it is no system title. */
export function parseSystemTitle(text: string): string | undefined {
  const digits = text.replaceAll(/[\s:-]/g, '').toLowerCase();
  return /^[0-9a-f]{16}$/.test(digits) ? digits : undefined;
}

/** Words separated by commas or spaces. */
export function words(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

/** `4059, 4060-4063`; undefined when a part is no port or range of ports. */
export function parsePorts(text: string): readonly number[] | undefined {
  const ports = new Set<number>();
  for (const word of words(text)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word);
    if (match === null) return undefined;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (from < 1 || to > maxPort || to < from) return undefined;
    for (let port = from; port <= to; port++) ports.add(port);
  }
  return ports.size === 0 ? undefined : [...ports];
}

/** Whether a host is this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** `HOST:PORT`, `HOST:PORT-PORT` or `127.x.y.z/NN:PORT`, as the emulator takes it. */
export function isListenAddress(text: string): boolean {
  const match = /^(?:\[[0-9a-f:.]+\]|[^\s:[\]/]+(?:\/\d{1,3})?):(.+)$/i.exec(text.trim());
  return match?.[1] !== undefined && parsePorts(match[1]) !== undefined && !match[1].includes(',');
}

/** The host of a listen address, without prefix length and brackets. */
export function listenHost(text: string): string {
  return text
    .trim()
    .replace(/:[^:\]]*$/, '')
    .replace(/\/\d+$/, '')
    .replace(/^\[|\]$/g, '');
}

const obisItem = /^\d{1,3}-\d{1,3}:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:#-?\d{1,3})?$/;

/** `1-0:1.8.0.255`, `1-0:1.8.0.255#2`, several of them; undefined when one is not. */
export function parseObisItems(text: string): readonly string[] | undefined {
  const items = words(text);
  return items.length > 0 && items.every((item) => obisItem.test(item)) ? items : undefined;
}

/** An integer within limits, else undefined. */
export function parseInteger(text: string, least: number, most: number): number | undefined {
  const value = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
