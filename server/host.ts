import type { Connection, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Language } from './language.ts';
import type { ClientAbilities } from './lsp/abilities.ts';
import type { Texts } from './workspace/texts.ts';

/** What the handlers of requests share. */
export interface Host {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly texts: Texts;
  /** Known once the client has initialized the server. */
  client(): ClientAbilities;
  languageOf(document: TextDocument): Language | undefined;
  /** What a language says about an open document; `otherwise` for documents the server does not know. */
  about<T>(uri: string, otherwise: T, ask: (language: Language, document: TextDocument) => T): T;
}
