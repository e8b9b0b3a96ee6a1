import { CompletionItemKind } from 'vscode-languageserver/node';
import { actionSpec } from '../../../engine/template/vocabulary/actions.ts';
import { functionSpecs } from '../../../engine/template/vocabulary/functions.ts';
import type { FormName } from '../../../engine/template/vocabulary/types.ts';
import {
  accessWords,
  dataTypeWords,
  mechanismWords,
  protectionWords,
} from '../../../engine/template/vocabulary/words.ts';
import { tabStop } from '../../lsp/snippet.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import type { ValuePlace } from '../cursor.ts';
import { contextWords, counterWords } from '../form-words.ts';
import type { CompletionContext } from './context.ts';
import { attributePaths, expressionSuggestions, functionSuggestion } from './expressions.ts';
import { namesOf } from './names.ts';
import { quirkNames } from './quirk-names.ts';
import { scalerUnits } from './scaler-units.ts';
import { secretSuggestions, wordSuggestions } from './values.ts';

/** Values with a form of their own. */
export function formSuggestions(form: FormName, context: CompletionContext, place: ValuePlace): Suggestion[] {
  const chosen = place.items.flat();
  const first = place.parts.length === 0 && place.brackets.length === 0;
  switch (form) {
    case 'authentication':
      return authentication(place);
    case 'context':
      return first ? wordSuggestions(contextWords, chosen) : [];
    case 'invocation-counter':
      return first ? wordSuggestions(counterWords, chosen).map(wholeWords) : [];
    case 'lock':
      return first && place.items.length === 0 ? [value('3 failures, 15min')] : [];
    case 'rights':
      return rights(place, chosen);
    case 'object-rights':
      return objectRights(context, place);
    case 'serial-range':
      return first ? functionsOf('fleet-serial') : [];
    case 'address':
      return address(place);
    case 'class-attributes':
      return place.parts.length === 1 ? wordSuggestions(dataTypeWords, []) : [];
    case 'class-methods':
      return [];
    case 'action':
      return reactions(context, place);
    case 'expectation':
      return first ? ['result == success', 'value > 0'].map((text) => value(text)) : [];
  }
}

/** `reject` is said of replays. */
function wholeWords(item: Suggestion): Suggestion {
  return item.label === 'reject' ? { ...item, label: 'reject replay' } : item;
}

function value(text: string): Suggestion {
  return { label: text, kind: CompletionItemKind.Value };
}

function functionsOf(where: 'fleet-serial' | 'fleet-address'): Suggestion[] {
  return functionSpecs.filter((spec) => spec.places.includes(where)).map((spec) => functionSuggestion(spec));
}

/** A mechanism, then its password. */
function authentication(place: ValuePlace): Suggestion[] {
  if (place.brackets.length > 0) return [];
  if (place.items.length === 0) return place.parts.length === 0 ? mechanisms() : [];
  if (place.parts.length === 0) return secretSuggestions('password ');
  return place.parts.length === 1 ? secretSuggestions() : [];
}

function mechanisms(): Suggestion[] {
  return mechanismWords.map((item) => ({
    label: item.word,
    kind: CompletionItemKind.EnumMember,
    snippet: item.secret ? `${item.word}, password secret("$0")` : item.word,
    detail: item.doc,
  }));
}

function rights(place: ValuePlace, chosen: readonly string[]): Suggestion[] {
  if (place.brackets.length > 0) return wordSuggestions(protectionWords, []);
  return place.parts.length === 0 ? wordSuggestions(accessWords, chosen) : [];
}

/** Associations, and behind each what it may do. */
function objectRights(context: CompletionContext, place: ValuePlace): Suggestion[] {
  if (place.brackets.length > 0) return wordSuggestions(protectionWords, []);
  const words = wordSuggestions(accessWords, place.parts);
  if (place.parts.length > 0) return words;
  const associations = namesOf(['association'], context).map((item) => ({ ...item, rank: 1 }));
  return place.items.length === 0 ? associations : [...words.map((item) => ({ ...item, rank: 0 })), ...associations];
}

function address(place: ValuePlace): Suggestion[] {
  if (place.brackets.length > 0 || place.parts.length > 0) return [];
  if (place.items.length === 0) return functionsOf('fleet-address');
  return [
    { label: 'ports from', kind: CompletionItemKind.Keyword, snippet: `ports from ${tabStop(1, '40000')}` },
    { label: 'saps from', kind: CompletionItemKind.Keyword, snippet: `saps from ${tabStop(1, '1')}` },
  ];
}

/** `set: output_state, false` and `then: simulate.load, 0` of an object. */
function reactions(context: CompletionContext, place: ValuePlace): Suggestion[] {
  return expressionSuggestions(context, place);
}

/** What an action of a quirk or fault takes. */
export function actionSuggestions(name: string, context: CompletionContext, place: ValuePlace): Suggestion[] {
  const spec = actionSpec(name);
  if (spec === undefined) return [];
  if (place.brackets.length > 0) return expressionSuggestions(context, place, 'behaviour');
  if (name === 'deviates' && place.parts.length === 0) return [...quirkNames(), value('with')];
  if (name === 'wrong_unit') return scalerUnits(context, place);
  if (place.parts.length > 0) return place.member.length > 0 ? attributePaths(context, place) : [];
  const words = place.items.length === 0 ? spec.words : spec.keywords;
  return [
    { label: spec.example, kind: CompletionItemKind.Value, detail: 'example', rank: 6 },
    ...words.map((word): Suggestion => ({ label: word, kind: CompletionItemKind.EnumMember, rank: 0 })),
    ...(name === 'delay' ? expressionSuggestions(context, place, 'behaviour') : []),
    ...(name === 'encode' || name === 'answer' ? attributePaths(context, place) : []),
  ];
}
