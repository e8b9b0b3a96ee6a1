import type { Expression } from '../model.ts';
import type { SourcedProperty } from '../semantics/declarations.ts';
import type { MeterScope } from '../semantics/scope.ts';
import type { CompiledObject } from './objects.ts';

/** Functions that look at how something is defined, or what it is called, and not at its value. */
const LOOK_ONLY: ReadonlySet<string> = new Set(['time_of', 'logical_name']);

interface Node {
  readonly path: string;
  readonly expression: Expression;
  readonly source: SourcedProperty | undefined;
}

/** Reports values that are worked out from themselves. */
export function checkCircles(
  objects: readonly CompiledObject[],
  simulate: Readonly<Record<string, Expression>>,
  scope: MeterScope,
): void {
  const nodes = new Map<string, Node>();
  for (const [name, expression] of Object.entries(simulate)) {
    nodes.set(`simulate.${name}`, {
      path: `simulate.${name}`,
      expression,
      source: scope.meter.singles.get('simulate')?.get(name),
    });
  }
  for (const { model, item, member } of objects) {
    for (const [index, { value }] of Object.entries(model.attributes)) {
      const attribute = item.attributes[Number(index) - 1]?.name ?? index;
      nodes.set(`${model.name}.${attribute}`, {
        path: `${model.name}.${attribute}`,
        expression: value,
        source: member.properties.get(attribute)?.at(-1),
      });
    }
  }
  // A bare object name is its attribute 2.
  const second = new Map(
    objects.map(({ model, item }) => [model.name, `${model.name}.${item.attributes[1]?.name ?? '2'}`]),
  );
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (path: string): void => {
    const node = nodes.get(path);
    if (node === undefined || done.has(path)) return;
    const at = open.indexOf(path);
    if (at >= 0) {
      reportCircle([...open.slice(at), path], node, scope);
      return;
    }
    open.push(path);
    for (const target of referencesOf(node.expression)) visit(second.get(target) ?? target);
    open.pop();
    done.add(path);
  };
  for (const path of nodes.keys()) visit(path);
}

function reportCircle(circle: readonly string[], node: Node, scope: MeterScope): void {
  if (node.source === undefined) return;
  const { node: property, origin } = node.source;
  scope
    .place(origin)
    .report(
      'DLMS-313',
      property.items[0] ?? property,
      `This value is worked out from itself: ${circle.join(' needs ')}.`,
    );
}

function referencesOf(expression: Expression): readonly string[] {
  switch (expression.k) {
    case 'ref':
      return [expression.path];
    case 'list':
      // Lists of references, such as captured objects, name things and do not work them out.
      return expression.items.flatMap((item) => (item.k === 'ref' ? [] : referencesOf(item)));
    case 'unary':
      return referencesOf(expression.of);
    case 'binary':
      return [...referencesOf(expression.left), ...referencesOf(expression.right)];
    case 'call':
      if (LOOK_ONLY.has(expression.name)) return [];
      return [...expression.args, ...Object.values(expression.named)].flatMap(referencesOf);
    default:
      return [];
  }
}
