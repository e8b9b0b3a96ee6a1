import { LINK_TYPES } from './link-layer.ts';
import type { PcapngPacket } from './write-pcapng.ts';

/** Octets that went one way, as a trace has them. */
export interface TracedOctets {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** `tx`: from the client. */
  readonly direction: 'tx' | 'rx';
  readonly octets: Uint8Array;
}

/** A packet made for a piece of a trace; `entry` is the number of the piece it ends, absent for all others. */
export type SyntheticPacket = PcapngPacket & { readonly entry?: number };

interface Station {
  readonly mac: readonly number[];
  readonly address: readonly number[];
  readonly port: number;
}

/** Locally administered MACs, addresses for documentation (RFC 5737), and the registered port of DLMS/COSEM. */
const CLIENT: Station = { mac: [2, 0, 0, 0, 0, 1], address: [192, 0, 2, 1], port: 49152 };
const SERVER: Station = { mac: [2, 0, 0, 0, 0, 2], address: [192, 0, 2, 2], port: 4059 };

const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;
const ETHERNET_HEADER = 14;
const IPV4_HEADER = 20;
const TCP_HEADER = 20;
/** What fits one Ethernet frame. */
const MAX_SEGMENT = 1460;
const WINDOW = 0xffff;
const TTL = 64;
const PROTOCOL_TCP = 6;

/**
 * A trace as the TCP connection it might have been: a handshake, then the octets in segments, with right numbers and
 * checksums. Network analysers know the protocol by the port, and show the same octets that were traced, also those of
 * a serial line.
 */
export function syntheticTcp(entries: readonly TracedOctets[]): SyntheticPacket[] {
  const [first] = entries;
  if (first === undefined) return [];
  const connection = new SyntheticConnection();
  const packets: SyntheticPacket[] = connection.open(first.time);
  for (const [entry, { time, direction, octets }] of entries.entries()) {
    for (let from = 0; from < octets.length; from += MAX_SEGMENT) {
      const payload = octets.subarray(from, from + MAX_SEGMENT);
      const packet = connection.segment(time, direction, PSH | ACK, payload);
      packets.push(from + MAX_SEGMENT >= octets.length ? { ...packet, entry } : packet);
    }
  }
  return packets;
}

class SyntheticConnection {
  /** Next sequence number of each side; both begin at 1 behind their SYN. */
  readonly #next = { tx: 0, rx: 0 };
  #packets = 0;

  open(time: number): SyntheticPacket[] {
    const none = new Uint8Array(0);
    const packets = [this.segment(time, 'tx', SYN, none), this.segment(time, 'rx', SYN | ACK, none)];
    return [...packets, this.segment(time, 'tx', ACK, none)];
  }

  segment(time: number, direction: 'tx' | 'rx', flags: number, payload: Uint8Array): SyntheticPacket {
    const [from, to] = direction === 'tx' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const octets = new Uint8Array(ETHERNET_HEADER + IPV4_HEADER + TCP_HEADER + payload.length);
    const view = new DataView(octets.buffer);
    octets.set([...to.mac, ...from.mac, 0x08, 0x00]);
    this.#ipv4(view, octets, from, to);
    const tcp = ETHERNET_HEADER + IPV4_HEADER;
    view.setUint16(tcp, from.port);
    view.setUint16(tcp + 2, to.port);
    view.setUint32(tcp + 4, this.#next[direction]);
    view.setUint32(tcp + 8, (flags & ACK) === 0 ? 0 : this.#next[direction === 'tx' ? 'rx' : 'tx']);
    octets[tcp + 12] = (TCP_HEADER / 4) << 4;
    octets[tcp + 13] = flags;
    view.setUint16(tcp + 14, WINDOW);
    octets.set(payload, tcp + TCP_HEADER);
    // Pseudo header: both addresses, protocol, length of header and payload.
    const pseudo = sum(octets, ETHERNET_HEADER + 12, ETHERNET_HEADER + 20) + PROTOCOL_TCP + TCP_HEADER + payload.length;
    view.setUint16(tcp + 16, checksum(pseudo + sum(octets, tcp, octets.length)));
    this.#next[direction] = (this.#next[direction] + payload.length + ((flags & SYN) === 0 ? 0 : 1)) >>> 0;
    return { time, linkType: LINK_TYPES.ethernet, octets };
  }

  #ipv4(view: DataView, octets: Uint8Array, from: Station, to: Station): void {
    const ip = ETHERNET_HEADER;
    octets[ip] = 0x45;
    view.setUint16(ip + 2, octets.length - ETHERNET_HEADER);
    view.setUint16(ip + 4, this.#packets++ & 0xffff);
    octets[ip + 8] = TTL;
    octets[ip + 9] = PROTOCOL_TCP;
    octets.set([...from.address, ...to.address], ip + 12);
    view.setUint16(ip + 10, checksum(sum(octets, ip, ip + IPV4_HEADER)));
  }
}

/** Sum of 16-bit words, an odd octet at the end filled up with zero (RFC 1071). */
function sum(octets: Uint8Array, from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at += 2) total += (octets[at]! << 8) | (at + 1 < to ? octets[at + 1]! : 0);
  return total;
}

function checksum(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
