import type { InterfaceClass } from '../../cosem/classes.ts';
import type { Expression } from '../model.ts';
import { attributeOf, methodOf } from '../semantics/classes.ts';
import type { SourcedBlock } from '../semantics/declarations.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ExpressionNode, PropertyNode } from '../syntax/tree.ts';
import type { PropertySpec } from '../vocabulary/types.ts';
import { toExpression } from './expression.ts';
import { readValue } from './read.ts';
import { memberReference } from './structures.ts';

/** Compiles one class-specific setting, such as `prefill` or `of`. */
export function compileSetting(spec: PropertySpec, node: PropertyNode, place: Place): Expression | undefined {
  const value = readValue(spec, node, place);
  if (Array.isArray(value))
    return { k: 'list', items: value.map((word): Expression => ({ k: 'name', value: String(word) })) };
  if (typeof value === 'number') return { k: 'number', value };
  if (typeof value === 'string') return { k: 'name', value };
  return isExpression(value) ? value : undefined;
}

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && 'k' in value;
}

/** Compiles the `on METHOD { set: …   then: …   run: …   notify: … }` blocks of an object: setting `on METHOD` -> list of calls. */
export function compileReactions(
  object: ResolvedMember,
  item: InterfaceClass,
  scope: MeterScope,
): Readonly<Record<string, Expression>> {
  const result: Record<string, Expression> = {};
  for (const [key, block] of object.blocks) {
    if (!key.startsWith('on ')) continue;
    const place = scope.place(block.origin);
    const label = block.head.labels[0];
    if (label?.kind !== 'name') continue;
    if (methodOf(item, label.text) === undefined) {
      const suggestions = suggestWords(
        label.text,
        item.methods.map((one) => one.name),
      );
      place.report(
        'DLMS-504',
        label,
        `Class ${item.identifier} has no method '${label.text}'.${didYouMean(suggestions)}`,
        { suggestions },
      );
      continue;
    }
    result[`on ${label.text}`] = { k: 'list', items: reactionsOf(object, item, block, place) };
  }
  return result;
}

/** `run: object.method` or `run: object.method, parameter`. */
function runOf(
  target: ExpressionNode | undefined,
  parameter: ExpressionNode | undefined,
  place: Place,
): Expression | undefined {
  const found = memberReference(target, 'method', place);
  if (found === undefined) return undefined;
  const of: Expression = { k: 'ref', path: `${found.object}.${found.member}` };
  if (parameter === undefined) return { k: 'call', name: 'run', args: [of], named: {} };
  const value = toExpression(parameter, place);
  return value === undefined ? undefined : { k: 'call', name: 'run', args: [of, value], named: {} };
}

/** `notify: attribute` of the object itself, or `notify: object.attribute`. */
function notifyOf(
  object: ResolvedMember,
  item: InterfaceClass,
  target: ExpressionNode | undefined,
  place: Place,
): Expression | undefined {
  const own = target?.kind === 'name' ? attributeOf(item, target.text) : undefined;
  const found = own === undefined ? memberReference(target, 'attribute', place) : undefined;
  const path = own === undefined ? found && `${found.object}.${found.member}` : `${object.name}.${own.name}`;
  return path === undefined ? undefined : { k: 'call', name: 'notify', args: [{ k: 'ref', path }], named: {} };
}

function reactionsOf(object: ResolvedMember, item: InterfaceClass, block: SourcedBlock, place: Place): Expression[] {
  const result: Expression[] = [];
  for (const entry of block.node.entries) {
    if (entry.kind !== 'property' || entry.items.length === 0) continue;
    const name = entry.name.text;
    const [target] = entry.items[0]?.parts ?? [];
    const [second] = entry.items[1]?.parts ?? [];
    if (name === 'run' || name === 'notify') {
      const call = name === 'run' ? runOf(target, second, place) : notifyOf(object, item, target, place);
      if (call !== undefined) result.push(call);
      continue;
    }
    if (target === undefined || second === undefined || entry.items.length !== 2 || second.kind === 'missing') {
      place.report(
        'DLMS-401',
        entry.items[0] ?? entry,
        `'${name}' takes what is set and its value, for example '${name === 'set' ? 'output_state, false' : 'simulate.load, 0'}'.`,
      );
      continue;
    }
    // `set:` speaks of the object's own attributes.
    const attribute = name === 'set' && target.kind === 'name' ? attributeOf(item, target.text) : undefined;
    if (name === 'set' && target.kind === 'name' && attribute === undefined) {
      const suggestions = suggestWords(
        target.text,
        item.attributes.map((one) => one.name),
      );
      place.report(
        'DLMS-502',
        target,
        `'${object.name}' is of class ${item.identifier} and has no attribute '${target.text}'.${didYouMean(suggestions)}`,
        { suggestions },
      );
      continue;
    }
    const of: Expression | undefined =
      attribute === undefined ? toExpression(target, place) : { k: 'ref', path: `${object.name}.${attribute.name}` };
    const value = toExpression(second, place);
    if (of !== undefined && value !== undefined) result.push({ k: 'call', name: 'set', args: [of, value], named: {} });
  }
  return result;
}
