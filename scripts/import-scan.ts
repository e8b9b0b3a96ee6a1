import { parseSync, Visitor } from 'oxc-parser';

/** One place where a file names another module. */
export interface ImportSite {
  /** The module as written, or `undefined` where it is computed and cannot be read from the text. */
  readonly specifier: string | undefined;
  /**
   * Gone at run time: `import type`, `export type … from`, `import('x').T`. `import { type T }` is not: both Node and the
   * compiler (verbatimModuleSyntax) keep it as an import of the module for its side effects.
   */
  readonly typeOnly: boolean;
  /** Offset of the specifier in the source, in UTF-16 units. */
  readonly offset: number;
}

export interface ImportScan {
  readonly imports: readonly ImportSite[];
  /** Syntax errors, which leave the list of imports unreliable. */
  readonly errors: readonly { readonly message: string; readonly offset: number }[];
}

/** Finds every static import, re-export, dynamic import, type import and require call of a TypeScript or JavaScript file. */
export function scanImports(file: string, source: string): ImportScan {
  const { program, errors } = parseSync(file, source);
  const imports: ImportSite[] = [];
  const add = (module: Expression, typeOnly: boolean) =>
    imports.push({ specifier: literal(module), typeOnly, offset: module.start });

  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source, node.exportKind === 'type');
    },
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    CallExpression: ({ callee, arguments: [argument] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require' && argument !== undefined) add(argument, false);
    },
  }).visit(program);

  return {
    imports: imports.sort((a, b) => a.offset - b.offset),
    errors: errors.map(({ message, labels }) => ({ message, offset: labels[0]?.start ?? 0 })),
  };
}

/** As much of a syntax node as is read here. */
interface Expression {
  readonly type: string;
  readonly start: number;
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly cooked: string | null } }[];
}

/** The text of a string literal or of a template without substitutions. */
function literal({ type, value, quasis }: Expression): string | undefined {
  if (type === 'Literal' && typeof value === 'string') return value;
  if (type === 'TemplateLiteral' && quasis?.length === 1) return quasis[0]?.value.cooked ?? undefined;
  return undefined;
}
