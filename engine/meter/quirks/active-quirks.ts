import type { Aare } from '../../codec/acse/types.ts';
import type { Apdu } from '../../codec/apdu.ts';
import type { Data } from '../../codec/axdr/data.ts';
import type { DataAccessResult, GetDataResult, SelectiveAccess } from '../../codec/xdlms/types.ts';
import type { QuirkId } from '../../template/vocabulary/quirks.ts';
import type { Target } from '../classes/class-logic.ts';
import type { VirtualMeter } from '../meter.ts';
import type { Habits, Quirk, QuirkAttribute, QuirkContext } from './quirk.ts';
import { quirks } from './registry.ts';

/** A quirk of the catalogue that holds, with what its template says about it. */
export interface NamedQuirk {
  readonly id: QuirkId;
  readonly value: number;
  /** Name of the only object it is about; undefined for all. */
  readonly object: string | undefined;
}

interface Active {
  readonly quirk: Quirk;
  readonly context: QuirkContext;
  readonly object: string | undefined;
}

/** The quirks of the catalogue a meter has in one exchange, asked one after the other in the order of the template. */
export class ActiveQuirks {
  readonly #active: readonly Active[];
  readonly habits: Habits;

  constructor(named: readonly NamedQuirk[], meter: VirtualMeter, time: number) {
    this.#active = named.map(({ id, value, object }) => ({
      quirk: quirks[id],
      context: { meter, time, value },
      object,
    }));
    this.habits = Object.assign({}, ...this.#active.map(({ quirk, context }) => quirk.habits?.(context.value)));
  }

  /** What becomes of one frame or message of the link. */
  frames(octets: Uint8Array): readonly Uint8Array[] {
    let frames: readonly Uint8Array[] = [octets];
    for (const { quirk, context } of this.#active) {
      if (quirk.frame !== undefined) frames = frames.flatMap((frame) => quirk.frame?.(frame, context) ?? [frame]);
    }
    return frames;
  }

  aare(aare: Aare): Aare {
    return this.#active.reduce((changed, { quirk, context }) => quirk.aare?.(changed, context) ?? changed, aare);
  }

  initiate(octets: Uint8Array): Uint8Array {
    return this.#active.reduce((changed, { quirk, context }) => quirk.initiate?.(changed, context) ?? changed, octets);
  }

  whole(octets: Uint8Array, request?: Apdu): Uint8Array {
    return this.#active.reduce(
      (changed, { quirk, context }) => quirk.whole?.(changed, request, context) ?? changed,
      octets,
    );
  }

  sealed(octets: Uint8Array): Uint8Array {
    return this.#active.reduce((changed, { quirk, context }) => quirk.sealed?.(changed, context) ?? changed, octets);
  }

  told(read: GetDataResult, target: Target, attribute: number, selection: SelectiveAccess | null): GetDataResult {
    return this.#about(target).reduce(
      (changed, { quirk, context }) => quirk.told?.(changed, about(context, target, attribute, selection)) ?? changed,
      read,
    );
  }

  heard(data: Data, target: Target, attribute: number, selection: SelectiveAccess | null): Data {
    return this.#about(target).reduce(
      (changed, { quirk, context }) => quirk.heard?.(changed, about(context, target, attribute, selection)) ?? changed,
      data,
    );
  }

  refusesRead(target: Target, attribute: number, selection: SelectiveAccess | null): DataAccessResult | undefined {
    for (const { quirk, context } of this.#about(target)) {
      const result = quirk.refusesRead?.(about(context, target, attribute, selection));
      if (result !== undefined) return result;
    }
    return undefined;
  }

  refusesWrite(data: Data, target: Target, attribute: number): DataAccessResult | undefined {
    for (const { quirk, context } of this.#about(target)) {
      const result = quirk.refusesWrite?.(data, about(context, target, attribute, null));
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #about({ object }: Target): readonly Active[] {
    return this.#active.filter((active) => active.object === undefined || active.object === object.model.name);
  }
}

function about(
  context: QuirkContext,
  target: Target,
  attribute: number,
  selection: SelectiveAccess | null,
): QuirkAttribute {
  return { ...context, target, object: target.object, attribute, selection };
}
