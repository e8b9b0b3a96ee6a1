import { didYouMean, suggestWords } from '../suggest.ts';
import type { BlockNode, DocumentNode, EntryNode, LabelNode, NameNode, PropertyNode, Span } from '../syntax/tree.ts';
import { blockSpec, blockSpecs, kindsWithin } from '../vocabulary/blocks.ts';
import { documentBlock } from '../vocabulary/fleet-blocks.ts';
import { isQuirkId, quirkIds } from '../vocabulary/quirks.ts';
import type { BlockSpec, LabelSpec } from '../vocabulary/types.ts';
import { expectedLabels, type Head, headOf, headShape, labelShape, overridable } from './heads.ts';
import { integerValue, rangeValue, textValue } from './literals.ts';
import type { Report } from './report.ts';

/** Checks a document against the vocabulary: kinds, places, heads, property names. Values and names come later. */
export function checkStructure(tree: DocumentNode, report: Report): void {
  checkEntries(tree.entries, documentBlock, report);
}

function checkEntries(entries: readonly EntryNode[], parent: BlockSpec, report: Report): void {
  const seen = new Map<string, NameNode>();
  for (const entry of entries) {
    if (entry.kind === 'property') checkProperty(entry, parent, seen, report);
    else if (entry.kind === 'block') checkBlock(entry, parent, seen, report);
  }
}

function checkProperty(entry: PropertyNode, parent: BlockSpec, seen: Map<string, NameNode>, report: Report): void {
  const name = entry.name.text;
  const spec = parent.properties.find((item) => item.name === name);
  // Attributes are known by class, which may come from a base or another file.
  if (spec === undefined && parent.free === undefined && parent.kind !== 'object') {
    reportUnknownProperty(entry.name, parent, report);
    return;
  }
  if (spec?.repeatable === true) return;
  const first = seen.get(name);
  if (first === undefined) seen.set(name, entry.name);
  else
    report('DLMS-204', entry.name, `'${name}' stands twice in this ${describeParent(parent)}.`, {
      hint: 'Keep one of them.',
      related: [{ message: 'first one', range: first, file: '' }],
    });
}

function reportUnknownProperty(name: NameNode, parent: BlockSpec, report: Report): void {
  const known = parent.properties.map((item) => item.name);
  const kind = blockSpec(name.text);
  if (kind?.within.includes(parent.kind)) {
    report('DLMS-207', name, `'${name.text}' is a block, not a property: write '${headShape(kind)}'.`);
    return;
  }
  const suggestions = suggestWords(name.text, known);
  const list = known.length > 0 ? ` It has ${known.join(', ')}.` : ' It has blocks only.';
  report(
    'DLMS-203',
    name,
    `'${name.text}' is no property of ${describeParent(parent)}.${didYouMean(suggestions) || list}`,
    {
      suggestions,
    },
  );
}

function checkBlock(block: BlockNode, parent: BlockSpec, seen: Map<string, NameNode>, report: Report): void {
  const head = headOf(block);
  const spec = head.spec;
  if (spec === undefined) {
    reportUnknownKind(head, parent, report);
    return;
  }
  if (!spec.within.includes(parent.kind)) {
    const places = spec.within.map((kind) => (kind === 'document' ? 'the top level' : `'${kind}'`)).join(' or ');
    report('DLMS-202', head.kindNode, `'${head.kind}' belongs into ${places}, not into ${describeParent(parent)}.`);
  }
  if (block.bare === true && spec.bare !== true) {
    report('DLMS-111', block.name, `'${head.kind}' is not finished: write '${headShape(spec)}'.`);
  }
  checkModifier(block, head, report);
  checkLabels(block, head, report);
  if (spec.single === true) {
    const first = seen.get(`${head.kind} {`);
    if (first === undefined) seen.set(`${head.kind} {`, head.kindNode);
    else
      report('DLMS-205', head.kindNode, `'${head.kind}' stands twice in this ${describeParent(parent)}.`, {
        hint: 'Put both into one.',
        related: [{ message: 'first one', range: first, file: '' }],
      });
  }
  checkEntries(block.entries, spec, report);
}

function checkModifier(block: BlockNode, head: Head, report: Report): void {
  if (head.modifier === 'abstract' && head.kind !== 'meter') {
    report('DLMS-206', block.name, `Only meters can be abstract, not '${head.kind}'.`);
  } else if (head.modifier === 'override' && !overridable.includes(head.kind)) {
    report(
      'DLMS-206',
      block.name,
      `'${head.kind}' needs no 'override': it takes the place of inherited properties by itself.`,
      {
        suggestions: [''],
      },
    );
  }
}

function reportUnknownKind(head: Head, parent: BlockSpec, report: Report): void {
  const property = parent.properties.find((item) => item.name === head.kind);
  if (property !== undefined) {
    report(
      'DLMS-207',
      head.kindNode,
      `'${head.kind}' is a property, not a block: write '${head.kind}: ${property.example}'.`,
    );
    return;
  }
  const here = kindsWithin(parent.kind).map((item) => item.kind);
  const suggestions = suggestWords(head.kind, [...here, ...blockSpecs.map((item) => item.kind)]).filter(
    (word) => word !== 'document',
  );
  const list = here.length > 0 ? ` ${capital(describeParent(parent))} can hold ${here.join(', ')}.` : '';
  report('DLMS-201', head.kindNode, `'${head.kind}' is no kind of block.${didYouMean(suggestions) || list}`, {
    suggestions,
  });
}

function checkLabels(block: BlockNode, head: Head, report: Report): void {
  const spec = head.spec;
  if (spec === undefined) return;
  const { needed, optional } = expectedLabels(head);
  const shape = headShape(spec);
  for (const [index, label] of needed.entries()) {
    const found = head.labels[index];
    if (found === undefined) {
      report('DLMS-206', head.kindNode, `'${head.kind}' lacks its ${labelNoun(label)}: write '${shape}'.`);
      return;
    }
    if (!checkLabel(found, label, shape, report)) return;
  }
  const further = head.labels.slice(needed.length);
  for (const [index, label] of further.entries()) {
    const expected = optional[index];
    if (expected === undefined) {
      report(
        'DLMS-206',
        { from: label.from, to: further.at(-1)?.to ?? label.to },
        `'${label.text}' is too much before '{': write '${shape}'.`,
      );
      return;
    }
    if (!checkLabel(label, expected, shape, report)) return;
  }
  const lacking = optional[further.length];
  if (further.length > 0 && head.modifier !== 'override' && lacking !== undefined) {
    report(
      'DLMS-206',
      further.at(-1) ?? block.name,
      `Behind '${further.at(-1)?.text ?? ''}' the ${labelNoun(lacking)} is missing: write '${shape}'.`,
    );
  }
}

/** False if the label is of the wrong sort. */
function checkLabel(found: LabelNode, label: LabelSpec, shape: string, report: Report): boolean {
  const wrong = (text: string, suggestions: readonly string[] = []): false => {
    report('DLMS-206', found, text + didYouMean(suggestions), { suggestions });
    return false;
  };
  const expected = `Expected the ${labelNoun(label)} here, found '${found.text}': write '${shape}'.`;
  switch (label.label) {
    case 'name':
      if (label.orQuirk === true && found.kind === 'literal' && found.type === 'text') {
        reportUnknownQuirk(found, textValue(found), report);
        return true;
      }
      return found.kind === 'name' || wrong(expected);
    case 'reference':
    case 'word-of-meter':
      return found.kind === 'name' || wrong(expected);
    case 'keyword':
      return (
        (found.kind === 'name' && found.text === label.word) || wrong(expected, suggestWords(found.text, [label.word]))
      );
    case 'word': {
      const words = label.of().map((item) => item.word);
      if (found.kind === 'name' && words.includes(found.text)) return true;
      return wrong(
        `'${found.text}' is no ${label.noun}; there ${words.length > 1 ? 'are' : 'is'} ${words.join(', ')}.`,
        suggestWords(found.text, words),
      );
    }
    case 'obis':
      return (found.kind === 'literal' && found.type === 'obis') || wrong(expected);
    case 'class':
      return found.kind === 'name' || integerValue(found) !== undefined || wrong(expected);
    case 'range': {
      const range = found.kind === 'literal' ? rangeValue(found) : undefined;
      return range !== undefined || wrong(expected);
    }
    case 'number': {
      const value = integerValue(found);
      if (value !== undefined && value >= label.min && value <= label.max) return true;
      return wrong(`'${found.text}' is no ${label.noun}; expected ${label.min} to ${label.max}.`);
    }
  }
}

/** Reports a name in quotes that the catalogue of quirks does not have. */
export function reportUnknownQuirk(range: Span, name: string, report: Report): void {
  if (isQuirkId(name)) return;
  const suggestions = suggestWords(name, quirkIds);
  report('DLMS-806', range, `The catalogue has no quirk '${name}'.${didYouMean(suggestions)}`, {
    suggestions: suggestions.map((id) => `"${id}"`),
    hint: 'docs/quirks.md lists them. A quirk of your own has a name without quotes.',
  });
}

function labelNoun(label: LabelSpec): string {
  switch (label.label) {
    case 'name':
      return 'name';
    case 'keyword':
      return `word '${label.word}'`;
    case 'reference':
      return `name of a ${label.to}`;
    case 'word':
    case 'word-of-meter':
    case 'number':
      return label.noun;
    case 'obis':
      return 'OBIS code';
    case 'class':
      return 'interface class';
    case 'range':
      return `range (${labelShape(label)})`;
  }
}

function describeParent(parent: BlockSpec): string {
  return parent.kind === 'document' ? 'file' : `'${parent.kind}'`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
