import type { MeterDevice } from '../meter/device.ts';
import type { TransportModel } from '../template/model.ts';
import type { EmulatorFigures } from './figures.ts';

/** A connection as its owner sees it. */
export interface Connection {
  /** Timeouts; `now` on the scale of `performance.now()`. */
  tick(now: number): void;
  destroy(): void;
}

/** What the devices of one emulator have in common. */
export interface Owner {
  readonly figures: EmulatorFigures;
  /** Connections of all its devices. */
  readonly connections: Set<Connection>;
  /** Connections it may have open together, by the descriptors of the process. */
  readonly maxConnections: number;
  /** Serve clients that reached this machine by an address outside of loopback. */
  readonly allowOutside: boolean;
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

  get figures(): EmulatorFigures {
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
