import { CompletionItemKind } from 'vscode-languageserver/node';
import { legalConformance } from '../../../engine/cosem/conformance.ts';
import { actionSpec } from '../../../engine/template/vocabulary/actions.ts';
import { classSettings } from '../../../engine/template/vocabulary/object-blocks.ts';
import type { BlockSpec, PropertySpec, ValueType, WordTable } from '../../../engine/template/vocabulary/types.ts';
import { conformanceWords, switchWords } from '../../../engine/template/vocabulary/words.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import { innerHead, type ValuePlace } from '../cursor.ts';
import { secretWords } from '../form-words.ts';
import { attributeValueSuggestions } from './attribute-values.ts';
import { type CompletionContext, objectAround } from './context.ts';
import { attributePaths, expressionSuggestions } from './expressions.ts';
import { actionSuggestions, formSuggestions } from './forms.ts';
import { namesOf } from './names.ts';
import { pathSuggestions } from './paths.ts';
import { scalerUnits } from './scaler-units.ts';
import { quotedSuggestions } from './texts.ts';

/** What may stand behind `name:`. */
export function valueSuggestions(context: CompletionContext, place: ValuePlace): Suggestion[] {
  const head = innerHead(context.cursor.around);
  const property = propertyAt(head?.spec, place.property, context);
  if (place.quoted !== undefined) return inQuotes(context, place, property);
  if (property !== undefined) return ofType(property.value, property, context, place);
  const item = head?.kind === 'object' ? objectAround(context) : undefined;
  return item === undefined ? [] : attributeValueSuggestions(item, context, place);
}

/** What is known about a property of the block around. */
function propertyAt(spec: BlockSpec | undefined, name: string, context: CompletionContext): PropertySpec | undefined {
  if (spec === undefined) return name === 'use' ? USE : undefined;
  const known = spec.properties.find((item) => item.name === name);
  if (known !== undefined || spec.kind !== 'object') {
    return known ?? (spec.free === undefined ? undefined : { ...spec.free, name });
  }
  return (classSettings[objectAround(context)?.id ?? 0] ?? []).find((item) => item.name === name);
}

const USE: PropertySpec = { name: 'use', doc: '', value: { is: 'path' }, example: '' };

function inQuotes(context: CompletionContext, place: ValuePlace, property: PropertySpec | undefined): Suggestion[] {
  const { quoted } = place;
  if (quoted === undefined) return [];
  if (property?.value.is === 'path') return pathSuggestions(context, quoted);
  return quotedSuggestions(context, place, quoted);
}

function ofType(type: ValueType, property: PropertySpec, context: CompletionContext, place: ValuePlace): Suggestion[] {
  const first = place.parts.length === 0 && place.brackets.length === 0;
  switch (type.is) {
    case 'text':
    case 'path':
      return first ? [example(property.example, type.is === 'path' ? '"$0"' : undefined)] : [];
    case 'integer':
    case 'percent':
    case 'duration':
    case 'nameplate':
      return first ? [example(property.example)] : [];
    case 'switch':
      return first ? wordSuggestions(switchWords, []) : [];
    case 'word':
      return first ? wordSuggestions(type.of(), []) : [];
    case 'words':
      return first ? wordSuggestions(legalWords(type.of(), context), place.items.flat()) : [];
    case 'reference':
      return first ? namesOf([type.to], context) : [];
    case 'references':
      return first ? withoutChosen(namesOf(type.to, context), place.items.flat()) : [];
    case 'attributes':
      return attributePaths(context, place);
    case 'secret':
      return place.brackets.length === 0 && first ? secretSuggestions() : [];
    case 'expression':
      return expressionSuggestions(context, place);
    case 'scaler-unit':
      return scalerUnits(context, place);
    case 'attribute-value':
      return [];
    case 'form':
      return actionSpec(property.name) !== undefined && type.form === 'action'
        ? actionSuggestions(property.name, context, place)
        : formSuggestions(type.form, context, place);
  }
}

/** Bits that exist in the referencing of the association, or of its meter. */
function legalWords(words: WordTable, context: CompletionContext): WordTable {
  if (words !== conformanceWords) return words;
  const referencing = referencingAround(context);
  if (referencing === undefined) return words;
  const legal = new Set(legalConformance(referencing).map((bit) => bit.name));
  return words.filter((word) => legal.has(word.word));
}

function referencingAround({ cursor, scope, analysis }: CompletionContext): 'LN' | 'SN' | undefined {
  const block = cursor.around.at(-1);
  const contextProperty = block?.entries.find((entry) => entry.kind === 'property' && entry.name.text === 'context');
  if (contextProperty?.kind === 'property') {
    const words = contextProperty.items
      .flatMap((item) => item.parts)
      .map((part) => (part.kind === 'name' ? part.text : ''));
    if (words.includes('SN')) return 'SN';
    if (words.includes('LN')) return 'LN';
  }
  const referencing =
    scope === undefined ? undefined : analysis.meters.get(scope.meter.declaration.name)?.model.referencing;
  return referencing === 'both' ? undefined : referencing;
}

/** Words of a closed set, without those that are there already. */
export function wordSuggestions(words: WordTable, chosen: readonly string[]): Suggestion[] {
  return words
    .filter((word) => !chosen.includes(word.word))
    .map((word) => ({ label: word.word, kind: CompletionItemKind.EnumMember, detail: word.doc }));
}

function withoutChosen(suggestions: readonly Suggestion[], chosen: readonly string[]): Suggestion[] {
  return suggestions.filter((item) => !chosen.includes(item.label));
}

/** The three ways to name a key or password. */
export function secretSuggestions(before = ''): Suggestion[] {
  return secretWords.map(({ word, doc }) => ({
    label: `${before}${word}`,
    kind: CompletionItemKind.Function,
    snippet: `${before}${word}("$0")`,
    detail: doc,
  }));
}

function example(text: string, snippet?: string): Suggestion {
  return {
    label: text,
    kind: CompletionItemKind.Value,
    detail: 'example',
    ...(snippet === undefined ? {} : { snippet }),
  };
}
