import { button, element, enable, fieldText, icon, show } from '../../dom.ts';
import { counted, dateAndTime } from '../../figures.ts';
import { listen, recall, remember, send } from '../../host.ts';
import { LiveRegion } from '../../live-region.ts';
import type { ExportFormat, Reading, ToPage, ValueRow } from '../../messages.ts';
import { type Column, DataGrid } from '../../table/data-grid.ts';

interface Line extends ValueRow {
  readonly position: number;
}

function valueCell({ text, error }: Line): Node {
  return error === undefined
    ? element('span', { class: 'grid-text' }, text)
    : element(
        'span',
        { class: 'with-icon' },
        icon('circle-slash', 'warn'),
        element('span', { class: 'grid-text' }, error),
      );
}

const columns: readonly Column<Line>[] = [
  { id: 'obis', title: 'OBIS', width: 11.5, monospace: true, text: (row) => row.obis },
  {
    id: 'attribute',
    title: 'Attribute',
    width: 10,
    grow: 1,
    text: (row) => `${row.attribute} ${row.attributeName}`,
    order: (row) => row.attribute,
  },
  { id: 'class', title: 'Class', width: 4, align: 'end', text: (row) => String(row.class), order: (row) => row.class },
  { id: 'name', title: 'Name', width: 14, grow: 2, text: (row) => row.name },
  {
    id: 'value',
    title: 'Value',
    width: 14,
    grow: 3,
    monospace: true,
    text: (row) => row.error ?? row.text,
    cell: valueCell,
  },
];

/** What a meter answered to one read. */
export class ValuesPage {
  readonly #root: HTMLElement;
  readonly #title = element('h1', {}, 'Values');
  readonly #facts = element('span', { class: 'muted' });
  readonly #problem = element('div', { class: 'notice error', role: 'alert', hidden: true });
  readonly #filter = element('vscode-text-field', { placeholder: 'Filter', 'aria-label': 'Filter the values' });
  readonly #shown = element('span', { class: 'muted', role: 'note' });
  readonly #again = button('Read Again', { icon: 'refresh', run: () => send({ type: 'values/again' }) });
  readonly #trace = button('Trace', { icon: 'list-tree', run: () => send({ type: 'values/trace' }) });
  readonly #live: LiveRegion;
  readonly #grid = new DataGrid<Line>({
    label: 'Values',
    columns,
    key: ({ position }) => String(position),
    empty: 'The meter gave no value.',
  });
  #all: readonly Line[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#live = new LiveRegion(root);
  }

  start(): void {
    this.#root.append(
      element(
        'header',
        { class: 'toolbar' },
        element('div', { class: 'grow heading' }, this.#title, this.#facts),
        this.#again,
        this.#trace,
      ),
      this.#problem,
      element(
        'div',
        { class: 'toolbar', role: 'toolbar', 'aria-label': 'Values' },
        this.#filter,
        this.#shown,
        element('span', { class: 'grow' }),
        button('CSV', { icon: 'export', title: 'Export the values shown as CSV', run: () => this.#export('csv') }),
        button('JSON', { icon: 'export', title: 'Export the values shown as JSON', run: () => this.#export('json') }),
      ),
      this.#grid.element,
    );
    this.#filter.addEventListener('input', () => this.#filterChanged());
    const filter = recall()?.filter;
    if (filter !== undefined) {
      this.#filter.setAttribute('value', filter);
      this.#grid.arrangement = { filter, descending: false };
    }
    enable(this.#trace, false);
    listen((message) => this.#receive(message));
  }

  #receive(message: ToPage): void {
    if (message.type === 'values/reading') this.#show(message.reading);
    if (message.type === 'problem') this.#showProblem(message.message);
  }

  #show(reading: Reading): void {
    const { title, address, time, values, failure, traceId } = reading;
    this.#title.textContent = title;
    this.#facts.textContent = `${address} · read ${dateAndTime(time)}`;
    this.#all = values.map((value, position) => ({ ...value, position }));
    this.#grid.rows = this.#all;
    enable(this.#trace, true);
    show(this.#problem, false);
    if (failure !== undefined) this.#showProblem(`${failure.message} (${failure.code})`);
    this.#showCount();
    this.#live.say(this.#shown.textContent);
    remember({ subject: traceId, filter: fieldText(this.#filter) });
  }

  #showProblem(message: string): void {
    this.#problem.replaceChildren(icon('error'), message);
    show(this.#problem, true);
  }

  #showCount(): void {
    const shown = this.#grid.shown.length;
    const refused = this.#all.filter(({ error }) => error !== undefined).length;
    const all = counted(this.#all.length, 'value', 'values');
    const words = shown === this.#all.length ? all : `${shown} of ${all}`;
    this.#shown.textContent = refused === 0 ? words : `${words}, ${refused} refused`;
  }

  #filterChanged(): void {
    this.#grid.arrangement = { ...this.#grid.arrangement, filter: fieldText(this.#filter) };
    this.#showCount();
    this.#live.say(this.#shown.textContent);
  }

  #export(format: ExportFormat): void {
    send({ type: 'values/export', format, rows: this.#grid.shown.map(({ position }) => position) });
  }
}
