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

  /** Number of fields that are open; `unwindTo` closes back to such a depth after a failure inside. */
  get depth(): number {
    return this.#open.length;
  }

  unwindTo(depth: number, to: number): void {
    while (this.#open.length > depth) this.end(to);
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
