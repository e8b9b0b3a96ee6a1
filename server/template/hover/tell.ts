import { attributeByName, type InterfaceClass, methodByName } from '../../../engine/cosem/classes.ts';
import { parseUnit } from '../../../engine/cosem/units.ts';
import type { Analysis } from '../../../engine/template/analyse.ts';
import { headOf } from '../../../engine/template/semantics/heads.ts';
import { textValue } from '../../../engine/template/semantics/literals.ts';
import type { MeterScope } from '../../../engine/template/semantics/scope.ts';
import type { BlockNode } from '../../../engine/template/syntax/tree.ts';
import { actionSpec } from '../../../engine/template/vocabulary/actions.ts';
import { attributeWords } from '../../../engine/template/vocabulary/attribute-words.ts';
import { classSettings } from '../../../engine/template/vocabulary/object-blocks.ts';
import { quirkSpec } from '../../../engine/template/vocabulary/quirks.ts';
import type { PropertySpec } from '../../../engine/template/vocabulary/types.ts';
import { dataTypeWords } from '../../../engine/template/vocabulary/words.ts';
import { attributeMarkdown, classMarkdown } from '../../markdown/interface-class.ts';
import { obisMarkdown } from '../../markdown/obis.ts';
import { code, paragraphs } from '../../markdown/table.ts';
import { unitMarkdown } from '../../markdown/unit.ts';
import {
  actionMarkdown,
  argumentMarkdown,
  blockMarkdown,
  functionMarkdown,
  propertyMarkdown,
  quirkMarkdown,
} from '../../markdown/vocabulary.ts';
import { classOfHead, scopeAround } from '../completion/context.ts';
import { meantAt } from '../navigation.ts';
import type { Found } from '../words.ts';
import { definitionMarkdown } from './definition.ts';
import { literalMarkdown } from './literals.ts';
import { obisTexts } from './obis-texts.ts';

/** What is known about a word, as Markdown; undefined if that is nothing. */
export function tell(found: Found, analysis: Analysis, key: string): string | undefined {
  const { node, role, around } = found;
  const scope = scopeAround(around, analysis);
  switch (role.role) {
    case 'kind':
      return role.spec === undefined ? undefined : blockMarkdown(role.spec);
    case 'modifier':
      return MODIFIERS[node.text];
    case 'name':
    case 'reference':
      return definitionAt(found, analysis, key);
    case 'obis':
      return obisTexts(node.text, around)
        .map((text) => obisMarkdown(text))
        .join('\n\n---\n\n');
    case 'class': {
      const label = node.kind === 'literal' ? scope?.classes.byId(Number(node.text)) : scope?.classes.byName(node.text);
      return label === undefined ? undefined : classMarkdown(label);
    }
    case 'member':
      return tellMember(node.text, objectClass(around, scope));
    case 'property':
      return actionSpec(role.spec.name) !== undefined && (role.of.kind === 'quirk' || role.of.kind === 'fault')
        ? tellAction(role.spec)
        : propertyMarkdown(role.spec);
    case 'attribute':
      return tellAttribute(node.text, objectClass(around, scope));
    case 'word': {
      const word = role.words.find((item) => item.word === node.text);
      return word === undefined ? undefined : `**${word.word}** ${word.doc}`;
    }
    case 'type':
      return dataTypeWords.find((item) => item.word === node.text)?.doc;
    case 'unit': {
      const unit = parseUnit(node.text)?.unit;
      return unit === undefined ? undefined : unitMarkdown(unit);
    }
    case 'function':
      return role.spec === undefined ? undefined : functionMarkdown(role.spec);
    case 'argument': {
      const arg = role.of?.args.find((item) => item.name === node.text);
      return arg === undefined ? undefined : argumentMarkdown(arg);
    }
    case 'operand':
    case 'part':
      return definitionAt(found, analysis, key) ?? tellOperand(found, scope);
    case 'quirk': {
      const id = node.kind === 'literal' ? textValue(node) : node.text;
      const spec = quirkSpec(id);
      return spec === undefined ? undefined : quirkMarkdown(id, spec);
    }
    case 'literal':
      return node.kind === 'literal' ? literalMarkdown(node, role.property) : undefined;
    case 'keyword':
    case 'variable':
      return undefined;
  }
}

const MODIFIERS: Readonly<Record<string, string>> = {
  abstract: 'Cannot be started; it is there to be extended.',
  override: 'Changes what is inherited. Properties that are not named stay as they are; lists are replaced.',
};

function tellAction({ name }: PropertySpec): string | undefined {
  const spec = actionSpec(name);
  return spec === undefined ? undefined : actionMarkdown(spec);
}

function definitionAt({ node, around }: Found, analysis: Analysis, key: string): string | undefined {
  const meant = meantAt(analysis, key, node.from);
  return meant === undefined ? undefined : definitionMarkdown(meant, analysis, scopeAround(around, analysis));
}

/** Class of the object block around. */
function objectClass(around: readonly BlockNode[], scope: MeterScope | undefined): InterfaceClass | undefined {
  const depth = around.findLastIndex((block) => headOf(block).kind === 'object');
  const block = around[depth];
  return block === undefined ? undefined : classOfHead(headOf(block), scope, around.slice(0, depth + 1));
}

function tellAttribute(name: string, item: InterfaceClass | undefined): string | undefined {
  if (item === undefined) return undefined;
  const attribute = attributeByName(item, name);
  if (attribute === undefined) {
    const setting = (classSettings[item.id] ?? []).find((one) => one.name === name);
    return setting === undefined ? undefined : propertyMarkdown(setting);
  }
  const words = attributeWords(item.id, attribute.name);
  return paragraphs(
    attributeMarkdown(item, attribute),
    words.map((word) => `- ${code(word.word)} (${word.code ?? ''}) ${word.doc}`).join('\n'),
  );
}

function tellMember(name: string, item: InterfaceClass | undefined): string | undefined {
  if (item === undefined) return undefined;
  const method = methodByName(item, name);
  if (method === undefined) return tellAttribute(name, item);
  const kind = method.mandatory ? 'mandatory' : 'optional';
  return `**${method.name}**, method ${method.index} of ${item.name} (class ${item.id}), ${kind}`;
}

/** A name in a value: a word of an enumeration, or an attribute behind a dot. */
function tellOperand({ node, role, around }: Found, scope: MeterScope | undefined): string | undefined {
  if (role.role === 'part') {
    const object = scope?.object(role.of);
    return tellAttribute(node.text, object === undefined ? undefined : scope?.classOf(object));
  }
  const item = objectClass(around, scope);
  if (item === undefined || role.role !== 'operand') return undefined;
  const word = attributeWords(item.id, role.property).find((one) => one.word === node.text);
  return word === undefined ? undefined : `**${word.word}** (${word.code ?? ''}) ${word.doc}`;
}
