import type { VirtualMeter } from '../meter/meter.ts';
import type { EmulatorActivity, EmulatorFigures, MeterActivity } from './types.ts';
import type { Unit } from './unit.ts';

/** Nobody needs it newer, ms. */
const INTERVAL = 450;
/** Meters named as the busiest. */
const TOP = 10;

type Sample = Pick<EmulatorActivity, 'figures' | 'requestsPerSecond' | 'octetsPerSecond' | 'top'>;

interface Counted {
  requests: number;
  sessions: number;
  /** Since the last sample. */
  fresh: number;
}

/** Makes rates of figures that only count up. */
export class ActivitySampler {
  readonly #now: () => number;
  /** Requests by meter at the last sample, of places that meters share. */
  readonly #before = new Map<Unit, ReadonlyMap<VirtualMeter, number>>();
  #at: number;
  #requests = 0;
  #octets = 0;
  #last: Sample | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#at = now();
  }

  /** Rates since the last sample; the last sample itself if it is young. */
  sample(units: readonly Unit[], figures: EmulatorFigures): Sample {
    const now = this.#now();
    const seconds = (now - this.#at) / 1000;
    if (this.#last !== undefined && seconds * 1000 < INTERVAL) return { ...this.#last, figures };
    const octets = figures.octetsIn + figures.octetsOut;
    const rate = (count: number): number => (seconds > 0 ? Math.max(0, Math.round(count / seconds)) : 0);
    const sample: Sample = {
      figures,
      requestsPerSecond: rate(figures.requests - this.#requests),
      octetsPerSecond: rate(octets - this.#octets),
      top: busiest(this.#count(units)).map(([meter, { requests, sessions, fresh }]) => ({
        meter: meter.model.name,
        serial: meter.serial,
        requestsPerSecond: rate(fresh),
        requests,
        sessions,
      })) satisfies MeterActivity[],
    };
    this.#at = now;
    this.#requests = figures.requests;
    this.#octets = octets;
    this.#last = sample;
    return sample;
  }

  /** Places that are no more. */
  forget(units: readonly Unit[]): void {
    for (const unit of units) this.#before.delete(unit);
  }

  #count(units: readonly Unit[]): Map<VirtualMeter, Counted> {
    const counted = new Map<VirtualMeter, Counted>();
    const add = (meter: VirtualMeter, requests: number, sessions: number, fresh: number): void => {
      const known = counted.get(meter) ?? { requests: 0, sessions: 0, fresh: 0 };
      counted.set(meter, {
        requests: known.requests + requests,
        sessions: known.sessions + sessions,
        fresh: known.fresh + fresh,
      });
    };
    for (const unit of units) {
      const { requests, sessions } = unit.served.figures;
      if (requests === unit.sampled) continue;
      const [meter] = unit.meters;
      if (!unit.shared && meter !== undefined) add(meter, requests, sessions, requests - unit.sampled);
      unit.sampled = requests;
      if (!unit.shared) continue;
      const before = this.#before.get(unit);
      for (const [member, count] of unit.requests) add(member, count, sessions, count - (before?.get(member) ?? 0));
      this.#before.set(unit, new Map(unit.requests));
    }
    return counted;
  }
}

function busiest(counted: ReadonlyMap<VirtualMeter, Counted>): [VirtualMeter, Counted][] {
  const top: [VirtualMeter, Counted][] = [];
  for (const entry of counted) {
    const last = top.at(-1);
    if (top.length >= TOP && last !== undefined && entry[1].fresh <= last[1].fresh) continue;
    const at = top.findIndex(([, { fresh }]) => fresh < entry[1].fresh);
    top.splice(at < 0 ? top.length : at, 0, entry);
    top.length = Math.min(top.length, TOP);
  }
  return top;
}
