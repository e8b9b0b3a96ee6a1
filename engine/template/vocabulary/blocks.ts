import { accessBlocks } from './access-blocks.ts';
import { behaviourBlocks } from './behaviour-blocks.ts';
import { documentBlock, fleetBlocks } from './fleet-blocks.ts';
import { meterBlocks } from './meter-blocks.ts';
import { objectBlocks } from './object-blocks.ts';
import type { BlockSpec } from './types.ts';

/** Every kind of block, in the order of the manual. */
export const blockSpecs: readonly BlockSpec[] = [
  documentBlock,
  ...meterBlocks,
  ...accessBlocks,
  ...objectBlocks,
  ...behaviourBlocks,
  ...fleetBlocks,
];

const byKind: ReadonlyMap<string, BlockSpec> = new Map(blockSpecs.map((spec) => [spec.kind, spec]));

/** The specification of a kind; undefined for a word that is no kind. */
export function blockSpec(kind: string): BlockSpec | undefined {
  return byKind.get(kind);
}

/** Kinds that may stand directly inside a kind; `document` is the top level. */
export function kindsWithin(kind: string): readonly BlockSpec[] {
  return blockSpecs.filter((spec) => spec.within.includes(kind));
}

/** Where a kind may stand, for the parser's guess at forgotten braces. */
export function levelsOf(kind: string): readonly string[] | undefined {
  return byKind.get(kind)?.within;
}
