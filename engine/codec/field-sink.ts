import { toHex } from './hex.ts';
import type { Field } from './result.ts';

/** Octets shown in the value of a field before the text is cut; the range still covers all of them. */
const SHOWN_OCTETS = 48;

interface OpenField {
  name: string;
  from: number;
  to: number;
  value?: string;
  clause?: string;
  children?: Field[];
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

  leaf(name: string, from: number, to: number, value?: string, clause?: string): void {
    const field: OpenField = { name, from, to };
    if (value !== undefined) field.value = value;
    const inherited = clause ?? this.#open.at(-1)?.clause;
    if (inherited !== undefined) field.clause = inherited;
    this.#siblings().push(field);
  }

  begin(name: string, from: number, clause?: string): void {
    const field: OpenField = { name, from, to: from };
    const inherited = clause ?? this.#open.at(-1)?.clause;
    if (inherited !== undefined) field.clause = inherited;
    this.#siblings().push(field);
    this.#open.push(field);
  }

  end(to: number, value?: string): void {
    const field = this.#open.pop();
    if (field === undefined) return;
    field.to = to;
    if (value !== undefined) field.value = value;
  }

  /** Where the tree has grown to; `unwind` takes it back there. */
  mark(): FieldMark {
    return { depth: this.#open.length, siblings: this.#siblings().length };
  }

  /** Removes what was added since the mark. */
  unwind(mark: FieldMark): void {
    this.#open.length = mark.depth;
    this.#siblings().length = mark.siblings;
  }

  /** Closes all open fields, after a failure inside of them. */
  closeAll(to: number): void {
    while (this.#open.length > 0) this.end(to);
  }

  #siblings(): Field[] {
    const parent = this.#open.at(-1);
    if (parent === undefined) return this.roots;
    parent.children ??= [];
    return parent.children;
  }
}

/** Octets as the value of a field: hex, cut when long. */
export function shownOctets(octets: Uint8Array): string {
  if (octets.length <= SHOWN_OCTETS) return toHex(octets);
  return `${toHex(octets.subarray(0, SHOWN_OCTETS))}... (${octets.length} octets)`;
}
