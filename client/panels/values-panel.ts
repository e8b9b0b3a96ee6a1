import * as vscode from 'vscode';
import type { FromPage, ValueRow } from '../../webview/messages.ts';
import { saveTable } from '../export/save-table.ts';
import type { ExportColumn } from '../export/table-text.ts';
import { addressOfConnection, formatAddress } from '../inputs/addresses.ts';
import type { Readings } from '../model/readings.ts';
import type { Page, PanelController } from './panels.ts';

const exportColumns: readonly ExportColumn<ValueRow>[] = [
  { name: 'obis', value: (row) => row.obis },
  { name: 'class', value: (row) => row.class },
  { name: 'attribute', value: (row) => row.attribute },
  { name: 'attribute_name', value: (row) => row.attributeName },
  { name: 'name', value: (row) => row.name },
  { name: 'value', value: (row) => row.text },
  { name: 'error', value: (row) => row.error },
];

/** What can be done with a reading. */
export interface ReadingActions {
  readonly again: (traceId: string) => Promise<void>;
  readonly showTrace: (traceId: string) => Promise<void>;
}

/** Feeds the page of one reading. */
export class ValuesPanel implements PanelController {
  readonly #traceId: string;
  readonly #page: Page;
  readonly #readings: Readings;
  readonly #actions: ReadingActions;

  constructor(traceId: string, page: Page, readings: Readings, actions: ReadingActions) {
    this.#traceId = traceId;
    this.#page = page;
    this.#readings = readings;
    this.#actions = actions;
  }

  async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#show();
        break;
      case 'values/again':
        await this.#actions.again(this.#traceId);
        break;
      case 'values/trace':
        await this.#actions.showTrace(this.#traceId);
        break;
      case 'values/export': {
        const values = this.#values();
        const rows = message.rows.map((position) => values[position]).filter((row) => row !== undefined);
        await saveTable('values', message.format, rows, exportColumns);
        break;
      }
      default:
    }
  }

  dispose(): void {}

  #values(): readonly ValueRow[] {
    const values = this.#readings.get(this.#traceId)?.result.values ?? [];
    return values.map(({ obis, class: id, attribute, attributeName, name, text, error }) => ({
      obis,
      class: id,
      attribute,
      attributeName,
      name,
      text,
      ...(error === undefined ? {} : { error }),
    }));
  }

  #show(): void {
    const held = this.#readings.get(this.#traceId);
    if (held === undefined) {
      this.#page.post({
        type: 'problem',
        message: vscode.l10n.t('These values are not kept over a reload. Run "DLMS: Read Meter..." again.'),
      });
      return;
    }
    const { result, params, time } = held;
    const address = formatAddress(addressOfConnection(params.connection));
    const title = vscode.l10n.t('Values of {0}', address);
    this.#page.setTitle(title);
    this.#page.post({
      type: 'values/reading',
      reading: {
        title,
        address,
        traceId: this.#traceId,
        time,
        values: this.#values(),
        ...(result.failure === undefined
          ? {}
          : { failure: { code: result.failure.code, message: result.failure.message } }),
      },
    });
  }
}
