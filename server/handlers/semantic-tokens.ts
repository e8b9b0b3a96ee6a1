import { SemanticTokensBuilder } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../host.ts';
import type { SemanticToken } from '../language.ts';
import type { Changes } from './synchronisation.ts';

/** Writes words into a builder, with lines and characters for offsets. Words do not span lines. */
function write(builder: SemanticTokensBuilder, document: TextDocument, tokens: readonly SemanticToken[]): void {
  let line = -1;
  let start = 0;
  let end = -1;
  for (const token of tokens) {
    if (token.from >= end) {
      line = document.positionAt(token.from).line;
      start = document.offsetAt({ line, character: 0 });
      end = line + 1 < document.lineCount ? document.offsetAt({ line: line + 1, character: 0 }) : Infinity;
    }
    builder.push(line, token.from - start, token.to - token.from, token.type, token.modifiers);
  }
}

/** Semantic highlighting: whole documents, what changed in them, and parts. */
export function answerSemanticTokens({ connection, about }: Host, changes: Changes): void {
  // A builder remembers what was sent last, so that only the difference needs to be sent next.
  const builders = new Map<string, SemanticTokensBuilder>();
  const builderOf = (uri: string): SemanticTokensBuilder => {
    const known = builders.get(uri) ?? new SemanticTokensBuilder();
    builders.set(uri, known);
    return known;
  };
  const { semanticTokens } = connection.languages;

  semanticTokens.on(({ textDocument }) =>
    about(textDocument.uri, { data: [] }, (language, document) => {
      const builder = builderOf(document.uri);
      // Begins a new result and drops the one before.
      builder.previousResult('');
      write(builder, document, language.semanticTokens(document, 0, document.getText().length));
      return builder.build();
    }),
  );
  semanticTokens.onDelta(({ textDocument, previousResultId }) =>
    about(textDocument.uri, { data: [] }, (language, document) => {
      const builder = builderOf(document.uri);
      builder.previousResult(previousResultId);
      write(builder, document, language.semanticTokens(document, 0, document.getText().length));
      return builder.buildEdits();
    }),
  );
  semanticTokens.onRange(({ textDocument, range }) =>
    about(textDocument.uri, { data: [] }, (language, document) => {
      const builder = new SemanticTokensBuilder();
      write(
        builder,
        document,
        language.semanticTokens(document, document.offsetAt(range.start), document.offsetAt(range.end)),
      );
      return builder.build();
    }),
  );
  changes.onClose((document) => {
    builders.delete(document.uri);
  });
}
