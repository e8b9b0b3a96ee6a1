import { toHex } from './hex.ts';
import type { Field } from './result.ts';

/** Octets shown in the value of a field before the text is cut; the range still covers all of them. */
const SHOWN_OCTETS = 48;

/** A composite field whose end has not been reached. It joins its siblings when it is closed. */
interface OpenField {
  readonly name: string;
  readonly from: number;
  readonly clause: string | undefined;
  readonly children: Field[];
}

/** A state of a FieldSink. */
export interface FieldMark {
  readonly depth: number;
  readonly siblings: number;
}

/** Collects the tree of fields while a Reader decodes. Fields without a clause of their own take the enclosing one. */
export class FieldSink {
  readonly roots: Field[] = [];
  readonly #open: OpenField[] = [];
  /** Where the next closed field goes, and the clause it takes: those of the field opened last. */
  #siblings = this.roots;
  #clause: string | undefined;
  /** Value of the leaf added last. */
  lastLeaf = '';

  leaf(name: string, from: number, to: number, value: string): void {
    this.lastLeaf = value;
    this.#siblings.push(makeField(name, from, to, value, this.#clause));
  }

  begin(name: string, from: number, clause = this.#clause): void {
    const children: Field[] = [];
    this.#open.push({ name, from, clause, children });
    this.#siblings = children;
    this.#clause = clause;
  }

  end(to: number, value?: string): void {
    const field = this.#open.pop();
    if (field === undefined) return;
    this.#resume();
    const children = field.children.length === 0 ? undefined : field.children;
    this.#siblings.push(makeField(field.name, field.from, to, value, field.clause, children));
  }

  /** Replaces the value of the field added last by what it means, and names its parts where several share an octet. */
  describe(value: string, parts?: Field[]): void {
    const field = this.#siblings.at(-1);
    if (field === undefined) return;
    field.value = value;
    if (parts !== undefined && parts.length > 0) field.children = parts;
  }

  /** Where the tree has grown to; `unwind` takes it back there. */
  mark(): FieldMark {
    return { depth: this.#open.length, siblings: this.#siblings.length };
  }

  /** Removes what was added since the mark. */
  unwind(mark: FieldMark): void {
    this.#open.length = mark.depth;
    this.#resume();
    this.#siblings.length = mark.siblings;
  }

  /** Closes all open fields, after a failure inside of them. */
  closeAll(to: number): void {
    while (this.#open.length > 0) this.end(to);
  }

  #resume(): void {
    const parent = this.#open.at(-1);
    this.#siblings = parent === undefined ? this.roots : parent.children;
    this.#clause = parent?.clause;
  }
}

/**
 * A field without the members it does not have. Nearly all have a value and a clause: those are made with all members
 * at once, which costs half of adding them one by one.
 */
function makeField(
  name: string,
  from: number,
  to: number,
  value: string | undefined,
  clause: string | undefined,
  children?: Field[],
): Field {
  if (value !== undefined && clause !== undefined) {
    return children === undefined ? { name, from, to, value, clause } : { name, from, to, value, clause, children };
  }
  const field: Field = { name, from, to };
  if (value !== undefined) field.value = value;
  if (clause !== undefined) field.clause = clause;
  if (children !== undefined) field.children = children;
  return field;
}

/** Names of the first elements of a list, `[0]` and on. */
const INDEX_NAMES = Array.from({ length: 1024 }, (_, i) => `[${i}]`);

/** Name of an element of a list. */
export function indexName(index: number): string {
  return INDEX_NAMES[index] ?? `[${index}]`;
}

/** Octets as the value of a field: hex, cut when long. */
export function shownOctets(octets: Uint8Array): string {
  if (octets.length <= SHOWN_OCTETS) return toHex(octets);
  return `${toHex(octets.subarray(0, SHOWN_OCTETS))}... (${octets.length} octets)`;
}
