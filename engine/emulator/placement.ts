import type { VirtualMeter } from '../meter/meter.ts';
import type { TransportModel } from '../template/model.ts';
import { EmulatorError } from './errors.ts';
import { formatIpv4 } from './ipv4.ts';
import { describeListen, type ListenSpec } from './listen.ts';

/** One meter on one transport at one address. */
export interface Placement {
  readonly meter: VirtualMeter;
  readonly transport: TransportModel;
  /** An address, or the path of a serial port. */
  readonly host: string;
  /** 0 lets the system choose, for a single meter whose own port is taken; 0 for serial ports. */
  readonly port: number;
  /** Part of a block of addresses: served by one wildcard listener per port. */
  readonly spread: boolean;
  /** Its number on an address it shares: wPort with the wrapper, lower address in HDLC. */
  readonly address?: number;
}

/** Transports of a meter this emulator can open; empty `names` = all. */
export function openableTransports(meter: VirtualMeter, names: readonly string[] = []): TransportModel[] {
  return meter.model.transports.filter(
    ({ kind, name, framing }) =>
      // HDLC over UDP does not exist: frames of a link need an order.
      (kind === 'tcp' || (kind === 'udp' && framing === 'wrapper')) && (names.length === 0 || names.includes(name)),
  );
}

const DEFAULT_PORTS = { wrapper: 4059, hdlc: 4060 } as const;

function portOf(transport: TransportModel): number {
  return transport.port ?? DEFAULT_PORTS[transport.framing];
}

/**
 * Which transports of a meter go to a port the user asked for: those the template puts on that port, else the first
 * one. Framing and port belong together, since a client has to know what to speak.
 */
function transportsForPort(transports: readonly TransportModel[], port: number): TransportModel[] {
  const exact = transports.filter((transport) => portOf(transport) === port);
  return exact.length > 0 ? exact : transports.slice(0, 1);
}

/**
 * Deals meters out over the addresses of a listen spec, in their order.
 * @throws EmulatorError `bad-listen` if there are more meters than addresses, `no-transport` if there is nothing to open.
 */
export function placeMeters(
  meters: readonly VirtualMeter[],
  spec: ListenSpec,
  transportNames: readonly string[] = [],
): Placement[] {
  if (spec.kind === 'serial') return placeOnLine(meters, spec.path, transportNames);
  if (spec.kind === 'host' && spec.shared !== undefined) return placeTogether(meters, spec, transportNames);
  const placements: Placement[] = [];
  const ports = portSource(spec);
  for (const [index, meter] of meters.entries()) {
    const transports = openableTransports(meter, transportNames);
    if (spec.kind === 'block') {
      if (index >= spec.size) throw tooMany(spec, meters.length, spec.size);
      const host = formatIpv4(spec.first + index);
      for (const transport of spec.port === undefined ? transports : transportsForPort(transports, spec.port)) {
        placements.push({ meter, transport, host, port: spec.port ?? portOf(transport), spread: true });
      }
      continue;
    }
    const named = transportNames.length > 0;
    for (const transport of named ? transports : chosenForHost(transports, spec, meters.length)) {
      const port = ports === undefined ? portOf(transport) : ports(meters.length);
      placements.push({ meter, transport, host: spec.host, port, spread: false });
    }
  }
  if (placements.length === 0) throw noTransport(meters, transportNames);
  return placements;
}

/** Numbers a meter may have on an address it shares, and which is the first one that is usual (wire.md 1.2). */
const NUMBERS = { wrapper: { usual: 1, last: 0xffff }, hdlc: { usual: 0x10, last: 0x3ffd } } as const;

/** Numbers of meters that share a place. @throws EmulatorError `bad-listen` if there are too few. */
function numbersOn(place: string, framing: 'wrapper' | 'hdlc', first: number | 'usual', count: number) {
  const { usual, last } = NUMBERS[framing];
  const from = first === 'usual' ? usual : first;
  if (from + count - 1 > last) {
    throw new EmulatorError(
      'bad-listen',
      `${place} has addresses up to ${last} with ${framing}, ${count} meters from ${from} on need more`,
      `Ask for at most ${Math.max(0, last - from + 1)} meters behind it.`,
    );
  }
  return (index: number): number => from + index;
}

/** All meters behind one address, as behind a concentrator. @throws EmulatorError `bad-listen`, `no-transport`. */
function placeTogether(
  meters: readonly VirtualMeter[],
  spec: Extract<ListenSpec, { kind: 'host' }>,
  names: readonly string[],
): Placement[] {
  const { host, firstPort, shared = 'usual' } = spec;
  const placements: Placement[] = [];
  for (const [index, meter] of meters.entries()) {
    const transports = openableTransports(meter, names);
    for (const transport of firstPort === undefined ? transports : transportsForPort(transports, firstPort)) {
      const number = numbersOn(describeListen(spec), transport.framing, shared, meters.length);
      const port = firstPort ?? portOf(transport);
      placements.push({ meter, transport, host, port, spread: false, address: number(index) });
    }
  }
  if (placements.length === 0) throw noTransport(meters, names);
  return placements;
}

/** Meters on a serial port: one with the addresses of its template, several on the line by their lower addresses. */
function placeOnLine(meters: readonly VirtualMeter[], path: string, names: readonly string[]): Placement[] {
  const number = numbersOn(`serial:${path}`, 'hdlc', 'usual', meters.length);
  const placements = meters.map((meter, index): Placement => {
    const transport = meter.model.transports.find(
      ({ kind, name }) => kind === 'serial' && (names.length === 0 || names.includes(name)),
    );
    if (transport === undefined) throw noTransport([meter], names, 'serial');
    const place = { meter, transport, host: path, port: 0, spread: false };
    return meters.length === 1 ? place : { ...place, address: number(index) };
  });
  if (placements.length === 0) throw noTransport(meters, names, 'serial');
  return placements;
}

function chosenForHost(
  transports: readonly TransportModel[],
  spec: Extract<ListenSpec, { kind: 'host' }>,
  count: number,
): readonly TransportModel[] {
  if (spec.firstPort === undefined) return transports;
  if (spec.firstPort === spec.lastPort) return transportsForPort(transports, spec.firstPort);
  // A range has a port for every transport of one meter, but for the first of each of many.
  return count === 1 ? transports : transports.slice(0, 1);
}

/** Ports of a range one after the other; undefined where the template's own ports are used. */
function portSource(spec: ListenSpec): ((count: number) => number) | undefined {
  if (spec.kind !== 'host' || spec.firstPort === undefined) return undefined;
  const { firstPort, lastPort = firstPort } = spec;
  let next = firstPort;
  return (count) => {
    if (next > lastPort) throw tooMany(spec, count, lastPort - firstPort + 1);
    next += 1;
    // Port 0 stays 0: the system chooses one each time.
    return firstPort === 0 ? 0 : next - 1;
  };
}

function tooMany(spec: Exclude<ListenSpec, { kind: 'serial' }>, meters: number, places: number): EmulatorError {
  const what = spec.kind === 'block' ? 'addresses' : 'ports';
  return new EmulatorError(
    'bad-listen',
    `${describeListen(spec)} has ${places} ${what}, ${meters} meters need one each`,
    `Ask for at most ${places} meters, or for a larger block, for example 127.1.0.0/16.`,
  );
}

function noTransport(
  meters: readonly VirtualMeter[],
  names: readonly string[],
  kind: 'tcp or udp' | 'serial' = 'tcp or udp',
): EmulatorError {
  const model = meters[0]?.model;
  const found = model?.transports.map(({ name, kind }) => `${name} (${kind})`).join(', ') ?? '';
  const wanted = names.length === 0 ? `a ${kind} transport` : `the transport ${names.join(', ')}`;
  return new EmulatorError(
    'no-transport',
    `${model?.name ?? 'no meter'}: found ${found === '' ? 'no transports' : found}, expected ${wanted}`,
    kind === 'serial'
      ? 'Add a transport block such as: transport eye serial { baud: 9600 mode_e: yes }'
      : 'Add a transport block such as: transport lan tcp { port: 4059 framing: wrapper }',
  );
}
