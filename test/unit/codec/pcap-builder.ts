/** Builds capture files packet by packet, for tests. */
export interface TcpOptions {
  readonly sequence: number;
  readonly flags?: { readonly syn?: boolean; readonly ack?: boolean; readonly fin?: boolean; readonly rst?: boolean };
}

export interface Route {
  /** Last octet of 192.0.2.x or 2001:db8::x, and the port. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly ipv6?: boolean;
}

function bytes(...parts: readonly (number | readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));
}

function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value)];
}

export function tcp(route: Route, options: TcpOptions, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { syn = false, ack = true, fin = false, rst = false } = options.flags ?? {};
  const flags = (fin ? 1 : 0) | (syn ? 2 : 0) | (rst ? 4 : 0) | (ack ? 16 : 0);
  const ports = [...u16(route.from[1]), ...u16(route.to[1])];
  return ip(route, 6, bytes(ports, u32(options.sequence), u32(0), 0x50, flags, u16(64), u16(0), u16(0), payload));
}

export function udp(route: Route, payload: Uint8Array): Uint8Array {
  return ip(route, 17, bytes(u16(route.from[1]), u16(route.to[1]), u16(8 + payload.length), u16(0), payload));
}

function ip(route: Route, protocol: number, payload: Uint8Array): Uint8Array {
  if (route.ipv6) {
    const address = (last: number): number[] => [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
    return bytes(
      0x60,
      0,
      0,
      0,
      u16(payload.length),
      protocol,
      64,
      address(route.from[0]),
      address(route.to[0]),
      payload,
    );
  }
  const total = u16(20 + payload.length);
  const address = (last: number): number[] => [192, 0, 2, last];
  return bytes(0x45, 0, total, 0, 1, 0, 0, 64, protocol, 0, 0, address(route.from[0]), address(route.to[0]), payload);
}

/** Link layers around an IP packet, by LINKTYPE_ number. */
export const links: Readonly<
  Record<string, { readonly type: number; readonly wrap: (packet: Uint8Array) => Uint8Array }>
> = {
  null: { type: 0, wrap: (packet) => bytes([2, 0, 0, 0], packet) },
  ethernet: { type: 1, wrap: (packet) => bytes(new Uint8Array(12), etherType(packet), packet) },
  'ethernet with padding': {
    type: 1,
    wrap: (packet) => bytes(new Uint8Array(12), etherType(packet), packet, new Uint8Array(6)),
  },
  'ethernet with a VLAN tag': {
    type: 1,
    wrap: (packet) => bytes(new Uint8Array(12), 0x81, 0, 0, 5, etherType(packet), packet),
  },
  raw: { type: 101, wrap: (packet) => packet },
  'linux cooked': { type: 113, wrap: (packet) => bytes(new Uint8Array(14), etherType(packet), packet) },
  'linux cooked 2': { type: 276, wrap: (packet) => bytes(etherType(packet), new Uint8Array(18), packet) },
};

function etherType(packet: Uint8Array): number[] {
  return packet[0]! >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00];
}

export interface Packet {
  /** Milliseconds. */
  readonly time: number;
  readonly octets: Uint8Array;
  /** Octets captured, when fewer than all. */
  readonly captured?: number;
}

/** Numbers in the byte order of the file. */
function ordered(little: boolean): (value: number, size: 2 | 4) => number[] {
  return (value, size) => {
    const big = size === 2 ? u16(value) : u32(value);
    return little ? big.reverse() : big;
  };
}

export function classicPcap(
  linkType: number,
  packets: readonly Packet[],
  little: boolean,
  nanoseconds: boolean,
): Uint8Array {
  const n = ordered(little);
  const header = [
    n(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4),
    n(2, 2),
    n(4, 2),
    n(0, 4),
    n(0, 4),
    n(65535, 4),
    n(linkType, 4),
  ];
  const records = packets.map(({ time, octets, captured = octets.length }) => {
    const fraction = Math.round((time % 1000) * (nanoseconds ? 1e6 : 1e3));
    const fields = [n(Math.floor(time / 1000), 4), n(fraction, 4), n(captured, 4), n(octets.length, 4)];
    return bytes(fields.flat(), octets.subarray(0, captured));
  });
  return bytes(header.flat(), ...records);
}

export function pcapng(
  linkType: number,
  packets: readonly Packet[],
  little: boolean,
  nanoseconds: boolean,
): Uint8Array {
  const n = ordered(little);
  const block = (type: number, body: Uint8Array): Uint8Array => {
    const padded = bytes(body, new Uint8Array((4 - (body.length % 4)) % 4));
    return bytes(n(type, 4), n(padded.length + 12, 4), padded, n(padded.length + 12, 4));
  };
  const section = block(
    0x0a0d0d0a,
    bytes(n(0x1a2b3c4d, 4), n(1, 2), n(0, 2), [255, 255, 255, 255, 255, 255, 255, 255]),
  );
  const resolution = nanoseconds ? bytes(n(9, 2), n(1, 2), [9, 0, 0, 0], n(0, 4)) : new Uint8Array(0);
  const description = block(1, bytes(n(linkType, 2), n(0, 2), n(0, 4), resolution));
  const unknown = block(0xbad, Uint8Array.of(1, 2, 3));
  const enhanced = packets.map(({ time, octets, captured = octets.length }) => {
    const units = BigInt(Math.round(time * 1000)) * (nanoseconds ? 1000n : 1n);
    const stamp = bytes(n(Number(units >> 32n), 4), n(Number(units & 0xffffffffn), 4));
    return block(6, bytes(n(0, 4), stamp, n(captured, 4), n(octets.length, 4), octets.subarray(0, captured)));
  });
  return bytes(section, description, unknown, ...enhanced);
}
