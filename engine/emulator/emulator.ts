import { randomBytes } from 'node:crypto';
import { MeterDevice } from '../meter/device.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import { checkDescriptors, connectionLimit } from './descriptors.ts';
import { EmulatorError } from './errors.ts';
import { FairTurns } from './fair-turns.ts';
import { noFigures } from './figures.ts';
import { isLoopback } from './ipv4.ts';
import { type Attachment, type ListenerTable, processListeners } from './listener-table.ts';
import type { Placement } from './placement.ts';
import { SerialListener } from './serial-listener.ts';
import { type Owner, ServedDevice } from './served-device.ts';
import type { EmulatorFigures, Endpoint } from './types.ts';
import { UdpListener } from './udp-listener.ts';

export type { Endpoint } from './types.ts';

const TICK_MS = 250;
/** Endpoints handed out in a list; `endpointCount` has the number. */
export const MAX_LISTED_ENDPOINTS = 1000;

export interface EmulatorOptions {
  /** Template or fleet, for lists. */
  readonly name: string;
  readonly placements: readonly Placement[];
  /** Serve clients from outside of loopback. Default false. */
  readonly allowOutside?: boolean;
  /** Simulated time, milliseconds since the epoch. Default the system's. */
  readonly clock?: () => number;
  /** If a single meter's own port is taken, take a free one instead. Default false. */
  readonly orFreePort?: boolean;
  /** Told of faults of this program, which end one connection each. Default: a warning of the process. */
  readonly onFault?: (error: unknown, where: string) => void;
  /** Default those of the process. */
  readonly listeners?: ListenerTable;
}

interface Opened {
  readonly attachments: Attachment[];
  readonly datagrams: UdpListener[];
  readonly lines: SerialListener[];
  readonly endpoints: Endpoint[];
}

/** Meters on their sockets. */
export class Emulator {
  readonly name: string;
  readonly meters: readonly VirtualMeter[];
  readonly startedAt: number;
  readonly #owner: Owner;
  readonly #opened: Opened;
  readonly #listeners: ListenerTable;
  readonly #timer: NodeJS.Timeout;
  #stopped: Promise<void> | undefined;

  private constructor(options: EmulatorOptions, owner: Owner, opened: Opened, listeners: ListenerTable) {
    this.name = options.name;
    this.meters = [...new Set(options.placements.map(({ meter }) => meter))];
    this.startedAt = (options.clock ?? Date.now)();
    this.#owner = owner;
    this.#opened = opened;
    this.#listeners = listeners;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /**
   * Opens all sockets, or none.
   * @throws EmulatorError `port-in-use`, `not-permitted`, `bad-listen`, `too-few-descriptors`.
   */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const listeners = options.listeners ?? processListeners;
    const sockets = countSockets(options.placements);
    checkDescriptors(sockets);
    const owner: Owner = {
      figures: noFigures(),
      connections: new Set(),
      maxConnections: connectionLimit(sockets),
      allowOutside: options.allowOutside === true,
      turns: new FairTurns(),
      onFault: options.onFault ?? warn,
    };
    checkPlaces(options.placements, owner.allowOutside);
    const opened: Opened = { attachments: [], datagrams: [], lines: [], endpoints: [] };
    try {
      await open(options, owner, opened, listeners);
    } catch (error) {
      await close(opened, listeners);
      throw error;
    }
    return new Emulator(options, owner, opened, listeners);
  }

  get figures(): EmulatorFigures {
    return this.#owner.figures;
  }

  get endpointCount(): number {
    return this.#opened.endpoints.length;
  }

  /** At most `limit` endpoints, in the order of the meters. */
  endpoints(limit: number = MAX_LISTED_ENDPOINTS): readonly Endpoint[] {
    return this.#opened.endpoints.slice(0, limit);
  }

  /** Closes all connections and sockets. Further calls wait for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    await close(this.#opened, this.#listeners);
    for (const connection of this.#owner.connections) connection.destroy();
  }

  #tick(): void {
    const now = performance.now();
    for (const connection of this.#owner.connections) connection.tick(now);
  }
}

function warn(error: unknown, where: string): void {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`a connection of ${where} ended by a fault of this program: ${cause}`, 'EmulatorFault');
}

async function open(options: EmulatorOptions, owner: Owner, opened: Opened, listeners: ListenerTable): Promise<void> {
  const clock = options.clock ?? Date.now;
  const ports = new Map<ServedDevice, number>();
  const served = options.placements.map(({ meter, transport, host }) => {
    const device = new MeterDevice([meter], transport, {
      random: (length) => randomBytes(length),
      figures: owner.figures,
      clock,
    });
    return new ServedDevice(device, transport, host, owner);
  });
  const attach = (attachments: readonly Attachment[]): void => {
    for (const attachment of attachments) {
      opened.attachments.push(attachment);
      ports.set(attachment.served, attachment.listener.port);
    }
  };
  for (const [port, devices] of spreadByPort(options.placements, served)) {
    attach(await listeners.attachSpread(port, devices));
  }
  for (const [index, placement] of options.placements.entries()) {
    const device = served[index];
    if (device === undefined) continue;
    if (placement.transport.kind === 'udp') {
      const listener = new UdpListener(device);
      ports.set(device, await listener.listen(placement.host, placement.port));
      opened.datagrams.push(listener);
    } else if (placement.transport.kind === 'serial') {
      const line = new SerialListener(device);
      await line.listen();
      ports.set(device, 0);
      opened.lines.push(line);
    } else if (!placement.spread) {
      attach([await attachOrFree(listeners, placement, device, options.orFreePort === true)]);
    }
  }
  for (const [index, placement] of options.placements.entries()) {
    const device = served[index];
    const port = device === undefined ? undefined : ports.get(device);
    if (port !== undefined) opened.endpoints.push(endpointOf(placement, port));
  }
}

async function close(opened: Opened, listeners: ListenerTable): Promise<void> {
  await Promise.all([...opened.datagrams, ...opened.lines].map((listener) => listener.close()));
  await listeners.detach(opened.attachments);
}

async function attachOrFree(
  listeners: ListenerTable,
  { host, port }: Placement,
  device: ServedDevice,
  orFree: boolean,
): Promise<Attachment> {
  try {
    return await listeners.attachOne(host, port, device);
  } catch (error) {
    const taken = error instanceof EmulatorError && error.code === 'port-in-use';
    if (!taken || !orFree) throw error;
    return listeners.attachOne(host, 0, device);
  }
}

/** TCP devices of address blocks, by their port. */
function spreadByPort(placements: readonly Placement[], served: readonly ServedDevice[]): Map<number, ServedDevice[]> {
  const byPort = new Map<number, ServedDevice[]>();
  for (const [index, { spread, port, transport }] of placements.entries()) {
    const device = served[index];
    if (!spread || transport.kind !== 'tcp' || device === undefined) continue;
    const known = byPort.get(port);
    if (known === undefined) byPort.set(port, [device]);
    else known.push(device);
  }
  return byPort;
}

function countSockets(placements: readonly Placement[]): number {
  const wildcards = new Set<number>();
  let own = 0;
  for (const { spread, port, transport } of placements) {
    if (spread && transport.kind === 'tcp') wildcards.add(port);
    else own += 1;
  }
  return wildcards.size + own;
}

function checkPlaces(placements: readonly Placement[], allowOutside: boolean): void {
  const taken = new Set<string>();
  for (const { meter, transport, host, port } of placements) {
    if (!allowOutside && transport.kind !== 'serial' && !isLoopback(host)) {
      throw new EmulatorError(
        'not-permitted',
        `${host} is outside of loopback, where other machines could reach the meters`,
        'Use an address of 127.0.0.0/8, or allow other addresses explicitly.',
      );
    }
    const place = `${transport.kind} ${host}:${port}`;
    if ((port !== 0 || transport.kind === 'serial') && taken.has(place)) {
      throw new EmulatorError(
        'port-in-use',
        `${meter.model.name}: transport ${transport.name} wants ${host}:${port}, which another meter or transport of this fleet has`,
        'Spread the meters over a block such as 127.1.0.0/16, or give them a range of ports.',
      );
    }
    taken.add(place);
  }
}

function endpointOf({ meter, transport, host }: Placement, port: number): Endpoint {
  const { name, framing } = transport;
  return { meter: meter.model.name, serial: meter.serial, transport: name, framing, host, port };
}
