import type { OctetView } from './octet-view.ts';
import type { CaptureProblem, Endpoint } from './types.ts';

const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const IPV6_FRAGMENT = 44;
/** Hop-by-hop options, routing, destination options: each with its length in units of eight octets. */
const IPV6_EXTENSIONS = [0, 43, 60];
const IPV6_HEADER = 40;

/** A TCP segment or a UDP datagram. `octets` is the payload, a view of the packet. */
export type TransportUnit = {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly octets: Uint8Array;
  /** Octets of payload on the network; more than `octets` when the capture cut the packet. */
  readonly length: number;
} & (
  | { readonly transport: 'udp' }
  | {
      readonly transport: 'tcp';
      readonly sequence: number;
      readonly syn: boolean;
      readonly ack: boolean;
      readonly fin: boolean;
      readonly rst: boolean;
    }
);

interface IpPayload {
  readonly protocol: number;
  readonly from: number;
  /** End by the IP header's length field, which may lie behind the octets captured. */
  readonly end: number;
  readonly source: string;
  readonly destination: string;
}

/**
 * The transport unit of an IP packet whose header is at `at`; a problem's code when it cannot be used, undefined when it
 * is neither TCP nor UDP.
 */
export function transportUnit(view: OctetView, at: number): TransportUnit | CaptureProblem['code'] | undefined {
  const version = (view.u8(at) ?? 0) >> 4;
  const ip = version === 4 ? ipv4(view, at) : ipv6(view, at);
  if (typeof ip !== 'object') return ip;
  const sourcePort = view.u16(ip.from);
  const destinationPort = view.u16(ip.from + 2);
  if (sourcePort === undefined || destinationPort === undefined) return 'bad-packet';
  const source = `${ip.source}:${sourcePort}`;
  const destination = `${ip.destination}:${destinationPort}`;
  const header = ip.protocol === PROTOCOL_UDP ? 8 : ((view.u8(ip.from + 12) ?? 0) >> 4) * 4;
  const payload = ip.from + header;
  if (payload > ip.end || payload > view.length || (ip.protocol === PROTOCOL_TCP && header < 20)) return 'bad-packet';
  const octets = view.octets.subarray(payload, Math.min(ip.end, view.length));
  const route = { source, destination, octets, length: ip.end - payload };
  if (ip.protocol === PROTOCOL_UDP) return { ...route, transport: 'udp' };
  const flags = view.u8(ip.from + 13) ?? 0;
  return {
    ...route,
    transport: 'tcp',
    sequence: view.u32(ip.from + 4) ?? 0,
    fin: (flags & 0x01) !== 0,
    syn: (flags & 0x02) !== 0,
    rst: (flags & 0x04) !== 0,
    ack: (flags & 0x10) !== 0,
  };
}

function ipv4(view: OctetView, at: number): IpPayload | CaptureProblem['code'] | undefined {
  const header = ((view.u8(at) ?? 0) & 0x0f) * 4;
  const total = view.u16(at + 2);
  const fragment = view.u16(at + 6);
  const protocol = view.u8(at + 9);
  if (total === undefined || fragment === undefined || protocol === undefined || at + 20 > view.length)
    return 'bad-packet';
  if (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP) return undefined;
  if (header < 20 || (total !== 0 && total < header)) return 'bad-packet';
  // More fragments, or a fragment offset.
  if ((fragment & 0x3fff) !== 0) return 'fragment';
  const address = (from: number): string => view.octets.subarray(from, from + 4).join('.');
  // Captures of the sender with segmentation offload show a total length of 0.
  const end = total === 0 ? view.length : at + total;
  return { protocol, from: at + header, end, source: address(at + 12), destination: address(at + 16) };
}

function ipv6(view: OctetView, at: number): IpPayload | CaptureProblem['code'] | undefined {
  const length = view.u16(at + 4);
  if (length === undefined || at + IPV6_HEADER > view.length) return 'bad-packet';
  let protocol = view.u8(at + 6) ?? 0;
  let from = at + IPV6_HEADER;
  const end = length === 0 ? view.length : from + length;
  while (IPV6_EXTENSIONS.includes(protocol)) {
    const next = view.u8(from);
    const units = view.u8(from + 1);
    if (next === undefined || units === undefined) return 'bad-packet';
    protocol = next;
    from += (units + 1) * 8;
  }
  if (protocol === IPV6_FRAGMENT) return 'fragment';
  if (protocol !== PROTOCOL_TCP && protocol !== PROTOCOL_UDP) return undefined;
  return { protocol, from, end, source: ipv6Address(view, at + 8), destination: ipv6Address(view, at + 24) };
}

/** In brackets, the longest run of zero groups shortened (RFC 5952). */
function ipv6Address(view: OctetView, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => (view.u16(at + 2 * i) ?? 0).toString(16));
  let best = { from: 0, length: 0 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (groups[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return `[${groups.join(':')}]`;
  const tail = groups.slice(best.from + best.length).join(':');
  return `[${groups.slice(0, best.from).join(':')}::${tail}]`;
}
