import type { Data } from '../../codec/axdr/data.ts';
import type { Expression } from '../../template/model.ts';
import { templateData } from '../attribute-access.ts';
import { nameOf } from '../values/arguments.ts';
import { toData } from '../values/to-data.ts';
import { toNumber, type Value } from '../values/value.ts';
import { SUCCESS, type Target } from './class-logic.ts';

const SIMULATE = 'simulate.';
/** Reactions may lead to methods that have reactions this deep. */
const MAX_DEPTH = 8;
const NO_PARAMETER: Data = { t: 'integer', v: 0 };

/** Invokes a method from inside of the meter, where no rights are asked for, with what the template says it does. */
export function invokeInside(target: Target, method: number, parameter: Data | null): void {
  const outcome = target.object.logic.invoke?.(target, method, parameter);
  if (outcome?.result === SUCCESS.result) react(target, method);
}

/**
 * What a template says a method does besides what its class says: the `on METHOD { set: … then: … run: … }` blocks of an
 * object, which are compiled to lists of `set(target, value)` and `run(method, parameter)` under the setting `on METHOD`.
 */
export function react(target: Target, method: number): void {
  const name = target.object.class?.methods[method - 1]?.name;
  const setting = name === undefined ? undefined : target.object.model.settings[`on ${name}`];
  if (setting?.k !== 'list') return;
  for (const item of setting.items) {
    if (item.k !== 'call') continue;
    const [what, value] = item.args;
    const path = nameOf(what);
    if (item.name === 'run' && path !== undefined) run(target, path, value);
    if (item.name === 'notify' && path !== undefined) notify(target, path);
    if (item.name !== 'set') continue;
    if (path === undefined || value === undefined) continue;
    if (path.startsWith(SIMULATE)) override(target, path.slice(SIMULATE.length), value);
    else setAttribute(target, path, value);
  }
}

function evaluate(target: Target, expression: Expression): Value {
  const { meter, object, time } = target;
  return meter.blueprint.compiler.value(expression, `on.${object.model.name}`)(meter, time);
}

/** `run: push_alarm.push`, `run: tariff_scripts.execute, long-unsigned(2)`. */
function run(from: Target, path: string, parameter: Expression | undefined): void {
  const depth = (from.depth ?? 0) + 1;
  const dot = path.lastIndexOf('.');
  const object = from.meter.blueprint.byName(path.slice(0, dot));
  const method = object?.class?.methods.find(({ name }) => name === path.slice(dot + 1));
  if (object === undefined || method === undefined || depth > MAX_DEPTH) return;
  const data = parameter === undefined ? NO_PARAMETER : toData(evaluate(from, parameter), undefined);
  invokeInside({ ...from, object, depth }, method.index, data);
}

/** `notify: disconnector.control_state`. */
function notify({ meter, time }: Target, path: string): void {
  const reference = meter.blueprint.compiler.names.attribute(path);
  const object = reference && meter.blueprint.objects[reference.object];
  if (reference !== undefined && object !== undefined) meter.outbox?.({ object, notify: reference.attribute, time });
}

/** `then: simulate.load, 0` from now on; `simulate.load, simulate.load` gives the value back to itself. */
function override(target: Target, name: string, expression: Expression): void {
  const restores = nameOf(expression) === `${SIMULATE}${name}` || nameOf(expression) === name;
  const value = restores ? undefined : toNumber(evaluate(target, expression));
  target.meter.overrideSimulated(name, { since: target.time, value: Number.isNaN(value) ? undefined : value });
}

function setAttribute(target: Target, path: string, expression: Expression): void {
  const { meter, time } = target;
  const reference = meter.blueprint.compiler.names.attribute(path);
  const object = reference === undefined ? undefined : meter.blueprint.objects[reference.object];
  if (reference === undefined || object === undefined) return;
  const type = templateData({ meter, object, time }, reference.attribute).t;
  meter.write(object.index, reference.attribute, toData(evaluate(target, expression), type));
}

/**
 * Gives back to itself what a method had overridden: a relay that is on again, unless the template says what its
 * reconnection does.
 */
export function undo(target: Target, method: string): void {
  const setting = target.object.model.settings[`on ${method}`];
  if (setting?.k !== 'list') return;
  for (const item of setting.items) {
    const path = item.k === 'call' ? nameOf(item.args[0]) : undefined;
    if (path?.startsWith(SIMULATE) !== true) continue;
    target.meter.overrideSimulated(path.slice(SIMULATE.length), { since: target.time, value: undefined });
  }
}
