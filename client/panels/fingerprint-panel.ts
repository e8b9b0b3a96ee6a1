import * as vscode from 'vscode';
import { GetMeter } from '../../engine/rpc/protocol.ts';
import type { FromPage } from '../../webview/messages.ts';
import type { Engine } from '../engine/engine.ts';
import { meterViewOf } from '../model/meter-view.ts';
import type { Page, PanelController } from './panels.ts';

/** Feeds the page of one stored meter. */
export class FingerprintPanel implements PanelController {
  readonly #meterId: string;
  readonly #page: Page;
  readonly #engine: Engine;
  readonly #open: (meterId: string, as: 'read' | 'trace') => Promise<void>;

  constructor(
    meterId: string,
    page: Page,
    engine: Engine,
    open: (meterId: string, as: 'read' | 'trace') => Promise<void>,
  ) {
    this.#meterId = meterId;
    this.#page = page;
    this.#engine = engine;
    this.#open = open;
  }

  async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready': {
        const meter = meterViewOf(await this.#engine.request(GetMeter, { id: this.#meterId }));
        this.#page.setTitle(vscode.l10n.t('Fingerprint {0}', meter.address));
        this.#page.post({ type: 'fingerprint/meter', meter });
        break;
      }
      case 'fingerprint/open':
        await this.#open(this.#meterId, message.as);
        break;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage(vscode.l10n.t('$(copy) Copied'), 3_000);
        break;
      default:
    }
  }

  dispose(): void {}
}
