import type { LinkPeer } from '../link/types.ts';
import type { CosemObject } from '../meter/blueprint.ts';
import type { MeterDevice } from '../meter/device.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import type { SessionPeer } from '../meter/session.ts';
import type { TransportModel } from '../template/model.ts';
import type { DescriptorBudget } from './descriptors.ts';
import type { FairTurns } from './fair-turns.ts';
import { type LiveFigures, noFigures } from './figures.ts';

/** A connection as its owner sees it. */
export interface Connection {
  readonly served: ServedDevice;
  /** Where the client is: `127.0.0.1:40112`, or the path of a serial port. */
  readonly from: string;
  /** When it was made, milliseconds since the epoch of the system's clock. */
  readonly since: number;
  /** Clients that talk over it. */
  peers(): readonly SessionPeer[];
  /** A meter behind it has gone. */
  forget(meter: VirtualMeter): void;
  /** Sends APDUs of a meter behind it that nobody asked for. */
  push(meter: VirtualMeter, apdus: readonly Uint8Array[], peer: LinkPeer): void;
  /** Tells the clients of a meter behind it that want to know of an attribute. */
  notify(meter: VirtualMeter, object: CosemObject, attribute: number): void;
  /** Timeouts; `now` on the scale of `performance.now()`. */
  tick(now: number): void;
  destroy(): void;
}

/** What the devices of one emulator have in common. */
export interface Owner {
  /** Connections of all its devices. */
  readonly connections: Set<Connection>;
  /** Sockets there may be in this process. */
  readonly descriptors: DescriptorBudget;
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
  readonly figures: LiveFigures;

  constructor(
    device: MeterDevice,
    transport: TransportModel,
    host: string,
    owner: Owner,
    figures: LiveFigures = noFigures(),
  ) {
    this.device = device;
    this.transport = transport;
    this.host = host;
    this.owner = owner;
    this.figures = figures;
  }

  /** Whether one more connection is taken; refusals are counted. */
  mayAccept(fromLoopback: boolean): boolean {
    const { owner, transport, figures } = this;
    const allowed =
      (owner.allowOutside || fromLoopback) &&
      (transport.sessions === 0 || figures.sessions < transport.sessions) &&
      !this.device.refusesConnections();
    if (!allowed) this.refused();
    return allowed;
  }

  /** A connection was not taken. */
  refused(): void {
    this.figures.errors += 1;
    this.figures.refused += 1;
  }

  /**
   * Runs what answers a client. A fault of this program ends that client's connection and nothing else: the other
   * meters of the fleet go on.
   */
  guarded(connection: Connection, answer: () => void): void {
    try {
      answer();
    } catch (error) {
      this.figures.errors += 1;
      connection.destroy();
      this.owner.onFault(error, `${this.transport.name} at ${this.host}`);
    }
  }

  accepted(connection: Connection): void {
    this.owner.connections.add(connection);
    this.figures.sessions += 1;
  }

  /** True the first time it is said of a connection. */
  closed(connection: Connection): boolean {
    if (!this.owner.connections.delete(connection)) return false;
    this.figures.sessions -= 1;
    return true;
  }
}
