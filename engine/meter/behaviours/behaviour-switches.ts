import { isQuirkId, quirkIds, quirkSpec } from '../../template/vocabulary/quirks.ts';
import type { Blueprint } from '../blueprint.ts';
import { type Behaviour, BehaviourSet, catalogueBehaviour } from './behaviour-set.ts';

/** Quirks and faults that were switched on or off at one meter while it runs, by name. */
export class BehaviourSwitches {
  readonly #switched: Map<string, boolean>;
  #applied: { readonly set: BehaviourSet | undefined } | undefined;

  constructor(switched: ReadonlyMap<string, boolean> = new Map()) {
    this.#switched = new Map(switched);
  }

  get all(): Map<string, boolean> {
    return new Map(this.#switched);
  }

  get isEmpty(): boolean {
    return this.#switched.size === 0;
  }

  get(name: string): boolean | undefined {
    return this.#switched.get(name);
  }

  /** Undefined puts it back to what the template says. */
  set(name: string, on: boolean | undefined): void {
    if (on === undefined) this.#switched.delete(name);
    else this.#switched.set(name, on);
    this.#applied = undefined;
  }

  /** What the meter has with its switches; undefined if that is nothing. */
  behaviours(blueprint: Blueprint, selection: BehaviourSelection | undefined): BehaviourSet | undefined {
    this.#applied ??= { set: setOf(this.#choose(blueprint, selection)) };
    return this.#applied.set;
  }

  #choose(blueprint: Blueprint, selection: BehaviourSelection | undefined): Behaviour[] {
    const without = withSelection(blueprint, selection).filter(({ model }) => this.#switched.get(model.name) !== false);
    const present = new Set(without.map(({ model }) => model.name));
    const further = [...this.#switched].filter(([name, on]) => on && !present.has(name)).map(([name]) => name);
    return [...without, ...further.flatMap((name) => named(blueprint, name))];
  }
}

/** Quirks a fleet gives to one of its meters: names of the template or of the catalogue. Faults stay as they are. */
export type BehaviourSelection = readonly string[];

function named(blueprint: Blueprint, name: string): Behaviour[] {
  const own = blueprint.prepared.filter(({ model }) => model.name === name);
  if (own.length > 0) return own;
  return isQuirkId(name) ? [catalogueBehaviour(name)] : [];
}

function withSelection(blueprint: Blueprint, selection: BehaviourSelection | undefined): readonly Behaviour[] {
  if (selection === undefined) return blueprint.prepared;
  const faults = blueprint.prepared.filter(({ kind }) => kind === 'fault');
  return [
    ...selection.flatMap((name) => named(blueprint, name)),
    ...faults.filter((fault) => !selection.includes(fault.model.name)),
  ];
}

function setOf(behaviours: readonly Behaviour[]): BehaviourSet | undefined {
  return behaviours.length === 0 ? undefined : new BehaviourSet(behaviours);
}

/** The behaviours of a selection, made once for all meters of a model that have the same one. */
export function selectedBehaviours(blueprint: Blueprint, selection: BehaviourSelection): BehaviourSet | undefined {
  const key = selection.join('\n');
  const known = blueprint.selections.get(key);
  if (known !== undefined) return known.set;
  const set = setOf(withSelection(blueprint, selection));
  blueprint.selections.set(key, { set });
  return set;
}

/** A quirk or fault as somebody sees who may switch it. */
export interface BehaviourStatus {
  /** Name in the template, or id in the catalogue. Unique within a meter. */
  readonly name: string;
  readonly kind: 'quirk' | 'fault';
  /** `template`: the meter's template has it. `catalogue`: it can be switched on at any meter. */
  readonly source: 'template' | 'catalogue';
  /** What it does; empty for a quirk of a template that does not say. */
  readonly describes: string;
  readonly on: boolean;
  /** What it is without anybody having switched it. */
  readonly default: boolean;
}

/** Everything that can be switched at a meter: what its template has, then the rest of the catalogue. */
export function behaviourStatuses(
  blueprint: Blueprint,
  selection: BehaviourSelection | undefined,
  switches: BehaviourSwitches | undefined,
): BehaviourStatus[] {
  const usual = new Set(withSelection(blueprint, selection).map(({ model }) => model.name));
  const own = blueprint.prepared.map(({ model, kind }) => ({
    name: model.name,
    kind,
    source: 'template' as const,
    describes: model.describes ?? quirkSpec(model.name)?.doc ?? '',
  }));
  const names = new Set(own.map(({ name }) => name));
  const others = quirkIds
    .filter((id) => !names.has(id))
    .map((id) => ({
      name: id,
      kind: 'quirk' as const,
      source: 'catalogue' as const,
      describes: quirkSpec(id).doc,
    }));
  return [...own, ...others].map((item) => {
    const standard = usual.has(item.name);
    return { ...item, on: switches?.get(item.name) ?? standard, default: standard };
  });
}

/** Whether a meter of the model can have a quirk or fault of this name. */
export function isBehaviour(blueprint: Blueprint, name: string): boolean {
  return isQuirkId(name) || blueprint.prepared.some(({ model }) => model.name === name);
}

/** Whether a quirk or fault is on as long as nobody switches it. */
export function isOnByDefault(blueprint: Blueprint, selection: BehaviourSelection | undefined, name: string): boolean {
  return withSelection(blueprint, selection).some(({ model }) => model.name === name);
}
