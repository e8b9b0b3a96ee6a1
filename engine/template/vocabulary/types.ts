/**
 * The vocabulary: everything an author may write, as data. Checks, completion, hover, the manual and the grammar for
 * editors are all made from these tables; the syntax knows none of the words.
 */

/** What can be defined by name and referred to. */
export type SymbolKind =
  | 'meter'
  | 'fleet'
  | 'check'
  | 'class'
  | 'transport'
  | 'security'
  | 'association'
  | 'rights'
  | 'object'
  | 'simulation'
  | 'quirk'
  | 'fault'
  | 'profile';

/** A word of a closed set, with what it means. */
export interface Word {
  readonly word: string;
  readonly doc: string;
  /** Number on the wire, where the word stands for one. */
  readonly code?: number;
}
export type WordTable = readonly Word[];

/** What a property takes. */
export type ValueType =
  /** `"text"`. With `placeholders`, `{name}` stands for an identity property and `{n:08}` for the number in the fleet. */
  | { readonly is: 'text'; readonly placeholders?: boolean; readonly pattern?: RegExp; readonly means?: string }
  | { readonly is: 'integer'; readonly min: number; readonly max: number }
  | { readonly is: 'percent' }
  | { readonly is: 'duration' }
  /** `yes`, `no`, `on`, `off`, `true`, `false`. */
  | { readonly is: 'switch' }
  | { readonly is: 'word'; readonly of: () => WordTable; readonly noun: string }
  | { readonly is: 'words'; readonly of: () => WordTable; readonly noun: string }
  | { readonly is: 'reference'; readonly to: SymbolKind }
  | { readonly is: 'references'; readonly to: readonly SymbolKind[] }
  /** `object.attribute`, one or several. */
  | { readonly is: 'attributes' }
  /** `secret("…")`, `env("…")`, `file("…")`. */
  | { readonly is: 'secret' }
  | { readonly is: 'expression' }
  /** `10^-1 Wh`. */
  | { readonly is: 'scaler-unit' }
  /** An attribute's value: `expression` or `type = expression`. */
  | { readonly is: 'attribute-value' }
  /** Path of another file. */
  | { readonly is: 'path' }
  /** Values for people and profiles that are kept as written: `230 V`, `5 A, 100 A`. */
  | { readonly is: 'nameplate' }
  /** A form with a meaning of its own; see the module that reads it. */
  | { readonly is: 'form'; readonly form: FormName };

export type FormName =
  | 'authentication'
  | 'context'
  | 'lock'
  | 'invocation-counter'
  | 'rights'
  | 'object-rights'
  | 'serial-range'
  | 'address'
  | 'action'
  | 'class-attributes'
  | 'class-methods'
  | 'expectation';

export interface PropertySpec {
  readonly name: string;
  readonly doc: string;
  readonly value: ValueType;
  /** What to write, for documentation and completion. */
  readonly example: string;
  /** Missing it is an error in a meter that can be started. */
  readonly required?: boolean;
  /** May stand several times in one block. */
  readonly repeatable?: boolean;
  /** What holds when it is left out. */
  readonly otherwise?: string;
}
export type Properties = readonly PropertySpec[];

/** One word or literal between a kind and its `{`. */
export type LabelSpec =
  /** The name this block defines; with `orQuirk` it may be the name of a quirk of the catalogue, in quotes. */
  | { readonly label: 'name'; readonly orQuirk?: true }
  /** A fixed word that must stand here. */
  | { readonly label: 'keyword'; readonly word: string }
  | { readonly label: 'reference'; readonly to: SymbolKind }
  | { readonly label: 'word'; readonly of: () => WordTable; readonly noun: string }
  | { readonly label: 'obis' }
  | { readonly label: 'class' }
  | { readonly label: 'range' }
  | { readonly label: 'number'; readonly noun: string; readonly min: number; readonly max: number }
  /** Any word: a variable, an event, an attribute. */
  | { readonly label: 'word-of-meter'; readonly noun: string };

export interface BlockSpec {
  readonly kind: string;
  readonly doc: string;
  /** Kinds of blocks it may stand in; `document` is the top level. */
  readonly within: readonly string[];
  readonly labels: readonly LabelSpec[];
  /** Labels that may follow: all or none of them. */
  readonly optionalLabels?: readonly LabelSpec[];
  readonly properties: Properties;
  /** What any other property name means, where authors choose the names. */
  readonly free?: Omit<PropertySpec, 'name'> & { readonly defines?: SymbolKind; readonly names?: SymbolKind };
  /** What its name defines. */
  readonly defines?: SymbolKind;
  /** A name in quotes may stand without `{ … }`. */
  readonly bare?: true;
  /** At most one in the block around it. */
  readonly single?: boolean;
}
