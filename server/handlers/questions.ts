import type { FoldingRange } from 'vscode-languageserver/node';
import { resolveCompletion } from '../documentation.ts';
import type { Host } from '../host.ts';
import { flatSymbols } from '../lsp/flat-symbols.ts';
import { type TemplatesParams, type TemplatesResult, templatesMethod } from '../protocol.ts';

/** Requests that have one answer for one document. */
export function answerQuestions({ connection, about, client }: Host): void {
  connection.onCompletion(({ textDocument, position }) =>
    about(textDocument.uri, null, (language, document) => language.completion(document, document.offsetAt(position))),
  );
  connection.onCompletionResolve(resolveCompletion);
  connection.onHover(({ textDocument, position }) =>
    about(
      textDocument.uri,
      null,
      (language, document) => language.hover(document, document.offsetAt(position)) ?? null,
    ),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    about(textDocument.uri, [], (language, document) => {
      const symbols = language.outline(document);
      return client().hierarchicalSymbols ? symbols : flatSymbols(document.uri, symbols);
    }),
  );
  connection.onFoldingRanges(({ textDocument }) =>
    about(textDocument.uri, [], (language, document) => largest(language.folding(document), client().foldingLimit)),
  );
  connection.onDefinition(({ textDocument, position }) =>
    about(textDocument.uri, null, (language, document) => {
      return language.definition(document, document.offsetAt(position)) ?? null;
    }),
  );
  connection.onReferences(({ textDocument, position, context }) =>
    about(textDocument.uri, [], (language, document) =>
      language.references(document, document.offsetAt(position), context.includeDeclaration),
    ),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    about(textDocument.uri, [], (language, document) => language.codeActions(document, range, context.diagnostics)),
  );
  connection.onRequest(
    templatesMethod,
    ({ uri }: TemplatesParams): TemplatesResult => about(uri, [], (language, document) => language.templates(document)),
  );
}

/** Of more ranges than a client takes those that hide most. */
export function largest(ranges: FoldingRange[], limit: number): FoldingRange[] {
  if (ranges.length <= limit) return ranges;
  const bySize = ranges.toSorted((a, b) => b.endLine - b.startLine - (a.endLine - a.startLine));
  return bySize.slice(0, limit).toSorted((a, b) => a.startLine - b.startLine);
}
