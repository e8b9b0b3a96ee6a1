import type { BlockNode, IncompleteNode, LabelNode, NameNode } from '../syntax/tree.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import type { BlockSpec, LabelSpec } from '../vocabulary/types.ts';
import { textValue } from './literals.ts';

/** What stands before the `{` of a block, sorted out. */
export interface Head {
  /** `object`, also for `override object`. */
  readonly kind: string;
  /** The word that says the kind. */
  readonly kindNode: NameNode;
  readonly modifier?: 'abstract' | 'override';
  /** Labels behind the kind. */
  readonly labels: readonly LabelNode[];
  readonly spec?: BlockSpec;
  /** The name the block defines, if it is there. */
  readonly name?: NameNode;
}

/** Kinds that `override` can change: those that have names inside a meter. */
export const overridable: readonly string[] = [
  'object',
  'association',
  'rights',
  'transport',
  'security',
  'quirk',
  'fault',
];

/** Reads the head of a block. */
export function headOf(block: BlockNode | IncompleteNode): Head {
  const word = block.name.text;
  const [first, ...rest] = block.labels;
  const modified = (word === 'abstract' || word === 'override') && first?.kind === 'name';
  const kindNode = modified && first?.kind === 'name' ? first : block.name;
  const labels = modified ? rest : block.labels;
  const spec = blockSpec(kindNode.text);
  const name = nameOf(labels[0], spec?.labels[0]);
  return {
    kind: kindNode.text,
    kindNode,
    ...(modified ? { modifier: word as 'abstract' | 'override' } : {}),
    labels,
    ...(spec === undefined ? {} : { spec }),
    ...(name === undefined ? {} : { name }),
  };
}

/** The name a label gives to its block: a word, or the name of a quirk in quotes. */
function nameOf(label: LabelNode | undefined, spec: LabelSpec | undefined): NameNode | undefined {
  if (spec?.label !== 'name' || label === undefined) return undefined;
  if (label.kind === 'name') return label;
  const quoted = spec.orQuirk === true && label.type === 'text';
  return quoted ? { kind: 'name', from: label.from, to: label.to, text: textValue(label) } : undefined;
}

/** Whether a block is named by an entry of the catalogue of quirks: `quirk "first-block-0"`. */
export function isQuirkHead({ labels, spec }: Head): boolean {
  const [label] = labels;
  const [expected] = spec?.labels ?? [];
  return expected?.label === 'name' && expected.orQuirk === true && label?.kind === 'literal' && label.type === 'text';
}

/** The labels a head should have: `override object x` needs only the name. */
export function expectedLabels(head: Head): {
  readonly needed: readonly LabelSpec[];
  readonly optional: readonly LabelSpec[];
} {
  const spec = head.spec;
  if (spec === undefined) return { needed: [], optional: [] };
  if (head.modifier === 'override') return { needed: spec.labels.slice(0, 1), optional: spec.labels.slice(1) };
  return { needed: spec.labels, optional: spec.optionalLabels ?? [] };
}

/** `object NAME OBIS CLASS`: the shape of a head, for messages and completion. */
export function headShape(spec: BlockSpec): string {
  const words = (labels: readonly LabelSpec[]): string => labels.map(labelShape).join(' ');
  const optional = spec.optionalLabels === undefined ? '' : ` [${words(spec.optionalLabels)}]`;
  return `${spec.kind}${spec.labels.length > 0 ? ' ' : ''}${words(spec.labels)}${optional} { … }`;
}

/** What stands for a label in the shape of a head. */
export function labelShape(label: LabelSpec): string {
  switch (label.label) {
    case 'keyword':
      return label.word;
    case 'name':
      return label.orQuirk === true ? 'NAME|"QUIRK"' : 'NAME';
    case 'reference':
      return label.to.toUpperCase();
    case 'word':
      return label
        .of()
        .map((item) => item.word)
        .join('|');
    case 'obis':
      return '1-0:1.8.0.255';
    case 'class':
      return 'CLASS';
    case 'range':
      return '1..4';
    case 'number':
      return label.noun === 'security suite' ? '0|1|2' : 'NUMBER';
    case 'word-of-meter':
      return label.noun.toUpperCase().replaceAll(' ', '_');
  }
}
