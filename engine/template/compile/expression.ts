import { parseUnit, unitBySymbol } from '../../cosem/units.ts';
import type { BinaryOperator, Expression } from '../model.ts';
import { describe, pathOf } from '../semantics/describe.ts';
import { durationValue, numberValue, octetsValue, scalerValue, textValue } from '../semantics/literals.ts';
import { resolveName } from '../semantics/names.ts';
import type { Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ArgumentNode, CallNode, ExpressionNode, QuantityNode } from '../syntax/tree.ts';
import {
  type ArgumentSpec,
  allFunctions,
  functionSpec,
  sinceWords,
  typeConstructors,
} from '../vocabulary/functions.ts';
import { switchValue } from '../vocabulary/words.ts';
import { compileStructure, isStructureFunction } from './structures.ts';

/** Words that mean themselves at this place, e.g. the words of an enumeration. */
export type MeaningOfWord = (word: string) => Expression | undefined;
const noWords: MeaningOfWord = () => undefined;

/** Units of quantities in expressions that are no units of measurement. */
const COUNT_UNITS: ReadonlySet<string> = new Set([
  'minutes',
  'minute',
  'months',
  'month',
  'failures',
  'failure',
  'people',
  'pulses',
  'times',
]);

/**
 * Turns an expression of the text into one of the model. What cannot be understood is reported and gives undefined.
 */
export function toExpression(
  node: ExpressionNode,
  place: Place,
  words: MeaningOfWord = noWords,
): Expression | undefined {
  switch (node.kind) {
    case 'missing':
      return undefined;
    case 'literal':
      return literal(node, place);
    case 'quantity':
      return quantity(node, place);
    case 'name': {
      const meant = words(node.text);
      if (meant !== undefined) return meant;
      const flag = switchValue(node.text);
      if (flag !== undefined) return { k: 'boolean', value: flag };
      return resolveName(node, place);
    }
    case 'member':
      return resolveName(node, place);
    case 'group':
      return toExpression(node.of, place, words);
    case 'list': {
      const items = node.items.map((item) => toExpression(item, place, words));
      return items.every((item) => item !== undefined) ? { k: 'list', items } : undefined;
    }
    case 'unary': {
      const of = toExpression(node.of, place, words);
      if (of === undefined) return undefined;
      if (of.k === 'number') return node.op === '-' ? { ...of, value: -of.value } : of;
      return node.op === '-' ? { k: 'unary', op: '-', of } : of;
    }
    case 'binary':
      return binary(node.op, node.left, node.right, place, words);
    case 'call':
      return call(node, place, words);
  }
}

function literal(node: Extract<ExpressionNode, { kind: 'literal' }>, place: Place): Expression | undefined {
  switch (node.type) {
    case 'text':
      return { k: 'text', value: textValue(node) };
    case 'octets': {
      const hex = octetsValue(node);
      if (hex !== undefined) return { k: 'octets', hex };
      place.report('DLMS-415', node, 'Octets are pairs of hex digits, for example h"00 1a ff".');
      return undefined;
    }
    case 'duration':
      return { k: 'duration', ms: durationValue(node) ?? 0 };
    case 'date-time':
      return { k: 'date-time', text: node.text.slice(1) };
    case 'power':
      return { k: 'scaler-unit', scaler: scalerValue(node) ?? 0, unit: 'count' };
    case 'obis':
    case 'range':
      place.report('DLMS-401', node, `${capital(describe(node))} is no value here.`);
      return undefined;
    default:
      return { k: 'number', value: numberValue(node) ?? 0 };
  }
}

function quantity(node: QuantityNode, place: Place): Expression | undefined {
  const scaler = scalerValue(node.number);
  const symbol = node.unit.text;
  if (scaler !== undefined) {
    const unit = checkUnit(symbol, node.unit, place);
    return unit === undefined ? undefined : { k: 'scaler-unit', scaler, unit };
  }
  const months = durationValue(node);
  if (months !== undefined) return { k: 'duration', ms: months };
  const value = numberValue(node.number);
  if (value === undefined) return undefined;
  if (COUNT_UNITS.has(symbol)) return { k: 'number', value, unit: symbol };
  const unit = parseUnit(symbol);
  if (unit === undefined) {
    reportUnit(symbol, node.unit, place);
    return undefined;
  }
  // 5 kW is 5000 W: whoever works with the model knows units, but no prefixes.
  return { k: 'number', value: scaled(value, unit.exponent), unit: unit.unit.symbol };
}

/** Value times a power of ten, without the dust of binary fractions. */
function scaled(value: number, exponent: number): number {
  return exponent === 0 ? value : Number((value * 10 ** exponent).toPrecision(15));
}

/** The canonical symbol of a unit without prefix, as scaler_unit needs it. */
export function checkUnit(symbol: string, range: { from: number; to: number }, place: Place): string | undefined {
  const unit = unitBySymbol(symbol);
  if (unit !== undefined) return unit.symbol;
  const prefixed = parseUnit(symbol);
  if (prefixed === undefined) reportUnit(symbol, range, place);
  else {
    place.report(
      'DLMS-404',
      range,
      `A scaler_unit has no prefix: write 10^${prefixed.exponent} ${prefixed.unit.symbol} instead of ${symbol}.`,
      {
        suggestions: [prefixed.unit.symbol],
      },
    );
  }
  return undefined;
}

const COMMON_UNITS = [
  'W',
  'Wh',
  'var',
  'varh',
  'VA',
  'VAh',
  'V',
  'A',
  'Hz',
  'm³',
  'm³/h',
  '°C',
  'bar',
  's',
  'min',
  'h',
  '%',
  'count',
];

function reportUnit(symbol: string, range: { from: number; to: number }, place: Place): void {
  const suggestions = suggestWords(symbol, COMMON_UNITS);
  place.report(
    'DLMS-404',
    range,
    `'${symbol}' is no unit.${didYouMean(suggestions) || ` Units are for example ${COMMON_UNITS.slice(0, 9).join(', ')}.`}`,
    {
      suggestions,
    },
  );
}

function binary(
  op: BinaryOperator,
  left: ExpressionNode,
  right: ExpressionNode,
  place: Place,
  words: MeaningOfWord,
): Expression | undefined {
  const a = toExpression(left, place, words);
  const b = toExpression(right, place, words);
  if (a === undefined || b === undefined) return undefined;
  return { k: 'binary', op, left: a, right: b };
}

function call(node: CallNode, place: Place, words: MeaningOfWord): Expression | undefined {
  // `serial.last(2)` is `last(serial, 2)`.
  const method = node.callee.kind === 'member';
  const nameNode = node.callee.kind === 'member' ? node.callee.name : node.callee;
  const name = nameNode.text;
  const self = node.callee.kind === 'member' ? node.callee.of : undefined;
  const receiver = self === undefined ? undefined : toExpression(self, place, words);
  if (method && receiver === undefined) return undefined;
  const before = receiver === undefined ? [] : [receiver];

  if (typeConstructors.has(name)) {
    const args = node.args.map((arg) => toExpression(arg.value, place, words));
    return args.every((arg) => arg !== undefined)
      ? { k: 'call', name, args: [...before, ...args], named: {} }
      : undefined;
  }
  if (isStructureFunction(name) && !method) {
    return compileStructure(node, name, place, (part) => toExpression(part, place, words));
  }
  const spec = functionSpec(name);
  if (spec === undefined) {
    const suggestions = suggestWords(
      name,
      allFunctions().map((item) => item.name),
    );
    place.report(
      'DLMS-405',
      nameNode,
      `There is no function '${pathOf(node.callee).join('.')}'.${didYouMean(suggestions)}`,
      { suggestions },
    );
    return undefined;
  }
  const args: Expression[] = [...before];
  const named: Record<string, Expression> = {};
  let failed = false;
  for (const arg of node.args) {
    const wanted = argumentSpec(spec.args, arg, args.length);
    if (wanted === undefined) {
      reportArgument(arg, spec.name, spec.args, place);
      failed = true;
      continue;
    }
    const value = toExpression(arg.value, place, wordsOf(wanted, place) ?? words);
    if (value === undefined) failed = true;
    else if (arg.name === undefined) args.push(value);
    else named[arg.name.text] = value;
  }
  const lacking = spec.args.filter(
    (item, index) => item.optional !== true && args[index] === undefined && named[item.name] === undefined,
  );
  if (!failed && lacking.length > 0) {
    place.report(
      'DLMS-406',
      nameNode,
      `'${name}' lacks its argument ${lacking.map((item) => `'${item.name}'`).join(', ')}.`,
    );
    failed = true;
  }
  return failed ? undefined : { k: 'call', name, args, named };
}

/** Arguments that take words of their own. */
function wordsOf(spec: ArgumentSpec, place: Place): MeaningOfWord | undefined {
  if (spec.type === 'word') return wordArgument;
  if (spec.type !== 'security') return undefined;
  return (word) => (place.scope.names('security').includes(word) ? { k: 'name', value: word } : undefined);
}

function wordArgument(word: string): Expression | undefined {
  return sinceWords.includes(word) ? { k: 'name', value: word } : undefined;
}

function argumentSpec(specs: readonly ArgumentSpec[], arg: ArgumentNode, position: number): ArgumentSpec | undefined {
  if (arg.name !== undefined) return specs.find((item) => item.name === arg.name?.text);
  return specs[position] ?? (specs.at(-1)?.repeated === true ? specs.at(-1) : undefined);
}

function reportArgument(arg: ArgumentNode, name: string, specs: readonly ArgumentSpec[], place: Place): void {
  const names = specs.map((item) => item.name);
  if (arg.name === undefined) {
    place.report(
      'DLMS-406',
      arg,
      `'${name}' takes ${specs.length === 1 ? 'one argument' : `${specs.length} arguments`} (${names.join(', ')}); this one is too much.`,
    );
    return;
  }
  const suggestions = suggestWords(arg.name.text, names);
  place.report(
    'DLMS-406',
    arg.name,
    `'${name}' has no argument '${arg.name.text}'.${didYouMean(suggestions) || ` It has ${names.join(', ')}.`}`,
    {
      suggestions,
    },
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
