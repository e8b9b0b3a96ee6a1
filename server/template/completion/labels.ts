import { CompletionItemKind } from 'vscode-languageserver/node';
import { allClasses, interfaceClass } from '../../../engine/cosem/classes.ts';
import { nameObis } from '../../../engine/cosem/obis/name.ts';
import { overridable } from '../../../engine/template/semantics/heads.ts';
import type { Span } from '../../../engine/template/syntax/tree.ts';
import { blockSpec } from '../../../engine/template/vocabulary/blocks.ts';
import type { LabelSpec } from '../../../engine/template/vocabulary/types.ts';
import type { Suggestion, Suggestions } from '../../lsp/suggestions.ts';
import type { LabelPlace } from '../cursor.ts';
import { type CompletionContext, objectAround } from './context.ts';
import { namesOf } from './names.ts';
import { codesByMeaning, objectsByMeaning } from './obis.ts';
import { quirkNames } from './quirk-names.ts';

const OBIS = /^(?:\d{1,3}|x)-\S+:\S+\.\S+\.\S+$/;

/** What may stand between the kind of a block and its `{`. */
export function labelSuggestions(context: CompletionContext, place: LabelPlace): Suggestions {
  const spec = blockSpec(place.kind);
  if (place.kind === '') return { items: modified(place.modifier) };
  if (spec === undefined) return { items: [] };
  if (place.modifier === 'override') {
    return place.before.length > 0 ? { items: [] } : { items: inherited(context, place.kind) };
  }
  if (place.kind === 'object' && !OBIS.test(place.before[1] ?? '')) return byMeaning(context, place);
  const open = openQuote(place);
  if (open !== undefined && spec.labels[0]?.label === 'name' && spec.labels[0].orQuirk === true) {
    return { items: quirkNames(open) };
  }
  const label = [...spec.labels, ...(spec.optionalLabels ?? [])][place.before.length];
  return { items: label === undefined ? [] : ofLabel(label, context, place) };
}

/** Behind `object`: meaning of the whole text, and behind its first word also of what follows. */
function byMeaning(context: CompletionContext, place: LabelPlace): Suggestions {
  const behindName = place.starts[1];
  const codes = behindName === undefined ? [] : codesByMeaning(context, { from: behindName, to: place.typed.to });
  const objects = objectsByMeaning(context, place.typed);
  return { items: behindName === place.typed.to ? codes : [...codes, ...objects], isIncomplete: true };
}

function modified(modifier: LabelPlace['modifier']): Suggestion[] {
  const kinds = modifier === 'abstract' ? ['meter'] : overridable;
  return kinds.map((kind) => ({
    label: kind,
    kind: CompletionItemKind.Keyword,
    snippet: `${kind} $0`,
    about: { about: 'block', of: kind },
    goesOn: true,
  }));
}

/** Definitions of the bases of the meter, which it may override. */
function inherited({ scope }: CompletionContext, kind: string): Suggestion[] {
  const own = scope?.meter.declaration;
  const members = [...(scope?.meter.members.get(kind)?.values() ?? [])];
  return members
    .filter((member) => member.base.origin.meter !== own?.name)
    .map((member) => ({
      label: member.name,
      kind: CompletionItemKind.Variable,
      detail: member.base.head.labels
        .slice(1)
        .map((label) => label.text)
        .join(' '),
    }));
}

function ofLabel(label: LabelSpec, context: CompletionContext, place: LabelPlace): Suggestion[] {
  switch (label.label) {
    case 'keyword':
      return [{ label: label.word, kind: CompletionItemKind.Keyword, snippet: `${label.word} $0`, goesOn: true }];
    case 'reference':
      return namesOf([label.to], context);
    case 'word':
      return label.of().map((word) => ({ label: word.word, kind: CompletionItemKind.EnumMember, detail: word.doc }));
    case 'class':
      return classes(context, place.before[1] ?? '');
    case 'number':
      return Array.from({ length: Math.min(label.max - label.min + 1, 8) }, (_, index) => ({
        label: String(label.min + index),
        kind: CompletionItemKind.Value,
        detail: label.noun,
      }));
    case 'range':
      return ['1..3', '1..4'].map((text) => ({ label: text, kind: CompletionItemKind.Value }));
    case 'word-of-meter':
      return members(context, label.noun);
    case 'name':
      return label.orQuirk === true ? quirkNames() : [];
    case 'obis':
      return [];
  }
}

/** Inside of quotes that are still open: what stands between them and the cursor. */
function openQuote({ before, starts, typed }: LabelPlace): Span | undefined {
  const [first = ''] = before;
  const [start = typed.from] = starts;
  const isOpen = before.length === 1 && first.startsWith('"') && (first.length === 1 || !first.endsWith('"'));
  return isOpen ? { from: start + 1, to: typed.to } : undefined;
}

/** Interface classes; those the code usually has come first. */
function classes({ scope }: CompletionContext, obis: string): Suggestion[] {
  const usual = nameObis(obis).expectedClasses ?? [];
  const ids = [...new Set([...usual, ...allClasses().map((item) => item.id)])];
  const own = [...(scope?.classes.names() ?? [])].filter((name) => !isKnown(name));
  return [
    ...ids.flatMap((id): Suggestion[] => {
      const item = interfaceClass(id);
      if (item === undefined) return [];
      return [
        {
          label: item.identifier,
          kind: CompletionItemKind.Class,
          detail: `${item.id} · ${item.name}`,
          about: { about: 'class', of: item.id },
          rank: usual.includes(id) ? 1 : 5,
        },
      ];
    }),
    ...own.map(
      (name): Suggestion => ({ label: name, kind: CompletionItemKind.Class, detail: 'of this template', rank: 2 }),
    ),
  ];
}

const identifiers: ReadonlySet<string> = new Set(allClasses().map((item) => item.identifier));

function isKnown(name: string): boolean {
  return identifiers.has(name);
}

/** Methods for `on`, attributes and methods for `access`. */
function members(context: CompletionContext, noun: string): Suggestion[] {
  const item = objectAround(context);
  if (item === undefined) return [];
  const methods = item.methods
    .filter((method) => !method.reserved)
    .map(
      (method): Suggestion => ({
        label: method.name,
        kind: CompletionItemKind.Method,
        detail: `method ${method.index}`,
      }),
    );
  if (noun === 'method') return methods;
  const attributes = item.attributes.map(
    (attribute): Suggestion => ({
      label: attribute.name,
      kind: CompletionItemKind.Field,
      detail: `attribute ${attribute.index}`,
      about: { about: 'attribute', of: item.id, version: item.version, index: attribute.index },
    }),
  );
  return noun === 'attribute or method' ? [...attributes, ...methods] : [];
}
