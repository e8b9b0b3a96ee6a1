import type { FieldNode } from '../messages.ts';

/**
 * The fields of one APDU as a flat list in document order, with the links a tree and a hex view need to select each
 * other. Pure.
 */
export interface TreeNode {
  /** Position in `FieldTree.nodes`. */
  readonly id: number;
  readonly field: FieldNode;
  /** 0 for the top. */
  readonly depth: number;
  readonly parent: number | undefined;
  readonly children: readonly number[];
  /** Position among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
}

export interface FieldTree {
  readonly nodes: readonly TreeNode[];
}

export function fieldTree(fields: readonly FieldNode[]): FieldTree {
  const nodes: TreeNode[] = [];
  const add = (siblings: readonly FieldNode[], depth: number, parent: number | undefined): number[] =>
    siblings.map((field, index) => {
      const id = nodes.length;
      const children: number[] = [];
      nodes.push({ id, field, depth, parent, children, position: index + 1, siblings: siblings.length });
      children.push(...add(field.children ?? [], depth + 1, id));
      return id;
    });
  add(fields, 0, undefined);
  return { nodes };
}

/** The smallest element that covers this octet: the deepest one, and of equals the first. */
export function nodeAt({ nodes }: FieldTree, offset: number): TreeNode | undefined {
  let best: TreeNode | undefined;
  for (const node of nodes) {
    const { from, to } = node.field;
    if (offset < from || offset >= to) continue;
    if (best === undefined || node.depth > best.depth) best = node;
  }
  return best;
}

/** The nodes above this one, nearest first. */
export function ancestors({ nodes }: FieldTree, id: number): readonly number[] {
  const above: number[] = [];
  for (let parent = nodes[id]?.parent; parent !== undefined; parent = nodes[parent]?.parent) above.push(parent);
  return above;
}

/** The nodes in sight when these are expanded, in document order. */
export function visible({ nodes }: FieldTree, expanded: ReadonlySet<number>): readonly TreeNode[] {
  const rows: TreeNode[] = [];
  const add = (ids: readonly number[]) => {
    for (const id of ids) {
      const node = nodes[id];
      if (node === undefined) continue;
      rows.push(node);
      if (expanded.has(id)) add(node.children);
    }
  };
  add(nodes.filter(({ parent }) => parent === undefined).map(({ id }) => id));
  return rows;
}

/** What is open at first: everything of a small APDU, only the upper levels of a large one. */
export function openAtFirst({ nodes }: FieldTree): Set<number> {
  const deepest = nodes.length <= 200 ? Number.POSITIVE_INFINITY : 2;
  return new Set(nodes.filter(({ depth, children }) => children.length > 0 && depth < deepest).map(({ id }) => id));
}
