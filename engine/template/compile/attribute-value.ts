import type { DataType } from '../../codec/axdr/data.ts';
import type { AttributeType, ClassAttribute, InterfaceClass } from '../../cosem/classes.ts';
import type { AttributeModel, Expression } from '../model.ts';
import type { SourcedProperty } from '../semantics/declarations.ts';
import { describeItem } from '../semantics/describe.ts';
import type { Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ExpressionNode, ItemNode } from '../syntax/tree.ts';
import { attributeWords } from '../vocabulary/attribute-words.ts';
import { typeConstructors } from '../vocabulary/functions.ts';
import { dataTypes, integerRanges } from '../vocabulary/words.ts';
import { toExpression } from './expression.ts';

const PROFILE_GENERIC = 7;

/** Compiles what a property says about an attribute. Undefined if it cannot be understood; that is reported. */
export function compileAttribute(
  source: SourcedProperty,
  item: InterfaceClass,
  attribute: ClassAttribute,
  place: Place,
): AttributeModel | undefined {
  const { items } = source.node;
  const [first] = items;
  if (first === undefined) return undefined;
  const words = (word: string): Expression | undefined => {
    const code = attributeWords(item.id, attribute.name).find((one) => one.word === word)?.code;
    return code === undefined ? undefined : { k: 'number', value: code };
  };
  if (items.length > 1) return compileList(items, attribute, place, words);
  const typed = first.init !== undefined ? typeOf(first, place) : undefined;
  if (first.init !== undefined && typed === undefined) return undefined;
  const node = first.init ?? onlyPart(first, attribute, place);
  if (node === undefined || node.kind === 'missing') return undefined;
  const known = attributeWords(item.id, attribute.name);
  if (
    known.length > 0 &&
    node.kind === 'name' &&
    words(node.text) === undefined &&
    !place.scope.names('object').includes(node.text)
  ) {
    const names = known.map((one) => one.word);
    const suggestions = suggestWords(node.text, names);
    place.report(
      'DLMS-403',
      node,
      `'${node.text}' is no value of ${attribute.name}.${didYouMean(suggestions) || ` There are ${names.join(', ')}.`}`,
      { suggestions },
    );
    return undefined;
  }
  const found = toExpression(node, place, words);
  if (found === undefined) return undefined;
  const value = inSeconds(found, typed ?? attribute.type);
  const listed = isListOfOne(value, item, attribute) ? ({ k: 'list', items: [value] } as const) : value;
  const type = typed ?? constructedType(listed);
  if (!checkType(type, listed, node, first, attribute, place)) return undefined;
  checkRange(type ?? attribute.alternatives[0], listed, node, place);
  return type === undefined || (attribute.type === type && attribute.alternatives.length === 1)
    ? { value: listed }
    : { type, value: listed };
}

/** Durations become seconds in attributes that hold whole numbers, as capture_period does. */
function inSeconds(value: Expression, type: AttributeType): Expression {
  return value.k === 'duration' && type in integerRanges ? { k: 'number', value: value.ms / 1000 } : value;
}

/** Lists of one need no brackets: `capture_objects: clock.time`, `scripts: script(1, …)`. */
function isListOfOne(value: Expression, item: InterfaceClass, attribute: ClassAttribute): boolean {
  if (value.k === 'list') return false;
  if (item.id === PROFILE_GENERIC && attribute.name === 'capture_objects') return true;
  return attribute.type === 'array' && constructedType(value) === 'structure';
}

function compileList(
  items: readonly ItemNode[],
  attribute: ClassAttribute,
  place: Place,
  words: (word: string) => Expression | undefined,
): AttributeModel | undefined {
  if (attribute.type !== 'array' && attribute.type !== 'structure' && attribute.type !== 'choice') {
    const second = items[1];
    if (second !== undefined)
      place.report('DLMS-401', second, `'${attribute.name}' is a ${attribute.type} and takes one value, not several.`);
    return undefined;
  }
  const values = items.map((one) => {
    const node = onlyPart(one, attribute, place);
    return node === undefined || node.kind === 'missing' ? undefined : toExpression(node, place, words);
  });
  return values.every((value) => value !== undefined) ? { value: { k: 'list', items: values } } : undefined;
}

function onlyPart(item: ItemNode, attribute: ClassAttribute, place: Place): ExpressionNode | undefined {
  const [part, second] = item.parts;
  if (second === undefined && item.init === undefined) return part;
  const type = part?.kind === 'name' ? dataTypes.find((one) => one === part.text) : undefined;
  if (type !== undefined && second !== undefined) {
    place.report(
      'DLMS-401',
      item,
      `Between the type and the value of '${attribute.name}' stands '=': '${attribute.name}: ${type} = …'.`,
    );
  } else {
    place.report('DLMS-401', item, `'${attribute.name}' takes one value, found ${describeItem(item)}.`);
  }
  return undefined;
}

/** The data type before `=`. */
function typeOf(item: ItemNode, place: Place): DataType | undefined {
  const [part, second] = item.parts;
  if (part?.kind === 'name' && second === undefined) {
    const type = dataTypes.find((one) => one === part.text);
    if (type !== undefined) return type;
    const suggestions = suggestWords(part.text, dataTypes);
    place.report(
      'DLMS-407',
      part,
      `'${part.text}' is no data type.${didYouMean(suggestions) || ' Types are for example double-long-unsigned, long-unsigned, octet-string.'}`,
      { suggestions },
    );
    return undefined;
  }
  if (part?.kind !== 'missing') {
    place.report(
      'DLMS-407',
      { from: item.from, to: item.parts.at(-1)?.to ?? item.to },
      "Before '=' stands a data type, for example double-long-unsigned.",
    );
  }
  return undefined;
}

/** `structure(…)` says its type itself. */
function constructedType(value: Expression): DataType | undefined {
  if (value.k !== 'call' || !typeConstructors.has(value.name)) return undefined;
  return dataTypes.find((type) => type === value.name);
}

/** Likely types for a value, for the message that asks for one. */
function likelyTypes(value: Expression): readonly DataType[] {
  if (value.k === 'text') return ['octet-string', 'visible-string'];
  if (value.k === 'ref' && value.path.startsWith('identity.')) return ['octet-string', 'visible-string'];
  if (value.k === 'boolean') return ['boolean'];
  if (value.k === 'octets') return ['octet-string'];
  if (value.k === 'call' && value.name === 'bits') return ['bit-string'];
  return ['double-long-unsigned', 'long-unsigned', 'double-long'];
}

function checkType(
  type: DataType | undefined,
  value: Expression,
  node: ExpressionNode,
  item: ItemNode,
  attribute: ClassAttribute,
  place: Place,
): boolean {
  if (attribute.form === 'scaler-unit' && value.k !== 'scaler-unit' && constructedType(value) === undefined) {
    place.report('DLMS-401', item, `'${attribute.name}' takes a power of ten and a unit, for example '10^0 Wh'.`);
    return false;
  }
  if (attribute.form !== 'scaler-unit' && value.k === 'scaler-unit') {
    place.report(
      'DLMS-401',
      item,
      `'${attribute.name}' takes a value; a power of ten and a unit stand in scaler_unit.`,
    );
    return false;
  }
  if (type === undefined) {
    if (attribute.type !== 'choice') return true;
    const suggestions = likelyTypes(value);
    place.report(
      'DLMS-409',
      node,
      `'${attribute.name}' can be of any type, so it must be said: '${attribute.name}: ${suggestions[0] ?? 'unsigned'} = …'.`,
      {
        suggestions: suggestions.map((one) => `${one} = `),
        hint: 'Put the type and = before the value.',
      },
    );
    return false;
  }
  if (attribute.alternatives.length === 0 || attribute.alternatives.includes(type)) return true;
  place.report(
    'DLMS-408',
    item.init === undefined ? node : (item.parts[0] ?? item),
    `'${attribute.name}' is a ${attribute.alternatives.join(' or ')} in its class, not a ${type}.`,
    {
      suggestions: attribute.alternatives,
    },
  );
  return false;
}

/** A constant must fit its type. */
function checkRange(type: DataType | undefined, value: Expression, node: ExpressionNode, place: Place): void {
  if (type === undefined || value.k !== 'number') return;
  const range = integerRanges[type];
  if (range === undefined) return;
  const [low, high] = range;
  if (!Number.isInteger(value.value)) {
    place.report('DLMS-410', node, `${type} holds whole numbers, found ${value.value}.`, {
      hint: 'Use a scaler_unit with a smaller power of ten, or float32.',
    });
  } else if (value.value < low || value.value > high) {
    place.report('DLMS-410', node, `${value.value} does not fit into ${type}, which holds ${low} to ${high}.`);
  }
}
