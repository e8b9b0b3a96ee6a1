import type { Expression } from '../model.ts';
import { attributeOf, methodOf } from '../semantics/classes.ts';
import { describe, pathOf } from '../semantics/describe.ts';
import { fillPlaceholders } from '../semantics/environment.ts';
import { refer } from '../semantics/refer.ts';
import type { Place } from '../semantics/scope.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { ArgumentNode, CallNode, ExpressionNode } from '../syntax/tree.ts';
import type { FunctionSpec } from '../vocabulary/functions.ts';
import { pushServices, structureFunctions } from '../vocabulary/structure-functions.ts';
import { dateOctets, timeOctets } from './calendar-octets.ts';

/** service_id of an action_specification (Blue Book 4.5.2): 1 write an attribute, 2 execute a method. */
const WRITE = 1;
const EXECUTE = 2;
const DAYS_OF_WEEK = 7;

const byName: ReadonlyMap<string, FunctionSpec> = new Map(structureFunctions.map((spec) => [spec.name, spec]));

/** True for functions that stand for a structure, e.g. `script(…)`. */
export function isStructureFunction(name: string): boolean {
  return byName.has(name);
}

type Convert = (node: ExpressionNode) => Expression | undefined;

function typed(name: string, ...args: readonly Expression[]): Expression {
  return { k: 'call', name, args, named: {} };
}

function number(type: string, value: number): Expression {
  return typed(type, { k: 'number', value });
}

/** The structure a call stands for. Arguments are converted by `convert`. */
export function compileStructure(node: CallNode, name: string, place: Place, convert: Convert): Expression | undefined {
  const spec = byName.get(name);
  if (spec === undefined) return undefined;
  const args = orderArguments(node, spec, place);
  if (args === undefined) return undefined;
  const value = (index: number): Expression | undefined => {
    const arg = args[index];
    return arg === undefined ? undefined : convert(arg);
  };
  const rest = (from: number): readonly Expression[] | undefined => {
    const found = args.slice(from).map((arg) => (arg === undefined ? undefined : convert(arg)));
    return found.every((item) => item !== undefined) ? found : undefined;
  };
  switch (name) {
    case 'script':
    case 'day': {
      const id = value(0);
      const items = rest(1);
      if (id === undefined || items === undefined) return undefined;
      return typed('structure', typed(name === 'script' ? 'long-unsigned' : 'unsigned', id), typed('array', ...items));
    }
    case 'write':
      return action(args[0], 'attribute', value(1), place);
    case 'execute':
      return action(args[0], 'method', args[1] === undefined ? number('integer', 0) : value(1), place);
    case 'run':
      return joined('structure', objectName(args[0], place), wrapped('long-unsigned', value(1)));
    case 'slot':
      return joined(
        'structure',
        calendar(args[0], timeOctets, '"06:00"', place),
        objectName(args[1], place),
        wrapped('long-unsigned', value(2)),
      );
    case 'season':
      return joined(
        'structure',
        wrapped('octet-string', value(0)),
        seasonStart(args[1], place),
        wrapped('octet-string', value(2)),
      );
    case 'week':
      return week(node, value(0), rest(1), place);
    case 'moment':
      return joined(
        'structure',
        calendar(args[0], timeOctets, '"00:00"', place),
        calendar(args[1], dateOctets, '"*-*-01"', place),
      );
    case 'entry':
      return entry(args, value, place);
    case 'special_day':
      return joined(
        'structure',
        wrapped('long-unsigned', value(0)),
        calendar(args[1], dateOctets, '"*-12-25"', place),
        wrapped('unsigned', value(2)),
      );
    case 'push_object':
      return pushObject(args[0], args[1] === undefined ? { k: 'number', value: 0 } : value(1), place);
    case 'destination':
      return joined(
        'structure',
        pushService(args[0], place),
        typed(
          'octet-string',
          args[1] === undefined ? { k: 'text', value: '' } : (value(1) ?? { k: 'text', value: '' }),
        ),
        number('enum', MESSAGE_A_XDR),
      );
    case 'window':
      return joined('structure', dailyTime(args[0], '"22:00"', place), dailyTime(args[1], '"06:00"', place));
    default:
      return undefined;
  }
}

/** message of send_destination_and_method: the APDU in A-XDR. */
const MESSAGE_A_XDR = 0;
/** validity_window without end. */
const VALID_FOR_EVER = 0xffff;
const EVERY_DAY = '1111111';
const NO_DATE = 'ffffffffff';

/** An entry of a schedule (class 10): ten elements. */
function entry(
  [, table, , time, weekdays, specials, begin, end, validity]: readonly (ExpressionNode | undefined)[],
  value: (index: number) => Expression | undefined,
  place: Place,
): Expression | undefined {
  const date = (node: ExpressionNode | undefined): Expression | undefined =>
    node === undefined
      ? typed('octet-string', { k: 'octets', hex: NO_DATE })
      : calendar(node, dateOctets, '"*-04-01"', place);
  const bits = (node: ExpressionNode | undefined, index: number, otherwise: string): Expression | undefined =>
    wrapped('bit-string', node === undefined ? { k: 'text', value: otherwise } : value(index));
  return joined(
    'structure',
    wrapped('long-unsigned', value(0)),
    typed('boolean', { k: 'boolean', value: true }),
    objectName(table, place),
    wrapped('long-unsigned', value(2)),
    calendar(time, timeOctets, '"06:00"', place),
    wrapped('long-unsigned', validity === undefined ? { k: 'number', value: VALID_FOR_EVER } : value(8)),
    bits(weekdays, 4, EVERY_DAY),
    bits(specials, 5, ''),
    date(begin),
    date(end),
  );
}

function pushObject(
  node: ExpressionNode | undefined,
  element: Expression | undefined,
  place: Place,
): Expression | undefined {
  const found = memberReference(node, 'attribute', place);
  if (found === undefined) return undefined;
  return joined(
    'structure',
    number('long-unsigned', found.classId),
    logicalName(found.object),
    number('integer', found.index),
    wrapped('long-unsigned', element),
  );
}

function pushService(node: ExpressionNode | undefined, place: Place): Expression | undefined {
  if (node === undefined || node.kind === 'missing') return undefined;
  const words = Object.keys(pushServices);
  const code = node.kind === 'name' && words.includes(node.text) ? pushServices[node.text] : undefined;
  if (code !== undefined) return number('enum', code);
  const suggestions = node.kind === 'name' ? suggestWords(node.text, words) : [];
  place.report(
    'DLMS-401',
    node,
    `Expected one of ${words.join(', ')} here, found ${describe(node)}.${didYouMean(suggestions)}`,
    { suggestions },
  );
  return undefined;
}

/** A time of every day as a date-time. */
function dailyTime(node: ExpressionNode | undefined, example: string, place: Place): Expression | undefined {
  const octets = (text: string): string | undefined => {
    const time = timeOctets(text);
    return time === undefined ? undefined : `${NO_DATE}${time}8000ff`;
  };
  return calendar(node, octets, example, place);
}

function wrapped(type: string, value: Expression | undefined): Expression | undefined {
  return value === undefined ? undefined : typed(type, value);
}

function joined(type: string, ...parts: readonly (Expression | undefined)[]): Expression | undefined {
  return parts.every((part) => part !== undefined) ? typed(type, ...parts) : undefined;
}

function week(
  node: CallNode,
  name: Expression | undefined,
  days: readonly Expression[] | undefined,
  place: Place,
): Expression | undefined {
  if (name === undefined || days === undefined) return undefined;
  if (days.length !== DAYS_OF_WEEK) {
    place.report(
      'DLMS-406',
      node.callee,
      `'week' takes a name and seven day profiles from Monday to Sunday, found ${days.length}.`,
    );
    return undefined;
  }
  return typed('structure', typed('octet-string', name), ...days.map((day) => typed('unsigned', day)));
}

/** Arguments in the order of the specification; undefined in the list for optional ones that are left out. */
function orderArguments(
  node: CallNode,
  spec: FunctionSpec,
  place: Place,
): readonly (ExpressionNode | undefined)[] | undefined {
  const result: (ExpressionNode | undefined)[] = [];
  const extras: ExpressionNode[] = [];
  const last = spec.args.at(-1);
  for (const arg of node.args) {
    const index = arg.name === undefined ? result.length : spec.args.findIndex((item) => item.name === arg.name?.text);
    if (index >= 0 && index < spec.args.length) {
      while (result.length < index) result.push(undefined);
      result[index] = arg.value;
    } else if (index >= 0 && last?.repeated === true) extras.push(arg.value);
    else return tooMuch(arg, spec, place);
    if (result.length === spec.args.length && last?.repeated === true) {
      const repeated = result.pop();
      if (repeated !== undefined) extras.push(repeated);
    }
  }
  const ordered = [...result, ...extras];
  const lacking = spec.args.filter((item, index) => item.optional !== true && ordered[index] === undefined);
  if (lacking.length === 0) return ordered;
  place.report(
    'DLMS-406',
    node.callee,
    `'${spec.name}' lacks its argument ${lacking.map((item) => `'${item.name}'`).join(', ')}.`,
  );
  return undefined;
}

function tooMuch(arg: ArgumentNode, spec: FunctionSpec, place: Place): undefined {
  const names = spec.args.map((item) => item.name);
  const written = arg.name?.text;
  const suggestions = written === undefined ? [] : suggestWords(written, names);
  place.report(
    'DLMS-406',
    arg.name ?? arg,
    written === undefined
      ? `'${spec.name}' takes ${names.join(', ')}; this argument is too much.`
      : `'${spec.name}' has no argument '${written}'.${didYouMean(suggestions)}`,
    {
      suggestions,
    },
  );
  return undefined;
}

/** action_specification: service, class, logical name, index, parameter. */
function action(
  node: ExpressionNode | undefined,
  what: 'attribute' | 'method',
  parameter: Expression | undefined,
  place: Place,
): Expression | undefined {
  const found = memberReference(node, what, place);
  if (found === undefined) return undefined;
  return joined(
    'structure',
    number('enum', what === 'attribute' ? WRITE : EXECUTE),
    number('long-unsigned', found.classId),
    logicalName(found.object),
    number('integer', found.index),
    parameter,
  );
}

/** An attribute or a method of an object of the meter. */
export interface MemberReference {
  readonly object: string;
  readonly member: string;
  readonly classId: number;
  readonly index: number;
}

/** What `object.attribute` or `object.method` means; what cannot be found is reported. */
export function memberReference(
  node: ExpressionNode | undefined,
  what: 'attribute' | 'method',
  place: Place,
): MemberReference | undefined {
  if (node === undefined || node.kind === 'missing') return undefined;
  const [objectPart = '', memberPart, ...rest] =
    node.kind === 'member' || node.kind === 'name'
      ? pathOf(node).map((part) => fillPlaceholders(part, place.environment, node, place.report))
      : [];
  const object = place.scope.object(objectPart);
  if (object === undefined || memberPart === undefined || rest.length > 0) {
    const suggestions = suggestWords(objectPart, place.scope.names('object'));
    if (place.scope.complete)
      place.report(
        'DLMS-309',
        node,
        `Expected object.${what} here, found ${describe(node)}.${didYouMean(suggestions)}`,
        { suggestions },
      );
    return undefined;
  }
  refer(place, 'object', objectPart, node);
  const item = place.scope.classOf(object);
  if (item === undefined) return undefined;
  const index = (what === 'attribute' ? attributeOf(item, memberPart) : methodOf(item, memberPart))?.index;
  if (index === undefined) {
    const names = (what === 'attribute' ? item.attributes : item.methods).map((one) => one.name);
    const suggestions = suggestWords(memberPart, names);
    place.report(
      what === 'attribute' ? 'DLMS-502' : 'DLMS-504',
      node.kind === 'member' ? node.name : node,
      `Class ${item.identifier} has no ${what} '${memberPart}'.${didYouMean(suggestions)}`,
      { suggestions },
    );
    return undefined;
  }
  return { object: objectPart, member: memberPart, classId: item.id, index };
}

function logicalName(object: string): Expression {
  return typed('octet-string', typed('logical_name', { k: 'ref', path: object }));
}

function objectName(node: ExpressionNode | undefined, place: Place): Expression | undefined {
  if (node === undefined || node.kind === 'missing') return undefined;
  const name = node.kind === 'name' ? fillPlaceholders(node.text, place.environment, node, place.report) : '';
  if (place.scope.object(name) !== undefined) {
    refer(place, 'object', name, node);
    return logicalName(name);
  }
  const suggestions = suggestWords(name, place.scope.names('object'));
  if (place.scope.complete)
    place.report(
      'DLMS-309',
      node,
      `Expected the name of an object here, found ${describe(node)}.${didYouMean(suggestions)}`,
      { suggestions },
    );
  return undefined;
}

function calendar(
  node: ExpressionNode | undefined,
  read: (text: string) => string | undefined,
  example: string,
  place: Place,
): Expression | undefined {
  if (node === undefined || node.kind === 'missing') return undefined;
  const hex = node.kind === 'literal' && node.type === 'text' ? read(node.text.slice(1, -1)) : undefined;
  if (hex !== undefined) return typed('octet-string', { k: 'octets', hex });
  place.report('DLMS-401', node, `Expected a text such as ${example} here, found ${describe(node)}.`);
  return undefined;
}

/** season_start is a date-time of which only the date matters. */
function seasonStart(node: ExpressionNode | undefined, place: Place): Expression | undefined {
  return calendar(
    node,
    (text) => {
      const date = dateOctets(text);
      return date === undefined ? undefined : `${date}ffffffff8000ff`;
    },
    '"*-04-01"',
    place,
  );
}
