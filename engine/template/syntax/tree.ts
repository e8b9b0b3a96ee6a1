/**
 * The syntax tree of a `.dlmsmeter` text. Positions are offsets into that text: `from` is the first character, `to` the
 * one after the last. A tree exists for every text; what could not be understood is in the findings beside it.
 */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface DocumentNode extends Span {
  readonly kind: 'document';
  readonly entries: readonly EntryNode[];
  /** In the order of the text; kept for the formatter and for documentation above a definition. */
  readonly comments: readonly CommentNode[];
}

export interface CommentNode extends Span {
  readonly kind: 'comment';
  readonly style: 'line' | 'block';
}

/** The language has two forms only: `name: value` and `kind label* { entry* }`. The third is one still being typed. */
export type EntryNode = PropertyNode | BlockNode | IncompleteNode;

/** `name: value`. */
export interface PropertyNode extends Span {
  readonly kind: 'property';
  readonly name: NameNode;
  /** Parts between commas; empty while the value is missing. */
  readonly items: readonly ItemNode[];
}

/** `kind label* { entry* }`, or `kind "text"` alone. */
export interface BlockNode extends Span {
  readonly kind: 'block';
  readonly name: NameNode;
  readonly labels: readonly LabelNode[];
  readonly entries: readonly EntryNode[];
  /** Offset of `{`. */
  readonly open: number;
  /** Offset of `}`, or where one had to be assumed. */
  readonly close: number;
  /** False when the text has no `}` for this block. */
  readonly closed: boolean;
  /** `kind "text"` without braces: `open` and `close` are its end. */
  readonly bare?: true;
}

/** A word that is followed neither by `:` nor by `{`. */
export interface IncompleteNode extends Span {
  readonly kind: 'incomplete';
  readonly name: NameNode;
  readonly labels: readonly LabelNode[];
}

export type LabelNode = NameNode | LiteralNode;

/** One comma-separated part of a value: `double-long-unsigned = 0`, `management get`, `10^-1 Wh`. */
export interface ItemNode extends Span {
  readonly kind: 'item';
  /** Expressions beside each other; at least one, unless it is missing. */
  readonly parts: readonly ExpressionNode[];
  /** Behind `=`. */
  readonly init?: ExpressionNode;
}

export type ExpressionNode =
  | NameNode
  | LiteralNode
  | QuantityNode
  | MemberNode
  | CallNode
  | ListNode
  | GroupNode
  | UnaryNode
  | BinaryNode
  | MissingNode;

/** A word; inside `for` it may hold placeholders, as in `active_import_t{T}`. */
export interface NameNode extends Span {
  readonly kind: 'name';
  readonly text: string;
}

export type LiteralType =
  | 'number'
  | 'hex'
  | 'power'
  | 'duration'
  | 'percent'
  | 'range'
  | 'text'
  | 'octets'
  | 'date-time'
  | 'obis';

export interface LiteralNode extends Span {
  readonly kind: 'literal';
  readonly type: LiteralType;
  /** As written, with quotes and prefixes. */
  readonly text: string;
}

/** A number with its unit: `230 V`, `10^-1 Wh`, `3 failures`. */
export interface QuantityNode extends Span {
  readonly kind: 'quantity';
  readonly number: LiteralNode;
  readonly unit: NameNode;
}

/** `of.name`. The name is empty (`from === to`) while it is being typed. */
export interface MemberNode extends Span {
  readonly kind: 'member';
  readonly of: NameNode | MemberNode;
  readonly name: NameNode;
}

export interface CallNode extends Span {
  readonly kind: 'call';
  readonly callee: NameNode | MemberNode;
  readonly args: readonly ArgumentNode[];
  /** Offset of `(`. */
  readonly open: number;
}

export interface ArgumentNode extends Span {
  readonly kind: 'argument';
  readonly name?: NameNode;
  readonly value: ExpressionNode;
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly ExpressionNode[];
}

/** An expression in parentheses. */
export interface GroupNode extends Span {
  readonly kind: 'group';
  readonly of: ExpressionNode;
}

export interface UnaryNode extends Span {
  readonly kind: 'unary';
  readonly op: '-' | '+';
  readonly of: ExpressionNode;
}

export interface BinaryNode extends Span {
  readonly kind: 'binary';
  readonly op: '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** Stands where an expression should be; reported once by the parser and skipped by everything after it. */
export interface MissingNode extends Span {
  readonly kind: 'missing';
}

export type AnyNode = DocumentNode | EntryNode | ItemNode | ExpressionNode | ArgumentNode;
