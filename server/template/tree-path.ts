import type { AnyNode, DocumentNode } from '../../engine/template/syntax/tree.ts';

/** Direct parts of a node, in the order of the text. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  switch (node.kind) {
    case 'document':
      return node.entries;
    case 'property':
      return [node.name, ...node.items];
    case 'block':
      return [node.name, ...node.labels, ...node.entries];
    case 'incomplete':
      return [node.name, ...node.labels];
    case 'item':
      return node.init === undefined ? node.parts : [...node.parts, node.init];
    case 'quantity':
      return [node.number, node.unit];
    case 'member':
      return [node.of, node.name];
    case 'call':
      return [node.callee, ...node.args];
    case 'argument':
      return node.name === undefined ? [node.value] : [node.name, node.value];
    case 'list':
      return node.items;
    case 'group':
    case 'unary':
      return [node.of];
    case 'binary':
      return [node.left, node.right];
    case 'name':
    case 'literal':
    case 'missing':
      return [];
  }
}

/**
 * Nodes around an offset, from the document to the innermost. Between two nodes that touch, as in `a(b`, the one that
 * begins there is taken; behind the end of a word the word is.
 */
export function pathAt(tree: DocumentNode, offset: number): readonly AnyNode[] {
  const path: AnyNode[] = [tree];
  for (let node: AnyNode | undefined = tree; node !== undefined; ) {
    const children: readonly AnyNode[] = childrenOf(node);
    node =
      children.find((child) => child.from <= offset && offset < child.to) ??
      children.find((child) => child.to === offset && child.from < offset);
    if (node !== undefined) path.push(node);
  }
  return path;
}
