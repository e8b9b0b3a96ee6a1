import { randomBytes } from 'node:crypto';
import { MeterDevice } from '../meter/device.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import { checkDescriptors, connectionLimit } from './descriptors.ts';
import { EmulatorError } from './errors.ts';
import { type EmulatorFigures, noFigures } from './figures.ts';
import { isLoopback } from './ipv4.ts';
import type { Placement } from './placement.ts';
import { type ServedDevice, TcpListener } from './tcp-listener.ts';

const WILDCARD = '0.0.0.0';
const TICK_MS = 250;
/** Endpoints handed out in a list; `endpointCount` has the number. */
export const MAX_LISTED_ENDPOINTS = 1000;

/** Where one meter can be reached. */
export interface Endpoint {
  readonly meter: string;
  readonly serial: string;
  readonly transport: string;
  readonly framing: 'wrapper' | 'hdlc';
  readonly host: string;
  readonly port: number;
}

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
}

/** Meters on their sockets. */
export class Emulator {
  readonly name: string;
  readonly meters: readonly VirtualMeter[];
  readonly startedAt: number;
  readonly figures: EmulatorFigures = noFigures();
  readonly #endpoints: Endpoint[];
  readonly #listeners: readonly TcpListener[];
  readonly #timer: NodeJS.Timeout;
  #stopped: Promise<void> | undefined;

  private constructor(
    options: EmulatorOptions,
    startedAt: number,
    listeners: readonly TcpListener[],
    endpoints: Endpoint[],
    figures: EmulatorFigures,
  ) {
    this.name = options.name;
    this.meters = [...new Set(options.placements.map(({ meter }) => meter))];
    this.startedAt = startedAt;
    this.#listeners = listeners;
    this.#endpoints = endpoints;
    this.figures = figures;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  /**
   * Opens all sockets, or none.
   * @throws EmulatorError `port-in-use`, `not-permitted`, `bad-listen`, `too-few-descriptors`.
   */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const figures = noFigures();
    const clock = options.clock ?? Date.now;
    const allowOutside = options.allowOutside === true;
    const bindings = bindingsOf(options.placements, allowOutside);
    checkDescriptors(bindings.length);
    const limit = connectionLimit(bindings.length);
    const listeners: TcpListener[] = [];
    const endpoints: Endpoint[] = [];
    try {
      for (const binding of bindings) {
        const listener = new TcpListener({ figures, allowOutside, mayOpen: () => figures.sessions < limit });
        for (const placement of binding.placements) {
          const served = servedDevice(placement, figures, clock);
          if (binding.wildcard) listener.serveAt(placement.host, served);
          else listener.serve(served);
        }
        const port = await listenOrFree(listener, binding, options.orFreePort === true);
        listeners.push(listener);
        for (const placement of binding.placements) endpoints.push(endpointOf(placement, port));
      }
    } catch (error) {
      await Promise.all(listeners.map((listener) => listener.close()));
      throw error;
    }
    return new Emulator(options, clock(), listeners, endpoints, figures);
  }

  get endpointCount(): number {
    return this.#endpoints.length;
  }

  /** At most `limit` endpoints, in the order of the meters. */
  endpoints(limit: number = MAX_LISTED_ENDPOINTS): readonly Endpoint[] {
    return this.#endpoints.slice(0, limit);
  }

  /** Closes all connections and sockets. Further calls wait for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #tick(): void {
    const now = performance.now();
    for (const listener of this.#listeners) listener.tick(now);
  }
}

/** One socket to open, and the meters behind it. */
interface Binding {
  readonly host: string;
  readonly port: number;
  readonly wildcard: boolean;
  readonly placements: Placement[];
}

function bindingsOf(placements: readonly Placement[], allowOutside: boolean): Binding[] {
  const bindings = new Map<string, Binding>();
  const taken = new Set<string>();
  for (const placement of placements) {
    const { host, port, spread } = placement;
    if (!allowOutside && !isLoopback(host)) throw outside(host);
    const place = `${host}:${port}`;
    if (port !== 0 && taken.has(place)) throw twice(placement);
    taken.add(place);
    const key = spread ? `*:${port}` : port === 0 ? `${place}#${bindings.size}` : place;
    const known = bindings.get(key);
    if (known !== undefined) known.placements.push(placement);
    else bindings.set(key, { host: spread ? WILDCARD : host, port, wildcard: spread, placements: [placement] });
  }
  return [...bindings.values()];
}

function outside(host: string): EmulatorError {
  return new EmulatorError(
    'not-permitted',
    `${host} is outside of loopback, where other machines could reach the meters`,
    'Use an address of 127.0.0.0/8, or allow other addresses explicitly.',
  );
}

function twice({ meter, transport, host, port }: Placement): EmulatorError {
  return new EmulatorError(
    'port-in-use',
    `${meter.model.name}: transport ${transport.name} wants ${host}:${port}, which another transport of this fleet has`,
    'Give the transports different ports in the template, or choose one with transports:.',
  );
}

async function listenOrFree(listener: TcpListener, binding: Binding, orFree: boolean): Promise<number> {
  try {
    return await listener.listen(binding.host, binding.port);
  } catch (error) {
    const taken = error instanceof EmulatorError && error.code === 'port-in-use';
    if (!taken || !orFree) throw error;
    return listener.listen(binding.host, 0);
  }
}

function servedDevice(placement: Placement, figures: EmulatorFigures, clock: () => number): ServedDevice {
  const { meter, transport } = placement;
  return {
    device: new MeterDevice([meter], transport, { random: (length) => randomBytes(length), figures, clock }),
    maxSessions: transport.sessions,
    idleTimeoutMs: transport.idleTimeoutMs,
    sessions: 0,
  };
}

function endpointOf({ meter, transport, host }: Placement, port: number): Endpoint {
  const { name: meterName } = meter.model;
  return {
    meter: meterName,
    serial: meter.serial,
    transport: transport.name,
    framing: transport.framing,
    host,
    port,
  };
}
