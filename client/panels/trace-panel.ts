import * as vscode from 'vscode';
import type { RowText, TraceRow } from '../../engine/rpc/protocol.ts';
import type { FromPage } from '../../webview/messages.ts';
import { decodedRowOf, traceRowOf } from '../model/trace-view.ts';
import type { Traces } from '../model/traces.ts';
import type { Page, PanelController } from './panels.ts';
import { Throttle } from './throttle.ts';

const postEveryMs = 150;

/** What can be done with a trace. */
export interface TraceActions {
  readonly unlock: (traceId: string) => Promise<void>;
  readonly export: (traceId: string, title: string) => Promise<void>;
}

/** Feeds the page of one trace: its rows, new ones as they come, and the selected one decoded. */
export class TracePanel implements PanelController {
  readonly #traceId: string;
  readonly #page: Page;
  readonly #traces: Traces;
  readonly #actions: TraceActions;
  readonly #subscription: vscode.Disposable;
  readonly #throttle = new Throttle(postEveryMs, () => this.#postFresh());
  #title = '';
  #fresh: TraceRow[] = [];

  constructor(traceId: string, page: Page, traces: Traces, actions: TraceActions) {
    this.#traceId = traceId;
    this.#page = page;
    this.#traces = traces;
    this.#actions = actions;
    this.#subscription = vscode.Disposable.from(
      traces.onRow((id, row) => {
        if (id !== traceId) return;
        this.#fresh.push(row);
        this.#throttle.call();
      }),
      traces.onChange((id) => {
        if (id === traceId) void this.#show();
      }),
    );
  }

  async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.#show();
        break;
      case 'trace/decode': {
        const decoded = await this.#traces.decode(this.#traceId, message.index);
        this.#page.post({ type: 'trace/decoded', decoded: decodedRowOf(message.index, decoded) });
        break;
      }
      case 'trace/copy':
        await this.#copy(message.index, message.format, message.view);
        break;
      case 'trace/unlock':
        await this.#actions.unlock(this.#traceId);
        break;
      case 'trace/export':
        await this.#actions.export(this.#traceId, this.#title);
        break;
      default:
    }
  }

  dispose(): void {
    this.#throttle.dispose();
    this.#subscription.dispose();
  }

  async #show(): Promise<void> {
    const { title, rows } = await this.#traces.open(this.#traceId);
    this.#title = title;
    this.#fresh = [];
    this.#page.setTitle(title);
    this.#page.post({ type: 'trace/rows', traceId: this.#traceId, title, rows: rows.map(traceRowOf), reset: true });
  }

  #postFresh(): void {
    const rows = this.#fresh.map(traceRowOf);
    this.#fresh = [];
    if (rows.length > 0)
      this.#page.post({ type: 'trace/rows', traceId: this.#traceId, title: this.#title, rows, reset: false });
  }

  async #copy(index: number, format: RowText, view: 'wire' | 'plain'): Promise<void> {
    await vscode.env.clipboard.writeText(await this.#traces.text(this.#traceId, index, format, view));
    const said: Readonly<Record<RowText, string>> = {
      hex: vscode.l10n.t('$(copy) Octets copied as hex'),
      json: vscode.l10n.t('$(copy) APDU copied as JSON'),
      xml: vscode.l10n.t('$(copy) APDU copied as XML'),
    };
    vscode.window.setStatusBarMessage(said[format], 3_000);
  }
}
