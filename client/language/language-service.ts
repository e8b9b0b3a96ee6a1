import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  type InitializationOptions,
  type TemplateBlock,
  type TemplatesParams,
  type TemplatesResult,
  templatesMethod,
} from '../../server/protocol.ts';

/** The languages of the server, by id as in package.json. */
export const languages = ['dlmsmeter', 'dlms-obis'];

/** The language server: started when the first document of its languages is open. */
export class LanguageService implements vscode.Disposable {
  readonly #bundle: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable[] = [];
  #client: Promise<LanguageClient> | undefined;

  constructor(bundle: string, log: vscode.LogOutputChannel) {
    this.#bundle = bundle;
    this.#log = log;
    const start = ({ languageId }: vscode.TextDocument) => {
      if (languages.includes(languageId)) void this.#start();
    };
    this.#subscriptions.push(vscode.workspace.onDidOpenTextDocument(start));
    for (const document of vscode.workspace.textDocuments) start(document);
  }

  /** The meters and fleets of an open document; empty when the server cannot tell. */
  async templates(document: vscode.TextDocument, token?: vscode.CancellationToken): Promise<readonly TemplateBlock[]> {
    const client = await this.#start();
    if (client === undefined) return [];
    const params: TemplatesParams = { uri: client.code2ProtocolConverter.asUri(document.uri) };
    try {
      return await client.sendRequest<TemplatesResult>(templatesMethod, params, token);
    } catch (error) {
      if (token?.isCancellationRequested !== true) this.#log.warn(`${templatesMethod}: ${String(error)}`);
      return [];
    }
  }

  async stop(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.dispose();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.stop();
  }

  /** The running client; undefined when it cannot start, which it has told the person by itself. */
  async #start(): Promise<LanguageClient | undefined> {
    this.#client ??= this.#launch();
    try {
      return await this.#client;
    } catch (error) {
      this.#log.error(`the language server did not start: ${String(error)}`);
      return undefined;
    }
  }

  async #launch(): Promise<LanguageClient> {
    const { LanguageClient, RevealOutputChannelOn, TransportKind } = await import('vscode-languageclient/node');
    const client = new LanguageClient(
      'dlms',
      'DLMS Workbench language server',
      {
        run: { module: this.#bundle, transport: TransportKind.ipc },
        debug: { module: this.#bundle, transport: TransportKind.ipc, options: { execArgv: ['--inspect=6019'] } },
      },
      {
        documentSelector: languages.map((language) => ({ language })),
        // Files are watched by the server's own registration. The command opens the list again behind an inserted `x: `.
        initializationOptions: { suggestCommand: 'editor.action.triggerSuggest' } satisfies InitializationOptions,
        outputChannel: this.#log,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
      },
    );
    await client.start();
    return client;
  }
}
