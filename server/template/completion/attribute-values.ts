import { CompletionItemKind } from 'vscode-languageserver/node';
import { attributeByName, type ClassAttribute, type InterfaceClass } from '../../../engine/cosem/classes.ts';
import { attributeWords } from '../../../engine/template/vocabulary/attribute-words.ts';
import { dataTypes, switchWords } from '../../../engine/template/vocabulary/words.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import type { ValuePlace } from '../cursor.ts';
import type { CompletionContext } from './context.ts';
import { attributePaths, expressionSuggestions } from './expressions.ts';
import { scalerUnits } from './scaler-units.ts';

/** Attributes that hold attributes of other objects. */
const PATHS: ReadonlySet<string> = new Set(['capture_objects', 'sort_object', 'push_object_list']);

/** What may be said about an attribute of a class. */
export function attributeValueSuggestions(
  item: InterfaceClass,
  context: CompletionContext,
  place: ValuePlace,
): Suggestion[] {
  const attribute = attributeByName(item, place.property);
  if (attribute === undefined) return [];
  if (attribute.form === 'scaler-unit') return scalerUnits(context, place);
  if (PATHS.has(attribute.name)) return attributePaths(context, place);
  const first = place.parts.length === 0 && place.brackets.length === 0;
  const words = first ? attributeWords(item.id, attribute.name) : [];
  return [
    ...words.map(
      (word): Suggestion => ({
        label: word.word,
        kind: CompletionItemKind.EnumMember,
        detail: `${word.code ?? ''} · ${word.doc}`,
        rank: 0,
      }),
    ),
    ...(first && !place.initial ? types(attribute) : []),
    ...(first && attribute.type === 'boolean' ? switches() : []),
    ...expressionSuggestions(context, place),
  ];
}

/** Data types to choose from, for attributes that may have several. */
function types(attribute: ClassAttribute): Suggestion[] {
  const allowed = attribute.alternatives.length === 0 ? dataTypes : attribute.alternatives;
  if (allowed.length === 1) return [];
  return allowed.map((type) => ({
    label: `${type} =`,
    kind: CompletionItemKind.TypeParameter,
    snippet: `${type} = $0`,
    detail: 'data type',
    filter: type,
    rank: COMMON.has(type) ? 0 : 1,
    goesOn: true,
  }));
}

/** Types that most values have. */
const COMMON: ReadonlySet<string> = new Set(['double-long-unsigned', 'long-unsigned', 'octet-string', 'unsigned']);

function switches(): Suggestion[] {
  return switchWords
    .filter((word) => word.word === 'true' || word.word === 'false')
    .map((word) => ({ label: word.word, kind: CompletionItemKind.EnumMember, rank: 0 }));
}
