import type { VirtualMeter } from '../meter/meter.ts';
import { EmulatorError } from './errors.ts';
import type { Attachment, ListenerTable } from './listener-table.ts';
import type { Placement } from './placement.ts';
import { SerialListener } from './serial-listener.ts';
import type { ServedDevice } from './served-device.ts';
import { UdpListener } from './udp-listener.ts';

/** One place at which an emulator listens, with the meters that are reached there. */
export class Unit {
  readonly served: ServedDevice;
  readonly host: string;
  /** The port that was asked for; 0 lets the system choose. */
  readonly wanted: number;
  readonly spread: boolean;
  /** Several meters share the place and differ in their addresses on it. */
  readonly shared: boolean;
  /** Requests by meter, where there are several. */
  readonly requests = new Map<VirtualMeter, number>();
  /** Requests when they were last looked at. */
  sampled = 0;
  /** The port it listens on. */
  port = 0;
  #attachment: Attachment | undefined;
  #datagrams: UdpListener | undefined;
  #line: SerialListener | undefined;

  constructor(served: ServedDevice, { host, port, spread, address }: Placement) {
    this.served = served;
    this.host = host;
    this.wanted = port;
    this.spread = spread && served.transport.kind === 'tcp';
    this.shared = address !== undefined;
  }

  get meters(): readonly VirtualMeter[] {
    return this.served.device.meters;
  }

  /** Whether a placement of one of its meters means this place. */
  isAt({ transport, host, port, address }: Placement): boolean {
    if (this.host !== host || this.wanted !== port || this.shared !== (address !== undefined)) return false;
    const { kind, framing } = this.served.transport;
    // Meters of several models may share a place; each has a transport block of its own.
    return this.shared ? kind === transport.kind && framing === transport.framing : this.served.transport === transport;
  }

  /** Serves what a listener of several places has for it. */
  attach(attachment: Attachment): void {
    this.#attachment = attachment;
    this.port = attachment.listener.port;
  }

  /** Listens on a socket of its own. `orFree`: on any port, if its own is taken. @throws EmulatorError */
  async open(listeners: ListenerTable, orFree: boolean): Promise<void> {
    // A place that was closed for a moment is found again where it was.
    const port = this.port === 0 ? this.wanted : this.port;
    switch (this.served.transport.kind) {
      case 'udp': {
        const datagrams = new UdpListener(this.served);
        this.port = await datagrams.listen(this.host, port);
        this.#datagrams = datagrams;
        return;
      }
      case 'serial': {
        const line = new SerialListener(this.served);
        await line.listen();
        this.#line = line;
        return;
      }
      default:
        this.attach(await attachOrFree(listeners, this, port, orFree));
    }
  }

  /** No longer listens. TCP connections are their owner's to close. */
  async close(listeners: ListenerTable): Promise<void> {
    const { served } = this;
    if (this.#attachment !== undefined) await listeners.detach([{ ...this.#attachment, served }]);
    await this.#datagrams?.close();
    await this.#line?.close();
    this.#attachment = undefined;
    this.#datagrams = undefined;
    this.#line = undefined;
  }
}

async function attachOrFree(
  listeners: ListenerTable,
  { host, served }: Unit,
  port: number,
  orFree: boolean,
): Promise<Attachment> {
  try {
    return await listeners.attachOne(host, port, served);
  } catch (error) {
    const taken = error instanceof EmulatorError && error.code === 'port-in-use';
    if (!taken || !orFree) throw error;
    return listeners.attachOne(host, 0, served);
  }
}

/** Listens at all places, or at none. @throws EmulatorError */
export async function openUnits(units: readonly Unit[], listeners: ListenerTable, orFree: boolean): Promise<void> {
  const opened: Unit[] = [];
  try {
    for (const [port, group] of spreadByPort(units)) {
      const attachments = await listeners.attachSpread(
        port,
        group.map(({ served }) => served),
      );
      const byServed = new Map(group.map((unit) => [unit.served, unit]));
      for (const attachment of attachments) byServed.get(attachment.served)?.attach(attachment);
      opened.push(...group);
    }
    for (const unit of units) {
      if (unit.spread) continue;
      await unit.open(listeners, orFree);
      opened.push(unit);
    }
  } catch (error) {
    await closeUnits(opened, listeners);
    throw error;
  }
}

export async function closeUnits(units: readonly Unit[], listeners: ListenerTable): Promise<void> {
  for (const unit of units) await unit.close(listeners);
}

/** Places of address blocks, by their port. */
function spreadByPort(units: readonly Unit[]): Map<number, Unit[]> {
  const byPort = new Map<number, Unit[]>();
  for (const unit of units) {
    if (!unit.spread) continue;
    const port = unit.port === 0 ? unit.wanted : unit.port;
    const known = byPort.get(port);
    if (known === undefined) byPort.set(port, [unit]);
    else known.push(unit);
  }
  return byPort;
}
