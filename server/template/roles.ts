import { pathOf } from '../../engine/template/semantics/describe.ts';
import { type Head, headOf, isQuirkHead } from '../../engine/template/semantics/heads.ts';
import type {
  BlockNode,
  EntryNode,
  ExpressionNode,
  ItemNode,
  LabelNode,
  LiteralNode,
  NameNode,
  PropertyNode,
} from '../../engine/template/syntax/tree.ts';
import { actionSpec } from '../../engine/template/vocabulary/actions.ts';
import { blockSpec } from '../../engine/template/vocabulary/blocks.ts';
import { documentBlock } from '../../engine/template/vocabulary/fleet-blocks.ts';
import { type FunctionSpec, functionSpec, typeConstructors } from '../../engine/template/vocabulary/functions.ts';
import type {
  BlockSpec,
  LabelSpec,
  PropertySpec,
  SymbolKind,
  WordTable,
} from '../../engine/template/vocabulary/types.ts';
import { accessWords, mechanismWords, protectionWords } from '../../engine/template/vocabulary/words.ts';
import { contextWords, counterWords, passwordWords, secretWords } from './form-words.ts';

/** What a word or literal is at its place, as far as its surroundings and the vocabulary tell. */
export type Role =
  /** The kind of a block; `spec` is missing for unknown kinds. */
  | { readonly role: 'kind'; readonly spec: BlockSpec | undefined }
  | { readonly role: 'modifier' }
  | { readonly role: 'keyword' }
  /** Defines something. */
  | { readonly role: 'name'; readonly kind: SymbolKind }
  /** Means something defined elsewhere. */
  | { readonly role: 'reference'; readonly kinds: readonly SymbolKind[] }
  | { readonly role: 'obis' }
  | { readonly role: 'class' }
  /** A `for` variable. */
  | { readonly role: 'variable' }
  /** An attribute or method of the object around, by its name. */
  | { readonly role: 'member' }
  | { readonly role: 'property'; readonly spec: PropertySpec; readonly of: BlockSpec }
  | { readonly role: 'attribute' }
  /** One of a closed set of words. */
  | { readonly role: 'word'; readonly words: WordTable }
  | { readonly role: 'type' }
  | { readonly role: 'unit' }
  | { readonly role: 'function'; readonly spec: FunctionSpec | undefined }
  | { readonly role: 'argument'; readonly of: FunctionSpec | undefined }
  /** A name in the value of a property. */
  | { readonly role: 'operand'; readonly property: string }
  /** A name behind a dot; `of` is what stands before it, `identity.serial`. */
  | { readonly role: 'part'; readonly of: string }
  /** The name of a quirk of the catalogue, in quotes. */
  | { readonly role: 'quirk' }
  /** A number, text or other literal; `property` is what it is the value of. */
  | { readonly role: 'literal'; readonly property: string };

/** Told of every word and literal, in the order of the text. */
export type Visit = (node: NameNode | LiteralNode, role: Role, around: readonly BlockNode[]) => void;

/** Walks entries that stand inside of `around`; with none around, those of a document. */
export function visitEntries(entries: readonly EntryNode[], around: readonly BlockNode[], visit: Visit): void {
  const inner = around.at(-1);
  const parent = inner === undefined ? documentBlock : headOf(inner).spec;
  for (const entry of entries) visitEntry(entry, parent, around, visit);
}

/** Walks one entry; nested blocks only with `deep`. */
export function visitEntry(
  entry: EntryNode,
  parent: BlockSpec | undefined,
  around: readonly BlockNode[],
  visit: Visit,
  deep = true,
): void {
  if (entry.kind === 'property') {
    visitProperty(entry, parent, around, visit);
    return;
  }
  visitHead(entry.name, headOf(entry), around, visit);
  if (entry.kind === 'block' && deep) visitEntries(entry.entries, [...around, entry], visit);
}

function visitHead(first: NameNode, head: Head, around: readonly BlockNode[], visit: Visit): void {
  if (head.modifier !== undefined) visit(first, { role: 'modifier' }, around);
  visit(head.kindNode, { role: 'kind', spec: head.spec }, around);
  const specs = [...(head.spec?.labels ?? []), ...(head.spec?.optionalLabels ?? [])];
  for (const [index, label] of head.labels.entries()) visit(label, roleOfLabel(specs[index], head, label), around);
}

function roleOfLabel(spec: LabelSpec | undefined, head: Head, label: LabelNode): Role {
  switch (spec?.label) {
    case 'name':
      if (isQuirkHead(head)) return { role: 'quirk' };
      // `override object x` speaks of an inherited one.
      if (head.modifier === 'override') return { role: 'reference', kinds: [head.spec?.defines ?? 'object'] };
      return { role: 'name', kind: head.spec?.defines ?? 'object' };
    case 'keyword':
      return { role: 'keyword' };
    case 'reference':
      return { role: 'reference', kinds: [spec.to] };
    case 'word':
      return { role: 'word', words: spec.of() };
    case 'obis':
      return { role: 'obis' };
    case 'class':
      return { role: 'class' };
    case 'word-of-meter':
      return { role: spec.noun === 'variable' || spec.noun === 'name' ? 'variable' : 'member' };
    default:
      return label.kind === 'literal' && label.type === 'obis'
        ? { role: 'obis' }
        : { role: 'literal', property: head.kind };
  }
}

function visitProperty(
  entry: PropertyNode,
  parent: BlockSpec | undefined,
  around: readonly BlockNode[],
  visit: Visit,
): void {
  const spec = parent?.properties.find((item) => item.name === entry.name.text);
  const { role, meaning } = propertyRole(entry, parent, spec);
  visit(entry.name, role, around);
  for (const item of entry.items) visitItem(item, meaning, (node, found) => visit(node, found, around));
}

/** What names at the top of a value are. */
interface Meaning {
  readonly property: string;
  /** Words of a closed set; other names are looked up with `kinds`, else they are operands. */
  readonly words: WordTable;
  readonly kinds: readonly SymbolKind[];
  /** What stands in the parentheses behind a word: `set(authenticated)`. */
  readonly inside: WordTable;
}

function propertyRole(
  entry: PropertyNode,
  parent: BlockSpec | undefined,
  spec: PropertySpec | undefined,
): { role: Role; meaning: Meaning } {
  const plain: Meaning = { property: entry.name.text, words: [], kinds: [], inside: [] };
  if (parent === undefined) return { role: { role: 'attribute' }, meaning: plain };
  if (spec !== undefined) return { role: { role: 'property', spec, of: parent }, meaning: meaningOf(spec, plain) };
  const { free } = parent;
  if (free === undefined) return { role: { role: 'attribute' }, meaning: plain };
  const named: PropertySpec = { ...free, name: entry.name.text };
  const meaning = meaningOf(named, plain);
  if (free.defines !== undefined) return { role: { role: 'name', kind: free.defines }, meaning };
  if (free.names !== undefined) return { role: { role: 'reference', kinds: [free.names] }, meaning };
  return { role: { role: 'property', spec: named, of: parent }, meaning };
}

function meaningOf({ name, value }: PropertySpec, plain: Meaning): Meaning {
  switch (value.is) {
    case 'word':
    case 'words':
      return { ...plain, words: value.of() };
    case 'secret':
      return { ...plain, words: secretWords };
    case 'reference':
      return { ...plain, kinds: [value.to] };
    case 'references':
      return { ...plain, kinds: value.to };
    case 'form':
      if (value.form === 'authentication') return { ...plain, words: [...mechanismWords, ...passwordWords] };
      if (value.form === 'context') return { ...plain, words: contextWords };
      if (value.form === 'invocation-counter') return { ...plain, words: counterWords };
      if (value.form === 'rights') return { ...plain, words: accessWords, inside: protectionWords };
      if (value.form === 'object-rights') {
        return { ...plain, words: accessWords, kinds: ['association'], inside: protectionWords };
      }
      return { ...plain, words: (actionSpec(name)?.words ?? []).map((word) => ({ word, doc: '' })) };
    default:
      return plain;
  }
}

type VisitWord = (node: NameNode | LiteralNode, role: Role) => void;

function visitItem(item: ItemNode, meaning: Meaning, visit: VisitWord): void {
  for (const part of item.parts) {
    // `type = value`
    if (item.init !== undefined && part.kind === 'name') visit(part, { role: 'type' });
    else visitExpression(part, meaning, visit);
  }
  if (item.init !== undefined) visitExpression(item.init, meaning, visit);
}

function visitExpression(node: ExpressionNode, meaning: Meaning, visit: VisitWord): void {
  switch (node.kind) {
    case 'name':
      visit(node, roleOfName(node.text, meaning));
      return;
    case 'literal':
      visit(node, roleOfLiteral(node, meaning));
      return;
    case 'quantity':
      visit(node.number, { role: 'literal', property: meaning.property });
      visit(node.unit, { role: 'unit' });
      return;
    case 'member':
      visitExpression(node.of, meaning, visit);
      visit(node.name, { role: 'part', of: pathOf(node.of).join('.') });
      return;
    case 'call':
      visitCall(node, meaning, visit);
      return;
    case 'list':
      for (const item of node.items) visitExpression(item, meaning, visit);
      return;
    case 'group':
    case 'unary':
      visitExpression(node.of, meaning, visit);
      return;
    case 'binary':
      visitExpression(node.left, meaning, visit);
      visitExpression(node.right, meaning, visit);
      return;
    case 'missing':
      return;
  }
}

function visitCall(node: Extract<ExpressionNode, { kind: 'call' }>, meaning: Meaning, visit: VisitWord): void {
  const { callee } = node;
  const name = callee.kind === 'member' ? callee.name : callee;
  if (callee.kind === 'member') visitExpression(callee.of, meaning, visit);
  const isWord = meaning.words.some((word) => word.word === name.text);
  const spec = functionSpec(name.text);
  if (isWord) visit(name, { role: 'word', words: meaning.words });
  else if (typeConstructors.has(name.text)) visit(name, { role: 'type' });
  else visit(name, { role: 'function', spec });
  const inside: Meaning = { ...meaning, words: isWord ? meaning.inside : [], kinds: [], inside: [] };
  for (const arg of node.args) {
    if (arg.name !== undefined) visit(arg.name, { role: 'argument', of: spec });
    visitExpression(arg.value, inside, visit);
  }
}

function roleOfLiteral({ type }: LiteralNode, { property }: Meaning): Role {
  if (type === 'obis') return { role: 'obis' };
  return type === 'text' && property === 'deviates' ? { role: 'quirk' } : { role: 'literal', property };
}

function roleOfName(text: string, meaning: Meaning): Role {
  if (meaning.words.some((word) => word.word === text)) return { role: 'word', words: meaning.words };
  return meaning.kinds.length > 0
    ? { role: 'reference', kinds: meaning.kinds }
    : { role: 'operand', property: meaning.property };
}

/** The specification of what an entry stands in. */
export function parentSpec(around: readonly BlockNode[]): BlockSpec | undefined {
  const inner = around.at(-1);
  return inner === undefined ? documentBlock : blockSpec(headOf(inner).kind);
}
