/** One packet of a capture file. `octets` is a view of the file. */
export interface CapturedPacket {
  /** Milliseconds since 1970-01-01 UTC, with microseconds behind the point; 0 where the file states none. */
  readonly time: number;
  /** LINKTYPE_ number of the interface. */
  readonly linkType: number;
  readonly octets: Uint8Array;
  /** Length on the network; larger than `octets` when the capture cut the packet. */
  readonly length: number;
  /** Offset of the packet's first octet in the file. */
  readonly offset: number;
}

/**
 * What could not be used, and where. Reading goes on behind it as far as possible.
 * - `bad-file`: not a capture, or its structure ends early
 * - `bad-packet`: a packet whose headers contradict its length
 * - `cut-packet`: the capture holds less than was on the network
 * - `fragment`: part of a fragmented IP packet; only unfragmented ones are used
 * - `gap`: octets of a TCP stream are missing from the capture
 * - `limit`: a stated limit was reached
 */
export interface CaptureProblem {
  readonly code: 'bad-file' | 'bad-packet' | 'cut-packet' | 'fragment' | 'gap' | 'limit';
  readonly message: string;
  /** Offset in the file. */
  readonly offset: number;
  /** The connection a gap belongs to. */
  readonly connection?: string;
}

/** `address:port`, IPv6 addresses in brackets. */
export type Endpoint = string;

/** Octets of a connection in one direction, in the order of the stream. */
export interface CaptureChunk {
  /** Time of the packet that made the octets complete, as in `CapturedPacket`. */
  readonly time: number;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** One UDP datagram, or octets of a TCP stream. View of the file. */
  readonly octets: Uint8Array;
  /** Number of that packet in the file, from 0. */
  readonly packet: number;
  /** Octets of the stream before these that are not in the capture; absent when none are missing. */
  readonly missing?: number;
}

/** Both directions of a TCP connection, or the datagrams between two UDP endpoints. */
export interface CaptureConnection {
  /** `tcp 192.0.2.1:50000 > 192.0.2.2:4059`, the same for the same file; with `#2` when the ports were used again. */
  readonly id: string;
  readonly transport: 'tcp' | 'udp';
  /** Who sent the SYN, or the first packet seen. */
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly chunks: readonly CaptureChunk[];
}

export interface Capture {
  readonly connections: readonly CaptureConnection[];
  readonly problems: readonly CaptureProblem[];
  readonly packets: number;
}

/** Problems recorded per capture; further ones are counted in a last one with code `limit`. */
export const MAX_PROBLEMS = 1000;
/** Octets of one TCP direction kept while an earlier segment is missing; then the gap is given up. */
export const MAX_OUT_OF_ORDER = 4 * 1024 * 1024;
/** Segments of one TCP direction kept while an earlier one is missing. */
export const MAX_WAITING_SEGMENTS = 1024;
/** Connections followed at most; packets of further ones are ignored. */
export const MAX_CAPTURE_CONNECTIONS = 100_000;
