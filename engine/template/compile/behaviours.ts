import type { BehaviourModel, Expression } from '../model.ts';
import { reportUnknownQuirk } from '../semantics/check-structure.ts';
import { attributeOf } from '../semantics/classes.ts';
import { isQuirkHead } from '../semantics/heads.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ExpressionNode, ItemNode, PropertyNode, Span } from '../syntax/tree.ts';
import { type ActionSpec, actionSpec, actions } from '../vocabulary/actions.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { isQuirkId, type QuirkSpec, quirkSpec } from '../vocabulary/quirks.ts';
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
  const result: ActionModel[] = [];
  const named = isQuirkHead(member.base.head) ? quirkSpec(member.name) : undefined;
  const given = read.expression('with');
  const setBy = read.source('with');
  if (named !== undefined) {
    const setting = setBy && settingOf(named, given, setBy.node, scope.place(setBy.origin));
    result.push({
      action: 'deviates',
      args: [{ k: 'text', value: member.name }, ...(setting === undefined ? [] : [withCall(setting)])],
    });
  } else if (setBy !== undefined && !isQuirkHead(member.base.head)) {
    const { report } = scope.place(setBy.origin);
    report(
      'DLMS-807',
      setBy.node.name,
      `'with' sets something about a quirk of the catalogue, and '${member.name}' is none. Behind 'deviates' write 'with 30s'.`,
    );
  }
  for (const [name, sources] of member.properties) {
    const action = actionSpec(name);
    const source = sources.at(-1);
    if (action === undefined || source === undefined) continue;
    const where = scope.place(source.origin);
    const args = source.node.items.map((item, index) => argumentOf(item, index, action, object, where));
    if (!args.every((arg) => arg !== undefined)) continue;
    if (name === 'deviates') result.push(...namedQuirks(source.node, args, where));
    else result.push({ action: name, args });
  }
  const unknown = isQuirkHead(member.base.head) && named === undefined;
  if (
    result.length === 0 &&
    !unknown &&
    ![...member.properties.keys()].some((name) => actionSpec(name) !== undefined)
  ) {
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

type ActionModel = BehaviourModel['actions'][number];

function withCall(value: Expression): Expression {
  return { k: 'call', name: 'with', args: [value], named: {} };
}

/** `deviates: "one", "another", with 30s`: an action for each name, with the setting behind it. */
function namedQuirks(node: PropertyNode, args: readonly Expression[], place: Place): ActionModel[] {
  const found: { action: string; args: Expression[] }[] = [];
  for (const [index, arg] of args.entries()) {
    const range = node.items[index] ?? node;
    const before = found.at(-1);
    if (arg.k === 'text') {
      reportUnknownQuirk(range, arg.value, place.report);
      found.push({ action: 'deviates', args: [arg] });
      continue;
    }
    const [quirk] = before?.args ?? [];
    const spec = quirk?.k === 'text' ? quirkSpec(quirk.value) : undefined;
    if (arg.k !== 'call' || before === undefined) {
      place.report(
        'DLMS-401',
        range,
        '\'deviates\' takes names of the catalogue in quotes, for example "first-block-0".',
      );
      continue;
    }
    const setting = spec && settingOf(spec, arg.args[0], range, place);
    if (setting !== undefined) before.args.push(withCall(setting));
  }
  return found.filter(({ args: [first] }) => first?.k === 'text' && isQuirkId(first.value));
}

/** What a quirk is set to; undefined, and reported, for what it does not take. */
function settingOf(spec: QuirkSpec, given: Expression | undefined, range: Span, place: Place): Expression | undefined {
  const { value } = spec;
  if (value === undefined) {
    place.report('DLMS-807', range, 'This quirk has nothing that can be set.');
    return undefined;
  }
  const number = given?.k === 'duration' ? given.ms : given?.k === 'number' ? given.value : undefined;
  const fits =
    number !== undefined &&
    (given?.k === 'duration') === (value.is === 'duration') &&
    number >= value.min &&
    number <= value.max;
  if (fits) return given;
  if (given === undefined) return undefined;
  const bounds =
    value.is === 'duration'
      ? `a time from ${value.min / 1000}s to ${value.max / 1000}s`
      : `a number from ${value.min} to ${value.max}`;
  place.report('DLMS-807', range, `Expected ${bounds}. ${value.doc}`);
  return undefined;
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
