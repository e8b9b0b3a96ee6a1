import type { Expression } from '../model.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import type { MemberNode, NameNode } from '../syntax/tree.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { clockParts } from '../vocabulary/functions.ts';
import { attributeOf } from './classes.ts';
import { pathOf } from './describe.ts';
import { fillPlaceholders } from './environment.ts';
import { refer } from './refer.ts';
import type { Place } from './scope.ts';

const CLOCK_CLASS = 8;

/** Names of the properties of `identity`. */
export const identityProperties: readonly string[] = (blockSpec('identity')?.properties ?? []).map((item) => item.name);

/**
 * What a name or path in an expression means: a `for` variable, an object or one of its attributes, a simulated value,
 * a property of the identity. Reported if it means nothing.
 */
export function resolveName(node: NameNode | MemberNode, place: Place): Expression | undefined {
  const parts = pathOf(node).map((part) => fillPlaceholders(part, place.environment, node, place.report));
  const [first = '', second, ...rest] = parts;
  const head = headNode(node);
  if (second === undefined) {
    const variable = place.environment.get(first);
    if (variable !== undefined) return { k: 'number', value: variable };
  }
  const object = place.scope.object(first);
  if (object !== undefined) {
    refer(place, 'object', first, head);
    return second === undefined ? { k: 'ref', path: first } : member(node, first, second, rest, place);
  }
  if (first === 'identity' && second !== undefined) return identity(node, second, rest, place);
  const simulations = place.scope.names('simulation');
  const simulated =
    first === 'simulate' ? second : second === undefined && simulations.includes(first) ? first : undefined;
  if (simulated !== undefined) {
    if (simulations.includes(simulated) && rest.length === 0) {
      refer(place, 'simulation', simulated, node.kind === 'member' ? node.name : node);
      return { k: 'ref', path: `simulate.${simulated}` };
    }
    return unknown(
      node,
      parts,
      simulations.map((name) => `simulate.${name}`),
      place,
    );
  }
  if (second === undefined && isIdentity(first, place)) return { k: 'ref', path: `identity.${first}` };
  return unknown(
    node,
    parts,
    [
      ...place.environment.keys(),
      ...place.scope.names('object'),
      ...simulations.map((name) => `simulate.${name}`),
      ...identityProperties.map((name) => `identity.${name}`),
    ],
    place,
  );
}

function headNode(node: NameNode | MemberNode): NameNode {
  return node.kind === 'name' ? node : headNode(node.of);
}

function isIdentity(name: string, place: Place): boolean {
  return identityProperties.includes(name) || place.scope.meter.singles.get('nameplate')?.has(name) === true;
}

function identity(
  node: NameNode | MemberNode,
  name: string,
  rest: readonly string[],
  place: Place,
): Expression | undefined {
  if (rest.length === 0 && isIdentity(name, place)) return { k: 'ref', path: `identity.${name}` };
  const known = [...identityProperties, ...(place.scope.meter.singles.get('nameplate')?.keys() ?? [])];
  return unknown(
    node,
    ['identity', name, ...rest],
    known.map((item) => `identity.${item}`),
    place,
  );
}

function member(
  node: NameNode | MemberNode,
  objectName: string,
  attribute: string,
  rest: readonly string[],
  place: Place,
): Expression | undefined {
  const object = place.scope.object(objectName);
  const item = object === undefined ? undefined : place.scope.classOf(object);
  if (item === undefined) return undefined;
  const range = node.kind === 'member' ? node.name : node;
  const found = attributeOf(item, attribute);
  if (found !== undefined && rest.length === 0) return { k: 'ref', path: `${objectName}.${found.name}` };
  if (item.id === CLOCK_CLASS && clockParts.includes(attribute) && rest.length === 0) {
    return { k: 'ref', path: `${objectName}.${attribute}` };
  }
  const known = item.attributes.map((one) => one.name);
  const suggestions = suggestWords(attribute, item.id === CLOCK_CLASS ? [...known, ...clockParts] : known);
  const message =
    rest.length > 0
      ? `'${[objectName, attribute, ...rest].join('.')}' goes too deep: an object has attributes, and those have no parts here.`
      : `'${objectName}' is of class ${item.identifier} and has no attribute '${attribute}'.${didYouMean(suggestions)}`;
  place.report('DLMS-502', range, message, { suggestions });
  return undefined;
}

function unknown(
  node: NameNode | MemberNode,
  parts: readonly string[],
  known: readonly string[],
  place: Place,
): undefined {
  const name = parts.join('.');
  // The last part alone may be what was meant: `load` for `simulate.load`.
  const suggestions = [
    ...new Set([...suggestWords(name, known), ...known.filter((item) => item.split('.').at(-1) === name)]),
  ];
  if (!place.scope.complete) return undefined;
  const meter = place.scope.meter.declaration;
  if (place.file !== meter.file || !isWithin(node, meter.block)) {
    // The text belongs to a base; what is wrong is the meter that lacks what its base counts on.
    place.scope.reportHere(
      'DLMS-310',
      `'${meter.name}' inherits a part that needs '${name}', which it does not have.${didYouMean(suggestions)}`,
      {
        related: [{ message: 'used here', range: node, file: place.file }],
      },
    );
    return undefined;
  }
  place.report('DLMS-309', node, `'${name}' means nothing here.${didYouMean(suggestions)}`, {
    suggestions,
    ...(suggestions.length > 0
      ? {}
      : { hint: 'Values can use objects of this meter, simulate.…, identity.… and for variables.' }),
  });
  return undefined;
}

function isWithin(node: { from: number; to: number }, outer: { from: number; to: number }): boolean {
  return outer.from <= node.from && node.to <= outer.to;
}
