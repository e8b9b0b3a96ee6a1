import { CompletionItemKind } from 'vscode-languageserver/node';
import { allClasses, interfaceClass } from '../../engine/cosem/classes.ts';
import { allFlagManufacturers } from '../../engine/cosem/flag-ids.ts';
import { searchObis } from '../../engine/cosem/obis/search.ts';
import { allUnits, unitById } from '../../engine/cosem/units.ts';
import type { Suggestion, Suggestions } from '../lsp/suggestions.ts';
import type { ProfileContext } from './completion.ts';
import { ITEM, type Schema, wordsOf } from './schema.ts';

/** Most codes offered for one text. */
const MAX_CODES = 25;

/** What a value may be: words of the schema, and what is known about OBIS codes, classes and units. */
export function valueSuggestions(schema: Schema, context: ProfileContext): Suggestions {
  const { path } = context.cursor;
  const key = path.at(-1) === ITEM ? path.at(-2) : path.at(-1);
  const words = wordsOf(schema);
  if (words.length > 0) return { items: [...words.map((word) => wordSuggestion(word)), ...groups(key ?? '', context)] };
  switch (key) {
    case 'obis':
    case 'must_have':
    case 'must_not_have':
      return { items: codes(context), isIncomplete: true };
    case 'class':
      return { items: classes(context) };
    case 'unit':
      return { items: units(context) };
    case 'flag':
      return { items: flags() };
    case 'extends':
      return { items: profiles(context) };
    case 'en':
    case 'name':
      return { items: names(context, key) };
    default:
      return { items: groups(key ?? '', context) };
  }
}

function wordSuggestion(word: string): Suggestion {
  return { label: word, kind: CompletionItemKind.EnumMember };
}

/** Named groups of the code: `"{tariff}"`. */
function groups(key: string, { text, cursor }: ProfileContext): Suggestion[] {
  if (key !== 'tariff' && key !== 'phase') return [];
  const above = text.slice(0, cursor.word.from);
  const object = above.slice(above.lastIndexOf('obis:'));
  const names = [...object.matchAll(/\{([a-z]+):\d/g)].map(([, name = '']) => name);
  return names.map((name) => ({
    label: `{${name}}`,
    kind: CompletionItemKind.Variable,
    snippet: `"{${name}\\}"`,
    detail: 'number of the group',
    rank: 0,
  }));
}

function codes({ text, cursor }: ProfileContext): Suggestion[] {
  const query = text.slice(cursor.word.from, cursor.word.to);
  return searchObis(query, { limit: MAX_CODES }).map((found, index) => ({
    label: found.obis,
    kind: CompletionItemKind.Constant,
    detail: found.name,
    about: { about: 'obis', of: found.obis },
    filter: `${query}${index}`,
  }));
}

/** Numbers of classes; those the code usually has come first. */
function classes({ named }: ProfileContext): Suggestion[] {
  const usual = named?.expectedClasses ?? [];
  const ids = [...new Set([...usual, ...allClasses().map((item) => item.id)])];
  return ids.map((id) => ({
    label: String(id),
    kind: CompletionItemKind.Class,
    detail: interfaceClass(id)?.name ?? '',
    about: { about: 'class', of: id },
    rank: usual.includes(id) ? 1 : 5,
  }));
}

/** Units; the one the code usually has comes first. */
function units({ named }: ProfileContext): Suggestion[] {
  const usual = named?.unit === undefined ? undefined : unitById(named.unit);
  const symbols = new Map(
    (usual === undefined ? allUnits() : [usual, ...allUnits()]).map((unit) => [unit.symbol, unit]),
  );
  return [...symbols.values()].map((unit) => ({
    label: unit.symbol,
    kind: CompletionItemKind.Unit,
    // Signs that mean something in YAML.
    ...(/^[%°]/.test(unit.symbol) ? { snippet: `"${unit.symbol}"` } : {}),
    detail: unit.quantity,
    about: { about: 'unit', of: unit.id },
    rank: unit.symbol === usual?.symbol ? 0 : 5,
  }));
}

function flags(): Suggestion[] {
  return allFlagManufacturers().map((maker) => ({
    label: maker.flag,
    kind: CompletionItemKind.Constant,
    detail: maker.name,
  }));
}

/** Profiles in the folder, by the name their file gives them. */
function profiles({ list }: ProfileContext): Suggestion[] {
  return list().flatMap(({ name, folder }) => {
    const profile = /^(.+)\.obis\.ya?ml$/.exec(name)?.[1];
    if (folder || profile === undefined) return [];
    return [{ label: profile.replaceAll('-', '_'), kind: CompletionItemKind.Module, detail: name }];
  });
}

/** The name of the code. */
function names({ named }: ProfileContext, key: 'en' | 'name'): Suggestion[] {
  if (named === undefined) return [];
  const text = `"${named.name}"`;
  return [
    {
      label: named.name,
      kind: CompletionItemKind.Value,
      snippet: key === 'en' ? text : `{ en: ${text} \\}`,
      detail: named.obis,
    },
  ];
}
