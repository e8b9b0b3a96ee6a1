import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type FromPage, fits, fromPage, pageState, type ToPage, toPage } from '../../webview/messages.ts';
import { type PageName, pageHtml } from './page-html.ts';

/** The page of a panel as its controller sees it. */
export interface Page {
  /** Sends a message; one that does not fit the contract is logged and not sent. */
  post(message: ToPage): void;
  setTitle(title: string): void;
}

/** What drives one panel. */
export interface PanelController extends vscode.Disposable {
  /** A checked message of the page; `ready` comes first, and again after the page was reloaded. */
  receive(message: FromPage): void | Promise<void>;
}

export interface PanelKind {
  readonly page: PageName;
  /** Title until the controller sets another. */
  readonly title: string;
  /** `subject` is the id of what is shown: a scan, a trace, a meter. */
  readonly open: (subject: string, page: Page) => PanelController;
}

/** Opens panels, one per subject, and brings them back after a reload of the window. */
export class Panels {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #kinds = new Map<PageName, PanelKind>();
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#extensionUri = extensionUri;
    this.#log = log;
  }

  /** Makes a kind of panel known; returns the serializer's registration. */
  register(kind: PanelKind): vscode.Disposable {
    this.#kinds.set(kind.page, kind);
    return vscode.window.registerWebviewPanelSerializer(viewType(kind.page), {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        if (fits(pageState, state)) this.#fill(kind, state.subject, panel);
        else panel.dispose();
      },
    });
  }

  /** Shows the panel of this subject, the open one if there is. */
  show(page: PageName, subject: string): void {
    const kind = this.#kinds.get(page);
    if (kind === undefined) throw new Error(`no panel is registered for the page ${page}`);
    const open = this.#open.get(`${page} ${subject}`);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(viewType(page), kind.title, vscode.ViewColumn.Active, {});
    this.#fill(kind, subject, panel);
  }

  #fill(kind: PanelKind, subject: string, panel: vscode.WebviewPanel): void {
    const key = `${kind.page} ${subject}`;
    const folder = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview');
    const uri = (name: string) => panel.webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
    const media = (name: string) => vscode.Uri.joinPath(this.#extensionUri, 'media', name);
    panel.iconPath = { light: media('file-light.svg'), dark: media('file-dark.svg') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const page: Page = {
      post: (message) => {
        const problem = toPage.problem(message, 'message');
        if (problem === undefined) void panel.webview.postMessage(message);
        else this.#log.error(`not sent to the page ${kind.page}: ${problem}`);
      },
      setTitle: (title) => {
        panel.title = title;
      },
    };
    const controller = kind.open(subject, page);
    this.#open.set(key, panel);
    panel.onDidDispose(() => {
      controller.dispose();
      this.#open.delete(key);
    });
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(kind, controller, page, message));
    panel.webview.html = pageHtml({
      page: kind.page,
      title: kind.title,
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      script: uri(`${kind.page}.js`),
      styles: [uri('codicon.css'), uri(`${kind.page}.css`)],
    });
  }

  #receive({ page: name }: PanelKind, controller: PanelController, page: Page, message: unknown): void {
    if (!fits(fromPage, message)) {
      this.#log.error(`refused a message of the page ${name}: ${fromPage.problem(message, 'message')}`);
      return;
    }
    if (message.type === 'failed') {
      this.#log.error(`page ${name}: ${message.message}`);
      return;
    }
    Promise.resolve(controller.receive(message)).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      this.#log.error(`page ${name}, ${message.type}: ${text}`);
      page.post({ type: 'problem', message: text });
    });
  }
}

function viewType(page: PageName): string {
  return `dlms.${page}`;
}
