import type { Span } from '../syntax/tree.ts';
import type { SymbolKind } from '../vocabulary/types.ts';

/** Where a name is defined. */
export interface SymbolDefinition {
  readonly kind: SymbolKind;
  readonly name: string;
  /** Meter it belongs to; empty for meters, fleets, checks, classes and profiles. */
  readonly meter: string;
  readonly file: string;
  /** The name. */
  readonly range: Span;
  /** The whole definition. */
  readonly full: Span;
}

/** Where a name is used. */
export interface SymbolReference {
  readonly kind: SymbolKind;
  readonly name: string;
  /** Meter in which it was looked up. */
  readonly meter: string;
  readonly file: string;
  readonly range: Span;
  /** What it means; undefined if it could not be found. */
  readonly definition?: SymbolDefinition;
}

/** Definitions and references of an analysis, over all its files. */
export interface SymbolTable {
  readonly definitions: readonly SymbolDefinition[];
  readonly references: readonly SymbolReference[];
}

/** A symbol table under construction. */
export interface SymbolRecorder extends SymbolTable {
  define(definition: SymbolDefinition): void;
  refer(reference: SymbolReference): void;
}

export function createSymbolRecorder(): SymbolRecorder {
  const definitions: SymbolDefinition[] = [];
  const references: SymbolReference[] = [];
  // Inherited text is looked at once for each meter that inherits it; a place is recorded once for each meaning.
  const seen = new Set<string>();
  const isNew = (sort: string, item: SymbolDefinition | SymbolReference): boolean => {
    const key = `${sort} ${item.file} ${item.range.from} ${item.kind} ${item.meter} ${item.name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  return {
    definitions,
    references,
    define(definition) {
      if (isNew('d', definition)) definitions.push(definition);
    },
    refer(reference) {
      if (isNew('r', reference)) references.push(reference);
    },
  };
}

/** The reference at an offset of a file. */
export function referenceAt(table: SymbolTable, file: string, offset: number): SymbolReference | undefined {
  return table.references.find((item) => item.file === file && item.range.from <= offset && offset <= item.range.to);
}

/** The definition whose name stands at an offset of a file. */
export function definitionAt(table: SymbolTable, file: string, offset: number): SymbolDefinition | undefined {
  return table.definitions.find((item) => item.file === file && item.range.from <= offset && offset <= item.range.to);
}

/** References to a definition. */
export function referencesTo(table: SymbolTable, definition: SymbolDefinition): readonly SymbolReference[] {
  return table.references.filter(
    (item) =>
      item.definition !== undefined &&
      item.definition.file === definition.file &&
      item.definition.range.from === definition.range.from,
  );
}
