import { CompletionItemKind } from 'vscode-languageserver/node';
import { attributeByName, type InterfaceClass } from '../../../engine/cosem/classes.ts';
import { headOf } from '../../../engine/template/semantics/heads.ts';
import { identityProperties } from '../../../engine/template/semantics/names.ts';
import {
  clockParts,
  type FunctionPlace,
  type FunctionSpec,
  functionSpec,
  functionSpecs,
  sinceWords,
} from '../../../engine/template/vocabulary/functions.ts';
import { dataTypes } from '../../../engine/template/vocabulary/words.ts';
import { escapeSnippet, tabStop } from '../../lsp/snippet.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import { signatureOf } from '../../markdown/vocabulary.ts';
import type { ValuePlace } from '../cursor.ts';
import type { CompletionContext } from './context.ts';
import { namesOf } from './names.ts';

const CLOCK_CLASS = 8;

/** What may stand in an expression: functions, objects, simulated values, the identity, `for` variables. */
export function expressionSuggestions(
  context: CompletionContext,
  place: ValuePlace,
  where: FunctionPlace = 'value',
): Suggestion[] {
  if (place.member.length > 0) return memberSuggestions(context, place.member);
  const call = place.brackets.at(-1);
  const called = call === undefined ? undefined : functionSpec(call.callee);
  if (called !== undefined && call !== undefined) {
    const given = called.args.find((arg) => arg.name === call.name);
    if (given?.type === 'word')
      return (given.words ?? sinceWords).map((word) => ({ label: word, kind: CompletionItemKind.EnumMember }));
    const names = call.name === undefined ? argumentNames(called) : [];
    return [...names, ...operands(context, where)];
  }
  return operands(context, where);
}

function operands(context: CompletionContext, where: FunctionPlace): Suggestion[] {
  return [
    ...variables(context),
    ...namesOf(['object'], context).map((item) => ({ ...item, rank: 2 })),
    ...namesOf(['simulation'], context).map((item) => ({ ...item, label: `simulate.${item.label}`, rank: 1 })),
    { label: 'identity', kind: CompletionItemKind.Module, snippet: 'identity.$0', rank: 3, goesOn: true },
    ...functionSpecs.filter((spec) => spec.places.includes(where)).map((spec) => functionSuggestion(spec)),
    ...dataTypes.map((type) => constructorSuggestion(type)),
  ];
}

/** A function with places for the arguments it needs. */
export function functionSuggestion(spec: FunctionSpec): Suggestion {
  const needed = spec.args.filter((arg) => arg.optional !== true);
  const args = needed.map((arg, index) => tabStop(index + 1, arg.name));
  return {
    label: spec.name,
    kind: CompletionItemKind.Function,
    snippet: `${spec.name}(${args.join(', ')})`,
    detail: signatureOf(spec),
    about: { about: 'function', of: spec.name },
    rank: 4,
  };
}

function constructorSuggestion(type: string): Suggestion {
  return {
    label: type,
    kind: CompletionItemKind.Constructor,
    snippet: `${type}($0)`,
    detail: 'value of this type',
    rank: 6,
  };
}

function argumentNames(spec: FunctionSpec): Suggestion[] {
  return spec.args
    .filter((arg) => arg.repeated !== true)
    .map((arg) => ({
      label: `${arg.name}:`,
      kind: CompletionItemKind.Property,
      snippet: `${arg.name}: $0`,
      detail: arg.doc,
      rank: 0,
    }));
}

/** Variables of the `for` blocks around. */
function variables({ cursor }: CompletionContext): Suggestion[] {
  return cursor.around.flatMap((block) => {
    const head = headOf(block);
    const [variable, , range] = head.labels;
    if (head.kind !== 'for' || variable?.kind !== 'name') return [];
    return [{ label: variable.text, kind: CompletionItemKind.Variable, detail: range?.text ?? '', rank: 0 }];
  });
}

/** What may stand behind the dot. */
function memberSuggestions(context: CompletionContext, path: readonly string[]): Suggestion[] {
  const [first = '', second] = path;
  if (second !== undefined) return identityTexts(path) ? [lastDigits()] : [];
  const { scope } = context;
  const object = scope?.object(first);
  if (object !== undefined) return attributesOf(scope?.classOf(object));
  if (first === 'simulate') return namesOf(['simulation'], context);
  if (first === 'identity') return identity(context);
  return identityProperties.includes(first) ? [lastDigits()] : [];
}

function identityTexts([first = '', second = '']: readonly string[]): boolean {
  return first === 'identity' && identityProperties.includes(second);
}

function lastDigits(): Suggestion {
  return {
    label: 'last',
    kind: CompletionItemKind.Method,
    snippet: `last(${tabStop(1, '2')})`,
    about: { about: 'function', of: 'last' },
  };
}

function identity({ scope }: CompletionContext): Suggestion[] {
  const nameplate = [...(scope?.meter.singles.get('nameplate')?.keys() ?? [])];
  return [...identityProperties, ...nameplate].map((name) => ({ label: name, kind: CompletionItemKind.Property }));
}

/** Attributes of an object, and the parts of the time where it is a clock. */
function attributesOf(item: InterfaceClass | undefined): Suggestion[] {
  if (item === undefined) return [];
  const attributes = item.attributes.slice(1).map(
    (attribute): Suggestion => ({
      label: attribute.name,
      kind: CompletionItemKind.Field,
      detail: `attribute ${attribute.index}`,
      about: { about: 'attribute', of: item.id, version: item.version, index: attribute.index },
    }),
  );
  if (item.id !== CLOCK_CLASS || attributeByName(item, 'time') === undefined) return attributes;
  return [
    ...attributes,
    ...clockParts.map((part) => ({ label: part, kind: CompletionItemKind.Property, detail: 'part of the time' })),
  ];
}

/** `object.attribute`: objects before the dot, attributes behind it. */
export function attributePaths(context: CompletionContext, place: ValuePlace): Suggestion[] {
  const [object, ...more] = place.member;
  if (object === undefined) {
    return namesOf(['object'], context).map((item) => ({
      ...item,
      snippet: `${escapeSnippet(item.label)}.$0`,
      goesOn: true,
    }));
  }
  const found = context.scope?.object(object);
  return found === undefined || more.length > 0 ? [] : attributesOf(context.scope?.classOf(found));
}
