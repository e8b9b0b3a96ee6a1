import type { Expression, SecretReference } from '../model.ts';
import type { SourcedProperty } from '../semantics/declarations.ts';
import { describe, describeItem } from '../semantics/describe.ts';
import { durationValue, integerValue, numberValue, octetsValue, textValue } from '../semantics/literals.ts';
import { refer } from '../semantics/refer.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ExpressionNode, ItemNode, NameNode, PropertyNode } from '../syntax/tree.ts';
import type { BlockSpec, PropertySpec, SymbolKind, ValueType } from '../vocabulary/types.ts';
import { switchValue } from '../vocabulary/words.ts';
import { toExpression } from './expression.ts';

/** Reads the properties of one block as the vocabulary describes them; what does not fit is reported and undefined. */
export interface PropertyReader {
  source(name: string): SourcedProperty | undefined;
  sources(name: string): readonly SourcedProperty[];
  place(name: string): Place | undefined;
  text(name: string): string | undefined;
  integer(name: string): number | undefined;
  duration(name: string): number | undefined;
  percent(name: string): number | undefined;
  word(name: string): string | undefined;
  words(name: string): readonly string[] | undefined;
  reference(name: string): string | undefined;
  references(name: string): readonly string[] | undefined;
  secret(name: string): SecretReference | undefined;
  expression(name: string): Expression | undefined;
}

type Sources = ReadonlyMap<string, SourcedProperty | readonly SourcedProperty[]>;

/** A reader over merged properties. All properties the vocabulary knows are checked, whether they are asked for or not. */
export function readProperties(spec: BlockSpec, properties: Sources, scope: MeterScope): PropertyReader {
  const all = (name: string): readonly SourcedProperty[] => {
    const found = properties.get(name);
    return found === undefined ? [] : 'node' in found ? [found] : found;
  };
  const values = new Map<string, unknown>();
  for (const property of spec.properties) {
    for (const source of all(property.name)) {
      if (source.node.items.length === 0) continue;
      values.set(property.name, readValue(property, source.node, scope.place(source.origin)));
    }
  }
  const value = <T>(name: string, is: (found: unknown) => found is T): T | undefined => {
    const found = values.get(name);
    return is(found) ? found : undefined;
  };
  const isText = (found: unknown): found is string => typeof found === 'string';
  const isNumber = (found: unknown): found is number => typeof found === 'number';
  const isList = (found: unknown): found is readonly string[] => Array.isArray(found);
  const isSecret = (found: unknown): found is SecretReference =>
    typeof found === 'object' && found !== null && !('k' in found);
  const isExpression = (found: unknown): found is Expression =>
    typeof found === 'object' && found !== null && 'k' in found;
  return {
    source: (name) => all(name).at(-1),
    sources: all,
    place: (name) => {
      const source = all(name).at(-1);
      return source === undefined ? undefined : scope.place(source.origin);
    },
    text: (name) => value(name, isText),
    integer: (name) => value(name, isNumber),
    duration: (name) => value(name, isNumber),
    percent: (name) => value(name, isNumber),
    word: (name) => value(name, isText),
    words: (name) => value(name, isList),
    reference: (name) => value(name, isText),
    references: (name) => value(name, isList),
    secret: (name) => value(name, isSecret),
    expression: (name) => value(name, isExpression),
  };
}

/** Reads one property by its type. */
export function readValue(spec: PropertySpec, node: PropertyNode, place: Place): unknown {
  const type = spec.value;
  switch (type.is) {
    case 'words': {
      const words = type.of().map((item) => item.word);
      const found = node.items.map((item) => wordOf(item, words, type.noun, spec, place));
      return found.filter((word) => word !== undefined);
    }
    case 'references':
      return node.items.flatMap((item) => {
        const name = nameOf(item, spec, place);
        return name === undefined || spec.name === 'remove' ? [] : (referTo(type.to, name, place) ?? []);
      });
    case 'attributes':
    case 'form':
    case 'nameplate':
    case 'attribute-value':
      return undefined;
    case 'expression':
      return node.items.length > 1
        ? listOf(node.items, place)
        : partOf(node, spec, place, (part) => toExpression(part, place));
    default:
      return partOf(node, spec, place, (part) => single(type, part, spec, place));
  }
}

function listOf(items: readonly ItemNode[], place: Place): Expression | undefined {
  const found = items.map((item) => {
    const [part] = item.parts;
    return part === undefined ? undefined : toExpression(part, place, plainWord);
  });
  return found.every((item) => item !== undefined) ? { k: 'list', items: found } : undefined;
}

/** In a list of settings a word is a switch or means itself. */
function plainWord(word: string): Expression {
  const flag = switchValue(word);
  return flag === undefined ? { k: 'name', value: word } : { k: 'boolean', value: flag };
}

/** The only part of the only item; anything else is reported. */
function partOf<T>(
  node: PropertyNode,
  spec: PropertySpec,
  place: Place,
  read: (part: ExpressionNode) => T | undefined,
): T | undefined {
  const [item, second] = node.items;
  const [part] = item?.parts ?? [];
  if (item === undefined || part === undefined || part.kind === 'missing') return undefined;
  if (second !== undefined) {
    reportType(spec, second, `'${spec.name}' takes one value, not several`, place);
    return undefined;
  }
  if (item.parts.length > 1 || item.init !== undefined) {
    reportType(spec, item, `'${spec.name}' takes ${expectation(spec.value)}, found ${describeItem(item)}`, place);
    return undefined;
  }
  return read(part);
}

function single(type: ValueType, part: ExpressionNode, spec: PropertySpec, place: Place): unknown {
  const wrong = (suggestions: readonly string[] = []): undefined => {
    reportType(spec, part, `'${spec.name}' takes ${expectation(type)}, found ${describe(part)}`, place, suggestions);
    return undefined;
  };
  switch (type.is) {
    case 'text': {
      if (part.kind !== 'literal' || part.type !== 'text') return wrong(part.kind === 'name' ? [`"${part.text}"`] : []);
      const text = textValue(part);
      if (type.pattern !== undefined && !type.pattern.test(text)) {
        place.report(
          'DLMS-412',
          part,
          `'${spec.name}' takes ${type.means ?? 'another form'}, found ${part.text}. For example ${spec.example}.`,
        );
        return undefined;
      }
      return text;
    }
    case 'integer': {
      const value = integerValue(part);
      if (value === undefined) return wrong();
      if (value >= type.min && value <= type.max) return value;
      place.report('DLMS-402', part, `'${spec.name}' takes ${type.min} to ${type.max}, found ${value}.`);
      return undefined;
    }
    case 'percent': {
      if (part.kind !== 'literal' || (part.type !== 'percent' && part.type !== 'number')) return wrong();
      const value = numberValue(part) ?? 0;
      if (value >= 0 && value <= 1) return value;
      place.report('DLMS-402', part, `'${spec.name}' takes 0% to 100%, found ${part.text}.`, {
        suggestions: part.type === 'number' && value <= 100 ? [`${part.text}%`] : [],
      });
      return undefined;
    }
    case 'duration': {
      const value = durationValue(part);
      if (value !== undefined) return value;
      return wrong(durationSuggestions(part));
    }
    case 'switch': {
      const value = part.kind === 'name' ? switchValue(part.text) : undefined;
      return value ?? wrong();
    }
    case 'word': {
      const words = type.of().map((item) => item.word);
      return part.kind === 'name' ? knownWord(part, words, type.noun, place) : wrong();
    }
    case 'reference':
      return part.kind === 'name' ? referTo([type.to], part, place)?.[0] : wrong();
    case 'secret':
      return secretOf(part, spec, place);
    case 'scaler-unit': {
      const value = toExpression(part, place);
      return value === undefined || value.k === 'scaler-unit' ? value : wrong();
    }
    default:
      return undefined;
  }
}

/** `15 min` and `5 minutes` are meant as `15min` and `5min`. */
function durationSuggestions(part: ExpressionNode): readonly string[] {
  if (part.kind !== 'quantity') return [];
  const unit = /^(?:ms|s|min|h|d)/.exec(part.unit.text)?.[0];
  return unit === undefined ? [] : [`${part.number.text}${unit}`];
}

function nameOf(item: ItemNode, spec: PropertySpec, place: Place): NameNode | undefined {
  const part = item.parts.at(-1);
  if (part?.kind === 'name' && item.init === undefined) return part;
  if (part?.kind !== 'missing')
    reportType(spec, item, `'${spec.name}' takes names, found ${describeItem(item)}`, place);
  return undefined;
}

function wordOf(
  item: ItemNode,
  words: readonly string[],
  noun: string,
  spec: PropertySpec,
  place: Place,
): string | undefined {
  const [part] = item.parts;
  if (item.parts.length === 1 && part?.kind === 'name' && item.init === undefined)
    return knownWord(part, words, noun, place);
  if (part?.kind !== 'missing')
    reportType(spec, item, `'${spec.name}' takes words separated by commas, found ${describeItem(item)}`, place);
  return undefined;
}

/** A word of a closed set; an unknown one is reported with the nearest of them. */
export function knownWord(part: NameNode, words: readonly string[], noun: string, place: Place): string | undefined {
  if (words.includes(part.text)) return part.text;
  const suggestions = suggestWords(part.text, words);
  const list = words.length <= 8 ? ` There ${words.length === 1 ? 'is' : 'are'} ${words.join(', ')}.` : '';
  place.report('DLMS-403', part, `'${part.text}' is no ${noun}.${didYouMean(suggestions) || list}`, { suggestions });
  return undefined;
}

/** Looks a name up in the meter; records the reference, or reports that there is no such thing. */
export function referTo(kinds: readonly SymbolKind[], node: NameNode, place: Place): readonly string[] | undefined {
  const kind = kinds.find((one) => place.scope.names(one).includes(node.text));
  if (kind !== undefined) {
    refer(place, kind, node.text, node);
    return [node.text];
  }
  // Profiles are names of other files, looked up by the analysis.
  if (kinds.includes('profile')) return [node.text];
  if (!place.scope.complete) return undefined;
  const suggestions = suggestWords(
    node.text,
    kinds.flatMap((one) => place.scope.names(one)),
  );
  const [noun = ''] = kinds;
  place.report(
    'DLMS-303',
    node,
    `Meter '${place.scope.meter.declaration.name}' has no ${noun === 'rights' ? 'set of rights' : noun} '${node.text}'.${didYouMean(suggestions)}`,
    {
      suggestions,
    },
  );
  return undefined;
}

/** `secret("x")`, `env("X")`, `file("x.pem")`, or a literal with a warning. */
export function secretOf(
  part: ExpressionNode,
  spec: { readonly name: string },
  place: Place,
): SecretReference | undefined {
  if (part.kind === 'call' && part.callee.kind === 'name') {
    const [argument, second] = part.args;
    const value = argument?.value;
    const source = part.callee.text;
    if (second === undefined && value?.kind === 'literal' && value.type === 'text' && argument?.name === undefined) {
      const text = textValue(value);
      if (source === 'secret') return { secret: text };
      if (source === 'env') return { env: text };
      if (source === 'file') return { file: text };
    }
    const suggestions = suggestWords(source, ['secret', 'env', 'file']);
    place.report(
      'DLMS-401',
      part,
      `'${spec.name}' takes secret("name"), env("NAME") or file("path").${didYouMean(suggestions.filter((item) => item !== source))}`,
    );
    return undefined;
  }
  if (part.kind === 'literal' && (part.type === 'octets' || part.type === 'text')) {
    const literal = part.type === 'octets' ? octetsValue(part) : textValue(part);
    if (literal === undefined) {
      place.report('DLMS-415', part, 'Octets are pairs of hex digits, for example h"00 1a ff".');
      return undefined;
    }
    place.report(
      'DLMS-605',
      part,
      `'${spec.name}' stands readable in this file. Name it instead: secret("…") is looked up where secrets are kept.`,
      {
        hint: 'Move it to the secret storage.',
      },
    );
    return { literal, encoding: part.type === 'octets' ? 'hex' : 'text' };
  }
  if (part.kind !== 'missing') {
    place.report(
      'DLMS-401',
      part,
      `'${spec.name}' takes secret("name"), env("NAME") or file("path"), found ${describe(part)}.`,
    );
  }
  return undefined;
}

function reportType(
  spec: PropertySpec,
  range: { from: number; to: number },
  message: string,
  place: Place,
  suggestions: readonly string[] = [],
): void {
  place.report(
    'DLMS-401',
    range,
    `${message}. For example '${spec.name}: ${spec.example}'.${didYouMean(suggestions)}`,
    { suggestions },
  );
}

function expectation(type: ValueType): string {
  switch (type.is) {
    case 'text':
      return 'a text in double quotes';
    case 'integer':
      return 'a whole number';
    case 'percent':
      return 'a percentage';
    case 'duration':
      return 'a duration';
    case 'switch':
      return "'yes' or 'no'";
    case 'word':
      return `a ${type.noun}`;
    case 'reference':
      return `the name of a ${type.to}`;
    case 'secret':
      return 'a secret';
    case 'scaler-unit':
      return 'a power of ten and a unit';
    default:
      return 'one value';
  }
}
