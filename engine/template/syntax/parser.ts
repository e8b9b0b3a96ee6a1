import { EmbeddedActionsParser, type IToken, type ParserMethod, tokenMatcher } from 'chevrotain';
import { type Finding, finding } from '../findings/finding.ts';
import { endOf } from './lexer.ts';
import { LITERAL_TYPES, UNIT_TAKERS } from './literal-tokens.ts';
import { climb } from './operators.ts';
import * as T from './tokens.ts';
import type * as Tree from './tree.ts';

/**
 * The grammar. It accepts every sequence of tokens that `structure` can produce: where something is missing or too much
 * the actions report it and go on, so there is nothing to recover from and a tree exists for every text.
 *
 *     document := entry*
 *     entry    := EntryName ':' value | EntryName label* '{' entry* '}'
 *     value    := item (',' item)*        item := expression+ ('=' expression)?
 */
class TemplateParser extends EmbeddedActionsParser {
  private file = '';
  private findings: Finding[] = [];
  private unclosed: ReadonlySet<IToken> = new Set();
  private misplacedUntil = -1;

  constructor() {
    super([...T.tokenTypes], { recoveryEnabled: false, maxLookahead: 2, nodeLocationTracking: 'none' });
    this.performSelfAnalysis();
  }

  /** Parses structured tokens. The result is new at every call; the parser itself keeps nothing. */
  run(
    tokens: IToken[],
    unclosed: ReadonlySet<IToken>,
    file: string,
  ): { readonly entries: Tree.EntryNode[]; readonly findings: readonly Finding[] } {
    this.prepare(tokens, unclosed, file);
    const entries: Tree.EntryNode[] | undefined = this.document();
    this.reportInternal();
    return { entries: entries ?? [], findings: this.findings };
  }

  /** Parses tokens as one expression. */
  runExpression(
    tokens: IToken[],
    file: string,
  ): { readonly expression: Tree.ExpressionNode | undefined; readonly findings: readonly Finding[] } {
    this.prepare(tokens, new Set(), file);
    const expression = tokens.length === 0 ? undefined : this.loneExpression();
    this.reportInternal();
    return { expression, findings: this.findings };
  }

  private prepare(tokens: IToken[], unclosed: ReadonlySet<IToken>, file: string): void {
    this.file = file;
    this.findings = [];
    this.unclosed = unclosed;
    this.misplacedUntil = -1;
    this.input = tokens;
  }

  /**
   * The grammar is total, so this has nothing to do; should it ever have, the error is shown and not swallowed, and the
   * tree is empty.
   */
  private reportInternal(): void {
    for (const error of this.errors) {
      const { token } = error;
      const from = Number.isFinite(token.startOffset) ? token.startOffset : 0;
      this.report(
        'DLMS-107',
        { from, to: from + Math.max(1, token.image.length) },
        `'${token.image}' cannot stand here.`,
      );
    }
  }

  private report(code: Parameters<typeof finding>[0], range: Tree.Span, message: string, hint?: string): void {
    this.findings.push(finding(code, this.file, range, message, hint === undefined ? {} : { hint }));
  }

  private name(token: IToken): Tree.NameNode {
    return { kind: 'name', from: token.startOffset, to: endOf(token), text: token.image };
  }

  private literal(token: IToken): Tree.LiteralNode {
    return {
      kind: 'literal',
      from: token.startOffset,
      to: endOf(token),
      type: LITERAL_TYPES.get(token.tokenType) ?? 'number',
      text: token.image,
    };
  }

  private missing(after: IToken, what: string): Tree.MissingNode {
    const at = endOf(after);
    this.report('DLMS-108', { from: after.startOffset, to: at }, `Behind '${after.image}' ${what} is missing.`);
    return { kind: 'missing', from: at, to: at };
  }

  private isBesidePrevious(): boolean {
    return this.LA(1).startOffset === endOf(this.LA(0));
  }

  private document: ParserMethod<[], Tree.EntryNode[]> = this.RULE('document', () => {
    const entries: Tree.EntryNode[] = [];
    this.MANY(() => {
      this.SUBRULE(this.entry, { ARGS: [entries] });
    });
    return entries;
  });

  private loneExpression: ParserMethod<[], Tree.ExpressionNode | undefined> = this.RULE('loneExpression', () => {
    let result: Tree.ExpressionNode | undefined;
    this.OPTION(() => {
      result = this.SUBRULE(this.expression);
    });
    this.MANY(() => {
      const token = this.CONSUME(T.Inline);
      this.ACTION(() => this.reportTooMuch(token));
    });
    return result;
  });

  private entry: ParserMethod<[Tree.EntryNode[]], void> = this.RULE('entry', (entries: Tree.EntryNode[]) => {
    this.OR([
      { ALT: () => this.SUBRULE(this.named, { ARGS: [entries] }) },
      { ALT: () => this.SUBRULE(this.nameless, { ARGS: [entries] }) },
      { ALT: () => this.SUBRULE(this.stray) },
    ]);
  });

  private named: ParserMethod<[Tree.EntryNode[]], void> = this.RULE('named', (entries: Tree.EntryNode[]) => {
    const token = this.CONSUME(T.EntryName);
    this.OR([
      { ALT: () => this.SUBRULE(this.property, { ARGS: [token, entries] }) },
      { ALT: () => this.SUBRULE(this.block, { ARGS: [token, entries] }) },
    ]);
  });

  private property: ParserMethod<[IToken, Tree.EntryNode[]], void> = this.RULE(
    'property',
    (head: IToken, entries: Tree.EntryNode[]) => {
      const colon = this.CONSUME(T.Colon);
      const items: Tree.ItemNode[] = [];
      this.OPTION(() => {
        this.SUBRULE(this.value, { ARGS: [items] });
      });
      this.ACTION(() => {
        const last = this.LA(0);
        const name = this.name(head);
        if (items.length === 0) {
          this.report(
            'DLMS-109',
            { from: name.from, to: endOf(colon) },
            `'${name.text}' has no value.`,
            "Write one behind ':' on the same line.",
          );
        }
        entries.push({ kind: 'property', from: name.from, to: endOf(last), name, items });
      });
      this.MANY(() => {
        const extra = this.CONSUME(T.Inline);
        this.ACTION(() => this.reportTooMuch(extra));
      });
    },
  );

  private block: ParserMethod<[IToken, Tree.EntryNode[]], void> = this.RULE(
    'block',
    (head: IToken, entries: Tree.EntryNode[]) => {
      const labels: Tree.LabelNode[] = [];
      const inner: Tree.EntryNode[] = [];
      let braces: BracesResult | undefined;
      this.MANY(() => {
        const token = this.CONSUME(T.Inline);
        this.ACTION(() => {
          if (token.tokenType === T.Identifier) labels.push(this.name(token));
          else if (LITERAL_TYPES.has(token.tokenType)) labels.push(this.literal(token));
          else if (token.tokenType !== T.StrayBrace) {
            const from = token.startOffset;
            this.report(
              'DLMS-110',
              { from, to: endOf(token) },
              `'${token.image}' cannot stand before '{': only names, numbers, texts and OBIS codes can.`,
            );
          }
        });
      });
      this.OPTION(() => {
        braces = this.SUBRULE(this.braces, { ARGS: [inner] });
      });
      this.ACTION(() => {
        const name = this.name(head);
        const [label] = labels;
        if (braces === undefined && labels.length === 1 && label?.kind === 'literal' && label.type === 'text') {
          const { to } = label;
          const bare = { bare: true, open: to, close: to, closed: true } as const;
          entries.push({ kind: 'block', from: name.from, to, name, labels, entries: inner, ...bare });
          return;
        }
        if (braces === undefined) {
          const to = labels.at(-1)?.to ?? name.to;
          this.report(
            'DLMS-111',
            name,
            `'${name.text}' is not finished: write ':' and a value for a property, or '{ … }' for a block.`,
          );
          entries.push({ kind: 'incomplete', from: name.from, to, name, labels });
          return;
        }
        entries.push({
          kind: 'block',
          from: name.from,
          to: braces.to,
          name,
          labels,
          entries: inner,
          open: braces.open,
          close: braces.close,
          closed: braces.closed,
        });
      });
    },
  );

  private braces: ParserMethod<[Tree.EntryNode[]], BracesResult> = this.RULE('braces', (inner: Tree.EntryNode[]) => {
    const open = this.CONSUME(T.LeftBrace);
    this.MANY(() => {
      this.SUBRULE(this.entry, { ARGS: [inner] });
    });
    const close = this.CONSUME(T.RightBrace);
    return { open: open.startOffset, close: close.startOffset, to: endOf(close), closed: !this.unclosed.has(open) };
  });

  /** `{ … }` without a kind before it: its entries are kept where they stand. */
  private nameless: ParserMethod<[Tree.EntryNode[]], void> = this.RULE('nameless', (entries: Tree.EntryNode[]) => {
    const result = this.SUBRULE(this.braces, { ARGS: [entries] });
    this.ACTION(() => {
      this.report(
        'DLMS-112',
        { from: result.open, to: result.open + 1 },
        "A '{' needs the kind of block before it, for example 'object name 1-0:1.8.0.255 register {'.",
      );
    });
  });

  private stray: ParserMethod<[], void> = this.RULE('stray', () => {
    const token = this.OR([{ ALT: () => this.CONSUME(T.Inline) }, { ALT: () => this.CONSUME(T.Colon) }]);
    this.ACTION(() => this.reportTooMuch(token));
  });

  private reportTooMuch(token: IToken): void {
    if (token.tokenType === T.StrayBrace) return;
    // One finding for a run of misplaced tokens is enough.
    const from = token.startOffset;
    if (this.misplacedUntil >= 0 && from - this.misplacedUntil <= 1) {
      this.misplacedUntil = endOf(token);
      return;
    }
    this.misplacedUntil = endOf(token);
    this.report(
      'DLMS-107',
      { from, to: endOf(token) },
      `'${token.image}' cannot stand here: expected the name of a property or block, or the end of the line.`,
    );
  }

  private value: ParserMethod<[Tree.ItemNode[]], void> = this.RULE('value', (items: Tree.ItemNode[]) => {
    this.SUBRULE(this.item, { ARGS: [items] });
    this.MANY(() => {
      const comma = this.CONSUME(T.Comma);
      let found = false;
      this.OPTION(() => {
        found = true;
        this.SUBRULE2(this.item, { ARGS: [items] });
      });
      this.ACTION(() => {
        if (!found) this.missing(comma, 'the next part of the list');
      });
    });
  });

  private item: ParserMethod<[Tree.ItemNode[]], void> = this.RULE('item', (items: Tree.ItemNode[]) => {
    const parts: Tree.ExpressionNode[] = [];
    let init: Tree.ExpressionNode | undefined;
    this.AT_LEAST_ONE(() => {
      const part = this.SUBRULE(this.expression);
      this.ACTION(() => parts.push(part));
    });
    this.OPTION(() => {
      const equals = this.CONSUME(T.Equals);
      let found: Tree.ExpressionNode | undefined;
      this.OPTION2(() => {
        found = this.SUBRULE2(this.expression);
      });
      this.ACTION(() => {
        init = found ?? this.missing(equals, 'the value');
      });
    });
    this.ACTION(() => {
      const from = parts[0]?.from ?? 0;
      const to = (init ?? parts.at(-1))?.to ?? from;
      items.push(init === undefined ? { kind: 'item', from, to, parts } : { kind: 'item', from, to, parts, init });
    });
  });

  /** One rule for all operators; which binds tighter is settled in the action. */
  private expression: ParserMethod<[], Tree.ExpressionNode> = this.RULE('expression', () => {
    const first = this.SUBRULE(this.primary);
    let operators: IToken[] | undefined;
    let operands: Tree.ExpressionNode[] | undefined;
    this.MANY(() => {
      const operator = this.CONSUME(T.Operator);
      let operand: Tree.ExpressionNode | undefined;
      this.OPTION(() => {
        operand = this.SUBRULE2(this.primary);
      });
      this.ACTION(() => {
        operators ??= [];
        operands ??= [];
        operators.push(operator);
        operands.push(operand ?? this.missing(operator, 'a value'));
      });
    });
    if (operators === undefined || operands === undefined) return first;
    const [rest, signs] = [operands, operators];
    return this.ACTION(() =>
      climb(
        first,
        signs.map((token) => token.image),
        rest,
      ),
    );
  });

  private primary: ParserMethod<[], Tree.ExpressionNode> = this.RULE('primary', () =>
    this.OR([
      { ALT: () => this.SUBRULE(this.quantity) },
      { ALT: () => this.SUBRULE(this.reference) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.unary) },
    ]),
  );

  private quantity: ParserMethod<[], Tree.LiteralNode | Tree.QuantityNode> = this.RULE('quantity', () => {
    const token = this.CONSUME(T.Literal);
    let unit: IToken | undefined;
    let per: IToken | undefined;
    this.OPTION({
      GATE: () => UNIT_TAKERS.has(this.LA(0).tokenType),
      DEF: () => {
        unit = this.CONSUME(T.Identifier);
        // `m³/h` without spaces is one unit.
        this.OPTION2({
          GATE: () =>
            this.LA(1).image === '/' &&
            this.isBesidePrevious() &&
            tokenMatcher(this.LA(2), T.Identifier) &&
            this.LA(2).startOffset === endOf(this.LA(1)),
          DEF: () => {
            this.CONSUME(T.Factor);
            per = this.CONSUME2(T.Identifier);
          },
        });
      },
    });
    return this.ACTION((): Tree.LiteralNode | Tree.QuantityNode => {
      const number = this.literal(token);
      if (unit === undefined) return number;
      const first = this.name(unit);
      const symbol = per === undefined ? first : { ...first, to: endOf(per), text: `${first.text}/${per.image}` };
      return { kind: 'quantity', from: number.from, to: symbol.to, number, unit: symbol };
    });
  });

  private unary: ParserMethod<[], Tree.ExpressionNode> = this.RULE('unary', () => {
    const sign = this.CONSUME(T.Sign);
    let of: Tree.ExpressionNode | undefined;
    this.OPTION(() => {
      of = this.SUBRULE(this.primary);
    });
    return this.ACTION((): Tree.ExpressionNode => {
      const operand = of ?? this.missing(sign, 'a value');
      return { kind: 'unary', from: sign.startOffset, to: operand.to, op: sign.image === '-' ? '-' : '+', of: operand };
    });
  });

  private list: ParserMethod<[], Tree.ExpressionNode> = this.RULE('list', () => {
    const open = this.CONSUME(T.LeftSquare);
    const items: Tree.ExpressionNode[] = [];
    let close: IToken | undefined;
    this.OPTION(() => {
      const first = this.SUBRULE(this.expression);
      this.ACTION(() => items.push(first));
      this.MANY(() => {
        const comma = this.CONSUME(T.Comma);
        let next: Tree.ExpressionNode | undefined;
        this.OPTION2(() => {
          next = this.SUBRULE2(this.expression);
        });
        // A comma behind the last element is welcome in lists over several lines.
        this.ACTION(() => {
          if (next !== undefined) items.push(next);
          else if (this.LA(1).tokenType !== T.RightSquare) items.push(this.missing(comma, 'the next element'));
        });
      });
    });
    this.OPTION3(() => {
      close = this.CONSUME(T.RightSquare);
    });
    return this.ACTION(
      (): Tree.ExpressionNode => ({ kind: 'list', from: open.startOffset, to: this.closing(open, close, ']'), items }),
    );
  });

  private group: ParserMethod<[], Tree.ExpressionNode> = this.RULE('group', () => {
    const open = this.CONSUME(T.LeftParen);
    let of: Tree.ExpressionNode | undefined;
    let close: IToken | undefined;
    this.OPTION(() => {
      of = this.SUBRULE(this.expression);
    });
    this.OPTION2(() => {
      close = this.CONSUME(T.RightParen);
    });
    return this.ACTION((): Tree.ExpressionNode => {
      const inner = of ?? this.missing(open, 'a value');
      return { kind: 'group', from: open.startOffset, to: this.closing(open, close, ')'), of: inner };
    });
  });

  private reference: ParserMethod<[], Tree.ExpressionNode> = this.RULE('reference', () => {
    const head = this.CONSUME(T.Identifier);
    let node: Tree.NameNode | Tree.MemberNode = this.ACTION(() => this.name(head));
    let call: Tree.CallNode | undefined;
    this.MANY(() => {
      const dot = this.CONSUME(T.Dot);
      let member: IToken | undefined;
      this.OPTION(() => {
        member = this.CONSUME2(T.Identifier);
      });
      this.ACTION(() => {
        const at = endOf(dot);
        if (member === undefined) this.missing(dot, 'a name');
        const name: Tree.NameNode =
          member === undefined ? { kind: 'name', from: at, to: at, text: '' } : this.name(member);
        node = { kind: 'member', from: node.from, to: name.to, of: node, name };
      });
    });
    this.OPTION2({
      // `get (x)` are two parts, `get(x)` is a call.
      GATE: () => this.isBesidePrevious(),
      DEF: () => {
        const callee = node;
        call = this.SUBRULE(this.call, { ARGS: [callee] });
      },
    });
    return call ?? node;
  });

  private call: ParserMethod<[Tree.NameNode | Tree.MemberNode], Tree.CallNode> = this.RULE(
    'call',
    (callee: Tree.NameNode | Tree.MemberNode) => {
      const open = this.CONSUME(T.LeftParen);
      const args: Tree.ArgumentNode[] = [];
      let close: IToken | undefined;
      this.OPTION(() => {
        const first = this.SUBRULE(this.argument);
        this.ACTION(() => args.push(first));
        this.MANY(() => {
          const comma = this.CONSUME(T.Comma);
          let next: Tree.ArgumentNode | undefined;
          this.OPTION2(() => {
            next = this.SUBRULE2(this.argument);
          });
          this.ACTION(() => {
            if (next !== undefined) args.push(next);
            else if (this.LA(1).tokenType !== T.RightParen) this.missing(comma, 'the next argument');
          });
        });
      });
      this.OPTION3(() => {
        close = this.CONSUME(T.RightParen);
      });
      return this.ACTION(
        (): Tree.CallNode => ({
          kind: 'call',
          from: callee.from,
          to: this.closing(open, close, ')'),
          callee,
          args,
          open: open.startOffset,
        }),
      );
    },
  );

  private argument: ParserMethod<[], Tree.ArgumentNode> = this.RULE('argument', () =>
    this.OR([
      {
        ALT: () => {
          const token = this.CONSUME(T.Identifier);
          const colon = this.CONSUME(T.Colon);
          let value: Tree.ExpressionNode | undefined;
          this.OPTION(() => {
            value = this.SUBRULE(this.expression);
          });
          return this.ACTION((): Tree.ArgumentNode => {
            const found = value ?? this.missing(colon, 'a value');
            const name = this.name(token);
            return { kind: 'argument', from: name.from, to: found.to, name, value: found };
          });
        },
      },
      {
        ALT: () => {
          const value = this.SUBRULE2(this.expression);
          return this.ACTION((): Tree.ArgumentNode => ({ kind: 'argument', from: value.from, to: value.to, value }));
        },
      },
    ]),
  );

  /** End of a bracketed expression; says so if its closing bracket is missing. */
  private closing(open: IToken, close: IToken | undefined, bracket: string): number {
    if (close !== undefined) return endOf(close);
    this.report('DLMS-113', { from: open.startOffset, to: endOf(open) }, `This '${open.image}' has no '${bracket}'.`);
    return endOf(this.LA(0));
  }
}

interface BracesResult {
  readonly open: number;
  readonly close: number;
  readonly to: number;
  readonly closed: boolean;
}

/** The grammar is built once; the parser keeps nothing between calls. */
export const templateParser = new TemplateParser();
