import { utf8FromText } from '../../codec/axdr/text.ts';
import type { Expression } from '../../template/model.ts';
import { argument, type CallExpression, durationOf, nameOf } from './arguments.ts';
import { extreme, sharing } from './arithmetic.ts';
import type { Evaluate } from './compile.ts';
import { household } from './household.ts';
import { integralOf } from './integral.ts';
import { type Maximum, maximumOf, type Period } from './maximum.ts';
import { mix, unit } from './random.ts';
import type { AttributeReference, Names, Scope } from './scope.ts';
import { tariffShare } from './share.ts';
import { constantSignal, DAY, type Signal } from './signal.ts';
import { sun } from './sun.ts';
import { toText } from './value.ts';
import { noise, sine } from './waves.ts';

/** What the functions need of the compiler that calls them. */
export interface FunctionCompiler {
  readonly names: Names;
  signal(expression: Expression, site: string): Signal<Scope>;
  value(expression: Expression, site: string): Evaluate;
  reference(expression: Expression | undefined): AttributeReference | undefined;
  stream(site: string): number;
}

type SignalFunction = (call: CallExpression, compiler: FunctionCompiler, site: string) => Signal<Scope>;
type ValueFunction = (call: CallExpression, compiler: FunctionCompiler, site: string) => Evaluate;

/** A literal number among the arguments. Arguments that shape a signal are fixed when the model is made ready. */
function fixed(call: CallExpression, name: string, position: number, otherwise: number): number {
  const found = argument(call, name, position);
  if (found === undefined) return otherwise;
  if (found.k === 'unary' && found.of.k === 'number') return found.op === '-' ? -found.of.value : found.of.value;
  if (found.k === 'number') return found.value;
  return found.k === 'duration' ? found.ms / 1000 : otherwise;
}

function signalOf(call: CallExpression, name: string, position: number, c: FunctionCompiler, site: string) {
  const found = argument(call, name, position);
  return found === undefined ? constantSignal(0) : c.signal(found, `${site}.${name}`);
}

/** A function of several signals, value by value. */
function pointwise(combine: (values: number[]) => number): SignalFunction {
  return (call, compiler, site) => {
    const parts = call.args.map((part, index) => compiler.signal(part, `${site}(${index}`));
    return {
      constant: parts.every((part) => part.constant),
      ...sharing(parts),
      at: (scope, time) => combine(parts.map((part) => part.at(scope, time))),
    };
  };
}

/** The largest or smallest of its arguments. Two are by far the most common: max(0, ...). */
function extremeOf(which: 'max' | 'min'): SignalFunction {
  const ofAny = pointwise((values) => Math[which](...values));
  return (call, compiler, site) => {
    const [first, second, ...more] = call.args;
    if (first === undefined || second === undefined || more.length > 0) return ofAny(call, compiler, site);
    return extreme(which, compiler.signal(first, `${site}(0`), compiler.signal(second, `${site}(1`));
  };
}

/** Start of the period an argument names: `billing_reset` and `month` are the first of the month. */
export function periodOf(expression: Expression | undefined): Period {
  const name = nameOf(expression);
  return name === 'day' || name === 'year' || name === 'start' ? name : 'month';
}

function maximumIn(call: CallExpression, compiler: FunctionCompiler, site: string): Maximum {
  const inner = signalOf(call, 'of', 0, compiler, site);
  const over = durationOf(argument(call, 'over', 1), 900_000);
  return maximumOf(integralOf(inner), over, periodOf(argument(call, 'since', 2)));
}

/** Functions that yield numbers over time. */
export const signalFunctions: Readonly<Record<string, SignalFunction>> = {
  household: (call, compiler, site) =>
    household(
      {
        base: fixed(call, 'base', 0, 200),
        peak: fixed(call, 'peak', 1, 4000),
        people: fixed(call, 'people', 2, 2),
      },
      compiler.stream(site),
    ),
  noise: (call, compiler, site) => noise(fixed(call, 'amplitude', 0, 1), compiler.stream(site)),
  sine: (call) =>
    sine(
      durationOf(argument(call, 'period', 0), DAY),
      fixed(call, 'amplitude', 1, 1),
      durationOf(argument(call, 'phase', 2), 0),
    ),
  sun: (call) => sun(fixed(call, 'latitude', 0, 50), fixed(call, 'longitude', 1, 0)),
  integrate: (call, compiler, site) => {
    const integral = integralOf(signalOf(call, 'of', 0, compiler, site));
    return { constant: false, at: integral };
  },
  maximum: (call, compiler, site) => maximumIn(call, compiler, site).value,
  share: (call, compiler, site) => {
    const of = argument(call, 'of', 0);
    const total = signalOf(call, 'of', 0, compiler, site);
    const tariff = fixed(call, 'tariff', 1, 1);
    const stated = fixed(call, 'tariffs', 2, 0);
    const tariffs =
      stated > 0 ? Array.from({ length: stated }, (_, index) => index + 1) : compiler.names.tariffs(nameOf(of) ?? '');
    return { constant: false, at: (scope, time) => tariffShare(total.at(scope, time), tariff, tariffs) };
  },
  clamp: (call, compiler, site) => {
    const value = signalOf(call, 'value', 0, compiler, site);
    const low = signalOf(call, 'low', 1, compiler, site);
    const high = signalOf(call, 'high', 2, compiler, site);
    return {
      constant: value.constant && low.constant && high.constant,
      ...sharing([value, low, high]),
      at: (scope, time) => Math.min(Math.max(value.at(scope, time), low.at(scope, time)), high.at(scope, time)),
    };
  },
  min: extremeOf('min'),
  max: extremeOf('max'),
  abs: pointwise(([value = Number.NaN]) => Math.abs(value)),
  floor: pointwise(([value = Number.NaN]) => Math.floor(value)),
  round: pointwise(([value = Number.NaN]) => Math.round(value)),
  sqrt: pointwise(([value = Number.NaN]) => Math.sqrt(value)),
  /** Number between two bounds, drawn once per meter. */
  uniform: (call, compiler, site) => {
    const low = signalOf(call, 'from', 0, compiler, site);
    const high = signalOf(call, 'to', 1, compiler, site);
    const stream = compiler.stream(site);
    return {
      constant: false,
      at: (scope, time) => {
        const from = low.at(scope, time);
        return from + (high.at(scope, time) - from) * unit(mix(scope.key, stream), 0);
      },
    };
  },
};

/** Functions that yield something else than a number. */
export const valueFunctions: Readonly<Record<string, ValueFunction>> = {
  /** One of the arguments, drawn once per meter. */
  pick: (call, compiler, site) => {
    const choices = call.args.map((choice, index) => compiler.value(choice, `${site}[${index}]`));
    const stream = compiler.stream(site);
    return (scope, time) => choices[Math.floor(unit(mix(scope.key, stream), 0) * choices.length)]?.(scope, time);
  },
  /** Last characters of a text; a number where one is needed: `serial.last(2)`. */
  last: (call, compiler, site) => {
    const of = argument(call, 'of', 0);
    const text = of === undefined ? () => '' : compiler.value(of, site);
    const count = Math.max(1, fixed(call, 'count', 1, 1));
    return (scope, time) => toText(text(scope, time)).slice(-count);
  },
  octets: (call, compiler, site) => {
    const of = argument(call, 'text', 0);
    const text = of === undefined ? () => '' : compiler.value(of, site);
    return (scope, time) => utf8FromText(toText(text(scope, time)));
  },
  logical_name: (call, compiler) => {
    const name = nameOf(argument(call, 'object', 0));
    const octets = name === undefined ? undefined : compiler.names.logicalName(name);
    return () => octets;
  },
  bits: (call, compiler, site) => {
    const of = call.args[0];
    return of === undefined ? () => '' : compiler.value(of, site);
  },
  now: () => (_scope, time) => ({ k: 'instant', ms: time }),
  /** Time of a clock that runs `drift` seconds fast in each `per`, and is set right at the first of every month. */
  simulated: (call) => {
    const drift = fixed(call, 'drift', 0, 0);
    const per = Math.max(1, durationOf(argument(call, 'per', 1), DAY));
    return (_scope, time) => {
      const at = new Date(time);
      const since = time - Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
      return { k: 'instant', ms: time + (drift * 1000 * since) / per };
    };
  },
  /** When the maximum was reached which an object's value is made of. */
  time_of: (call, compiler, site) => {
    const target = compiler.reference(argument(call, 'object', 0))?.expression ?? argument(call, 'object', 0);
    const found = target === undefined ? undefined : findCall(target, 'maximum');
    if (found === undefined) return (_scope, time) => ({ k: 'instant', ms: time });
    const maximum = maximumIn(found, compiler, site);
    return (scope, time) => ({ k: 'instant', ms: maximum.time.at(scope, time) });
  },
  invocation_counter: (call) => {
    const security = nameOf(argument(call, 'of', 0));
    return (scope) => scope.invocationCounter(security);
  },
};

/** The first call of a function inside of an expression. */
export function findCall(expression: Expression, name: string): CallExpression | undefined {
  switch (expression.k) {
    case 'call': {
      if (expression.name === name) return expression;
      for (const part of [...expression.args, ...Object.values(expression.named)]) {
        const found = findCall(part, name);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'binary':
      return findCall(expression.left, name) ?? findCall(expression.right, name);
    case 'unary':
      return findCall(expression.of, name);
    case 'list':
      for (const item of expression.items) {
        const found = findCall(item, name);
        if (found !== undefined) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}
