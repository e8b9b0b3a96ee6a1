import { button, dropdown, element, fieldText, icon, show } from '../../dom.ts';
import { counted } from '../../figures.ts';
import { listen, recall, remember, send } from '../../host.ts';
import { LiveRegion } from '../../live-region.ts';
import type { ToPage, TraceRow } from '../../messages.ts';
import { DataGrid } from '../../table/data-grid.ts';
import { sash } from '../../trace/sash.ts';
import { type LayerChoice, layerAtFirst, type TraceLine, traceLines } from '../../trace/trace-lines.ts';
import { traceColumns } from './columns.ts';
import { DecodedPane } from './decoded-pane.ts';

/** The trace of one association: rows on the left, the selected one decoded on the right. */
export class TracePage {
  readonly #root: HTMLElement;
  readonly #title = element('h1', { class: 'grow' }, 'Association trace');
  readonly #filter = element('vscode-text-field', { placeholder: 'Filter', 'aria-label': 'Filter the rows' });
  readonly #shown = element('span', { class: 'muted', role: 'note' });
  readonly #problem = element('div', { class: 'notice error', role: 'alert', hidden: true });
  readonly #layers = dropdown(
    'Layer',
    [
      ['apdu', 'APDUs'],
      ['link', 'Link frames'],
      ['all', 'Both layers'],
    ],
    (value) => this.#chooseLayer(value),
  );
  readonly #export = button('Export', {
    icon: 'export',
    title: 'Export as pcapng for network analysers, with what was decoded as comments',
    run: () => send({ type: 'trace/export' }),
  });
  readonly #live: LiveRegion;
  readonly #grid: DataGrid<TraceLine>;
  readonly #decoded = new DecodedPane();
  readonly #areas = element('div', { class: 'trace-areas' });
  readonly #rows = new Map<number, TraceRow>();
  #traceId: string | undefined;
  #layer: LayerChoice | undefined;
  #asked: number | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#live = new LiveRegion(root);
    this.#grid = new DataGrid<TraceLine>({
      label: 'Rows of the trace',
      columns: traceColumns,
      key: ({ index }) => String(index),
      rowClass: ({ direction }) => direction,
      empty: 'Nothing was sent or received yet.',
      fixedOrder: true,
      onSelect: (row) => this.#selected(row),
    });
  }

  start(): void {
    this.#areas.append(
      element('section', { class: 'trace-list', 'aria-label': 'Rows' }, this.#grid.element),
      sash(this.#areas, '--list-share', 'horizontal', 'Width of the rows', 50),
      this.#decoded.element,
    );
    this.#root.append(
      element('header', { class: 'toolbar' }, this.#title, this.#shown, this.#filter, this.#layers, this.#export),
      this.#problem,
      this.#areas,
    );
    this.#filter.addEventListener('input', () => this.#filterChanged());
    const state = recall();
    if (state?.filter !== undefined) {
      this.#filter.setAttribute('value', state.filter);
      this.#grid.arrangement = { filter: state.filter, descending: false };
    }
    if (state?.layer !== undefined) this.#setLayer(state.layer);
    if (state?.selected !== undefined) this.#asked = Number(state.selected);
    listen((message) => this.#receive(message));
  }

  #receive(message: ToPage): void {
    switch (message.type) {
      case 'trace/rows':
        this.#addRows(message.traceId, message.title, message.rows, message.reset);
        break;
      case 'trace/decoded':
        if (message.decoded.index === this.#asked) this.#decoded.show(message.decoded);
        break;
      case 'trace/select':
        this.#grid.select(String(message.index));
        break;
      case 'problem':
        this.#problem.replaceChildren(icon('error'), message.message);
        show(this.#problem, true);
        break;
      default:
    }
  }

  #addRows(traceId: string, title: string, rows: readonly TraceRow[], reset: boolean): void {
    if (reset) this.#rows.clear();
    for (const row of rows) this.#rows.set(row.index, row);
    this.#traceId = traceId;
    this.#title.textContent = title;
    this.#title.title = title;
    if (this.#layer === undefined && this.#rows.size > 0) this.#setLayer(layerAtFirst([...this.#rows.values()]));
    const single = this.#rows.size === 1;
    this.#areas.classList.toggle('single', single);
    for (const control of [this.#filter, this.#layers, this.#shown]) show(control, !single);
    this.#refresh();
    const wanted = this.#asked;
    if (this.#decoded.index !== undefined) {
      // Rows come anew when keys opened some of them.
      if (reset && wanted !== undefined) send({ type: 'trace/decode', index: wanted });
      return;
    }
    if (wanted === undefined || !this.#grid.select(String(wanted))) this.#selectFirst();
  }

  #selectFirst(): void {
    const first = this.#grid.shown.find(({ direction }) => direction !== 'note');
    if (first !== undefined) this.#grid.select(String(first.index));
  }

  #refresh(): void {
    this.#grid.rows = traceLines([...this.#rows.values()], this.#layer ?? 'all');
    const shown = this.#grid.shown.length;
    this.#shown.textContent =
      shown === this.#rows.size
        ? counted(shown, 'row', 'rows')
        : `${shown} of ${counted(this.#rows.size, 'row', 'rows')}`;
  }

  #selected(row: TraceLine): void {
    this.#asked = row.index;
    this.#remember();
    if (row.length > 0) send({ type: 'trace/decode', index: row.index });
  }

  #setLayer(value: string): void {
    this.#layer = value === 'link' || value === 'apdu' ? value : 'all';
    this.#layers.setAttribute('current-value', this.#layer);
    if ('value' in this.#layers) this.#layers.value = this.#layer;
  }

  #chooseLayer(value: string): void {
    this.#setLayer(value);
    this.#refresh();
    // The other layer of what was selected follows or precedes it.
    const asked = this.#asked ?? 0;
    const nearest = this.#grid.shown.findLast(({ index, direction }) => direction !== 'note' && index <= asked + 1);
    if (nearest !== undefined) this.#grid.select(String(nearest.index));
    this.#remember();
    this.#live.say(this.#shown.textContent);
  }

  #filterChanged(): void {
    this.#grid.arrangement = { filter: fieldText(this.#filter), descending: false };
    this.#refresh();
    this.#remember();
    this.#live.say(this.#shown.textContent);
  }

  #remember(): void {
    if (this.#traceId === undefined) return;
    remember({
      subject: this.#traceId,
      filter: this.#grid.arrangement.filter,
      ...(this.#layer === undefined ? {} : { layer: this.#layer }),
      ...(this.#asked === undefined ? {} : { selected: String(this.#asked) }),
    });
  }
}
