import { type CompletionItem, MarkupKind } from 'vscode-languageserver/node';
import { interfaceClass } from '../engine/cosem/classes.ts';
import { unitById } from '../engine/cosem/units.ts';
import { actionSpec } from '../engine/template/vocabulary/actions.ts';
import { blockSpec } from '../engine/template/vocabulary/blocks.ts';
import { functionSpec } from '../engine/template/vocabulary/functions.ts';
import { quirkSpec } from '../engine/template/vocabulary/quirks.ts';
import { attributeMarkdown, classMarkdown } from './markdown/interface-class.ts';
import { obisMarkdown } from './markdown/obis.ts';
import { unitMarkdown } from './markdown/unit.ts';
import {
  actionMarkdown,
  blockMarkdown,
  functionMarkdown,
  propertyMarkdown,
  quirkMarkdown,
} from './markdown/vocabulary.ts';

/** What a suggestion is about. It goes to the client and comes back when the documentation is wanted. */
export type About =
  | { readonly about: 'block'; readonly of: string }
  | { readonly about: 'property'; readonly of: string; readonly in: string }
  | { readonly about: 'action'; readonly of: string }
  | { readonly about: 'quirk'; readonly of: string }
  | { readonly about: 'class'; readonly of: number; readonly version?: number }
  | { readonly about: 'attribute'; readonly of: number; readonly version: number; readonly index: number }
  | { readonly about: 'obis'; readonly of: string }
  | { readonly about: 'unit'; readonly of: number }
  | { readonly about: 'function'; readonly of: string };

/** An item with its documentation. */
export function resolveCompletion(item: CompletionItem): CompletionItem {
  const value = documentationOf(item.data);
  return value === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
}

/** Documentation as Markdown; undefined for anything that is no `About`, or of something unknown. */
export function documentationOf(data: unknown): string | undefined {
  if (!isAbout(data)) return undefined;
  switch (data.about) {
    case 'block':
      return made(blockSpec(String(data.of)), blockMarkdown);
    case 'property':
      return made(
        blockSpec(data.in)?.properties.find((item) => item.name === data.of),
        propertyMarkdown,
      );
    case 'action':
      return made(actionSpec(data.of), actionMarkdown);
    case 'quirk':
      return made(quirkSpec(String(data.of)), (spec) => quirkMarkdown(String(data.of), spec));
    case 'class':
      return made(interfaceClass(data.of, data.version), classMarkdown);
    case 'attribute': {
      const item = interfaceClass(data.of, data.version);
      return made(item?.attributes[data.index - 1], (attribute) =>
        item === undefined ? '' : attributeMarkdown(item, attribute),
      );
    }
    case 'obis':
      return obisMarkdown(data.of);
    case 'unit':
      return made(unitById(data.of), unitMarkdown);
    case 'function':
      return made(functionSpec(data.of), functionMarkdown);
  }
}

function made<T>(found: T | undefined, make: (found: T) => string): string | undefined {
  return found === undefined ? undefined : make(found);
}

function isAbout(data: unknown): data is About {
  return typeof data === 'object' && data !== null && 'about' in data && 'of' in data;
}
