import type { AnyNode, DocumentNode } from './tree.ts';

/** Nodes directly inside a node, in the order of the text. */
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
    default:
      return [];
  }
}

/**
 * The nodes around an offset, the document first and the innermost last. An offset right behind a node still belongs to
 * it, because that is where a person has just typed.
 */
export function nodePath(tree: DocumentNode, offset: number): readonly AnyNode[] {
  const path: AnyNode[] = [tree];
  for (let node: AnyNode | undefined = tree; node !== undefined; ) {
    // Of two that touch at the offset the second one is meant, unless nothing stands there.
    const found: AnyNode | undefined = childrenOf(node).findLast((child) => child.from <= offset && offset <= child.to);
    if (found !== undefined) path.push(found);
    node = found;
  }
  return path;
}
