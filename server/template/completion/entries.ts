import { CompletionItemKind } from 'vscode-languageserver/node';
import type { InterfaceClass } from '../../../engine/cosem/classes.ts';
import { type Head, headOf } from '../../../engine/template/semantics/heads.ts';
import { identityProperties } from '../../../engine/template/semantics/names.ts';
import type { EntryNode } from '../../../engine/template/syntax/tree.ts';
import { actionSpec } from '../../../engine/template/vocabulary/actions.ts';
import { kindsWithin } from '../../../engine/template/vocabulary/blocks.ts';
import { documentBlock } from '../../../engine/template/vocabulary/fleet-blocks.ts';
import { classSettings } from '../../../engine/template/vocabulary/object-blocks.ts';
import type { BlockSpec, PropertySpec } from '../../../engine/template/vocabulary/types.ts';
import { escapeSnippet, tabStop } from '../../lsp/snippet.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import { typeText } from '../../markdown/interface-class.ts';
import { innerHead } from '../cursor.ts';
import { blockSnippet } from './block-snippet.ts';
import { type CompletionContext, objectAround } from './context.ts';

/** What may begin here: properties and blocks of the block around, attributes of its class, names it speaks of. */
export function entrySuggestions(context: CompletionContext, siblings: readonly EntryNode[]): Suggestion[] {
  const head = innerHead(context.cursor.around);
  const spec = head === undefined ? documentBlock : head.spec;
  if (spec === undefined) return [];
  const { from, to } = context.cursor.word;
  // The word being typed is itself an entry by now; it must not hide what it is going to be.
  const others = siblings.filter((entry) => entry.name.to < from || entry.name.from > to);
  const present = new Set(others.flatMap((entry) => (entry.kind === 'property' ? [entry.name.text] : [])));
  const item = spec.kind === 'object' ? objectAround(context) : undefined;
  return [
    ...namedEntries(context, spec, present),
    ...propertySuggestions(spec, present),
    ...(item === undefined ? [] : attributeSuggestions(item, present)),
    ...blockSuggestions(spec, head, others, context),
  ];
}

function propertySuggestions(spec: BlockSpec, present: ReadonlySet<string>): Suggestion[] {
  return spec.properties
    .filter((property) => property.repeatable === true || !present.has(property.name))
    .map((property) => propertySuggestion(property, spec.kind));
}

function propertySuggestion(property: PropertySpec, kind: string): Suggestion {
  const isAction = actionSpec(property.name) !== undefined && (kind === 'quirk' || kind === 'fault');
  return {
    label: property.name,
    kind: CompletionItemKind.Property,
    snippet: `${property.name}: ${property.value.is === 'text' ? '"$0"' : '$0'}`,
    detail: property.example,
    about: isAction ? { about: 'action', of: property.name } : { about: 'property', of: property.name, in: kind },
    rank: property.required === true ? 1 : 3,
    goesOn: property.value.is !== 'text',
  };
}

/** Attributes of the class, and its settings, e.g. `prefill` of profiles. */
function attributeSuggestions(item: InterfaceClass, present: ReadonlySet<string>): Suggestion[] {
  const attributes = item.attributes
    .filter((attribute) => attribute.index > 1 && !present.has(attribute.name))
    .map(
      (attribute): Suggestion => ({
        label: attribute.name,
        kind: CompletionItemKind.Field,
        snippet: `${attribute.name}: $0`,
        detail: `${attribute.index} · ${typeText(attribute)}`,
        about: { about: 'attribute', of: item.id, version: item.version, index: attribute.index },
        rank: 2,
        goesOn: true,
      }),
    );
  const settings = (classSettings[item.id] ?? [])
    .filter((setting) => !present.has(setting.name))
    .map(
      (setting): Suggestion => ({
        label: setting.name,
        kind: CompletionItemKind.Property,
        snippet: `${setting.name}: $0`,
        detail: setting.example,
        rank: 3,
        goesOn: true,
      }),
    );
  return [...attributes, ...settings];
}

function blockSuggestions(
  parent: BlockSpec,
  head: Head | undefined,
  others: readonly EntryNode[],
  { scope }: CompletionContext,
): Suggestion[] {
  const kinds = new Set(others.flatMap((entry) => (entry.kind === 'block' ? [headOf(entry).kind] : [])));
  const found = kindsWithin(parent.kind)
    .filter((spec) => spec.single !== true || !kinds.has(spec.kind))
    .map(
      (spec): Suggestion => ({
        label: spec.kind,
        kind: CompletionItemKind.Keyword,
        snippet: blockSnippet(spec),
        about: { about: 'block', of: spec.kind },
        rank: 4,
      }),
    );
  if (parent.kind === 'document') {
    found.push(modifierSuggestion('abstract', `abstract meter ${tabStop(1, 'name')} {\n\t$0\n}`, 'meter'));
  } else if (parent.kind === 'meter' && head !== undefined && (scope?.meter.lineage.length ?? 0) > 0) {
    found.push(modifierSuggestion('override', 'override object $0', 'object'));
  }
  return found;
}

function modifierSuggestion(label: string, snippet: string, of: string): Suggestion {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    snippet,
    detail: of,
    about: { about: 'block', of },
    rank: 4,
    goesOn: true,
  };
}

/** Names of the author's choice that are known all the same: associations in `rights`, identity in `vary`. */
function namedEntries(context: CompletionContext, spec: BlockSpec, present: ReadonlySet<string>): Suggestion[] {
  const { free } = spec;
  if (free === undefined) return [];
  const names =
    spec.kind === 'vary'
      ? identityProperties
      : free.names === undefined
        ? []
        : (context.scope?.names(free.names) ?? []);
  return names
    .filter((name) => !present.has(name))
    .map((name) => ({
      label: name,
      kind: CompletionItemKind.Variable,
      snippet: `${escapeSnippet(name)}: $0`,
      detail: free.names ?? spec.kind,
      rank: 1,
      goesOn: true,
    }));
}
