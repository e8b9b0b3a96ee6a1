import { type Connection, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { capabilities } from './capabilities.ts';
import { answerDiagnostics } from './handlers/diagnostics.ts';
import { answerQuestions } from './handlers/questions.ts';
import { answerSemanticTokens } from './handlers/semantic-tokens.ts';
import { keepUp } from './handlers/synchronisation.ts';
import { warmUp } from './handlers/warm-up.ts';
import type { Host } from './host.ts';
import { createLanguages } from './languages.ts';
import { abilitiesOf, noAbilities } from './lsp/abilities.ts';
import type { Disk } from './workspace/disk.ts';
import { createTexts } from './workspace/texts.ts';
import { fileTypeOf } from './workspace/uris.ts';

/** Answers a client until it ends the connection. */
export function serve(connection: Connection, disk: Disk): void {
  const texts = createTexts(disk);
  const documents = new TextDocuments(TextDocument);
  let client = noAbilities;
  let languages = createLanguages(texts, disk, client);

  const host: Host = {
    connection,
    documents,
    texts,
    client: () => client,
    languageOf(document) {
      const type = fileTypeOf(document.uri, document.languageId);
      return type === undefined ? undefined : languages[type];
    },
    about(uri, otherwise, ask) {
      const document = documents.get(uri);
      const language = document === undefined ? undefined : host.languageOf(document);
      return document === undefined || language === undefined ? otherwise : ask(language, document);
    },
  };

  connection.onInitialize((params) => {
    client = abilitiesOf(params);
    languages = createLanguages(texts, disk, client);
    return { capabilities, serverInfo: { name: 'DLMS Workbench language server' } };
  });
  const changes = keepUp(host);
  answerDiagnostics(host, changes);
  answerQuestions(host);
  answerSemanticTokens(host, changes);
  warmUp(host);
  documents.listen(connection);
  connection.listen();
}
