import { randomBytes } from 'node:crypto';
import { MeterDevice } from '../meter/device.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import type { PushRefusal } from '../meter/push/push-order.ts';
import { ActivitySampler } from './activity.ts';
import { checkPlaces, countSockets } from './check-places.ts';
import { type DescriptorBudget, processDescriptors } from './descriptors.ts';
import { EmulatorError } from './errors.ts';
import { FairTurns } from './fair-turns.ts';
import { addFigures, type LiveFigures, noFigures } from './figures.ts';
import { type ListenerTable, processListeners } from './listener-table.ts';
import { meterDetails } from './meter-details.ts';
import { pressMeterButton, unknownMeter } from './orders.ts';
import type { Placement } from './placement.ts';
import { Pusher } from './pusher.ts';
import { type Owner, ServedDevice } from './served-device.ts';
import { SimulatedClock, type TimeChange } from './simulated-clock.ts';
import type { StateKeeper } from './state-keeper.ts';
import type {
  EmulatorActivity,
  EmulatorFigures,
  Endpoint,
  MeterDetails,
  PressedButton,
  SimulatedTime,
} from './types.ts';
import { closeUnits, openUnits, Unit } from './unit.ts';

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
  /** Simulated time. Default the system's. */
  readonly time?: SimulatedClock;
  /** If a single meter's own port is taken, take a free one instead. Default false. */
  readonly orFreePort?: boolean;
  /** Told of faults of this program, which end one connection each. Default: a warning of the process. */
  readonly onFault?: (error: unknown, where: string) => void;
  /** Keeps what happens to the meters over a restart. Default nobody. */
  readonly keeper?: StateKeeper;
  /** Default those of the process. */
  readonly listeners?: ListenerTable;
  /** Default those of the process. */
  readonly descriptors?: DescriptorBudget;
}

/** What of the running places stays, goes and comes. */
interface Change {
  readonly leaving: readonly Unit[];
  readonly joining: readonly Unit[];
  /** Meters to put behind places others share, and those to take away there. */
  readonly members: readonly { readonly unit: Unit; readonly placement: Placement }[];
  readonly gone: readonly { readonly unit: Unit; readonly meter: VirtualMeter }[];
}

/** Meters on their sockets. They can be changed while it runs: who stays keeps its connections. */
export class Emulator {
  readonly name: string;
  readonly startedAt: number;
  readonly descriptors: DescriptorBudget;
  readonly #clock: SimulatedClock;
  readonly #owner: Owner;
  readonly #orFreePort: boolean;
  readonly #listeners: ListenerTable;
  readonly #keeper: StateKeeper | undefined;
  readonly #sampler: ActivitySampler;
  readonly #pusher: Pusher;
  /** Counted at places that are no more. */
  readonly #retired: LiveFigures = noFigures();
  #placements: readonly Placement[] = [];
  #meters: readonly VirtualMeter[] = [];
  #units: readonly Unit[] = [];
  #sockets = 0;
  #timer: NodeJS.Timeout | undefined;
  #changing: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  private constructor(options: EmulatorOptions) {
    this.name = options.name;
    this.descriptors = options.descriptors ?? processDescriptors();
    this.#clock = options.time ?? new SimulatedClock();
    this.startedAt = this.#clock.now();
    this.#orFreePort = options.orFreePort === true;
    this.#listeners = options.listeners ?? processListeners;
    this.#keeper = options.keeper;
    this.#owner = {
      connections: new Set(),
      descriptors: this.descriptors,
      allowOutside: options.allowOutside === true,
      turns: new FairTurns(),
      onFault: options.onFault ?? warn,
    };
    this.#sampler = new ActivitySampler();
    this.#pusher = new Pusher({
      clock: this.#clock,
      owner: this.#owner,
      touched: (meter) => this.#keeper?.touch(meter),
    });
  }

  /**
   * Opens all sockets, or none.
   * @throws EmulatorError `port-in-use`, `not-permitted`, `bad-listen`, `too-few-descriptors`, `state-unusable`.
   */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const emulator = new Emulator(options);
    await emulator.#apply(options.placements);
    emulator.#timer = setInterval(() => emulator.#tick(), TICK_MS);
    emulator.#timer.unref();
    emulator.#keeper?.watch();
    return emulator;
  }

  get meters(): readonly VirtualMeter[] {
    return this.#meters;
  }

  /** Simulated time of all its meters. */
  get time(): SimulatedTime {
    return this.#clock.time;
  }

  /** Freezes, jumps, or runs time faster or slower. @throws EmulatorError `bad-time` */
  changeTime(change: TimeChange): SimulatedTime {
    this.#clock.change(change);
    for (const meter of this.#meters) {
      // What was due next is due at another moment now.
      if (meter.blueprint.schedules !== undefined) meter.dueAt = Number.NEGATIVE_INFINITY;
    }
    this.#pusher.timeChanged();
    return this.#clock.time;
  }

  get figures(): EmulatorFigures {
    return this.#units.reduce((sum, { served }) => addFigures(sum, served.figures), { ...this.#retired });
  }

  /** What goes on at the moment. Cheap to ask often: it is worked out anew at most twice a second. */
  activity(): EmulatorActivity {
    const stateFailure = this.#keeper?.failure;
    const pushes = this.#pusher.figures;
    return {
      ...this.#sampler.sample(this.#units, this.figures),
      time: this.time,
      ...(pushes === undefined ? {} : { pushes }),
      ...(stateFailure === undefined ? {} : { stateFailure }),
    };
  }

  get endpointCount(): number {
    return this.#placements.length;
  }

  /** At most `limit` endpoints from `offset` on, in the order of the meters. */
  endpoints(limit: number = MAX_LISTED_ENDPOINTS, offset = 0): readonly Endpoint[] {
    return this.#endpointsOf(this.#placements.slice(offset, offset + limit));
  }

  /**
   * Pushes at once what a push setup of a meter says: the one of this name or OBIS code, else its first. Whether it
   * arrives shows in the figures of `activity`. Yields why it cannot be done at all; undefined for success.
   */
  push(serial: string, setup?: string): PushRefusal | undefined {
    const meter = this.#meters.find((candidate) => candidate.serial === serial);
    if (meter === undefined) return { code: 'no-destination', message: `there is no meter ${serial}` };
    return this.#pusher.push(meter, setup);
  }

  /**
   * A person presses the button of a meter's breaker: the one of this name or OBIS code, else its first.
   * @throws EmulatorError `unknown-name`, `meter-refuses`
   */
  press(serial: string, breaker?: string): PressedButton {
    const meter = this.#meters.find((candidate) => candidate.serial === serial);
    if (meter === undefined) throw unknownMeter(this, serial);
    const pressed = pressMeterButton(meter, this.#clock.now(), breaker);
    this.#keeper?.touch(meter);
    return pressed;
  }

  /** One meter in full, by its serial; undefined if there is none. */
  details(serial: string): MeterDetails | undefined {
    const meter = this.#meters.find((candidate) => candidate.serial === serial);
    if (meter === undefined) return undefined;
    const units = this.#units.filter(({ meters }) => meters.includes(meter));
    const endpoints = this.#endpointsOf(this.#placements.filter((placement) => placement.meter === meter));
    return meterDetails(meter, units, endpoints, this.#owner.connections);
  }

  /**
   * Switches a quirk or fault of one meter, or of all; undefined puts it back to what the template says.
   * @returns how many meters know it: 0 if there is none of that serial.
   * @throws EmulatorError `unknown-name` if none of them knows it.
   */
  setBehaviour(name: string, on: boolean | undefined, serial?: string): number {
    const meters = serial === undefined ? this.#meters : this.#meters.filter((meter) => meter.serial === serial);
    const knowing = meters.filter((meter) => meter.setBehaviour(name, on));
    for (const meter of knowing) this.#keeper?.touch(meter);
    if (knowing.length > 0 || meters.length === 0) return knowing.length;
    const known = meters[0]?.behaviourStatuses().map((status) => status.name) ?? [];
    throw new EmulatorError(
      'unknown-name',
      `there is no quirk or fault "${name}"`,
      `Choose one of ${known.join(', ')}.`,
    );
  }

  /**
   * Puts other meters, or other places, in the place of those that are. Meters and places that are in both keep their
   * connections; nothing is changed if something cannot be opened.
   * @throws EmulatorError as `start`.
   */
  change(placements: readonly Placement[]): Promise<void> {
    const changed = this.#changing.then(() => {
      if (this.#stopped === undefined) return this.#apply(placements);
      return undefined;
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** Closes all connections and sockets, and keeps the state. Further calls wait for the first. */
  stop(): Promise<void> {
    this.#stopped ??= this.#changing.then(() => this.#stop());
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#pusher.stop();
    await closeUnits(this.#units, this.#listeners);
    for (const connection of this.#owner.connections) connection.destroy();
    this.descriptors.removeListeners(this.#sockets);
    await this.#keeper?.close();
  }

  #tick(): void {
    const now = performance.now();
    for (const connection of this.#owner.connections) connection.tick(now);
  }

  async #apply(placements: readonly Placement[]): Promise<void> {
    checkPlaces(placements, this.#owner.allowOutside);
    const sockets = countSockets(placements);
    const more = Math.max(0, sockets - this.#sockets);
    this.descriptors.addListeners(more);
    const meters = [...new Set(placements.map(({ meter }) => meter))];
    let change: Change;
    try {
      this.#keeper?.use(meters);
      change = this.#difference(placements);
      await this.#reopen(change);
    } catch (error) {
      this.descriptors.removeListeners(more);
      this.#keeper?.use(this.#meters);
      this.#keeper?.settle();
      throw error;
    }
    this.descriptors.removeListeners(Math.max(0, this.#sockets - sockets));
    this.#sockets = sockets;
    this.#settle(change);
    this.#placements = placements;
    this.#meters = meters;
    this.#pusher.use(meters);
    this.#keeper?.settle();
  }

  /** Closes what goes before it opens what comes, which may need its ports; takes it back if that fails. */
  async #reopen({ leaving, joining }: Change): Promise<void> {
    await closeUnits(leaving, this.#listeners);
    try {
      await openUnits(joining, this.#listeners, this.#orFreePort);
    } catch (error) {
      await openUnits(leaving, this.#listeners, this.#orFreePort);
      throw error;
    }
  }

  /** All sockets are open: from here on nothing can fail. */
  #settle({ leaving, joining, members, gone }: Change): void {
    const left = new Set(leaving);
    const served = new Set(leaving.map((unit) => unit.served));
    for (const connection of this.#owner.connections) if (served.has(connection.served)) connection.destroy();
    for (const { unit, placement } of members) unit.served.device.add(memberOf(placement));
    for (const { unit, meter } of gone) {
      unit.served.device.remove(meter);
      unit.requests.delete(meter);
      for (const connection of this.#owner.connections) {
        if (connection.served === unit.served) connection.forget(meter);
      }
    }
    for (const unit of leaving) addFigures(this.#retired, { ...unit.served.figures, sessions: 0 });
    this.#units = [...this.#units.filter((unit) => !left.has(unit)), ...joining];
    this.#sampler.forget(leaving);
  }

  #difference(placements: readonly Placement[]): Change {
    const known = new Map<VirtualMeter, Unit[]>();
    const shared = new Map<string, Unit>();
    for (const unit of this.#units) {
      if (unit.shared) shared.set(sharedKey(unit.served.transport, unit.host, unit.wanted), unit);
      for (const meter of unit.meters) push(known, meter, unit);
    }
    const staying = new Map<Unit, Set<VirtualMeter>>();
    const joining = new Set<Unit>();
    const members: { unit: Unit; placement: Placement }[] = [];
    for (const placement of placements) {
      const { meter, transport, host, port, address } = placement;
      const key = sharedKey(transport, host, port);
      const found = known.get(meter)?.find((unit) => unit.isAt(placement));
      const unit = found ?? (address === undefined ? undefined : shared.get(key));
      if (unit === undefined) {
        const made = this.#unit(placement);
        joining.add(made);
        if (made.shared) shared.set(key, made);
        continue;
      }
      const stays = staying.get(unit) ?? new Set();
      staying.set(unit, stays.add(meter));
      if (found !== undefined) continue;
      if (joining.has(unit)) unit.served.device.add(memberOf(placement));
      else members.push({ unit, placement });
    }
    return {
      leaving: this.#units.filter((unit) => !staying.has(unit)),
      joining: [...joining],
      members,
      gone: [...staying].flatMap(([unit, stays]) =>
        joining.has(unit) ? [] : unit.meters.filter((meter) => !stays.has(meter)).map((meter) => ({ unit, meter })),
      ),
    };
  }

  #unit(placement: Placement): Unit {
    const { meter, transport, host, address, spread, port } = placement;
    const figures = noFigures();
    const device = new MeterDevice(address === undefined ? [meter] : [], transport, {
      random: (length) => randomBytes(length),
      figures,
      clock: this.#clock.now,
      served: address === undefined ? this.#keeper?.touch : (one) => this.#countShared(unit, one),
    });
    if (address !== undefined) device.add(memberOf(placement));
    const unit = new Unit(new ServedDevice(device, transport, host, this.#owner, figures), placement);
    // All meters of a block listen on one port, also where the system chose it.
    if (spread && port === 0) unit.port = this.#units.find((other) => other.spread && other.wanted === 0)?.port ?? 0;
    return unit;
  }

  #countShared(unit: Unit, meter: VirtualMeter): void {
    unit.requests.set(meter, (unit.requests.get(meter) ?? 0) + 1);
    this.#keeper?.touch(meter);
  }

  #endpointsOf(placements: readonly Placement[]): Endpoint[] {
    // Where a port was left to the system, the unit knows it.
    const free = new Set(placements.filter(({ port }) => this.#orFreePort || port === 0).map(({ meter }) => meter));
    const units = free.size === 0 ? [] : this.#units.filter(({ meters }) => meters.some((meter) => free.has(meter)));
    return placements.map((placement) => {
      const { meter, transport, host, address } = placement;
      const own = units.find((unit) => unit.isAt(placement) && unit.meters.includes(meter));
      const port = own?.port ?? placement.port;
      const { name, framing } = transport;
      return {
        meter: meter.model.name,
        serial: meter.serial,
        transport: name,
        framing,
        host,
        port,
        ...(address === undefined ? {} : { address }),
      };
    });
  }
}

function memberOf({ meter, address }: Placement): { meter: VirtualMeter; address?: number } {
  return { meter, ...(address === undefined ? {} : { address }) };
}

function sharedKey({ kind, framing }: Placement['transport'], host: string, port: number): string {
  return `${kind} ${framing} ${host}:${port}`;
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function warn(error: unknown, where: string): void {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(`a connection of ${where} ended by a fault of this program: ${cause}`, 'EmulatorFault');
}
