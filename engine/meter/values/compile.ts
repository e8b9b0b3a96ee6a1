import type { DataType } from '../../codec/axdr/data.ts';
import { DATA_TAGS } from '../../codec/axdr/data-types.ts';
import { fromHex } from '../../codec/hex.ts';
import { unitBySymbol } from '../../cosem/units.ts';
import type { BinaryOperator, Expression } from '../../template/model.ts';
import { type CallExpression, nameOf } from './arguments.ts';
import { scaledBy, sharing, sum } from './arithmetic.ts';
import { parseDateTime } from './date-time.ts';
import { type FunctionCompiler, signalFunctions, valueFunctions } from './functions.ts';
import { integralOf } from './integral.ts';
import { overridable } from './override.ts';
import { hashText } from './random.ts';
import type { AttributeReference, Names, Scope } from './scope.ts';
import { constantSignal, type Signal } from './signal.ts';
import { toData } from './to-data.ts';
import { toNumber, toText, type Value } from './value.ts';

/** An expression made ready: worked out for a meter and a moment. Never throws. */
export type Evaluate = (scope: Scope, time: number) => Value;

const ZERO = constantSignal(0);
const MEASURES: Readonly<Record<string, (local: Date) => number>> = {
  year: (local) => local.getUTCFullYear(),
  month: (local) => local.getUTCMonth() + 1,
  day: (local) => local.getUTCDate(),
  weekday: (local) => (local.getUTCDay() === 0 ? 7 : local.getUTCDay()),
  hour: (local) => local.getUTCHours(),
  minute: (local) => local.getUTCMinutes(),
  second: (local) => local.getUTCSeconds(),
};

/**
 * Turns expressions of one model into functions. Done once per model and shared by all of its meters; `site` names
 * the place of an expression, which seeds its random streams, so that the same template always draws the same.
 */
export class ExpressionCompiler implements FunctionCompiler {
  readonly names: Names;
  readonly #simulated = new Map<string, Signal<Scope>>();
  readonly #attributes = new Map<string, Signal<Scope>>();
  readonly #open = new Set<string>();

  constructor(names: Names) {
    this.names = names;
  }

  /** Random stream of a call, told apart by its place. */
  stream(site: string): number {
    return hashText(site);
  }

  /** The expression as a number over time. */
  signal(expression: Expression, site: string): Signal<Scope> {
    switch (expression.k) {
      case 'number':
        return constantSignal(expression.value);
      case 'boolean':
        return constantSignal(expression.value ? 1 : 0);
      case 'duration':
        return constantSignal(expression.ms / 1000);
      case 'unary':
        return expression.op === '-'
          ? scaledBy(this.signal(expression.of, site), constantSignal(-1), '*')
          : this.signal(expression.of, site);
      case 'binary':
        return this.#binary(expression.op, expression.left, expression.right, site);
      case 'call': {
        const build = own(signalFunctions, expression.name);
        return build === undefined ? this.#numberOf(expression, site) : build(expression, this, site);
      }
      case 'name':
      case 'ref':
        return this.#reference(nameOf(expression) ?? '');
      case 'text':
      case 'octets':
      case 'date-time':
      case 'scaler-unit':
      case 'list':
        return this.#numberOf(expression, site);
    }
  }

  /** The expression as a value of any kind. */
  value(expression: Expression, site: string): Evaluate {
    switch (expression.k) {
      case 'text':
        return constantly(expression.value);
      case 'boolean':
        return constantly(expression.value);
      case 'number':
        return constantly(expression.value);
      case 'octets':
        return constantly(fromHex(expression.hex));
      case 'duration':
        return constantly({ k: 'duration', ms: expression.ms });
      case 'date-time': {
        const ms = parseDateTime(expression.text);
        return constantly(ms === undefined ? undefined : { k: 'instant', ms });
      }
      case 'scaler-unit':
        return constantly({
          k: 'scaler-unit',
          scaler: expression.scaler,
          unit: unitBySymbol(expression.unit)?.id ?? 255,
        });
      case 'list': {
        const items = expression.items.map((item, index) => this.value(item, `${site}[${index}]`));
        return (scope, time) => items.map((item) => item(scope, time));
      }
      case 'name':
      case 'ref':
        return this.#valueOfReference(nameOf(expression) ?? '');
      case 'call':
        return this.#call(expression, site);
      case 'unary':
        return this.#number(expression, site);
      case 'binary':
        return isComparison(expression.op) ? this.#comparison(expression, site) : this.#number(expression, site);
    }
  }

  /** The attribute an expression names; undefined for everything else. */
  reference(expression: Expression | undefined): AttributeReference | undefined {
    const path = nameOf(expression);
    return path === undefined ? undefined : this.names.attribute(path);
  }

  /** Integral of a simulated value, with all that happened to it. */
  simulatedIntegral(name: string): (scope: Scope, time: number) => number {
    return integralOf(this.#reference(`simulate.${name}`));
  }

  #number(expression: Expression, site: string): Evaluate {
    const signal = this.signal(expression, site);
    return (scope, time) => signal.at(scope, time);
  }

  #numberOf(expression: Expression, site: string): Signal<Scope> {
    const value = this.value(expression, site);
    return { constant: false, at: (scope, time) => toNumber(value(scope, time)) };
  }

  #call(call: CallExpression, site: string): Evaluate {
    if (Object.hasOwn(signalFunctions, call.name)) return this.#number(call, site);
    const build = own(valueFunctions, call.name);
    if (build !== undefined) return build(call, this, site);
    if (isDataType(call.name)) return this.#typed(call.name, call, site);
    return constantly(undefined);
  }

  /** `long-unsigned(5)`, `structure(a, b)`: a value with its wire type. */
  #typed(type: DataType, call: CallExpression, site: string): Evaluate {
    const items = call.args.map((item, index) => this.value(item, `${site}[${index}]`));
    const single = type !== 'array' && type !== 'structure';
    return (scope, time) => {
      const values = items.map((item) => item(scope, time));
      const data = toData(single ? values[0] : values, type, { deviation: scope.deviation });
      return { k: 'data', data };
    };
  }

  #comparison(expression: Extract<Expression, { k: 'binary' }>, site: string): Evaluate {
    const left = this.value(expression.left, `${site}<`);
    const right = this.value(expression.right, `${site}>`);
    return (scope, time) => compare(expression.op, left(scope, time), right(scope, time));
  }

  #binary(op: BinaryOperator, left: Expression, right: Expression, site: string): Signal<Scope> {
    if (isComparison(op)) {
      const value = this.#comparison({ k: 'binary', op, left, right }, site);
      return { constant: false, at: (scope, time) => toNumber(value(scope, time)) };
    }
    const a = this.signal(left, `${site}<`);
    const b = this.signal(right, `${site}>`);
    switch (op) {
      case '+':
        return sum(a, b, 1);
      case '-':
        return sum(a, b, -1);
      case '*':
        if (a.constant) return scaledBy(b, a, '*');
        if (b.constant) return scaledBy(a, b, '*');
        return {
          constant: false,
          ...sharing([a, b]),
          at: (scope, time) => a.at(scope, time) * b.at(scope, time),
        };
      case '/':
        if (b.constant) return scaledBy(a, b, '/');
        return { constant: false, at: (scope, time) => a.at(scope, time) / b.at(scope, time) };
      default:
        return {
          constant: a.constant && b.constant,
          ...sharing([a, b]),
          at: (scope, time) => a.at(scope, time) % b.at(scope, time),
        };
    }
  }

  #valueOfReference(path: string): Evaluate {
    if (path.startsWith('identity.')) {
      const property = path.slice('identity.'.length);
      return (scope) => scope.identity(property);
    }
    if (path === 'serial') return (scope) => scope.serial;
    if (path === 'now') return (_scope, time) => ({ k: 'instant', ms: time });
    const target = this.names.attribute(path);
    if (target !== undefined) return (scope, time) => scope.attribute(target.object, target.attribute, time);
    if (this.#isNumeric(path)) {
      const signal = this.#reference(path);
      return (scope, time) => signal.at(scope, time);
    }
    // A bare word is itself: the name of an enumeration value, for example.
    return constantly(path);
  }

  #isNumeric(path: string): boolean {
    return path === 'n' || this.#measure(path) !== undefined || this.#simulation(path) !== undefined;
  }

  #reference(path: string): Signal<Scope> {
    if (path === 'n') return { constant: false, at: (scope) => scope.number };
    if (path === 'serial') return { constant: false, at: (scope) => toNumber(scope.serial) };
    const expression = this.#simulation(path);
    if (expression !== undefined) {
      const name = simulationName(path);
      return this.#shared(this.#simulated, name, () => {
        const base = this.signal(expression, `simulate.${name}`);
        return overridable(base, integralOf(base), (scope) => scope.simulatedOverrides(name));
      });
    }
    const target = this.names.attribute(path);
    if (target !== undefined) return this.#shared(this.#attributes, path, () => this.#attribute(target, path));
    const measure = this.#measure(path);
    if (measure !== undefined) {
      return {
        constant: false,
        at: (scope, time) => measure(new Date(time - scope.deviation * 60_000)),
      };
    }
    const value = this.#valueOfReference(path);
    return { constant: false, at: (scope, time) => toNumber(value(scope, time)) };
  }

  #simulation(path: string): Expression | undefined {
    return this.names.simulated(simulationName(path));
  }

  /** `clock.hour` and its like: the meter's standard time. */
  #measure(path: string): ((local: Date) => number) | undefined {
    const dot = path.lastIndexOf('.');
    const part = path.slice(dot + 1);
    return dot > 0 ? own(MEASURES, part) : undefined;
  }

  /** An attribute's signal: its value as answered (rounded, written), its integral from the expression itself. */
  #attribute(target: AttributeReference, path: string): Signal<Scope> {
    const inner = target.expression === undefined ? ZERO : this.signal(target.expression, path);
    const integral = integralOf(inner);
    return {
      constant: false,
      at: (scope, time) => toNumber(scope.attribute(target.object, target.attribute, time)),
      integral,
    };
  }

  /** One signal per name, so that all who use it see the same draws; a name that leads to itself is 0. */
  #shared(known: Map<string, Signal<Scope>>, path: string, make: () => Signal<Scope>): Signal<Scope> {
    const existing = known.get(path);
    if (existing !== undefined) return existing;
    if (this.#open.has(path)) return ZERO;
    this.#open.add(path);
    const signal = make();
    this.#open.delete(path);
    known.set(path, signal);
    return signal;
  }
}

function simulationName(path: string): string {
  return path.startsWith('simulate.') ? path.slice('simulate.'.length) : path;
}

function constantly(value: Value): Evaluate {
  return () => value;
}

/** Entry of a table by a name out of a template, which may be `constructor`. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function isDataType(name: string): name is DataType {
  return Object.hasOwn(DATA_TAGS, name);
}

function isComparison(op: BinaryOperator): boolean {
  return op === '<' || op === '<=' || op === '>' || op === '>=' || op === '==' || op === '!=';
}

/** Numbers by size, texts that look like versions (`2.14.0`) part by part, other texts by character. */
function compare(op: BinaryOperator, left: Value, right: Value): boolean {
  const a = toNumber(left);
  const b = toNumber(right);
  const order =
    Number.isNaN(a) || Number.isNaN(b) || typeof left === 'string' || typeof right === 'string'
      ? compareTexts(toText(left), toText(right))
      : a - b;
  switch (op) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '==':
      return order === 0;
    default:
      return order !== 0;
  }
}

function compareTexts(left: string, right: string): number {
  const a = left.split('.');
  const b = right.split('.');
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const x = a[i] ?? '0';
    const y = b[i] ?? '0';
    const difference = Number(x) - Number(y);
    if (Number.isNaN(difference)) {
      if (x !== y) return x < y ? -1 : 1;
    } else if (difference !== 0) return difference;
  }
  return 0;
}
