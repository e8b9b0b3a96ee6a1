import { isDeepStrictEqual } from 'node:util';
import type { VirtualMeter } from '../meter/meter.ts';
import { exportState, readState, restoreState } from '../meter/meter-state.ts';
import type { MeterModel } from '../template/model.ts';

/** A meter and what it was made from. */
interface Stocked {
  readonly meter: VirtualMeter;
  /** Seed, and what its fleet varies. */
  readonly recipe: string;
  /** The one whose place it takes. */
  readonly from?: VirtualMeter;
}

/**
 * The meters of an emulator by their names, so that a changed plan finds those it had before. A meter whose model is
 * what it was is the same meter; one whose model changed is made anew and goes on with what the old one remembers.
 */
export class MeterStock {
  readonly #models: MeterModel[] = [];
  #meters: ReadonlyMap<string, Stocked> = new Map();
  #planned = new Map<string, Stocked>();
  readonly #names = new WeakMap<VirtualMeter, string>();

  /** The model known before, if it says the same; else this one. */
  model(model: MeterModel): MeterModel {
    const known = this.#models.find((before) => before.name === model.name && isDeepStrictEqual(before, model));
    if (known !== undefined) return known;
    this.#models.push(model);
    return model;
  }

  /** The meter of a name: the one that is there, or a new one. */
  meter(name: string, model: MeterModel, recipe: string, make: () => VirtualMeter): VirtualMeter {
    const known = this.#meters.get(name);
    const stays = known !== undefined && known.meter.model === model && known.recipe === recipe;
    const meter = stays ? known.meter : make();
    const from = stays || known === undefined ? {} : { from: known.meter };
    this.#planned.set(name, { meter, recipe, ...from });
    this.#names.set(meter, name);
    return meter;
  }

  /** The name a meter of this stock has: `FLEET/MODEL/NUMBER`. */
  nameOf(meter: VirtualMeter): string {
    return this.#names.get(meter) ?? `${meter.model.name}/${meter.number}`;
  }

  /** What was planned last is in use now: new meters take over what those before them remember. */
  accept(): void {
    for (const [name, { meter, recipe, from }] of this.#planned) {
      if (from === undefined) continue;
      move(from, meter);
      this.#planned.set(name, { meter, recipe });
    }
    this.#meters = this.#planned;
    this.dismiss();
  }

  /** What was planned last came to nothing. */
  dismiss(): void {
    this.#planned = new Map();
    const used = new Set([...this.#meters.values()].map(({ meter }) => meter.model));
    this.#models.splice(0, this.#models.length, ...this.#models.filter((model) => used.has(model)));
  }
}

function move(from: VirtualMeter, to: VirtualMeter): void {
  const state = exportState(from);
  if (state !== undefined) restoreState(to, readState(state, to));
}
