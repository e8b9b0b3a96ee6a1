import { type TransportUnit, transportUnit } from './internet.ts';
import { ipHeaderAt } from './link-layer.ts';
import { OctetView } from './octet-view.ts';
import { ProblemList } from './problems.ts';
import { readPackets } from './read-capture.ts';
import { distance, type StreamPiece, TcpDirection } from './tcp-direction.ts';
import {
  type Capture,
  type CaptureChunk,
  type CaptureConnection,
  type CapturedPacket,
  type Endpoint,
  MAX_CAPTURE_CONNECTIONS,
} from './types.ts';

type TcpSegment = Extract<TransportUnit, { transport: 'tcp' }>;

interface Connection {
  readonly id: string;
  readonly transport: 'tcp' | 'udp';
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly chunks: CaptureChunk[];
  /** TCP only, by sender. */
  readonly directions: Map<Endpoint, TcpDirection>;
  readonly synSequence: number | undefined;
}

/** The packet that octets came with: its time, its place in the file and its number. */
interface Place {
  readonly time: number;
  readonly offset: number;
  readonly packet: number;
}

/**
 * Connections of a capture file with their octets in order: UDP datagrams as they are, TCP streams put together per
 * direction. Pure and bounded; never throws, whatever the octets.
 */
export function readCapture(octets: Uint8Array): Capture {
  const problems = new ProblemList();
  const packets = readPackets(octets, problems);
  const assembler = new CaptureAssembler(problems);
  for (const [number, packet] of packets.entries()) assembler.add(packet, number);
  const connections = assembler.finish();
  return { connections, problems: problems.result(), packets: packets.length };
}

class CaptureAssembler {
  readonly #problems: ProblemList;
  readonly #connections: Connection[] = [];
  /** The newest connection of a pair of endpoints, and how many there were. */
  readonly #current = new Map<string, { connection: Connection; count: number }>();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** `number`: of the packet in the file. */
  add(packet: CapturedPacket, number: number): void {
    const view = new OctetView(packet.octets);
    const at = ipHeaderAt(view, packet.linkType);
    const unit = at === undefined ? undefined : transportUnit(view, at);
    if (unit === undefined) return;
    if (typeof unit === 'string') {
      const message = unit === 'fragment' ? 'part of a fragmented IP packet' : 'headers that do not fit the packet';
      this.#problems.add({ code: unit, message, offset: packet.offset });
      return;
    }
    const connection = this.#connectionOf(unit, packet.offset);
    if (!connection) return;
    if (unit.octets.length < unit.length) {
      const message = `${unit.length - unit.octets.length} octets were not captured`;
      this.#problems.add({ code: 'cut-packet', message, offset: packet.offset, connection: connection.id });
    }
    const place = { time: packet.time, offset: packet.offset, packet: number };
    if (unit.transport === 'tcp') this.#segment(connection, unit, place);
    else if (unit.octets.length > 0) connection.chunks.push(chunk(unit, place, unit.octets));
  }

  finish(): CaptureConnection[] {
    for (const connection of this.#connections) {
      const last = connection.chunks.at(-1);
      const place = { time: last?.time ?? 0, offset: 0, packet: last?.packet ?? 0 };
      for (const [source, direction] of connection.directions) {
        this.#pieces(connection, source, direction.finish(), place);
      }
    }
    return this.#connections
      .filter(({ chunks }) => chunks.length > 0)
      .map(({ id, transport, client, server, chunks }) => ({ id, transport, client, server, chunks }));
  }

  #connectionOf(unit: TransportUnit, offset: number): Connection | undefined {
    const pair = [unit.source, unit.destination].sort().join(' ');
    const key = `${unit.transport} ${pair}`;
    const known = this.#current.get(key);
    if (known && !startsAnew(known.connection, unit)) return known.connection;
    if (this.#connections.length >= MAX_CAPTURE_CONNECTIONS) {
      const message = `packets of more than ${MAX_CAPTURE_CONNECTIONS} connections are ignored`;
      this.#problems.add({ code: 'limit', message, offset });
      return undefined;
    }
    const count = (known?.count ?? 0) + 1;
    // Without its SYN in the capture, whoever answers one is the server; otherwise the first sender is the client.
    const turned = unit.transport === 'tcp' && unit.syn && unit.ack;
    const client = turned ? unit.destination : unit.source;
    const server = turned ? unit.source : unit.destination;
    const connection: Connection = {
      id: `${unit.transport} ${client} > ${server}${count > 1 ? `#${count}` : ''}`,
      transport: unit.transport,
      client,
      server,
      chunks: [],
      directions: new Map(),
      synSequence: unit.transport === 'tcp' && unit.syn && !unit.ack ? unit.sequence : undefined,
    };
    this.#connections.push(connection);
    this.#current.set(key, { connection, count });
    return connection;
  }

  #segment(connection: Connection, segment: TcpSegment, place: Place): void {
    let direction = connection.directions.get(segment.source);
    if (!direction) {
      direction = new TcpDirection();
      connection.directions.set(segment.source, direction);
    }
    if (segment.syn) direction.synchronise(segment.sequence);
    const first = segment.syn ? (segment.sequence + 1) >>> 0 : segment.sequence;
    this.#pieces(connection, segment.source, direction.add(first, segment.octets), place);
    if (segment.rst) this.#pieces(connection, segment.source, direction.finish(), place);
  }

  #pieces(connection: Connection, source: Endpoint, pieces: readonly StreamPiece[], place: Place): void {
    const destination = source === connection.client ? connection.server : connection.client;
    for (const { octets, missing } of pieces) {
      if (missing > 0) {
        const message = `${missing} octets from ${source} are missing from the capture`;
        this.#problems.add({ code: 'gap', message, offset: place.offset, connection: connection.id });
      }
      const piece = chunk({ source, destination }, place, octets);
      connection.chunks.push(missing > 0 ? { ...piece, missing } : piece);
    }
  }
}

function chunk(
  route: { readonly source: Endpoint; readonly destination: Endpoint },
  { time, packet }: Place,
  octets: Uint8Array,
): CaptureChunk {
  return { time, from: route.source, to: route.destination, octets, packet };
}

/** A SYN that is not a repetition: the ports are used for another connection. */
function startsAnew(connection: Connection, unit: TransportUnit): boolean {
  if (unit.transport !== 'tcp' || !unit.syn || unit.ack) return false;
  if (connection.synSequence !== undefined) return connection.synSequence !== unit.sequence;
  const next = connection.directions.get(unit.source)?.next;
  return next !== undefined && distance(next, (unit.sequence + 1) >>> 0) !== 0;
}
