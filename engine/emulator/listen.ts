import { EmulatorError } from './errors.ts';
import { formatIpv4, parseIpv4 } from './ipv4.ts';

/** Where meters are to be reached: one host, or a block of addresses of which each meter gets one. */
export type ListenSpec =
  | {
      readonly kind: 'host';
      readonly host: string;
      readonly firstPort?: number;
      readonly lastPort?: number;
      /** All meters share the address; the first one has this number on it, or the first one that is usual. */
      readonly shared?: number | 'usual';
    }
  | { readonly kind: 'block'; readonly first: number; readonly size: number; readonly port?: number }
  /** A serial port, by its path: `/dev/ttyUSB0`, `COM3`, a pseudo terminal. */
  | { readonly kind: 'serial'; readonly path: string };

const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;
const NEXT =
  'Write HOST:PORT, HOST:PORT-PORT, 127.x.y.z/NN:PORT, or leave out :PORT to use the ports of the template; shared:HOST:PORT for many meters behind one address; serial:PATH for a serial port.';
const SERIAL = 'serial:';
const SHARED = 'shared:';

function bad(text: string, problem: string): never {
  throw new EmulatorError('bad-listen', `listen "${text}": ${problem}`, NEXT);
}

function readPorts(text: string, ports: string): [number, number] {
  const found = PORTS.exec(ports);
  if (found === null) return bad(text, `found "${ports}", expected a port or PORT-PORT`);
  const first = Number(found[1]);
  const last = Number(found[2] ?? found[1]);
  if (first > 0xffff || last > 0xffff) return bad(text, 'ports go up to 65535');
  if (last < first) return bad(text, `the range ends at ${last}, before it begins at ${first}`);
  return [first, last];
}

/**
 * Reads a listen text: `HOST:PORT`, `HOST:PORT-PORT`, `127.x.y.z/NN:PORT`, each also without ports, IPv6 in brackets;
 * `shared:HOST:PORT` or `shared:HOST:PORT@NUMBER` for meters behind one address, the first with this number;
 * `serial:PATH`.
 * A block of /24 or more starts at its first host address: 127.1.0.0/16 at 127.1.0.1, but 127.0.0.5/24 at 127.0.0.5.
 * @throws EmulatorError `bad-listen`.
 */
export function parseListen(text: string): ListenSpec {
  const trimmed = text.trim();
  if (trimmed.startsWith(SERIAL)) {
    const path = trimmed.slice(SERIAL.length);
    return path === '' ? bad(text, 'the path of the port is missing') : { kind: 'serial', path };
  }
  if (trimmed.startsWith(SHARED)) return readShared(text, trimmed.slice(SHARED.length));
  const bracket = /^\[([^\]]+)\](?::(.*))?$/.exec(trimmed);
  const colon = bracket === null ? trimmed.lastIndexOf(':') : -1;
  const host = bracket?.[1] ?? (colon < 0 ? trimmed : trimmed.slice(0, colon));
  const ports = bracket === null ? (colon < 0 ? undefined : trimmed.slice(colon + 1)) : bracket[2];
  if (host === '') return bad(text, 'the host is missing');
  const range = ports === undefined ? undefined : readPorts(text, ports);
  if (host.includes('/')) return readBlock(text, host, range);
  if (/^[\d.]+$/.test(host) && parseIpv4(host) === undefined) return bad(text, `"${host}" is not an IPv4 address`);
  if (/[\s/]/.test(host)) return bad(text, `"${host}" is not a host`);
  return range === undefined ? { kind: 'host', host } : { kind: 'host', host, firstPort: range[0], lastPort: range[1] };
}

function readShared(text: string, place: string): ListenSpec {
  const at = place.lastIndexOf('@');
  const number = at < 0 ? undefined : place.slice(at + 1);
  if (number !== undefined && !/^[1-9]\d{0,4}$/.test(number)) {
    return bad(text, `found "@${number}", expected the number of the first meter, from 1 up`);
  }
  const spec = parseListen(at < 0 ? place : place.slice(0, at));
  if (spec.kind !== 'host' || spec.firstPort !== spec.lastPort) return bad(text, 'expected one address and one port');
  return { ...spec, shared: number === undefined ? 'usual' : Number(number) };
}

function readBlock(text: string, host: string, range: [number, number] | undefined): ListenSpec {
  const slash = host.indexOf('/');
  const base = parseIpv4(host.slice(0, slash));
  const bits = /^\d{1,2}$/.test(host.slice(slash + 1)) ? Number(host.slice(slash + 1)) : Number.NaN;
  if (base === undefined) return bad(text, `"${host.slice(0, slash)}" is not an IPv4 address`);
  if (!(bits >= 8 && bits <= 32)) return bad(text, `found /${host.slice(slash + 1)}, expected /8 to /32`);
  if (range !== undefined && range[0] !== range[1])
    return bad(text, 'a block of addresses takes one port, not a range');
  const size = 2 ** (32 - bits);
  const network = Math.floor(base / size) * size;
  // Smaller blocks are pieces of a network whose own edges they seldom touch.
  const hasEdges = bits <= 24;
  // The network address itself stands for the block; any other address says where to begin.
  const first = base === network && hasEdges ? network + 1 : base;
  const end = network + size - (hasEdges ? 1 : 0);
  return { kind: 'block', first, size: end - first, ...(range === undefined ? {} : { port: range[0] }) };
}

/** A listen spec as people write it. */
export function describeListen(spec: ListenSpec): string {
  if (spec.kind === 'serial') return `${SERIAL}${spec.path}`;
  if (spec.kind === 'block') {
    const last = formatIpv4(spec.first + spec.size - 1);
    return `${formatIpv4(spec.first)}-${last}${spec.port === undefined ? '' : `:${spec.port}`}`;
  }
  if (spec.shared !== undefined) {
    const { shared, ...place } = spec;
    return `${SHARED}${describeListen(place)}${shared === 'usual' ? '' : `@${shared}`}`;
  }
  if (spec.firstPort === undefined) return spec.host;
  return spec.lastPort === spec.firstPort
    ? `${spec.host}:${spec.firstPort}`
    : `${spec.host}:${spec.firstPort}-${spec.lastPort}`;
}
