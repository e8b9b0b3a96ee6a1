import type { BehaviourModel, Expression } from '../model.ts';
import { attributeOf } from '../semantics/classes.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ExpressionNode, ItemNode } from '../syntax/tree.ts';
import { type ActionSpec, actionSpec, actions } from '../vocabulary/actions.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { toExpression } from './expression.ts';
import { readProperties } from './read.ts';

/** Compiles the quirks or the faults of a meter. */
export function compileBehaviours(kind: 'quirk' | 'fault', scope: MeterScope): readonly BehaviourModel[] {
  return [...(scope.meter.members.get(kind)?.values() ?? [])].map((member) => compileBehaviour(member, scope));
}

function compileBehaviour(member: ResolvedMember, scope: MeterScope): BehaviourModel {
  const spec = blockSpec(member.kind);
  if (spec === undefined) throw new Error(`the vocabulary has no ${member.kind} block`);
  const read = readProperties(spec, member.properties, scope);
  const place = scope.place(member.base.origin);
  const describes = read.text('describes');
  const when = read.expression('when');
  const probability = read.percent('probability');
  const everyMs = read.duration('every');
  const forMs = read.duration('for_time');
  const object = read.reference('object');
  const result: { action: string; args: readonly Expression[] }[] = [];
  for (const [name, sources] of member.properties) {
    const action = actionSpec(name);
    const source = sources.at(-1);
    if (action === undefined || source === undefined) continue;
    const where = scope.place(source.origin);
    const args = source.node.items.map((item, index) => argumentOf(item, index, action, object, where));
    if (args.every((arg) => arg !== undefined)) result.push({ action: name, args });
  }
  if (result.length === 0 && ![...member.properties.keys()].some((name) => actionSpec(name) !== undefined)) {
    place.report(
      'DLMS-804',
      member.base.nameNode,
      `${member.kind === 'quirk' ? 'Quirk' : 'Fault'} '${member.name}' does nothing. Say what it does with one of ${actions.map((item) => item.name).join(', ')}.`,
    );
  }
  if (
    member.kind === 'fault' &&
    when === undefined &&
    probability === undefined &&
    everyMs === undefined &&
    !hasAny(member, ['when', 'probability', 'every'])
  ) {
    place.report(
      'DLMS-805',
      member.base.nameNode,
      `Fault '${member.name}' would always happen. Say 'when', 'probability' or 'every', or make it a quirk.`,
    );
  }
  return {
    name: member.name,
    ...(describes === undefined ? {} : { describes }),
    ...(when === undefined ? {} : { when }),
    ...(probability === undefined ? {} : { probability }),
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(object === undefined ? {} : { object }),
    actions: result,
  };
}

function hasAny(member: ResolvedMember, names: readonly string[]): boolean {
  return names.some((name) => member.properties.has(name));
}

/** One argument: a word of the action, `keyword value` (becomes a call of that name), or a value. */
function argumentOf(
  item: ItemNode,
  index: number,
  action: ActionSpec,
  object: string | undefined,
  place: Place,
): Expression | undefined {
  const [first, second, ...rest] = item.parts;
  if (first === undefined || first.kind === 'missing') return undefined;
  if (item.init !== undefined || rest.length > 0) {
    place.report(
      'DLMS-401',
      item,
      `'${action.name}' takes words and values separated by commas, for example '${action.name}: ${action.example}'.`,
    );
    return undefined;
  }
  if (second !== undefined) {
    if (first.kind !== 'name' || !action.keywords.includes(first.text)) {
      const suggestions = first.kind === 'name' ? suggestWords(first.text, action.keywords) : [];
      place.report(
        'DLMS-403',
        first,
        `This means nothing in '${action.name}'.${didYouMean(suggestions) || ` For example '${action.name}: ${action.example}'.`}`,
        { suggestions },
      );
      return undefined;
    }
    const value = toExpression(second, place, plainWord);
    return value === undefined ? undefined : { k: 'call', name: first.text, args: [value], named: {} };
  }
  if (first.kind !== 'name') return toExpression(first, place, plainWord);
  return wordArgument(first, index, action, object, place);
}

function wordArgument(
  node: Extract<ExpressionNode, { kind: 'name' }>,
  index: number,
  action: ActionSpec,
  object: string | undefined,
  place: Place,
): Expression | undefined {
  // An attribute of the object the quirk is about: `answer: scaler_unit, 10^3 Wh`.
  const member = object === undefined ? undefined : place.scope.object(object);
  const item = member === undefined ? undefined : place.scope.classOf(member);
  const attribute = item === undefined ? undefined : attributeOf(item, node.text);
  if (attribute !== undefined && object !== undefined) return { k: 'ref', path: `${object}.${attribute.name}` };
  if (index === 0 && action.words.length > 0 && !action.words.includes(node.text)) {
    const suggestions = suggestWords(node.text, action.words);
    place.report(
      'DLMS-403',
      node,
      `'${node.text}' is nothing '${action.name}' knows.${didYouMean(suggestions) || ` It knows ${action.words.join(', ')}.`}`,
      { suggestions },
    );
    return undefined;
  }
  return { k: 'name', value: node.text };
}

function plainWord(word: string): Expression | undefined {
  return /^[a-z]+(?:-[a-z]+)+$/.test(word) ? { k: 'name', value: word } : undefined;
}
