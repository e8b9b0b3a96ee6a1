import type { VirtualMeter } from '../meter/meter.ts';
import type { PushOrder, PushRefusal } from '../meter/push/push-order.ts';
import { hasDestination } from '../meter/push/push-settings.ts';
import { runDue } from '../meter/schedule/run-due.ts';
import type { PushFigures } from './push-figures.ts';
import { PushQueue, type PushQueueOptions } from './push-queue.ts';
import { PushTimer } from './push-timer.ts';
import type { Wake } from './push-wakes.ts';

const MINUTE = 60_000;

/**
 * Lets meters push: on demand, by their schedules and by what they watch. Only meters with a push setup that says where
 * to are woken; all others do what they do by themselves when they are asked something.
 */
export class Pusher {
  readonly #options: Omit<PushQueueOptions, 'timer'>;
  readonly #timer: PushTimer;
  /** Of its own, so that pushes leave while other meters still work out what they push at the same moment. */
  readonly #queueTimer: PushTimer;
  readonly #queue: PushQueue;
  readonly #meters = new Set<VirtualMeter>();
  readonly #wakes = new Map<VirtualMeter, Wake>();

  constructor(options: Omit<PushQueueOptions, 'timer'>) {
    this.#options = options;
    this.#timer = new PushTimer(options.clock);
    this.#queueTimer = new PushTimer(options.clock);
    this.#queue = new PushQueue({ ...options, timer: this.#queueTimer });
  }

  /** Undefined as long as no meter can push. */
  get figures(): PushFigures | undefined {
    return this.#meters.size === 0 ? undefined : this.#queue.figures;
  }

  /** The meters in use from now on. */
  use(meters: readonly VirtualMeter[]): void {
    const used = new Set(meters.filter(canPush));
    for (const meter of this.#meters) if (!used.has(meter)) this.#forget(meter);
    for (const meter of used) {
      if (this.#meters.has(meter)) continue;
      this.#meters.add(meter);
      meter.outbox = (order) => this.#take(meter, order);
      meter.rescheduled = () => this.#wakeAt(meter, this.#options.clock.now());
      if (mayActAlone(meter)) this.#wakeAt(meter, this.#options.clock.now());
    }
  }

  /** Pushes what a push setup of a meter says, its first one by default. Undefined for success. */
  push(meter: VirtualMeter, name?: string): PushRefusal | undefined {
    const object = meter.blueprint.pushSetups.find(
      ({ model, obis }) => name === undefined || model.name === name || obis === name,
    );
    if (object === undefined || !this.#meters.has(meter)) {
      const which = name === undefined ? 'a push setup' : `the push setup "${name}"`;
      return { code: 'no-destination', message: `${meter.model.name} does not have ${which}` };
    }
    return this.#queue.order(meter, { object, time: this.#options.clock.now() });
  }

  /** The clock was changed: everybody looks at it anew. */
  timeChanged(): void {
    for (const meter of this.#meters) if (mayActAlone(meter)) this.#wakeAt(meter, this.#options.clock.now());
    this.#timer.timeChanged();
    this.#queueTimer.timeChanged();
  }

  stop(): void {
    for (const meter of this.#meters) this.#forget(meter);
    this.#timer.stop();
    this.#queueTimer.stop();
  }

  #take(meter: VirtualMeter, order: PushOrder): PushRefusal | undefined {
    const { object, notify } = order;
    if (notify === undefined) return this.#queue.order(meter, order);
    for (const connection of this.#options.owner.connections) {
      if (connection.served.device.meters.includes(meter)) connection.notify(meter, object, notify);
    }
    return undefined;
  }

  #forget(meter: VirtualMeter): void {
    this.#meters.delete(meter);
    this.#cancel(meter);
    meter.outbox = undefined;
    meter.rescheduled = undefined;
    this.#queue.forget(meter);
  }

  #cancel(meter: VirtualMeter): void {
    const wake = this.#wakes.get(meter);
    if (wake !== undefined) wake.cancelled = true;
    this.#wakes.delete(meter);
  }

  #wakeAt(meter: VirtualMeter, time: number): void {
    this.#cancel(meter);
    if (time < Number.POSITIVE_INFINITY)
      this.#wakes.set(
        meter,
        this.#timer.at(time, () => this.#wake(meter)),
      );
  }

  #wake(meter: VirtualMeter): void {
    this.#wakes.delete(meter);
    const now = this.#options.clock.now();
    // Its destination may have been taken away, or its schedules changed, by a client.
    if (!hasDestination(meter, now)) return;
    try {
      if (now >= meter.dueAt) {
        runDue(meter, now);
        this.#options.touched(meter);
      }
      if (meter.blueprint.selfActing.length > 0) {
        meter.advance(now);
        this.#options.touched(meter);
      }
    } catch (error) {
      this.#options.owner.onFault(error, `the schedules of meter ${meter.serial}`);
      return;
    }
    this.#wakeAt(meter, nextWake(meter, now));
  }
}

/** When a meter has something to do by itself: what is due, and every minute where it watches something. */
function nextWake(meter: VirtualMeter, now: number): number {
  if (meter.blueprint.selfActing.length === 0) return meter.dueAt;
  return Math.min(meter.dueAt, (Math.floor(now / MINUTE) + 1) * MINUTE);
}

function canPush(meter: VirtualMeter): boolean {
  return meter.blueprint.pushSetups.length > 0 || meter.blueprint.notifies;
}

/** Whether anything but a client makes a meter push. */
function mayActAlone({ blueprint }: VirtualMeter): boolean {
  return blueprint.schedules !== undefined || blueprint.selfActing.length > 0;
}
