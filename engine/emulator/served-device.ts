import type { MeterDevice } from '../meter/device.ts';
import type { TransportModel } from '../template/model.ts';
import type { FairTurns } from './fair-turns.ts';
import type { LiveFigures } from './figures.ts';

/** A connection as its owner sees it. */
export interface Connection {
  /** Timeouts; `now` on the scale of `performance.now()`. */
  tick(now: number): void;
  destroy(): void;
}

/** What the devices of one emulator have in common. */
export interface Owner {
  readonly figures: LiveFigures;
  /** Connections of all its devices. */
  readonly connections: Set<Connection>;
  /** Connections it may have open together, by the descriptors of the process. */
  readonly maxConnections: number;
  /** Serve clients that reached this machine by an address outside of loopback. */
  readonly allowOutside: boolean;
  /** When the octets of its connections are served. */
  readonly turns: FairTurns;
  /** Told of faults of this program; see `ServedDevice.guarded`. */
  readonly onFault: (error: unknown, where: string) => void;
}

/** A device at one endpoint, with the limits of its transport. */
export class ServedDevice {
  readonly device: MeterDevice;
  readonly transport: TransportModel;
  readonly host: string;
  readonly owner: Owner;
  #sessions = 0;

  constructor(device: MeterDevice, transport: TransportModel, host: string, owner: Owner) {
    this.device = device;
    this.transport = transport;
    this.host = host;
    this.owner = owner;
  }

  get figures(): LiveFigures {
    return this.owner.figures;
  }

  /** Whether one more connection is taken; refusals are counted. */
  mayAccept(fromLoopback: boolean): boolean {
    const { owner, transport } = this;
    const allowed =
      (owner.allowOutside || fromLoopback) &&
      (transport.sessions === 0 || this.#sessions < transport.sessions) &&
      owner.connections.size < owner.maxConnections &&
      !this.device.refusesConnections();
    if (!allowed) owner.figures.errors += 1;
    return allowed;
  }

  /**
   * Runs what answers a client. A fault of this program ends that client's connection and nothing else: the other
   * meters of the fleet go on.
   */
  guarded(connection: Connection, answer: () => void): void {
    try {
      answer();
    } catch (error) {
      this.owner.figures.errors += 1;
      connection.destroy();
      this.owner.onFault(error, `${this.transport.name} at ${this.host}`);
    }
  }

  accepted(connection: Connection): void {
    this.#sessions += 1;
    this.owner.connections.add(connection);
    this.owner.figures.sessions += 1;
  }

  closed(connection: Connection): void {
    if (!this.owner.connections.delete(connection)) return;
    this.#sessions -= 1;
    this.owner.figures.sessions -= 1;
  }
}
