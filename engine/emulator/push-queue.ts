import { randomBytes } from 'node:crypto';
import { MAX_DATAGRAM_APDU, MAX_WRAPPER_APDU } from '../codec/wrapper/wrapper.ts';
import type { Target } from '../meter/classes/class-logic.ts';
import { momentOctets } from '../meter/classes/clock.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import { openFrom } from '../meter/push/communication-window.ts';
import { ConfirmationReader } from '../meter/push/confirmation.ts';
import { isRefusal } from '../meter/push/destination.ts';
import { apdusOfTry, type Notification, notificationOf } from '../meter/push/notification.ts';
import { pushFrames, pushPeer } from '../meter/push/push-frames.ts';
import type { PushOrder, PushRefusal } from '../meter/push/push-order.ts';
import { type PushSettings, pushSettings } from '../meter/push/push-settings.ts';
import { calendarOf, shownAt } from '../meter/schedule/shown-time.ts';
import { mix, unit } from '../meter/values/random.ts';
import { isLoopback } from './ipv4.ts';
import { type LivePushFigures, noPushFigures, type PushFigures } from './push-figures.ts';
import { deliver } from './push-outlet.ts';
import type { PushTimer } from './push-timer.ts';
import type { Wake } from './push-wakes.ts';
import type { Owner } from './served-device.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Pushes that may wait in one emulator; further ones are refused. */
export const MAX_WAITING_PUSHES = 20_000;
/** Connections for pushes that may be open at a time. */
export const MAX_PUSHES_IN_FLIGHT = 64;
/** A push that was due longer ago than this, ms of real time, is made up for: of several only the last is sent. */
const LATE = 1000;
/** HDLC segments; the limit is that of the links. */
const MAX_HDLC_APDU = 1024 * 1024;

export interface PushQueueOptions {
  readonly clock: SimulatedClock;
  readonly timer: PushTimer;
  readonly owner: Pick<Owner, 'connections' | 'descriptors' | 'allowOutside' | 'onFault'>;
  /** Told when a push changes what a meter remembers. */
  readonly touched: (meter: VirtualMeter) => void;
}

interface Job {
  readonly meter: VirtualMeter;
  readonly target: Target;
  readonly settings: PushSettings;
  readonly notification: Notification;
  readonly late: boolean;
  tries: number;
  wake: Wake | undefined;
}

/** The pushes of an emulator from when they are asked for until they have arrived or were given up. */
export class PushQueue {
  readonly #options: PushQueueOptions;
  readonly #figures: LivePushFigures = noPushFigures();
  readonly #waiting = new Set<Job>();
  /** Late pushes that wait for their start, by meter and push setup: a later one takes their place. */
  readonly #late = new Map<VirtualMeter, Map<number, Job>>();
  readonly #ready: Job[] = [];
  #inFlight = 0;

  constructor(options: PushQueueOptions) {
    this.#options = options;
  }

  get figures(): PushFigures {
    return { ...this.#figures, waiting: this.#waiting.size };
  }

  /** Takes a push; the refusal if it can never be sent. */
  order(meter: VirtualMeter, { object, time }: PushOrder): PushRefusal | undefined {
    const target = { meter, object, time };
    const settings = pushSettings(target);
    if (isRefusal(settings)) return this.#refuse(settings);
    const refusal = this.#notPermitted(settings) ?? this.#full();
    if (refusal !== undefined) return this.#refuse(refusal);
    const now = this.#options.clock.now();
    const late = now - time > LATE * Math.max(1, this.#options.clock.time.speed);
    this.#options.touched(meter);
    const notification = notificationOf(target, settings);
    const job: Job = { meter, target, settings, notification, late, tries: 0, wake: undefined };
    this.#replaceLate(job);
    this.#waiting.add(job);
    this.#wait(job, startOf(job, now));
    return undefined;
  }

  /** What a meter wanted to push is of no use any more. */
  forget(meter: VirtualMeter): void {
    for (const job of this.#waiting) if (job.meter === meter) this.#drop(job);
  }

  #notPermitted({ way }: PushSettings): PushRefusal | undefined {
    if (way.kind === 'line' || this.#options.owner.allowOutside || isLoopback(way.host)) return undefined;
    return {
      code: 'not-permitted',
      message: `${way.host} is outside of loopback; pushes go there only if addresses outside are allowed`,
    };
  }

  #full(): PushRefusal | undefined {
    if (this.#waiting.size < MAX_WAITING_PUSHES) return undefined;
    return { code: 'queue-full', message: `${MAX_WAITING_PUSHES} pushes are waiting already` };
  }

  #refuse(refusal: PushRefusal): PushRefusal {
    this.#figures.failed += 1;
    this.#figures.lastFailure = refusal.message;
    return refusal;
  }

  /** A push takes the place of one of the same push setup that is late already. */
  #replaceLate(job: Job): void {
    const known = this.#late.get(job.meter) ?? new Map<number, Job>();
    const before = known.get(job.target.object.index);
    if (before !== undefined) {
      this.#figures.skipped += 1;
      this.#drop(before);
    }
    if (!job.late) return;
    known.set(job.target.object.index, job);
    this.#late.set(job.meter, known);
  }

  #notLate(job: Job): void {
    const known = this.#late.get(job.meter);
    if (known?.get(job.target.object.index) !== job) return;
    known.delete(job.target.object.index);
    if (known.size === 0) this.#late.delete(job.meter);
  }

  #drop(job: Job): void {
    if (job.wake !== undefined) job.wake.cancelled = true;
    this.#waiting.delete(job);
    this.#notLate(job);
  }

  #wait(job: Job, until: number): void {
    if (until === Number.POSITIVE_INFINITY) {
      this.#giveUp(job, 'no communication window opens any more');
      return;
    }
    job.wake = this.#options.timer.at(until, () => {
      job.wake = undefined;
      this.#notLate(job);
      this.#ready.push(job);
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#inFlight < MAX_PUSHES_IN_FLIGHT) {
      const job = this.#ready.shift();
      if (job === undefined) return;
      if (!this.#waiting.has(job)) continue;
      this.#inFlight += 1;
      void this.#try(job)
        .catch((error: unknown) => this.#tryFailed(job, error))
        .finally(() => {
          this.#inFlight -= 1;
          this.#pump();
        });
    }
  }

  async #try(job: Job): Promise<void> {
    const { meter, settings, notification } = job;
    const { way } = settings;
    const { clock, owner, touched } = this.#options;
    const now = clock.now();
    touched(meter);
    const apdus = apdusOfTry(meter, settings, notification, { now, random: randomBytes, most: largest(settings) });
    if (apdus === undefined) {
      this.#giveUp(job, 'it cannot be protected: a key is missing, or of the wrong length');
      return;
    }
    if (way.kind === 'line') this.#overLines(job, apdus);
    else {
      if (!owner.descriptors.addConnection()) throw new Error('this process may not open more sockets');
      const { framing } = way;
      const confirmation = settings.confirmed ? new ConfirmationReader(framing, notification.longInvokeId) : undefined;
      const pieces = pushFrames(meter, settings, framing, apdus, now);
      try {
        await deliver({ way, pieces, confirmation });
      } finally {
        owner.descriptors.removeConnection();
      }
      this.#figures.octets += pieces.reduce((sum, { length }) => sum + length, 0);
      if (confirmation !== undefined) this.#confirmed(job);
    }
    this.#figures.sent += 1;
    this.#waiting.delete(job);
  }

  /** Over the connections clients have open to the meter. */
  #overLines({ meter, settings }: Job, apdus: readonly Uint8Array[]): void {
    const { framing } = settings.way;
    const peer = pushPeer(meter, settings, framing);
    let lines = 0;
    for (const connection of this.#options.owner.connections) {
      const { device, transport } = connection.served;
      if (transport.framing !== framing || !device.meters.includes(meter)) continue;
      connection.push(meter, apdus, peer);
      lines += 1;
    }
    if (lines === 0) throw new Error(`no client is connected to meter ${meter.serial} over ${framing}`);
    this.#figures.octets += lines * apdus.reduce((sum, { length }) => sum + length, 0);
  }

  #confirmed({ meter, target }: Job): void {
    const shown = shownAt(meter, this.#options.clock.now());
    meter.write(target.object.index, LAST_CONFIRMATION, { t: 'date-time', v: momentOctets(meter, shown) });
    this.#options.touched(meter);
  }

  #tryFailed(job: Job, error: unknown): void {
    this.#figures.failedTries += 1;
    const why = error instanceof Error ? error.message : String(error);
    if (!this.#waiting.has(job)) return;
    const { settings, tries } = job;
    if (tries >= settings.retries) {
      this.#giveUp(job, why);
      return;
    }
    job.tries += 1;
    this.#wait(job, openAt(job, this.#options.clock.now() + settings.delayBefore(tries)));
  }

  #giveUp(job: Job, why: string): void {
    this.#figures.failed += 1;
    this.#figures.lastFailure = `${job.meter.serial}, ${job.target.object.model.name}: ${why}`;
    this.#drop(job);
  }
}

const LAST_CONFIRMATION = 13;

/** Largest APDU the way of a push carries. */
function largest({ way }: PushSettings): number {
  if (way.framing === 'hdlc') return MAX_HDLC_APDU;
  return way.kind === 'udp' ? MAX_DATAGRAM_APDU : MAX_WRAPPER_APDU;
}

/**
 * When a push starts: in a window, at a random moment of the start interval, which a meter draws for each push. The
 * interval begins when the push was due, however long others kept this meter from its turn; if it is over by now, anew.
 */
function startOf(job: Job, now: number): number {
  const { meter, settings, notification, target } = job;
  const drawn = settings.startInterval * unit(mix(meter.key, notification.longInvokeId), 0);
  const begins = now - target.time < settings.startInterval ? target.time : now;
  return openAt(job, begins) + Math.floor(drawn);
}

/** The first simulated time from a moment on at which a communication window is open. */
function openAt({ meter, settings }: Job, time: number): number {
  if (settings.windows.length === 0) return time;
  const shown = shownAt(meter, time);
  return openFrom(settings.windows, shown, calendarOf(meter)) + time - shown;
}
