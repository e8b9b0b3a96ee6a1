import type { BehaviourModel } from '../../template/model.ts';
import { isQuirkId, type QuirkId } from '../../template/vocabulary/quirks.ts';
import type { VirtualMeter } from '../meter.ts';
import type { Evaluate, ExpressionCompiler } from '../values/compile.ts';
import { hashText, mix, unit } from '../values/random.ts';
import { toNumber } from '../values/value.ts';
import { type Action, keywordOf, literalNumber, namedQuirk } from './action-arguments.ts';

/** How long a fault with `every` lasts if it does not say. */
const DEFAULT_DURATION = 1000;

/** A quirk or fault made ready. */
export interface Behaviour {
  readonly model: BehaviourModel;
  readonly kind: 'quirk' | 'fault';
  readonly key: number;
  readonly when: Evaluate | undefined;
  readonly actions: readonly Action[];
}

/** What has been drawn and used up on one meter. */
export interface BehaviourState {
  draws: number;
  /** Times an action with `times` has happened, by behaviour and action. */
  readonly used: Map<string, number>;
}

/** A quirk or fault of a template, made ready once for all meters of its model. */
export function prepareBehaviour(
  model: BehaviourModel,
  kind: 'quirk' | 'fault',
  compiler: ExpressionCompiler,
): Behaviour {
  return {
    model,
    kind,
    key: hashText(model.name),
    when: model.when && compiler.value(model.when, `behaviour.${model.name}`),
    actions: model.actions,
  };
}

/** A quirk of the catalogue that no template names: what switching it on at run time means. */
export function catalogueBehaviour(id: QuirkId): Behaviour {
  const actions = [{ action: 'deviates', args: [{ k: 'text', value: id }] }] as const;
  return { model: { name: id, actions }, kind: 'quirk', key: hashText(id), when: undefined, actions };
}

/** The quirks and faults a meter has; those that are switched off are not in it. */
export class BehaviourSet {
  readonly #behaviours: readonly Behaviour[];
  readonly #actions: ReadonlySet<string>;
  readonly #quirks: ReadonlySet<string>;

  constructor(behaviours: readonly Behaviour[]) {
    this.#behaviours = behaviours;
    const actions = behaviours.flatMap((behaviour) => behaviour.actions);
    this.#actions = new Set(actions.map(({ action }) => action));
    this.#quirks = new Set(actions.map(namedQuirk).filter((name) => name !== undefined && isQuirkId(name)));
  }

  /** False if no behaviour could ever do one of these actions. */
  mayDo(...actions: readonly string[]): boolean {
    return actions.some((action) => this.#actions.has(action));
  }

  /** False if no behaviour could ever have this quirk of the catalogue. */
  mayDeviate(id: QuirkId): boolean {
    return this.#quirks.has(id);
  }

  /** Behaviours that hold for a meter at a moment. Random ones are drawn anew each time. */
  activeAt(meter: VirtualMeter, time: number): readonly Behaviour[] {
    return this.#behaviours.filter((behaviour) => isActive(behaviour, meter, time));
  }
}

function isActive({ model, key, when }: Behaviour, meter: VirtualMeter, time: number): boolean {
  if (when !== undefined && !(toNumber(when(meter, time)) > 0)) return false;
  if (model.everyMs !== undefined && model.everyMs > 0) {
    // Each meter has its own moment in the period.
    const phase = unit(mix(meter.key, key), 1) * model.everyMs;
    const within = (((time - phase) % model.everyMs) + model.everyMs) % model.everyMs;
    if (within >= (model.forMs ?? DEFAULT_DURATION)) return false;
  }
  if (model.probability === undefined) return true;
  return draw(meter, key) < model.probability;
}

/** The next random number of a meter: the same sequence of requests always draws the same. */
export function draw(meter: VirtualMeter, key: number): number {
  const state = meter.behaviourState;
  state.draws += 1;
  return unit(mix(meter.key, key), state.draws + 1);
}

/** Whether an action may still happen (`times 1`); counts it if so. */
export function takeTurn(meter: VirtualMeter, behaviour: Behaviour, action: Action): boolean {
  const times = literalNumber(keywordOf(action, 'times'));
  if (times === undefined) return true;
  const name = `${behaviour.model.name}/${action.action}`;
  const used = meter.behaviourState.used.get(name) ?? 0;
  if (used >= times) return false;
  meter.behaviourState.used.set(name, used + 1);
  return true;
}
