import type { BlockNode, DocumentNode, LiteralNode, NameNode } from '../../engine/template/syntax/tree.ts';
import { blocksAround } from './cursor.ts';
import { parentSpec, type Role, visitEntry } from './roles.ts';

/** A word with what it is. */
export interface Found {
  readonly node: NameNode | LiteralNode;
  readonly role: Role;
  readonly around: readonly BlockNode[];
}

/** The word at an offset. Behind its end counts too, unless another begins there. */
export function wordAt(tree: DocumentNode, offset: number): Found | undefined {
  const around = blocksAround(tree, offset);
  const entries = around.at(-1)?.entries ?? tree.entries;
  const entry = entries.findLast((item) => item.from <= offset);
  if (entry === undefined || offset > entry.to) return undefined;
  let found: Found | undefined;
  visitEntry(
    entry,
    parentSpec(around),
    around,
    (node, role, inside) => {
      if (node.from <= offset && offset <= node.to && node.from < node.to) found = { node, role, around: inside };
    },
    false,
  );
  return found;
}
